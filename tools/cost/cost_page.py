"""docs/cost.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rerank_gateway.domain.batches.chunks import MAX_CHUNK_LINES
from rerank_gateway.entry.worker.batches import LINES_SIDE_BY_SIDE
from tools.cost import prices as p
from tools.cost.cost_text import TEXT
from tools.cost.counted import (
    BATCH_LINE,
    BRIEF,
    CHUNK,
    CHUNKED,
    ENDPOINT_LINE,
    INDEXED,
    LIMITED,
    LOOKS_A_SECOND,
    MAILED,
    MASTER,
    MERGED,
    POLL,
    QUEUES,
    RECORDED,
    RESERVED,
    RUN,
    SUBMIT,
    TOLD,
    VIRTUAL,
    WATCHED,
    WHOLE,
    Calls,
)

PAGE = Path(__file__).parents[2] / "docs/cost.md"
UPSTREAM_S, OWN_S = 0.300, 0.010
"""What a provider takes, and all else of an invocation that is paid for, on a part of a processor."""
SUBMIT_S, POLL_S = 0.030, 0.010
SYNC_MB, STATUS_MB, WORKER_MB, BATCH = 512, 256, 1024, 10
LOGGED = 0.05
"""The share of the successes for which the page shows what sampling saves."""
TARGETS = {"sync": 4.0, "job": 5.0, "line": 1.0, "idle": 1.0}
"""What the gateway was to cost at the most: a million of each, and a month without any."""


def duration(megabytes: int, seconds: float) -> float:
    """A million times so long."""
    return p.LAMBDA_GB_SECOND * megabytes / 1024 * seconds * p.MILLION


def logged(what: str, share: float = 1.0) -> float:
    """A million lines, of which a *share* is whole."""
    characters = WHOLE[what] * share + BRIEF[what] * (1 - share)

    return characters * p.MILLION / 1e9 * p.LOG_GB


def called(calls: Calls) -> float:
    """A million of each."""
    return sum(p.CALLS[name] * times for name, times in calls.items())


def sync_parts(megabytes: int = SYNC_MB, calls: Calls = MASTER, share: float = 1.0) -> dict[str, float]:
    """A million rerankings through the endpoint."""
    parts = {
        "API Gateway": p.HTTP_API,
        "Lambda, requests": p.LAMBDA_REQUESTS,
        f"Lambda, {UPSTREAM_S + OWN_S:.2f} s of {megabytes} MB": duration(megabytes, UPSTREAM_S + OWN_S),
        "the log, our line": logged("sync", share),
        "the log, API Gateway's line": ENDPOINT_LINE * p.MILLION / 1e9 * p.LOG_GB,
    }

    return parts | ({"DynamoDB": called(calls)} if calls else {})


def job_parts(polls: int = 1, told: bool = True, share: float = 1.0) -> dict[str, float]:
    """A million jobs, each polled so often, whose end somebody is *told*."""
    requests = 1 + polls
    lines = logged("submit", share) + logged("run", share) + polls * logged("poll", share)
    # A tenth each of ReceiveMessage and DeleteMessageBatch.
    queue = SUBMIT["AmazonSQS.SendMessage"] * p.SQS + 2 / BATCH * p.SQS
    parts = {
        f"API Gateway, {requests} requests": requests * p.HTTP_API,
        "Lambda, requests": (requests + 1 / BATCH) * p.LAMBDA_REQUESTS,
        f"Lambda, submit and poll, {SYNC_MB} and {STATUS_MB} MB": duration(SYNC_MB, SUBMIT_S)
        + polls * duration(STATUS_MB, POLL_S),
        f"Lambda, a tenth of a worker of {WORKER_MB} MB": duration(WORKER_MB, UPSTREAM_S + OWN_S) / BATCH,
        "SQS": queue,
        "DynamoDB: kept, listed, claimed, ended": (SUBMIT["DynamoDB.PutItem"] + INDEXED) * p.WRITE + called(RUN),
        "DynamoDB, polls": polls * called(POLL),
        "the log": lines + requests * ENDPOINT_LINE * p.MILLION / 1e9 * p.LOG_GB,
    }

    return parts | ({"an event, and the note that it was sent": called(TOLD)} if told else {})


def batch_parts(share: float = 1.0) -> dict[str, float]:
    """A million lines of batches, with the master key."""
    calls = Counter(CHUNKED) + Counter(CHUNK) + Counter(MERGED)
    on_files = called({name: times for name, times in calls.items() if name.startswith("S3.")})
    # A tenth each of an invocation, of ReceiveMessage and of DeleteMessageBatch.
    received = (p.LAMBDA_REQUESTS + 2 * p.SQS) / BATCH

    return {
        f"Lambda, a twentieth of a worker of {WORKER_MB} MB": _waiting(),
        "S3: read, kept, put together": on_files / MAX_CHUNK_LINES,
        "DynamoDB and SQS: claimed, counted, queued": (called(calls) - on_files + received) / MAX_CHUNK_LINES,
        "the log": logged(BATCH_LINE, share),
    }


def _waiting() -> float:
    """A worker on batches that does a million lines."""
    return duration(WORKER_MB, UPSTREAM_S + OWN_S) / LINES_SIDE_BY_SIDE


def idle() -> float:
    """A month without a request, in an account that has used up what is free."""
    return 2 * p.SECRET + WATCHED * p.ALARM_METRIC + looks()


def looks() -> float:
    """Lambda's into queues without a message, for a month."""
    return QUEUES * LOOKS_A_SECOND * 3600 * p.HOURS / p.MILLION * p.SQS


def server() -> float:
    """A month of LiteLLM's proxy: two tasks of a vCPU and 2 GB, a load balancer and the database for its keys."""
    tasks = 2 * (p.FARGATE_VCPU_HOUR + 2 * p.FARGATE_GB_HOUR) * p.HOURS
    balancer = (p.LOAD_BALANCER_HOUR + p.LOAD_BALANCER_UNIT_HOUR) * p.HOURS

    return tasks + balancer + p.POSTGRES_HOUR * p.HOURS + 20 * p.POSTGRES_GB


def text() -> str:
    sizes = (512, 1024, 1769)
    even = (server() - idle()) / _sum(sync_parts())

    return TEXT.format(
        rows="\n".join(f"| {size:,} MB | {' | '.join(_by_key(size))} |" for size in sizes),
        parts=_table(sync_parts()),
        sync=_sum(sync_parts()),
        sampled=_sum(sync_parts(share=LOGGED)),
        traced=p.TRACES * p.TRACED,
        job_parts=_table(job_parts()),
        job=_sum(job_parts()),
        quiet=_sum(job_parts(told=False)),
        least=_sum(job_parts(told=False, share=LOGGED)),
        often=_sum(job_parts(polls=3)),
        wait=duration(STATUS_MB, 1.0) + 4 * p.READ,
        batch_parts=_table(batch_parts()),
        batch=_sum(batch_parts()),
        batch_log=logged(BATCH_LINE) / _sum(batch_parts()),
        batch_sampled=_sum(batch_parts(LOGGED)),
        batch_limited=called(RESERVED),
        waiting=_waiting(),
        recorded=called(RECORDED) / MAX_CHUNK_LINES,
        storage=p.S3_GB,
        dearer=_sum(job_parts()) / _sum(batch_parts()),
        idle=idle(),
        watched=WATCHED * p.ALARM_METRIC,
        mailed=MAILED * p.ALARM_METRIC,
        looks=looks(),
        paid_looks=looks() - p.SQS,
        server=server(),
        even=even,
        rate=even * p.MILLION / (p.HOURS * 3600),
        metric=p.METRIC,
        logged=LOGGED,
        goals=_goals(),
        sources="\n".join(f"| {price} | {source} |" for price, source in p.SOURCES.items()),
    )


def _by_key(megabytes: int) -> list[str]:
    return [f"{_sum(sync_parts(megabytes, calls)):.2f}" for calls in (MASTER, VIRTUAL, LIMITED)]


def _sum(parts: Mapping[str, float]) -> float:
    return sum(parts.values())


def _table(parts: Mapping[str, float]) -> str:
    return "\n".join(f"| {name} | {cost:.2f} |" for name, cost in parts.items())


def _goals() -> str:
    costs = {"sync": _sum(sync_parts()), "job": _sum(job_parts()), "line": _sum(batch_parts()), "idle": idle()}
    names = {
        "sync": "a million rerankings",
        "job": "a million jobs, each polled once",
        "line": "a million lines in a batch",
        "idle": "a month of nothing",
    }

    return "\n".join(
        f"| {names[name]} | {goal:.2f} | {costs[name]:.2f} | {'yes' if costs[name] <= goal else 'no'} |"
        for name, goal in TARGETS.items()
    )
