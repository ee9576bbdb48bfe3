"""A batch from its file to its results, by steps each of which is kept before the next one begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

from cli.batches.gateway import ENDED, Batch, BatchClient, Options, pieces_of
from cli.batches.progress import counted, sending, watching
from cli.batches.state import State, StateFile, state_of
from cli.errors import CommandError, ExitCode

FIRST_PAUSE_S, MAX_PAUSE_S = 0.5, 5.0
MAX_MISSED_LOOKS = 30
"""In a row: a gateway that cannot be asked for a few minutes has not lost the batch."""
FETCH_PAUSES_S = (1.0, 5.0, 15.0)
"""Seconds after which results are fetched once more that could not be: whoever has waited for hours may be asleep."""
MAY_PASS = frozenset((ExitCode.UNREACHABLE, ExitCode.GATEWAY_FAILED, ExitCode.LIMITED))
WITHOUT_RESULTS = frozenset(("failed", "cancelled"))
"""Whoever runs it once more wants another batch."""


@dataclass(frozen=True, slots=True)
class Run:
    """*requests* as a batch at the gateway *url*, with results in *out* and what failed in *errors*."""

    client: BatchClient
    url: str
    requests: Path
    out: Path
    options: Options = field(default_factory=Options)

    @property
    def errors(self) -> Path:
        return errors_beside(self.out)

    @property
    def kept(self) -> StateFile:
        return StateFile.beside(self.out)

    def __call__(self) -> Batch:
        """The batch, ended, with its results in place. Raises CommandError."""
        state = self._state()
        if not state.file_id:
            state = self.kept.write(state, file_id=self._send())
        if not state.batch_id:
            batch = self.client.create(state.file_id, self.options, state.run)
            state = self.kept.write(state, batch_id=batch["id"])
        batch = wait_for(self.client, state.batch_id)
        if not (state.fetched and self.out.exists()):
            fetch_results(self.client, batch, self.out)
            self.kept.write(state, fetched=True)

        return batch

    def _state(self) -> State:
        """Where to go on. Raises CommandError where that cannot be said, or another batch is on its way to *out*."""
        new, known = state_of(self.url, self.requests, self.options.params), self.kept.read()
        if known is None:
            return self.kept.write(new)
        if known.is_about(new):
            if self._goes_on(known):
                return known
        elif not self._has_ended(known):
            raise CommandError(
                f"{self.requests} or --params have changed since batch {known.batch_id} began, which has not ended: "
                f"wait for it, cancel it, choose another --out, or remove {self.kept.path}",
                ExitCode.USAGE,
            )

        return self.kept.write(new)

    def _goes_on(self, state: State) -> bool:
        """Whether this is to be waited for. Raises CommandError where nobody knows any more what has come of it."""
        if not state.batch_id:
            return not state.file_id or self.client.has_file(state.file_id)
        batch = self.client.find(state.batch_id)
        if batch is None:
            raise CommandError(
                f"batch {state.batch_id} is not there any more: remove {self.kept.path} to send {self.requests} anew",
                ExitCode.USAGE,
            )

        return batch["status"] not in WITHOUT_RESULTS

    def _has_ended(self, state: State) -> bool:
        """One that never began, is gone by now, or is at another gateway, is in nobody's way."""
        if not state.batch_id or state.url != self.url:
            return True
        batch = self.client.find(state.batch_id)

        return batch is None or batch["status"] in ENDED

    def _send(self) -> str:
        with sending(self.requests.stat().st_size) as progress:
            return self.client.send_file(self.requests, counted(progress, pieces_of(self.requests)))


def wait_for(client: BatchClient, batch_id: str) -> Batch:
    """The batch when it has ended. Raises CommandError when nobody can say how it is doing."""
    pause, missed = FIRST_PAUSE_S, 0
    with watching() as watch:
        while True:
            try:
                batch, missed = client.show(batch_id), 0
                watch.show(batch)
                if batch["status"] in ENDED:
                    return batch
            except CommandError as error:
                missed += 1
                if error.exit_code not in MAY_PASS or missed > MAX_MISSED_LOOKS:
                    raise
            sleep(pause)
            pause = min(pause * 1.5, MAX_PAUSE_S)


def fetch_results(client: BatchClient, batch: Batch, out: Path) -> None:
    """What there is of a *batch*: results in *out*, the lines that failed beside it. No file where there are none."""
    for file_id, path in ((batch["output_file_id"], out), (batch["error_file_id"], errors_beside(out))):
        if file_id:
            _fetch(client, file_id, path)
        else:
            path.unlink(missing_ok=True)


def _fetch(client: BatchClient, file_id: str, path: Path) -> None:
    for pause in FETCH_PAUSES_S:
        try:
            return client.fetch(file_id, path)
        except CommandError as error:
            if error.exit_code not in MAY_PASS:
                raise
        sleep(pause)

    return client.fetch(file_id, path)


def errors_beside(out: Path) -> Path:
    """`results.jsonl` has `results.errors.jsonl`."""
    return out.with_name(f"{out.stem}.errors{out.suffix}")
