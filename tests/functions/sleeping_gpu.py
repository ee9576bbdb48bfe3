"""SageMaker on loopback, with an inference component that has no copy until somebody has asked for it in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.functions.json_service import Reply, json_service

NO_CAPACITY = (
    "Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress (if "
    "configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API."
)


@dataclass
class SleepingGpu:
    """
    *failures* are the requests that failed for want of a copy, as the metric NoCapacityInvocationFailures counts them,
    *answered* the others; *named* the components that were asked for.
    """

    is_awake: bool = False
    failures: int = 0
    answered: int = 0
    named: frozenset[str | None] = frozenset()
    url: str = ""
    lock: Lock = field(default_factory=Lock)

    def respond(self, path: str, headers: Mapping[str, str], said: Any) -> Reply:
        with self.lock:
            self.named |= {headers.get("x-amzn-sagemaker-inference-component")}
            if not self.is_awake:
                self.failures += 1
                return 400, {"Message": NO_CAPACITY}, {"x-amzn-errortype": "ValidationError"}
            self.answered += 1

        return 200, [{"index": index, "score": 1 / (index + 2)} for index in range(len(said["texts"]))], {}

    def wake(self) -> None:
        """Have a copy, as gpu/template.yaml's alarm and scaling do some minutes after the first request in vain."""
        assert self.failures >= 1, "nothing has raised the alarm"
        self.is_awake = True


@contextmanager
def sleeping_gpu() -> Iterator[SleepingGpu]:
    gpu = SleepingGpu()
    with json_service(gpu.respond) as gpu.url:
        yield gpu
