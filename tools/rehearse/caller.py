"""Those who use a deployed stack: callers by its functions, as API Gateway calls them, and producers by its queue."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.rehearse.stack import Stack

EVENTS = Path(__file__).parents[2] / "events"
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Caller:
    stack: Stack

    def ask(self, function: str, event: str, **changes: Any) -> tuple[int, Any]:
        """The status and the body that *function* answers to events/EVENT.json, with the master key and *changes*."""
        loaded = load(event)
        # Whoever sends an event twice does not mean the same job.
        own = {name: value for name, value in loaded["headers"].items() if name != "idempotency-key"}
        headers = own | {"authorization": f"Bearer {self.stack.master_key}"}
        response = self.stack.invoke(function, loaded | {"headers": headers} | changes)

        # A function without code is answered for by the emulator.
        must("x-request-id" in response.get("headers", {}), f"{function} itself answers nothing: {response}")

        return response["statusCode"], _content(response)

    def submit(self, request: str) -> str:
        """The id of a job for *request*."""
        status, job = self.ask("SubmitFunction", "submit", body=request)
        must(status == 202, f"a submission is answered with {status}: {job}")

        return str(job["id"])

    def send(self, request: str) -> str:
        """The id of the job that *request* is, as another producer's message."""
        queue = self.stack.resources["JobsQueue"]

        return str(self.stack.client("sqs").send_message(QueueUrl=queue, MessageBody=request)["MessageId"])

    def result(self, job: str) -> Mapping[str, Any]:
        """The *job* when it has ended. Raises TimeoutError."""
        late = time.monotonic() + PATIENCE_S
        while time.monotonic() < late:
            _, found = self.ask("StatusFunction", "poll", pathParameters={"id": job})
            if found.get("status") in ("completed", "failed"):
                ended: Mapping[str, Any] = found
                return ended
            time.sleep(0.5)

        raise TimeoutError(f"the job {job} has not ended: {found}")


def _content(response: Mapping[str, Any]) -> Any:
    """What a *response* says: pages are not JSON."""
    is_json = response["headers"]["content-type"].startswith("application/json")

    return json.loads(response["body"]) if is_json else response["body"]


def load(event: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{event}.json").read_text("utf-8"))

    return loaded


def must(is_so: bool, otherwise: str) -> None:
    """Raises AssertionError, with what is so *otherwise*."""
    if not is_so:
        raise AssertionError(otherwise)
