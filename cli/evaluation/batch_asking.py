"""The same questions as batches: one file for each model, which the gateway works through in its own time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cli.batches.gateway import BatchClient
from cli.batches.run import Run
from cli.batches.whole_file import replacing
from cli.errors import CommandError, ExitCode
from cli.evaluation.answers import Answer
from cli.evaluation.asking import Asking
from cli.evaluation.gateway import answer_of
from cli.evaluation.questions import Question


@dataclass(frozen=True)
class BatchAsking(Asking):
    """Asks by *client*, at the gateway *url*. Requests and results are in *folder* until the answers are kept."""

    client: BatchClient
    url: str
    folder: Path

    @classmethod
    def of(cls, asking: Asking, client: BatchClient, url: str, folder: Path) -> BatchAsking:
        """The same as *asking*, but for the models under evaluation."""
        return cls(asking.ask, asking.kept, asking.parallel, asking.spending, client, url, folder)

    def answers_of_model(self, questions: Sequence[Question], title: str) -> list[Answer]:
        missing = self.missing(questions)
        for question in missing:
            self.spending.reserve(question)
        found = self._asked(missing) if missing else {}
        nothing = Answer(error="the batch has no line for it")

        return [self.kept.get(each.key) or found.get(each.key, nothing) for each in questions]

    def _asked(self, questions: Sequence[Question]) -> dict[str, Answer]:
        """What was answered to *questions*, by their keys. Raises CommandError for a batch without results."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = sha256("".join(each.key for each in questions).encode()).hexdigest()[:16]
        requests, results = self.folder / f"{name}.jsonl", self.folder / f"{name}.results.jsonl"
        if not requests.exists():
            _write(requests, questions)
        work = Run(self.client, self.url, requests, results)
        batch = work()
        if batch["status"] == "failed":
            raise CommandError(f"batch {batch['id']} failed before anything was asked", ExitCode.JOB_FAILED)
        by_key = {each.key: each for each in questions}
        # A line that the gateway cannot read, as one with half a character in it, has no name there.
        rows = [(key, row) for path in (results, work.errors) for key, row in _rows(path) if key in by_key]
        found = {key: self._kept(by_key[key], row) for key, row in rows}
        for path in (requests, results, work.errors):
            path.unlink(missing_ok=True)
        work.kept.remove()

        return found

    def _kept(self, question: Question, row: dict[str, Any]) -> Answer:
        answer = _answer(question, row)
        self.spending.settle(question, answer)
        self.kept.keep(question.key, answer)

        return answer


def _write(requests: Path, questions: Sequence[Question]) -> None:
    lines = (json.dumps({"custom_id": each.key, "body": each.body}) + "\n" for each in questions)
    with replacing(requests) as file:
        file.writelines(line.encode() for line in lines)


def _rows(path: Path) -> Iterator[tuple[str | None, dict[str, Any]]]:
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                row = json.loads(line)
                yield row["custom_id"], row


def _answer(question: Question, row: dict[str, Any]) -> Answer:
    """The latency is the provider's own: nobody waits for a line."""
    response = row["response"]
    if response is None:
        return Answer(error=row["error"]["message"])
    body = response["body"]
    if response["status_code"] != 200:
        return Answer(error=f"{response['status_code']}: {body['error']['message']}")
    extra = body["extra_fields"]

    return answer_of(body, question, set(extra.get("degraded", ())), float(extra["latency"]))
