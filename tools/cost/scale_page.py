"""docs/scale.md."""

from __future__ import annotations

from math import ceil
from pathlib import Path

from rerank_gateway.adapters.aws.secrets_manager import SECRET_TTL_S, SPREAD
from rerank_gateway.entry.wiring.configuration import LOOK_EVERY_S
from rerank_gateway.entry.worker.handler import MAX_PARALLEL_JOBS
from tools.cost import prices as p
from tools.cost.cost_page import OWN_S, UPSTREAM_S
from tools.cost.counted import COLD, ENDPOINT_LINE, LIMITED, WHOLE
from tools.cost.simulated import STORM, STORM_HIGHER

PAGE = Path(__file__).parents[2] / "docs/scale.md"
RATES = (10, 100, 1_000, 10_000)
CONCURRENCY, STARTS_A_SECOND = 1_000, 100
"""Lambda's, of an account, and of a function (1,000 in ten seconds). From AWS's documentation."""
ITEM_WRITES = 1_000
"""A second, to one item of DynamoDB. From AWS's documentation."""
CONFIG_S, SECRET_S = sum(LOOK_EVERY_S) / 2, SECRET_TTL_S * (1 - SPREAD / 2)
"""After which an environment reads the configuration and each secret again, on average."""
WORKERS, MAX_WORKERS = 10, 1_000
"""`WorkerConcurrency`, unless said, and at the most."""
MONTH_S = p.HOURS * 3600
LOG_BYTES = WHOLE["sync"] + ENDPOINT_LINE


def environments(rate: int) -> int:
    """As many as wait for providers at the same time."""
    return ceil(rate * (UPSTREAM_S + OWN_S))


def text() -> str:
    header = " | ".join(f"{rate:,} a second" for rate in RATES)
    rows = "\n".join(f"| {name} | " + " | ".join(map(figure, RATES)) + " |" for name, figure in FIGURES.items())
    secrets = COLD["secretsmanager.GetSecretValue"]

    return TEXT.format(
        header=header,
        lines="|".join("---" for _ in range(len(RATES) + 1)),
        rows=rows,
        sync_wall=int(CONCURRENCY / (UPSTREAM_S + OWN_S)),
        storm=int(secrets * STARTS_A_SECOND),
        parameters=int(COLD["AmazonSSM.GetParameter"] * STARTS_A_SECOND),
        secret_s=SECRET_S,
        config_s=CONFIG_S,
        config_price=MONTH_S / CONFIG_S / 10_000 * 0.05,
        usual=STORM,
        higher=STORM_HIGHER,
        key_wall=int(ITEM_WRITES / LIMITED["DynamoDB.UpdateItem"]),
        index_wall=ITEM_WRITES,
        jobs_wall=int(MAX_WORKERS * MAX_PARALLEL_JOBS / (UPSTREAM_S + OWN_S)),
        default_jobs=int(WORKERS * MAX_PARALLEL_JOBS / (UPSTREAM_S + OWN_S)),
    )


def _log_gb(rate: int) -> str:
    return f"{rate * MONTH_S * LOG_BYTES / 1e9:,.0f}"


def _log_cost(rate: int) -> str:
    return f"{rate * MONTH_S * LOG_BYTES / 1e9 * p.LOG_GB:,.0f}"


FIGURES = {
    "environments at once": lambda rate: f"{environments(rate):,}",
    "secrets read a second, all warm": lambda rate: (
        f"{environments(rate) * COLD['secretsmanager.GetSecretValue'] / SECRET_S:.2f}"
    ),
    "configurations read a second": lambda rate: (
        f"{environments(rate) * COLD['AmazonSSM.GetParameter'] / CONFIG_S:.2f}"
    ),
    "writes a second to one key's item, if it has a limit": lambda rate: (
        f"{rate * LIMITED['DynamoDB.UpdateItem']:,.0f}"
    ),
    "GB of log a month": _log_gb,
    "USD a month for it": _log_cost,
}

# ruff: noqa: E501
TEXT = """# What breaks first

Computed by `make docs` (tools/cost) from AWS's documented quotas, for a provider that takes 300 ms, and from the calls that a
test counts in the running code. Nobody has put such a load on a stack.

- [By requests a second](#by-requests-a-second)
- [The walls](#the-walls)
- [A storm of cold starts](#a-storm-of-cold-starts)
- [Several regions and accounts](#several-regions-and-accounts)

## By requests a second

| | {header} |
|{lines}|
{rows}

- **10**: nothing breaks, except in a new account, which may have ten executions at once in all.
- **100**: `ThrottlingRate`, which is 100 unless you say otherwise.
- **1,000**: a third of an account's concurrency; a key that has a limit begins to reserve ahead. Most providers' own quotas are lower by far.
- **10,000**: Lambda's concurrency, API Gateway's quota (10,000 a second for an account and region) and the price of the log.

## The walls

| wall | stands at | what moves it |
|---|---|---|
| the endpoint's throttling | 100 a second, 200 at once | `ThrottlingRate`, `ThrottlingBurst`; above 10,000 the quota *Throttle rate* of API Gateway |
| Lambda's concurrency | {sync_wall:,} requests a second | the quota *Concurrent executions*; `ReservedConcurrency` keeps a part of it for sync rerank; a faster provider |
| new environments | 1,000 in ten seconds for a function | `ProvisionedConcurrency` has them ready before; above it, API Gateway answers 503 |
| a storm of cold starts | {storm} reads of secrets and {parameters} of the configuration a second, at the most that Lambda starts | [below](#a-storm-of-cold-starts): Systems Manager's *higher throughput* |
| one key with a limit | {key_wall:,} writes a second to its item | whoever finds it busy reserves ahead for several requests at a time: [`benchmarks.limits`](../benchmarks/README.md#results) plays 10,000 requests a second of one key, of which seven in ten are let in and the others turned away by a limit or to another time; several keys; keys without limits write nothing |
| jobs | {default_jobs:,} a second with ten workers, {jobs_wall:,} with a thousand | `WorkerConcurrency`, which comes out of the account's concurrency; the queue holds the rest for four days |
| the list of a key's jobs | {index_wall:,} submissions a second for one key | several keys: DynamoDB takes so many writes a second to one place of an index |
| the price of the log | above | `LoggedSuccesses=0.05` has a third less of it, with all metrics; `LogClass=INFREQUENT_ACCESS` halves it, without metrics |
| a provider's quota | its own | [several keys](routing.md#several-keys), `max_parallel`, a second target |

## A storm of cold starts

A thousand environments start within ten seconds, each reads two secrets and the configuration, and again every {secret_s:.0f} and
{config_s:.0f} seconds on average, drawn so that they drift apart. Simulated by `python -m benchmarks.storm`, with the gateway's own code
down to the signed request; played are the clock, and AWS, which turns down what is beyond its quota:

| Systems Manager takes | first requests refused (503) | the others waited, s | slowest hundredth, s | secrets a second, at first and later | configurations a second, at first and later |
|---|---|---|---|---|---|
| 40 a second, its usual quota | {usual.refused} | {usual.middle} | {usual.slowest} | {usual.secrets[0]}, {usual.secrets[1]} | {usual.parameters[0]}, {usual.parameters[1]} |
| 10,000, with *higher throughput* | {higher.refused} | {higher.middle} | {higher.slowest} | {higher.secrets[0]}, {higher.secrets[1]} | {higher.parameters[0]}, {higher.parameters[1]} |

Secrets Manager takes 10,000 a second and needs nothing. Who expects more than some forty cold starts a second switches
*higher throughput* on, a setting of the account (`aws ssm update-service-setting --setting-id
/ssm/parameter-store/high-throughput-enabled --setting-value true`), at $0.05 for 10,000 reads: about
${config_price:.2f} a month for each environment that is always busy. Without it a new environment tries for some six seconds, and one that has a
configuration goes on with it.

## Several regions and accounts

Quotas are of an account and region: a second stack in another one doubles each of them but the providers'. [What two stacks
share](operations.md#several-regions) is nothing: a limit in dollars is counted in each by itself.
"""
