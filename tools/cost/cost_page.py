"""docs/cost.md."""

from __future__ import annotations

from pathlib import Path

from tools.cost import prices as p
from tools.cost.counted import LIMITED, LINE_BYTES, MASTER, PLATFORM_BYTES, POLL, RUN, SUBMIT, VIRTUAL, Calls

PAGE = Path(__file__).parents[2] / "docs/cost.md"
UPSTREAM_S, OWN_S = 0.300, 0.010
"""What a provider takes, and all else of an invocation that is paid for, on a part of a processor."""
STATUS_MB, WORKER_MB, BATCH = 256, 1024, 10


def invocation(megabytes: int, seconds: float) -> float:
    """A million of one function."""
    duration = p.LAMBDA_GB_SECOND * megabytes / 1024 * seconds * p.MILLION

    return p.LAMBDA_REQUESTS + duration + p.TRACES * p.TRACED


def logged(characters: int) -> float:
    """A million times so many, which are as many bytes."""
    return characters * p.MILLION / 1e9 * p.LOG_GB


def called(*calls: Calls) -> float:
    """A million of each."""
    return sum(p.CALLS[name] * times for each in calls for name, times in each.items())


def sync(megabytes: int, calls: Calls = MASTER) -> float:
    """A million rerankings through the endpoint."""
    line = logged(LINE_BYTES + PLATFORM_BYTES)

    return p.HTTP_API + invocation(megabytes, UPSTREAM_S + OWN_S) + line + called(calls)


def job(polls: int = 1) -> float:
    """A million jobs, each polled so often."""
    submitted = p.HTTP_API + invocation(512, 0.03) + logged(LINE_BYTES + PLATFORM_BYTES)
    # A tenth each of ReceiveMessage and DeleteMessageBatch.
    run = invocation(WORKER_MB, UPSTREAM_S + OWN_S) / BATCH + logged(LINE_BYTES) + 2 / BATCH * 0.40
    polled = p.HTTP_API + invocation(STATUS_MB, 0.01) + logged(LINE_BYTES // 2 + PLATFORM_BYTES)

    return submitted + run + polls * polled + called(SUBMIT, RUN, *[POLL] * polls)


def idle() -> float:
    """A month without a request, in an account that has used up what is free."""
    return 2 * p.SECRET + 2 * p.ALARM_METRIC


def server() -> float:
    """A month of LiteLLM's proxy: two tasks of a vCPU and 2 GB, a load balancer and the database for its keys."""
    tasks = 2 * (p.FARGATE_VCPU_HOUR + 2 * p.FARGATE_GB_HOUR) * p.HOURS
    balancer = (p.LOAD_BALANCER_HOUR + p.LOAD_BALANCER_UNIT_HOUR) * p.HOURS

    return tasks + balancer + p.POSTGRES_HOUR * p.HOURS + 20 * p.POSTGRES_GB


def text() -> str:
    rows = "\n".join(
        f"| {size:,} MB | {sync(size):.2f} | {sync(size, VIRTUAL):.2f} | {sync(size, LIMITED):.2f} |"
        for size in (512, 1024, 1769)
    )
    parts = "\n".join(f"| {name} | {cost:.2f} |" for name, cost in _parts().items())
    even = (server() - idle()) / sync(512)

    return TEXT.format(
        rows=rows,
        parts=parts,
        job=job(),
        polls=job(3),
        idle=idle(),
        server=server(),
        even=even,
        rate=even * p.MILLION / (p.HOURS * 3600),
        metric=p.METRIC,
    )


def _parts() -> dict[str, float]:
    return {
        "API Gateway": p.HTTP_API,
        "Lambda, 310 ms of 512 MB": invocation(512, UPSTREAM_S + OWN_S) - p.TRACES * p.TRACED,
        "X-Ray, every twentieth request": p.TRACES * p.TRACED,
        "the log": logged(LINE_BYTES + PLATFORM_BYTES),
    }


# ruff: noqa: E501
TEXT = """# What it costs

Computed by `make docs` (tools/cost) from list prices of us-east-1 as known in November 2026, in USD, without what is free,
and from the calls to AWS that a test counts in the running code. Nobody has checked it against a bill. What providers ask
is not in it.

- [A million rerankings](#a-million-rerankings)
- [A million jobs](#a-million-jobs)
- [Nothing](#nothing)
- [Beside a server](#beside-a-server)

## A million rerankings

Of a provider that takes 300 ms. `MemorySize` waits for it, which is most of the price; by whose key it is:

| `MemorySize` | the master key | a virtual key | one with a limit in dollars |
|---|---|---|---|
{rows}

With 512 MB and the master key that is

| part | USD |
|---|---|
{parts}

Each metric that is sent all the time is {metric:.2f} a month beside that: some four for a stack, and two for each target.
Logs cost half with `LogClass=INFREQUENT_ACCESS`, which has no metrics.

## A million jobs

Submitted, done ten at a time, with results below 200 KB: **{job:.2f}** when each is polled once, {polls:.2f} when it is
polled three times. Waiting with `?wait=` is one poll; [events](jobs.md) need none.

## Nothing

**{idle:.2f}** a month for two secrets and the alarm that takes a bad update back. The dashboard is free up to an account's
third, and 3.00 after that; the alarms that write to `AlarmEmail` are about 1.50, if you have them. Lambda's looks into the two
queues are somewhat more than the million requests a month that are free in SQS, or 0.50 without.

## Beside a server

LiteLLM's proxy on Fargate, two tasks of one vCPU and 2 GB, with a load balancer and the smallest PostgreSQL in one zone, is
**{server:.0f}** a month whether anybody asks or not. The gateway costs as much with {even:.0f} million rerankings a month, {rate:.0f}
a second all day; below that it is cheaper, and not above.
"""
