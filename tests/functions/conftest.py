"""The function's environment: a literal master key, no AWS, and nothing remembered from the test before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rerank_gateway.entry.wiring.batches import BATCHES
from rerank_gateway.entry.wiring.gateway import GATEWAY
from rerank_gateway.entry.wiring.settings import Settings
from tests.embedded_aws import bucket
from tests.functions.account import DEAD_LETTER_QUEUE, Account
from tests.functions.admin import Admin
from tests.functions.batch_account import BATCHES_DEAD_LETTERS, BatchAccount
from tests.functions.files import BatchApi
from tests.functions.webhooks import Webhooks
from tests.tables import batches_table, jobs_table, keys_table, usage_table, webhooks_table

SETTINGS = tuple(name.upper() for name in Settings.__slots__)
Configure = Callable[..., None]


@pytest.fixture(autouse=True)
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Set variables of the function's environment, as a deployment does."""

    def set_variables(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        GATEWAY.close()
        BATCHES.close()

    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    set_variables(MASTER_KEY="sk-local")
    yield set_variables
    GATEWAY.close()
    BATCHES.close()


@pytest.fixture
def account(embedded_aws: Any, configure: Configure) -> Account:
    jobs_table(embedded_aws)
    keys_table(embedded_aws)
    bucket(embedded_aws)
    url = embedded_aws("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    configure(
        JOBS_TABLE="jobs",
        KEYS_TABLE="keys",
        JOBS_QUEUE_URL=url,
        PAYLOAD_BUCKET="payloads",
        DEAD_LETTER_QUEUE_ARN=DEAD_LETTER_QUEUE,
        EVENT_BUS="default",
    )

    return Account(embedded_aws, url)


@pytest.fixture
def admin(embedded_aws: Any, configure: Configure) -> Admin:
    keys_table(embedded_aws)
    usage_table(embedded_aws)
    configure(KEYS_TABLE="keys", USAGE_TABLE="usage")

    return Admin(embedded_aws)


@pytest.fixture
def batch_api(embedded_aws: Any, configure: Configure) -> BatchApi:
    batches_table(embedded_aws)
    keys_table(embedded_aws)
    bucket(embedded_aws)
    url = embedded_aws("sqs").create_queue(QueueName="batches")["QueueUrl"]
    configure(KEYS_TABLE="keys", BATCHES_TABLE="batches", BATCHES_QUEUE_URL=url, PAYLOAD_BUCKET="payloads")

    return BatchApi(embedded_aws, url)


@pytest.fixture
def webhooks(account: Account, configure: Configure) -> Webhooks:
    """The account, its jobs' webhooks with it, whose receivers are on this machine."""
    usage_table(account.client)
    webhooks_table(account.client)
    url = account.client("sqs").create_queue(QueueName="webhooks")["QueueUrl"]
    configure(USAGE_TABLE="usage", WEBHOOKS_TABLE="webhooks", WEBHOOKS_QUEUE_URL=url, WEBHOOKS_TO_LOOPBACK="true")

    return Webhooks(account, Admin(account.client), url)


@pytest.fixture
def batches(embedded_aws: Any, configure: Configure) -> BatchAccount:
    batches_table(embedded_aws)
    keys_table(embedded_aws)
    usage_table(embedded_aws)
    bucket(embedded_aws)
    url = embedded_aws("sqs").create_queue(QueueName="batches")["QueueUrl"]
    configure(
        BATCHES_TABLE="batches",
        KEYS_TABLE="keys",
        USAGE_TABLE="usage",
        BATCHES_QUEUE_URL=url,
        BATCHES_DEAD_LETTER_QUEUE_ARN=BATCHES_DEAD_LETTERS,
        PAYLOAD_BUCKET="payloads",
        EVENT_BUS="default",
    )

    return BatchAccount(embedded_aws, url)
