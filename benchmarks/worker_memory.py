"""
What jobs take of a worker's memory: its peak beyond that of an idle one, by the bytes of the requests, for one job and
for a batch of ten of them. Each row is a process of its own, with the memory and the budget that the template gives the
worker, and ends with 1 when its peak is beyond that. Use: `python -m benchmarks.worker_memory`.

The jobs rank by local/bm25, or ask a provider on this machine; their requests come as from the bucket.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import upstream
from benchmarks.memory import LIMIT_MB, MB, peak_kib
from local.cloudformation.template import Template

BATCH = 10
MALLOC = "MALLOC_MMAP_THRESHOLD_"
TEMPLATE = Template.read(Path(__file__).parents[1] / "template.yaml")
WORKER = next(function for function in TEMPLATE.functions if function.name == "WorkerFunction")
COHERE, BM25 = "cohere/rerank-v3.5", "local/bm25"


def request(model: str, count: int, text: str) -> bytes:
    body = {"model": model, "query": "q", "documents": [text] * count, "return_documents": True, "top_n": 3}

    return json.dumps(body, ensure_ascii=False).encode()


def words(size: int) -> str:
    """A text of about *size* bytes in which hardly a word comes twice: the worst for an index."""
    rng = Random(1)

    return " ".join(f"{rng.randrange(10**7):x}" for _ in range(size // 7))


BODIES: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: request(BM25, 1, "d"),
    "10 documents of 120 words": lambda: request(COHERE, 10, "words " * 120),
    "one of 18 MB, BM25": lambda: request(BM25, 1, words(18_000_000)),
    "10,000 documents of 1.8 KB": lambda: request(COHERE, 10_000, "words " * 300),
    "18 MB beyond Latin": lambda: request(COHERE, 9, "é" * 999_000 + "😀"),
    "18 MB of letters and a smiley": lambda: request(COHERE, 9, "e" * 1_999_000 + "😀"),
    "100,000 short fields": lambda: fields(COHERE, 100_000),
}


def fields(model: str, count: int) -> bytes:
    documents = [{"text": "d", "x": ["y"] * (count // 100)}] * 100

    return json.dumps({"model": model, "query": "q", "documents": documents}).encode()


def main() -> None:
    print(f"a worker of {LIMIT_MB} MB: done, peak in MB, beyond an idle one, and that by the bytes of the request(s)\n")
    with upstream.running() as url:
        idle = measure("nothing", 1, url)[1]
        peaks = [_shown(name, jobs, url, idle) for jobs in (1, BATCH) for name in list(BODIES)[1:]]
    sys.exit(max(peaks) > LIMIT_MB)


def _shown(name: str, jobs: int, url: str, idle: float) -> float:
    done, peak, size = measure(name, jobs, url)
    more = max(peak - idle, 0.0)
    print(f"{jobs:2} x {name:36} {done:2}  {peak:7.1f}  + {more:6.1f}  {more * MB / size:6.1f} x", flush=True)

    return peak


def measure(name: str, jobs: int, url: str) -> tuple[int, float, int]:
    """How many of so many *jobs* were done, the worker's peak in MB, and the bytes of a request called *name*."""
    with TemporaryDirectory() as folder:
        body = Path(folder) / "body"
        body.write_bytes(BODIES[name]())
        size = body.stat().st_size
        command = [sys.executable, "-m", "benchmarks.worker_memory", str(body), str(jobs)]
        variables = os.environ | upstream.settings(url) | {MALLOC: WORKER.variables[MALLOC]}
        ran = subprocess.run(command, capture_output=True, text=True, check=True, env=variables)
    done, peak = ran.stdout.splitlines()[-1].split()

    return int(done), int(peak) / 1024, size


def in_this_process(body: Path, jobs: int) -> None:
    from typing import cast

    from rerank_gateway.entry.worker.execute import JobExecutor
    from rerank_gateway.entry.worker.handler import BatchHandler
    from rerank_gateway.entry.worker.services import WorkerServices
    from rerank_gateway.entry.worker.shadows import ShadowExecutor

    services = Services(body)
    whole = cast("WorkerServices", services)
    handler = BatchHandler(whole, JobExecutor(whole), ShadowExecutor(whole))
    source = {"eventSourceARN": "jobs", "attributes": {"ApproximateReceiveCount": "1"}}
    records = [{"messageId": str(n), **source} for n in range(jobs)]
    again = handler({"Records": records}, Context())["batchItemFailures"]
    outcomes = [kept.outcome.status_code for kept in services.jobs.jobs.values() if kept.outcome]
    assert not again, again
    print(outcomes.count(200), peak_kib())


class Services:
    """What a worker needs, with jobs that are kept in memory, and requests that lie in the file *body*."""

    stack, xray_header, counted_targets = "benchmark", "", ()

    def __init__(self, body: Path) -> None:
        from rerank_gateway.entry.wiring.gateway import GATEWAY
        from tests.job_fakes import FakeEventPublisher, InMemoryJobStore

        self.body, self.jobs, self.publisher = body, InMemoryJobStore(), FakeEventPublisher()
        self.clock, self.authorize, self.rerank = GATEWAY.clock, GATEWAY.authorize, GATEWAY.rerank
        self.routing = GATEWAY.routing

    @property
    def queue(self) -> Any:
        return self

    def is_dead_letter(self, record: Mapping[str, Any]) -> bool:
        return False

    def is_shadow(self, record: Mapping[str, Any]) -> bool:
        return False

    def parse_record(self, record: Mapping[str, Any]) -> Any:
        from dataclasses import replace

        from tests.job_fakes import message

        sent = replace(message(None), id=record["messageId"], sent_at=self.clock.epoch())

        return replace(sent, size=self.body.stat().st_size, load=self.body.read_bytes)

    def isolate_job(self, messages: Any) -> None:
        """None is to be alone."""

    def run_job(self, execute: Any) -> Any:
        from rerank_gateway.use_cases.jobs.announce import AnnounceJob
        from rerank_gateway.use_cases.jobs.run import RunJob

        return RunJob(self.jobs, execute, AnnounceJob(self.jobs, self.publisher, self.clock), self.clock, Random(1))

    abandon_job = None


class Context:
    function_name = "worker"
    memory_limit_in_mb = str(LIMIT_MB)
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
    aws_request_id = "r"

    def get_remaining_time_in_millis(self) -> int:
        return 600_000


if __name__ == "__main__":
    in_this_process(Path(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) == 3 else main()
