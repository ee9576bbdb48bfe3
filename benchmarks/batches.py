"""
What batches take: memory of the function that works through them with 1,000 and 100,000 lines, lines a second against
the same requests sent one by one by sixteen threads and against a provider that takes twenty at a time, and what AWS's
services cost for a million lines. Each function is a process of its own; AWS is moto, in another one.

Use: `python -m benchmarks.batches [memory|speed|cost]`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter, sleep

from benchmarks.counting_aws import COUNTS
from local.queues.sqs_events import failed_message_ids
from tests.crash.account import clients
from tests.crash.batches import BatchesAccount
from tests.crash.processes import FunctionProcess, function_process, running, started
from tests.upstream import Answer, says, upstream
from tools.cost import prices as p

MODULE = "benchmarks.batch_function"
SECONDS = 900.0
UPSTREAM_S, THREADS, PLACES, WORKERS = 0.25, 16, 20, 3
SYNC, LINES, ANSWERED = 1_000, 8_000, 3_000
RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]
PRICES = {"dynamodb.write": p.WRITE, "dynamodb.read": p.READ, "sqs": p.SQS, "s3.put": p.S3_PUT, "s3.get": p.S3_GET}
MEMORY_GB = 1.0


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
    slow = _slow(UPSTREAM_S)
    with upstream(slow) as provider:
        by_hand = _by_threads(provider.url)
        print(f"sync, {THREADS} threads          {by_hand:8.1f} lines a second")
        print(f"batch                     {_rate(provider.url):8.1f} lines a second")
        allowed = PLACES / UPSTREAM_S
        limited = _rate(provider.url, f"max_parallel = {PLACES}")
        print(
            f"batch, {PLACES} at a time       {limited:8.1f} lines a second, {limited / allowed:.0%} of {allowed:.0f}"
        )


def _slow(seconds: float) -> Answer:
    ranking = says(RANKING)

    def answer(connection: object) -> None:
        sleep(seconds)
        ranking(connection)  # type: ignore[arg-type]  # a socket, as for any answer

    return answer


def _by_threads(url: str) -> float:
    """Requests a second of as many threads, by the function for them."""
    import httpx

    body = {"texts": ["red pears", "green apples"], "query": "apples", "raw_scores": False}
    with httpx.Client() as client, ThreadPoolExecutor(THREADS) as threads:
        began = perf_counter()
        list(threads.map(lambda _: client.post(f"{url}/rerank", json=body), range(SYNC)))

        return SYNC / (perf_counter() - began)


def _rate(url: str, more: str = "") -> float:
    """Lines a second of a batch, from the first chunk to its end."""
    with account() as batches:
        return LINES / _worked_off(batches, f'[providers.tei]\nurl = "{url}"\n{more}', LINES)


def _worked_off(batches: BatchesAccount, config: str, lines: int) -> float:
    """The seconds that a batch of so many lines takes once its workers have started."""
    workers = [function_process("worker", batches.variables(config), SECONDS, MODULE) for _ in range(WORKERS)]
    with running(*workers), ThreadPoolExecutor(WORKERS) as threads:
        for worker in workers:
            worker.invoke({"Records": []})
        batches.submit(lines)
        began = perf_counter()
        list(threads.map(lambda worker: _until_it_has_ended(batches, worker), workers))

        return perf_counter() - began


def _until_it_has_ended(batches: BatchesAccount, worker: FunctionProcess) -> None:
    while not batches.has_ended():
        if not step(batches, worker):
            sleep(0.05)


def cost() -> None:
    """By the calls of one batch: what is asked of it while it runs, and its files' storage, come on top."""
    lines = 5_000
    with account() as batches, upstream(says(RANKING)) as provider:
        before = counts(batches)
        workers_s = _worked_off(batches, f'[providers.tei]\nurl = "{provider.url}"', lines)
        asked = counts(batches) - before
    units = {name: asked[name] / lines for name in PRICES}
    total = sum(PRICES[name] * each for name, each in units.items())
    for name, each in units.items():
        print(f"{name:20}{each:8.3f} a line {PRICES[name] * each:8.3f} USD a million lines")
    wait = UPSTREAM_S / PLACES * MEMORY_GB * p.LAMBDA_GB_SECOND * p.MILLION
    print(f"{'lambda':20}{'':15} {wait:8.3f} USD a million lines, at {UPSTREAM_S * 1000:.0f} ms, {PLACES} side by side")
    print(f"{'in all':20}{'':15} {total + wait:8.3f} USD a million lines ({workers_s:.0f} s here)")


def counts(batches: BatchesAccount) -> Counter[str]:
    import httpx

    return Counter(httpx.get(f"{batches.url}{COUNTS}").json())


if __name__ == "__main__":
    main()
