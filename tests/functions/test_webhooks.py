"""Webhooks from a job's submission to its receiver."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from time import sleep, time
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from tests.functions.account import Account, records_of
from tests.functions.admin import Admin
from tests.functions.batch_account import BatchAccount, hidden, jsonl, line
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST
from tests.functions.webhooks import Webhooks
from tests.pages import ROOT, blocks
from tests.tables import webhooks_table
from tests.upstream import Question, says, upstream

TOLD = {"x-bf-async-webhook": "orders"}


def verified(secret: str, question: Question) -> Any:
    return Webhook(secret).verify(question.body, question.headers)


def test_a_job_tells_the_webhook_of_its_end(webhooks: Webhooks) -> None:
    """
    The one that its submission names, once, signed, and with nothing that was ranked.
    """
    with upstream(says({})) as receiver:
        secret = webhooks.register(f"{receiver.url}/hooks?tenant=7")
        job_id = webhooks.account.submit(headers=TOLD).json["id"]
        webhooks.account.work()
        again = webhooks.deliver()

    [question] = receiver.questions
    told = verified(secret, question)
    job = webhooks.account.poll(job_id).json
    assert again == []
    assert (question.method, question.path) == ("POST", "/hooks?tenant=7")
    assert (told["type"], told["timestamp"]) == ("async_job.completed", job["completed_at"])
    assert told["data"] == {
        "id": job_id,
        "status": "completed",
        "status_code": 200,
        "owner": "master",
        "model": "local/bm25",
        "created_at": job["created_at"],
        "completed_at": job["completed_at"],
        "expires_at": job["expires_at"],
    }


@pytest.mark.parametrize("bus", ["default", ""])
def test_a_cancelled_job_has_failed(webhooks: Webhooks, configure: Configure, bus: str) -> None:
    """
    Also where the operator has switched the events of EventBridge off.
    """
    configure(EVENT_BUS=bus)
    with upstream(says({})) as receiver:
        secret = webhooks.register(receiver.url)
        job_id = webhooks.account.submit(headers=TOLD).json["id"]
        webhooks.account.cancel(job_id)
        webhooks.account.cancel(job_id)
        webhooks.account.work()
        webhooks.deliver()

    [question] = receiver.questions
    told = verified(secret, question)
    assert (told["type"], told["data"]["status_code"]) == ("async_job.failed", 499)


def test_the_receiver_of_the_page_receives(webhooks: Webhooks) -> None:
    """
    As it is printed: it verifies, tells of a message once, and turns down what nobody signed.
    """
    [program] = blocks(ROOT / "docs/webhooks.md", "python")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/hooks"
    variables = {**os.environ, "WEBHOOK_SECRET": webhooks.register(address), "PORT": str(port)}
    command = [sys.executable, "-W", "ignore", "-c", program]
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as it:
        wait_for(port)
        webhooks.account.submit(headers=TOLD)
        webhooks.account.work()
        webhooks.deliver()
        forged = httpx.post(address, content=b"{}", headers={"webhook-id": "msg_1"}, trust_env=False)
        it.terminate()
        out, _ = it.communicate()

    [delivery] = webhooks.deliveries()
    assert (delivery["status"], delivery["attempts"][0]["status_code"], forged.status_code) == ("delivered", 204, 400)
    assert out.startswith("async_job.completed {'id'")


@pytest.mark.parametrize("bus", ["default", "", "no:bus"])
def test_a_batch_tells_the_webhook_of_its_end(batches: BatchAccount, configure: Configure, bus: str) -> None:
    """
    With its counts and its files, once, whatever becomes of the event.
    """
    webhooks_table(batches.client)
    url = batches.client("sqs").create_queue(QueueName="webhooks")["QueueUrl"]
    configure(WEBHOOKS_TABLE="webhooks", WEBHOOKS_QUEUE_URL=url, WEBHOOKS_TO_LOOPBACK="true", EVENT_BUS=bus)
    webhooks = Webhooks(Account(batches.client, ""), Admin(batches.client), url)
    with upstream(says({})) as receiver:
        secret = webhooks.register(receiver.url)
        batch_id = batches.submit(jsonl([line(1), line(2)]), webhook="orders")
        batches.work_off()
        webhooks.deliver()

    [question] = receiver.questions
    told, batch = verified(secret, question), batches.batch(batch_id)
    assert (told["type"], told["data"]["id"]) == ("batch.completed", batch_id)
    assert told["data"]["request_counts"] == {"total": 2, "completed": 2, "failed": 0}
    assert told["data"]["cost"] == 0.0
    assert told["data"]["output_file_id"] == batch.output_file_id is not None


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.05)


def test_a_job_without_a_webhook_tells_nobody(webhooks: Webhooks) -> None:
    """
    Nothing is sent because there is one.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        webhooks.account.submit()
        webhooks.account.work()
        webhooks.deliver()

    assert receiver.questions == []


@pytest.mark.parametrize("name", ["nobody", "", "no such name", "x" * 65, "disabled"])
def test_a_webhook_that_is_none_is_refused_at_once(webhooks: Webhooks, name: str) -> None:
    """
    With the header's name, and before anything is kept.
    """
    webhooks.register("http://127.0.0.1:9/", "disabled", disabled=True)

    refused = webhooks.account.submit(headers={"x-bf-async-webhook": name})

    assert refused.status == 400
    assert refused.json["error"]["param"] == "x-bf-async-webhook"
    assert webhooks.account.messages() == []


def test_a_key_has_a_webhook_of_its_own(webhooks: Webhooks) -> None:
    """
    For jobs that name none; it must be there when it is said, and may be gone when a job ends.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        _, key = webhooks.admin.create(webhook="orders")
        webhooks.account.submit(headers={"authorization": f"Bearer {key}"})
        webhooks.account.work()
        webhooks.deliver()
        webhooks.ask("webhook_remove")
        late = webhooks.account.submit(headers={"authorization": f"Bearer {key}"})
        webhooks.account.work()
        webhooks.deliver()

    assert late.status == 202
    assert len(receiver.questions) == 1
    assert (
        webhooks.admin.ask("key_create", {"name": "k", "webhook": "nobody"})
        .json["error"]["message"]
        .startswith("webhook names no webhook")
    )


@pytest.mark.parametrize(("name", "status"), [("orders", 200), ("no name", 400), ("", 400)])
def test_a_producer_may_name_a_webhook(webhooks: Webhooks, name: str, status: int) -> None:
    """
    In an attribute of its message; one that can be none is what its job comes to.
    """
    [sent, *_] = records_of("worker")
    sent |= {"body": json.dumps(LEAST), "messageAttributes": {"webhook": {"stringValue": name, "dataType": "String"}}}
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        webhooks.account.work([sent])
        webhooks.deliver()

    assert webhooks.account.poll(sent["messageId"]).json["status_code"] == status
    assert len(receiver.questions) == (status == 200)


def test_a_receiver_that_fails_is_tried_again(webhooks: Webhooks) -> None:
    """
    By the same message, which is hidden meanwhile; the list of deliveries says what was, and what will be.
    """
    with upstream(says({}, status=503)) as receiver:
        webhooks.register(receiver.url)
        webhooks.account.submit(headers=TOLD)
        webhooks.account.work()
        again = webhooks.deliver()
        now = webhooks.deliver()

    [delivery] = webhooks.deliveries()
    [attempt] = delivery["attempts"]
    assert (len(again), now, len(receiver.questions)) == (1, [], 1)
    assert (delivery["status"], attempt["status_code"]) == ("pending", 503)
    assert delivery["next_attempt_at"] > attempt["at"]
    assert delivery["webhook_id"] == receiver.questions[0].headers["webhook-id"]


def test_a_message_nobody_understands_keeps_no_other_back(webhooks: Webhooks) -> None:
    """
    It comes again, and in the end to the dead letters.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        webhooks.account.client("sqs").send_message(QueueUrl=webhooks.queue_url, MessageBody="[]")
        webhooks.ask("webhook_test")
        again = webhooks.deliver()

    assert len(again) == 1
    assert len(receiver.questions) == 1


def test_a_message_waits_for_a_table_that_is_away(webhooks: Webhooks, configure: Configure) -> None:
    """
    Nothing is tried that could not be recorded.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        webhooks.ask("webhook_test")
        configure(WEBHOOKS_TABLE="away")
        again = webhooks.deliver()

    assert len(again) == 1
    assert receiver.questions == []


def test_a_message_outlasts_an_outage_of_days(webhooks: Webhooks, configure: Configure) -> None:
    """
    SQS gives up what was received a thousand times: one that is put back often comes less often.
    """
    webhooks.register("http://127.0.0.1:9/")
    webhooks.ask("webhook_test")
    configure(WEBHOOKS_TABLE="away")

    waits = []
    for _ in range(20):
        webhooks.deliver()
        [message] = hidden(webhooks.queue_url)
        waits.append(message.visible_at / 1000 - time())
        message.change_visibility(0)

    assert waits[0] == pytest.approx(60, abs=10)
    assert waits[-1] == pytest.approx(900, abs=10)
