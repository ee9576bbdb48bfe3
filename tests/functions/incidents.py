"""All that alarms and widgets are for, made to happen to the functions under the names that the template gives them."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aws_lambda_powertools.logging import logger as powertools

import functions.rerank.app
import functions.status.app
import functions.submit.app
import functions.worker.app
from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.fakes import FakeContext
from tests.functions.account import DEAD_LETTER_QUEUE, Account, for_job, records_of
from tests.functions.batch_incidents import end_batches, fail_webhooks, have_batches, refuse_line
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event
from tests.functions.provider import COHERE
from tests.functions.rankers import ranker
from tests.tables import usage_table
from tests.upstream import says, upstream

STACK = "my-stack"
CONFIG = """
    last_resort = "local/bm25"
    [aliases.default]
    targets = ["vllm/m", "cohere/rerank-v3.5"]
    [aliases.hedged]
    targets = ["slow/m", "cohere/rerank-v3.5"]
    hedge_after_ms = 1
    [providers.vllm]
    url = "{broken}"
    [providers.busy]
    like = "vllm"
    url = "{busy}"
    [providers.slow]
    like = "vllm"
    url = "{slow}"
    [providers.crowded]
    like = "vllm"
    url = "{late}"
    max_documents = 1
    max_parallel = 1
    [providers.cohere]
    url = "{ready}"
"""
BODIES: tuple[dict[str, Any], ...] = (
    *({"model": "default"},) * 5,
    {"model": "hedged"},
    {"model": "crowded/m"},
    {"model": "vllm/other"},
    {"model": "vllm/other", "provider": {"allow_fallbacks": False}},
    {"model": "busy/m", "provider": {"allow_fallbacks": False}},
)
"""A fallback until the circuit opens, a hedge, a line, the last resort, a failure, and one that is busy."""

Handler = Callable[[Mapping[str, Any], FakeContext], Any]


def lines_of_incidents(account: Account, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The log lines of all functions after everything went wrong that can."""
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    _give_key(account, hash_of_token("sk-team"), "a")
    for name in (hash_of_token("sk-limited"), "id#b"):
        _give_key(account, name, "b", limit={"N": "1"})
    usage_table(account.client)
    configure(STACK_NAME=STACK, COHERE_API_KEY="k", USAGE_TABLE="usage")
    batches = have_batches(account, configure)
    with (
        upstream(says({}, 500)) as broken,
        upstream(says({}, 429)) as busy,
        upstream(says(COHERE)) as ready,
        ranker(silent=True) as slow,
        ranker(_late) as late,
    ):
        urls = {"broken": broken.url, "busy": busy.url, "slow": slow.url, "late": late.url, "ready": ready.url}
        configure(GATEWAY_CONFIG=CONFIG.format(**urls))
        _ask_everything(account, monkeypatch)
        end_batches(batches)
    fail_webhooks(account, configure)
    _break_the_gateway(account, configure)
    refuse_line(batches)

    return [json.loads(line) for line in log.getvalue().splitlines()]


def _give_key(account: Account, key_hash: str, key_id: str, **limits: dict[str, str]) -> None:
    key = {"key_hash": {"S": key_hash}, "id": {"S": key_id}, "models": {"SS": ["*"]}, "team": {"S": "search"}}
    account.client("dynamodb").put_item(TableName="keys", Item={**key, **limits})


def _late(text: str) -> float:
    time.sleep(0.05)

    return float(len(text))


def _start_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes next is the first that its environment sees."""
    monkeypatch.setattr(powertools, "is_cold_start", True)
    observability.logger.remove_keys(["cold_start"])


def _ask_everything(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    _start_environment(monkeypatch)
    for body in BODIES:
        _call("Rerank", functions.rerank.app.handler, _posted("rerank", body))
    _start_environment(monkeypatch)
    for body in BODIES:
        _call("Submit", functions.submit.app.handler, _posted("submit", body))
    _spend(account)
    _start_environment(monkeypatch)
    _call("Status", functions.status.app.handler, for_job(event("poll"), "nobody's", "sk-local"))
    _start_environment(monkeypatch)
    for _ in range(2):  # a batch is of ten
        _call("Worker", functions.worker.app.handler, {"Records": account.messages()})
    dead = [record | {"eventSourceARN": DEAD_LETTER_QUEUE} for record in records_of("dead_letter")]
    _call("Worker", functions.worker.app.handler, {"Records": dead})


def _spend(account: Account) -> None:
    """Something of a budget: in an answer, in a job, and in one that a producer submits for the key's owner."""
    body = {"model": "cohere/rerank-v3.5"}
    _call("Rerank", functions.rerank.app.handler, _posted("rerank", body, "sk-limited"))
    _call("Submit", functions.submit.app.handler, _posted("submit", body, "sk-limited"))
    account.client("sqs").send_message(
        QueueUrl=account.queue_url,
        MessageBody=json.dumps(LEAST | body),
        MessageAttributes={"owner": {"DataType": "String", "StringValue": "b"}},
    )


def _break_the_gateway(account: Account, configure: Configure) -> None:
    """No table, and a configuration that is none."""
    configure(JOBS_TABLE="gone")
    _call("Submit", functions.submit.app.handler, _posted("submit", {"model": "local/bm25"}))
    _call("Status", functions.status.app.handler, for_job(event("poll"), "a-job", "sk-local"))
    configure(JOBS_TABLE="jobs", GATEWAY_CONFIG="nonsense = 1")
    _call("Rerank", functions.rerank.app.handler, _posted("rerank", {}))
    _call("Submit", functions.submit.app.handler, _posted("submit", {}))
    _call("Worker", functions.worker.app.handler, {"Records": records_of("worker")})


def _call(name: str, handler: Handler, event: Mapping[str, Any]) -> None:
    handler(event, FakeContext(function_name=f"{name}Function", milliseconds=20_000))


def _posted(name: str, changes: dict[str, Any], token: str = "sk-team") -> dict[str, Any]:
    request = event(name)
    request["headers"].pop("idempotency-key", None)
    headers = request["headers"] | {"authorization": f"Bearer {token}"}

    return request | {"headers": headers, "body": json.dumps(LEAST | changes)}
