"""A GPU that sleeps while nobody asks, and the functions: who waits, who does not, and what becomes of its health."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from rerank_gateway.entry import observability
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, Response, rerank
from tests.functions.sleeping_gpu import SleepingGpu, sleeping_gpu

MODEL = "sagemaker/my-gateway-gpu-reranker"
JOBS = 100


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda gives a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def gpu(configure: Configure) -> Iterator[SleepingGpu]:
    with sleeping_gpu() as gpu:
        aliases = f'[aliases.best]\ntargets = ["{MODEL}", "local/bm25"]'
        configure(GATEWAY_CONFIG=f'{aliases}\n[providers.sagemaker]\nurl = "{gpu.url}"', AWS_REGION="eu-west-1")
        yield gpu


def all_messages(account: Account) -> list[list[Any]]:
    return list(iter(account.messages, []))


def a_minute_later(account: Account) -> None:
    """Every pause of a job is over: the moments in the table are put back by as much."""
    table = account.client("dynamodb")
    for item in table.scan(TableName="jobs")["Items"]:
        table.update_item(
            TableName="jobs",
            Key={"id": item["id"]},
            UpdateExpression="SET lease_until = lease_until - :minute",
            ConditionExpression="attribute_exists(lease_until)",
            ExpressionAttributeValues={":minute": {"N": "61"}},
        )


def attempts(answered: Response) -> list[tuple[str, int, str | None]]:
    tried = answered.json["extra_fields"]["attempts"]

    return [(each["target"], each["status_code"], each.get("error")) for each in tried]


def test_jobs_wake_the_gpu_and_wait_while_others_are_answered(
    account: Account, gpu: SleepingGpu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Of a hundred jobs none is lost or failed; sync calls have the alias's next target meanwhile, and the GPU from the
    moment on that it is awake: all that was in vain has not been held against it.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    ids = [account.submit(LEAST | {"model": MODEL}).json["id"] for _ in range(JOBS)]
    batches = all_messages(account)
    again = [account.work(batch) for batch in batches]
    meanwhile = [rerank({**LEAST, "model": "best"}) for _ in range(10)]

    gpu.wake()
    afterwards = rerank({**LEAST, "model": "best"})
    a_minute_later(account)
    assert [account.work(batch) for batch in batches] == [[]] * len(batches)

    assert [sorted(each) for each in again] == [sorted(m["messageId"] for m in batch) for batch in batches]
    assert gpu.failures == JOBS + len(meanwhile)
    assert [attempts(each) for each in meanwhile] == [[(MODEL, 503, "provider_asleep"), ("local/bm25", 200, None)]] * 10
    assert attempts(afterwards) == [(MODEL, 200, None)]
    assert {account.poll(job_id).json["status"] for job_id in ids} == {"completed"}
    assert gpu.named == {"my-gateway-gpu-reranker"}
    assert [0 < seconds < 600 for seconds in woken(log.getvalue())] == [True]


def woken(log: str) -> list[float]:
    """What the log has of answers that were the first ones: the seconds that the GPU had been found asleep before."""
    tried = [each for line in log.splitlines() for each in json.loads(line).get("attempts", ())]

    return [each["woke_after_s"] for each in tried if "woke_after_s" in each]


def test_who_asks_for_nobody_else_hears_when_to_come_again(gpu: SleepingGpu) -> None:
    """
    A 503 with Retry-After, as of any target that has no capacity.
    """
    answered = rerank({**LEAST, "model": MODEL})

    assert (answered.status, answered.json["error"]["code"]) == (503, "provider_overloaded")
    assert answered.headers["retry-after"] == "30"


def test_a_job_comes_again_every_minute_until_it_is_awake(account: Account, gpu: SleepingGpu) -> None:
    """
    However long that takes: other busy providers are asked more and more rarely.
    """
    account.submit(LEAST | {"model": MODEL})
    [batch] = all_messages(account)
    pauses = []
    for _ in range(8):
        account.work(batch)
        [item] = account.client("dynamodb").scan(TableName="jobs")["Items"]
        pauses.append(float(item["lease_until"]["N"]) - time.time())
        a_minute_later(account)

    assert len(pauses) == 8
    assert all(25 < pause <= 60 for pause in pauses)
