"""
What batches take: memory of the function that works through them with 1,000 and 100,000 lines, lines a second against
the same requests sent one by one by sixteen threads and against a provider that takes twenty at a time, and what AWS's
services cost for a million lines. Each function is a process of its own; AWS is moto, in another one.

Use: `python -m benchmarks.batches [memory|speed|cost]`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import perf_counter, sleep
from typing import Any

from benchmarks.counting_aws import COUNTS
from local.queues.sqs_events import failed_message_ids
from tests.crash.account import clients
from tests.crash.batches import BatchesAccount
from tests.crash.processes import FunctionProcess, function_process, running, started
from tests.tables import keys_table, usage_table
from tests.upstream import Answer, says, upstream
from tools.cost import prices as p

MODULE = "benchmarks.batch_function"
SECONDS = 900.0
UPSTREAM_S, THREADS, PLACES, WORKERS = 0.25, 16, 20, 2
SYNC, LINES, ANSWERED = 1_000, 16_000, 3_000
RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]
PRICES = {"dynamodb.write": p.WRITE, "dynamodb.read": p.READ, "sqs": p.SQS, "s3.put": p.S3_PUT, "s3.get": p.S3_GET}
MEMORY_GB = 1.0
PRICED = """[providers.tei]
url = "{}"
[prices."tei/*"]
per_search = 0.001"""


def main() -> None:
    parts = {"memory": memory, "speed": speed, "cost": cost}
    for name in sys.argv[1:] or parts:
        parts[name]()


@contextmanager
def account() -> Iterator[BatchesAccount]:
    process = started("benchmarks.counting_aws", variables={})
    with process:
        assert process.stdout
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        yield BatchesAccount.opened(url, clients(url), 900)
        process.kill()


def peak_mb(worker: FunctionProcess) -> float:
    status = Path(f"/proc/{worker.process.pid}/status").read_text("utf-8")

    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def step(batches: BatchesAccount, worker: FunctionProcess) -> bool:
    """Have *worker* handle what is in the queue; whether there was anything."""
    records = batches.receive()
    if records:
        again = failed_message_ids(worker.invoke({"Records": records}))
        batches.delete([record for record in records if record["messageId"] not in again])

    return bool(records)


def memory() -> None:
    """
    One process validates, another works on chunks, a third writes the results together. What comes after the first
    lines is called off: it is read and written all the same.
    """
    print(f"{'lines':>9}{'validate, MB':>15}{'chunks, MB':>13}{'finalize, MB':>15}{'seconds':>10}")
    for lines in (1_000, 10_000, 100_000):
        began = perf_counter()
        with account() as batches, upstream(says(RANKING)) as provider, ExitStack() as stack:
            variables = batches.variables(f'[providers.tei]\nurl = "{provider.url}"')
            workers = [function_process("worker", variables, SECONDS, MODULE) for _ in range(3)]
            stack.enter_context(running(*workers))
            batches.submit(lines)
            step(batches, workers[0])
            for _ in range(ANSWERED // 500):
                step(batches, workers[1])
            batches.cancel()
            while not batches.batch().is_worked_off:
                step(batches, workers[1])
            while not batches.has_ended():
                step(batches, workers[2])
            peaks = [peak_mb(worker) for worker in workers]
        print(
            f"{lines:>9,}{peaks[0]:>15.0f}{peaks[1]:>13.0f}{peaks[2]:>15.0f}{perf_counter() - began:>10.0f}", flush=True
        )


def speed() -> None:
    """The same provider for all, asked by threads one by one and in batches."""
    slow = Slow()
    with upstream(slow) as provider:
        by_hand, allowed = _by_threads(provider.url, THREADS), _by_threads(provider.url, PLACES)
        print(f"sync, {THREADS} threads     {by_hand:8.1f} lines a second")
        batch = _rate(provider.url)
        print(f"batch                {batch:8.1f} lines a second, {batch / by_hand:.1f} x")
        print(f"sync, {PLACES} threads     {allowed:8.1f} lines a second")
        slow.most = 0
        limited = _rate(provider.url, f"max_parallel = {PLACES}")
        print(f"batch, {slow.most} at a time {limited:8.1f} lines a second, {limited / allowed:.0%} of it")


@dataclass
class Slow:
    """A provider that takes its time, and knows how many it was asked by at the same time."""

    lock: Lock = field(default_factory=Lock)
    now: int = 0
    most: int = 0
    ranked: Answer = field(default_factory=lambda: says(RANKING))

    def __call__(self, connection: Any) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        sleep(UPSTREAM_S)
        with self.lock:
            self.now -= 1
        self.ranked(connection)


def _by_threads(url: str, number: int) -> float:
    """Requests a second of so many threads."""
    import httpx

    body = {"texts": ["red pears", "green apples"], "query": "apples", "raw_scores": False}
    with httpx.Client() as client, ThreadPoolExecutor(number) as threads:
        began = perf_counter()
        list(threads.map(lambda _: client.post(f"{url}/rerank", json=body), range(SYNC)))

        return SYNC / (perf_counter() - began)


def _rate(url: str, more: str = "") -> float:
    """Lines a second of a batch, from the first chunk to its end."""
    with account() as batches:
        return LINES / _worked_off(batches, batches.variables(f'[providers.tei]\nurl = "{url}"\n{more}'), LINES)


def _worked_off(batches: BatchesAccount, variables: Mapping[str, str], lines: int, owner: str = "master") -> float:
    """The seconds that a batch of so many lines takes once its workers have started."""
    workers = [function_process("worker", variables, SECONDS, MODULE) for _ in range(WORKERS)]
    with running(*workers), ThreadPoolExecutor(WORKERS) as threads:
        for worker in workers:
            worker.invoke({"Records": []})
        batches.submit(lines, owner)
        began = perf_counter()
        list(threads.map(lambda worker: _until_it_has_ended(batches, worker), workers))

        return perf_counter() - began


def _until_it_has_ended(batches: BatchesAccount, worker: FunctionProcess) -> None:
    while not batches.has_ended():
        if not step(batches, worker):
            sleep(0.05)


def cost() -> None:
    """
    By the calls of one batch of the master key, and of one whose key has a budget and a limit a minute: what is asked
    of it while it runs, its log, and its files' storage, come on top.
    """
    lines = 5_000
    for owner in ("master", "limited"):
        with account() as batches, upstream(says(RANKING)) as provider:
            variables = batches.variables(PRICED.format(provider.url)) | _keys(batches)
            before = counts(batches)
            workers_s = _worked_off(batches, variables, lines, owner)
            asked = counts(batches) - before
        print(f"{lines:,} lines of {owner}, in {workers_s:.0f} s")
        units = {name: asked[name] / lines for name in PRICES}
        total = sum(PRICES[name] * each for name, each in units.items())
        for name, each in units.items():
            print(f"{name:20}{each:8.3f} a line {PRICES[name] * each:8.3f} USD a million lines")
        wait = UPSTREAM_S / PLACES * MEMORY_GB * p.LAMBDA_GB_SECOND * p.MILLION
        print(f"{'lambda':20}{'':15} {wait:8.3f} at {UPSTREAM_S * 1000:.0f} ms, {PLACES} side by side")
        print(f"{'in all':20}{'':15} {total + wait:8.3f}")


def _keys(batches: BatchesAccount) -> dict[str, str]:
    """The environment of functions that know a key with limits that are never reached."""
    keys, usage = f"{batches.name}-keys", f"{batches.name}-usage"
    keys_table(lambda service: batches.clients[service], keys)
    usage_table(lambda service: batches.clients[service], usage)
    limits = {"limit": {"N": "1000000"}, "limit_reset": {"S": "monthly"}, "requests_per_minute": {"N": "1000000"}}
    item = {"key_hash": {"S": "id#limited"}, "id": {"S": "limited"}, "models": {"SS": ["*"]}, **limits}
    batches.clients["dynamodb"].put_item(TableName=keys, Item=item)

    return {"KEYS_TABLE": keys, "USAGE_TABLE": usage}


def counts(batches: BatchesAccount) -> Counter[str]:
    import httpx

    return Counter(httpx.get(f"{batches.url}{COUNTS}").json())


if __name__ == "__main__":
    main()
