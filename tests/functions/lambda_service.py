"""AWS Lambda on loopback, as far as Invoke goes: it runs a handler, one event at a time in each environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.fakes import FakeContext
from tests.functions.json_service import Reply, json_service

Handler = Callable[[Any, Any], Any]


@dataclass
class LambdaService:
    """Throttles what is more than *concurrency* at a time. *events* came through, *most* of them at once."""

    handler: Handler
    concurrency: int = 1000
    events: list[Any] = field(default_factory=list)
    throttled: int = 0
    running: int = 0
    most: int = 0
    url: str = ""
    lock: Lock = field(default_factory=Lock)

    def invoke(self, event: Any) -> Reply:
        with self.lock:
            if self.running >= self.concurrency:
                self.throttled += 1
                reason = {"Reason": "ConcurrentInvocationLimitExceeded", "Type": "User", "message": "Rate Exceeded."}
                return 429, reason, {"x-amzn-errortype": "TooManyRequestsException"}
            self.running += 1
            self.most = max(self.most, self.running)
            self.events.append(event)
        try:
            return 200, self.handler(event, FakeContext()), {}
        except Exception as error:  # as Lambda does
            return (
                200,
                {"errorMessage": str(error), "errorType": type(error).__name__},
                {"x-amz-function-error": "Unhandled"},
            )
        finally:
            with self.lock:
                self.running -= 1


@contextmanager
def lambda_service(handler: Handler, concurrency: int = 1000) -> Iterator[LambdaService]:
    service = LambdaService(handler, concurrency)
    with json_service(lambda _path, _headers, event: service.invoke(event)) as service.url:
        yield service
