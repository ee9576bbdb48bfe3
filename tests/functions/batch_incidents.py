"""All that alarms and widgets of batches and webhooks are for, made to happen under the names of the template."""

from __future__ import annotations

from time import time
from typing import Any

from rerank_gateway.entry.wiring.batches import BATCHES
from tests.functions.account import Account
from tests.functions.admin import Admin
from tests.functions.batch_account import BATCHES_DEAD_LETTERS, BatchAccount, jsonl, line
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST
from tests.functions.webhooks import Webhooks
from tests.tables import batches_table, webhooks_table
from tests.upstream import says, upstream

ALONE = {"allow_fallbacks": False}
LINES: tuple[dict[str, Any], ...] = (
    line(1, model="vllm/other"),
    line(2, model="vllm/other", provider=ALONE),
    line(3, model="busy/m", provider=ALONE),
)
"""One that the last resort answers, one that fails, and one that is busy."""


def have_batches(account: Account, configure: Configure) -> BatchAccount:
    """Whatever batches need."""
    batches_table(account.client)
    url = account.client("sqs").create_queue(QueueName="batches")["QueueUrl"]
    configure(BATCHES_TABLE="batches", BATCHES_QUEUE_URL=url, BATCHES_DEAD_LETTER_QUEUE_ARN=BATCHES_DEAD_LETTERS)

    return BatchAccount(account.client, url, "BatchWorkerFunction")


def end_batches(batches: BatchAccount) -> None:
    """In each of the ways that there are, the last of them for want of time, and one whose file nobody can look at."""
    batches.submit(jsonl([line(1, **(LEAST | {"model": "cohere/rerank-v3.5"}))]), owner="b")
    batches.submit(b"{}")
    cancelled, late = batches.submit(jsonl([line(1)])), batches.submit(jsonl(LINES))
    BATCHES.batch_work.cancel(batches.batch(cancelled), time())
    batches.work_off()
    batches.set_deadline(late, time() - 1)
    batches.wake()
    batches.work_off()
    batches.submit(jsonl([line(1)]))
    batches.work([message | {"eventSourceARN": BATCHES_DEAD_LETTERS} for message in batches.messages()])


def refuse_line(batches: BatchAccount) -> None:
    """One of a batch that is looked through while there is a mistake in the configuration."""
    batches.submit(jsonl([line(1)]))
    batches.work_off(2)


def fail_webhooks(account: Account, configure: Configure) -> None:
    """A webhook is delivered, one is tried again, and one is turned down for ever."""
    webhooks_table(account.client)
    url = account.client("sqs").create_queue(QueueName="webhooks")["QueueUrl"]
    configure(WEBHOOKS_TABLE="webhooks", WEBHOOKS_QUEUE_URL=url, WEBHOOKS_TO_LOOPBACK="true")
    webhooks = Webhooks(account, Admin(account.client), url, "WebhooksFunction")
    with upstream(says({}), says({}, 503), says({}, 410)) as receiver:
        webhooks.register(receiver.url)
        for _ in range(3):
            webhooks.ask("webhook_test")
            webhooks.deliver()
