"""
What a job costs: time, calls to AWS, write units. Use: `python benchmarks/jobs.py`, with the `dev` extra installed.

Submits 100 jobs, hands them to the worker in batches of ten, one after the other as SQS would, and polls each. The
provider and AWS (moto) are processes of their own on this machine, so that only our time is counted as ours; "own" is
what is left of a handler's time without what it waits for AWS.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any, TextIO

import boto3

from rerank_gateway.adapters.aws.dynamodb_keys import MASTER
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.job import Outcome
from rerank_gateway.domain.jobs.result_ttl import DEFAULT_RESULT_TTL_S
from rerank_gateway.entry import observability
from rerank_gateway.entry.wiring.gateway import GATEWAY

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import upstream
from benchmarks.own_time import WORDS_A_DOCUMENT, Context, texts
from functions.status.app import handler as status
from functions.submit.app import handler as submit
from functions.worker.app import handler as worker

JOBS, BATCH, DOCUMENTS = 100, 10, 10
TAKES = 0.25
"""Seconds that the provider takes for a request, however many it has."""
UNIT = 1024
"""Bytes of an item that one write unit pays for; an update is paid by the larger of before and after (AWS's guide)."""
EVENTS = Path(__file__).parents[1] / "events"

Json = Mapping[str, Any]
Handler = Callable[[Json, Any], Json]


def main() -> None:
    with running(slow_provider) as url, running(embedded_aws) as aws_url, open(os.devnull, "w") as nowhere:
        os.environ.update(upstream.settings(url) | settings(aws_url))
        make_resources()
        _log_to(nowhere)
        # One job goes ahead, so that everything is loaded and connected when time counts.
        writes = written_by_one_job()
        print(f"Python {platform.python_version()}, {DOCUMENTS} documents of {WORDS_A_DOCUMENT} words, medians in ms")
        _show_time(Watch.installed())
        _show_writes(writes)


def _show_time(watch: Watch) -> None:
    print(f"{'':8}{'whole':>7}{'AWS':>7}{'own':>7}  calls to AWS")
    submitted = _answers("submit", submit, [submission()] * JOBS, watch)
    figures = _worked_through(list(batches(JOBS)), watch)
    polled = _answers("poll", status, [poll(job["id"]) for job in submitted], watch)
    if unfinished := [job["id"] for job in polled if job["status"] != "completed"]:
        raise SystemExit(f"these jobs were to be completed: {unfinished}")
    print(figures)


def _answers(name: str, handler: Handler, events: Sequence[Json], watch: Watch) -> list[Json]:
    """What *handler* says to each of *events*, after showing what that costs."""
    replies, costs, first = [], [], watch.now()
    for event in events:
        start, before = watch.now(), time.perf_counter()
        replies.append(handler(event, Context()))
        whole = time.perf_counter() - before
        waited = watch.waiting(start)
        costs.append((whole, waited, whole - waited))
    shown = "".join(f"{median(column) * 1e3:7.2f}" for column in zip(*costs, strict=True))
    print(f"{name:8}{shown}  {watch.calls(first, per=JOBS)}")

    return [json.loads(reply["body"]) for reply in replies]


def _worked_through(events: Sequence[Json], watch: Watch) -> str:
    """What is to be told of the worker, once it has had *events*."""
    start, cpu, before = watch.now(), time.process_time(), time.perf_counter()
    for event in events:
        if again := worker(event, Context())["batchItemFailures"]:
            raise SystemExit(f"these messages were to be dealt with: {again}")
    batch = (time.perf_counter() - before) / len(events) * 1e3
    cpu = (time.process_time() - cpu) / JOBS * 1e3
    provider, waited = TAKES * 1e3, watch.waiting(start) / JOBS * 1e3

    return (
        f"{'run':36}  {watch.calls(start, per=JOBS)}\n\n"
        f"a batch of {BATCH}: {batch:.0f}; a job in it waits {provider:.0f} for the provider and {waited:.0f} for AWS\n"
        f"jobs a second: {BATCH / batch * 1e3:.1f} of {BATCH / TAKES:.0f}: {provider / batch:.2f} of a pool that never "
        f"waits, {(provider + waited) / batch:.2f} of one that waits for this AWS\n"
        f"CPU a job: {cpu:.1f}"
    )


def _show_writes(writes: Sequence[tuple[str, int, int]]) -> None:
    print("\na job's writes        bytes  units")
    for operation, size, units in writes:
        print(f"{operation:20}{size:7,}{units:7}")
    print(f"{'together':27}{sum(units for *_, units in writes):7}")


class Watch(Transport):
    """The way to AWS and to providers, which notes each call to AWS and how long it took."""

    def __init__(self, transport: HttpsTransport) -> None:
        self.transport = transport
        self.noted: list[tuple[str, float]] = []
        self.after: Callable[[str], None] = lambda _: None
        """Called with the name of each call once it is done."""

    @classmethod
    def installed(cls) -> Watch:
        """The one that the gateway goes by from now on."""
        aws = GATEWAY.environment.aws
        watch = cls(aws.transport)
        # The property keeps what it made in the instance's own dictionary, and finds this there.
        vars(aws)["transport"] = watch

        return watch

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        before = time.perf_counter()
        response = self.transport.send(request, deadline)
        if target := request.headers.get("x-amz-target"):
            name = target.rpartition(".")[2]
            self.noted.append((name, time.perf_counter() - before))
            self.after(name)

        return response

    def close(self) -> None:
        self.transport.close()

    def now(self) -> int:
        """A point from which to look."""
        return len(self.noted)

    def waiting(self, start: int) -> float:
        return sum(seconds for _, seconds in self.noted[start:])

    def calls(self, start: int, per: int) -> str:
        """Which calls there were, divided by *per*."""
        counted = Counter(name for name, _ in self.noted[start:])

        return ", ".join(f"{count / per:g} {call}" for call, count in counted.items())


def written_by_one_job() -> list[tuple[str, int, int]]:
    """Each write to DynamoDB of one job on its way: the operation, the item's bytes after it, its write units."""
    table, sizes, writes = boto3.client("dynamodb"), [0], []

    def look(name: str) -> None:
        if name in ("PutItem", "UpdateItem", "DeleteItem"):
            sizes.append(sum(map(size_of, table.scan(TableName=os.environ["JOBS_TABLE"])["Items"])))
            writes.append((name, sizes[-1], max(1, ceil(max(sizes[-2:]) / UNIT))))

    watch = Watch.installed()
    watch.after = look
    submit(submission(), Context())
    for event in batches(1):
        worker(event, Context())
    watch.after = lambda _: None

    return writes


def size_of(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an *item*, as DynamoDB's guide counts them: of the names and of the values."""
    return sum(len(name.encode()) + _bytes(*entry) for name, value in item.items() for entry in value.items())


def _bytes(kind: str, value: Any) -> int:
    if kind == "N":
        digits = value.partition("e")[0].replace(".", "").strip("-0")
        return ceil(len(digits) / 2) + 1

    return len(value if kind == "B" else value.encode())


def event(name: str) -> dict[str, Any]:
    """The one of that *name* in `events/`."""
    read: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))

    return read


def submission() -> Json:
    """A request that the provider is to be asked about. It names no Idempotency-Key, so each is a job of its own."""
    sent = event("submit")
    del sent["headers"]["idempotency-key"]
    body = {"model": "cohere/rerank-v3.5", "query": "How tall is the Eiffel Tower?", "documents": [*texts(DOCUMENTS)]}

    return {**sent, "body": json.dumps(body)}


def poll(job_id: str) -> Json:
    return {**event("poll"), "pathParameters": {"id": job_id}}


def batches(jobs: int) -> Iterator[Json]:
    """The worker's events for so many *jobs* that lie in the queue."""
    queue, url = boto3.client("sqs"), os.environ["JOBS_QUEUE_URL"]
    while jobs > 0:
        found = queue.receive_message(
            QueueUrl=url, MaxNumberOfMessages=BATCH, AttributeNames=["All"], MessageAttributeNames=["All"]
        )
        jobs -= len(found["Messages"])
        yield {"Records": [_record(message) for message in found["Messages"]]}


def _record(message: Json) -> Json:
    """A message in Lambda's words."""
    said = message["MessageAttributes"].items()

    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": value["StringValue"], "dataType": value["DataType"]} for name, value in said
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:jobs",
    }


def settings(aws_url: str) -> dict[str, str]:
    """The environment in which the jobs' functions find AWS at *aws_url*."""
    return {
        "AWS_ENDPOINT_URL": aws_url,
        "no_proxy": upstream.HOST,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "JOBS_TABLE": "jobs",
        "JOBS_QUEUE_URL": f"{aws_url}/123456789012/jobs",
        "DEAD_LETTER_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:dead-letters",
        "PAYLOAD_BUCKET": "payloads",
        "EVENT_BUS": "default",
    }


def make_resources() -> None:
    """Make what `settings` names."""
    boto3.client("sqs").create_queue(QueueName="jobs")
    make_table("jobs", "id")


def make_table(name: str, key: str) -> None:
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
    )


def finished_job() -> str:
    """The id of one that can be polled with the master key."""
    jobs = GATEWAY.jobs
    job = jobs.submit(b"{}", MASTER, DEFAULT_RESULT_TTL_S, None)

    return jobs.cancel(job.id, MASTER.id, Outcome(200, b"{}")).id


@contextmanager
def running(serve: Callable[[Connection], None]) -> Iterator[str]:
    """The address that *serve* tells, from a process of its own which ends with the block."""
    processes = get_context("spawn")
    ours, theirs = processes.Pipe()
    process = processes.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    # Of the other end there is one left then, and with the process that goes as well: nobody waits for the dead.
    theirs.close()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def embedded_aws(pipe: Connection) -> None:
    from moto.server import ThreadedMotoServer

    # It announces every request otherwise.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(upstream.HOST, port=0, verbose=False)
    server.start()
    pipe.send("http://{}:{}".format(*server.get_host_and_port()))
    Event().wait()


def slow_provider(pipe: Connection) -> None:
    with ThreadingHTTPServer((upstream.HOST, 0), SlowProvider) as server:
        pipe.send(f"http://{upstream.HOST}:{server.server_port}")
        server.serve_forever()


class SlowProvider(BaseHTTPRequestHandler):
    """The upstream's answers, each after a while."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        documents = json.loads(self.rfile.read(int(self.headers["content-length"])))["documents"]
        reply = upstream.reply_to(len(documents))
        time.sleep(TAKES)
        self.send_response(200)
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def _log_to(stream: TextIO) -> None:
    for handler in logging.getLogger(observability.SERVICE).handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(stream)


if __name__ == "__main__":
    main()
