"""Webhooks as those who register them see them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from standardwebhooks import Webhook

from rerank_gateway.entry import observability
from tests.documented import must_be_documented
from tests.functions.conftest import Configure
from tests.functions.webhooks import Webhooks
from tests.upstream import says, upstream


def test_a_secret_is_told_once(webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    When it is made; neither a list nor the log has it.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    made = webhooks.admin.ask("webhook_create", {"name": "orders", "url": "https://receiver.example/hooks"})

    secret = made.json["secret"]
    shown, listed = webhooks.ask("webhook_show"), webhooks.admin.ask("webhook_list")
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    assert secret.startswith("whsec_")
    assert listed.json["data"] == [shown.json["data"]] == [made.json["data"]]
    assert not any(secret in each for each in (shown.text, listed.text, log.getvalue()))
    assert '"message":"webhook_created"' in log.getvalue().replace('": ', '":')


def test_a_webhook_is_changed_and_removed(webhooks: Webhooks) -> None:
    """
    What is not said of it stays as it is.
    """
    webhooks.register("https://receiver.example/", events=["async_job.failed", "async_job.failed"])

    moved = webhooks.ask("webhook_change", {"url": "https://other.example/", "disabled": True}).json["data"]
    every = webhooks.ask("webhook_change", {"events": None, "disabled": False}).json["data"]
    removed = webhooks.ask("webhook_remove")

    assert (moved["url"], moved["events"], moved["disabled"]) == ("https://other.example/", ["async_job.failed"], True)
    assert (every["url"], every["events"], every["disabled_because"]) == ("https://other.example/", None, None)
    assert removed.json == {"deleted": True}
    assert webhooks.ask("webhook_show").status == 404


def test_a_name_is_given_once(webhooks: Webhooks) -> None:
    """
    And again when it is free.
    """
    webhooks.register("https://receiver.example/")

    again = webhooks.admin.ask("webhook_create")
    webhooks.ask("webhook_remove")

    assert (again.status, again.json["error"]["code"]) == (409, 409)
    assert webhooks.admin.ask("webhook_create").status == 201


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"url": None}, "url"),
        ({"url": "http://receiver.example/"}, "https://"),
        ({"url": "https://169.254.169.254/latest/meta-data/"}, "public"),
        ({"url": "https://127.0.0.1/"}, "public"),
        ({"url": "https://2130706433/"}, "host name"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "public"),
        ({"url": "https://receiver.example/" + "a" * 2048}, "2048"),
        ({"url": 5}, "url"),
        ({"name": "a b"}, "letters"),
        ({"events": ["job.done"]}, "events[0] must be 'async_job.completed', "),
        ({"secret": "whsec_mine"}, "secret is not known here"),
        ({"disabled": "no"}, "disabled"),
    ],
)
def test_what_is_wrong_with_a_webhook_is_named(
    webhooks: Webhooks, configure: Configure, fields: dict[str, Any], words: str
) -> None:
    """
    Where it is made and where it is changed, on a stack.
    """
    configure(WEBHOOKS_TO_LOOPBACK="")
    webhooks.register("https://receiver.example/", "there")

    refused = webhooks.admin.ask("webhook_create", {"name": "orders", "url": "https://receiver.example/", **fields})
    changed = webhooks.admin.ask("webhook_change", fields, at="there")

    assert refused.status == 400
    assert words in refused.json["error"]["message"]
    assert changed.status == (200 if fields == {"url": None} else 400)


@pytest.mark.parametrize(
    "name", ["webhook_show", "webhook_change", "webhook_remove", "webhook_rotate", "webhook_test", "webhook_deliveries"]
)
@pytest.mark.parametrize("at", ["nobody", "no/hook", "x" * 3000])
def test_an_unknown_webhook_is_404(webhooks: Webhooks, name: str, at: str) -> None:
    """
    Also what can be no webhook's name.
    """
    assert webhooks.admin.ask(name, at=at).status == 404


@pytest.mark.parametrize("delivery", ["1-msg", "x" * 3000])
def test_an_unknown_delivery_is_404(webhooks: Webhooks, delivery: str) -> None:
    """
    Also what can be no delivery's id.
    """
    webhooks.register("https://receiver.example/")

    assert webhooks.redeliver(delivery).status == 404


def test_only_who_manages_keys_manages_webhooks(webhooks: Webhooks) -> None:
    """
    Another key's is a 403, and no key a 401.
    """
    _, key = webhooks.admin.create()
    names = ("create", "list", "show", "change", "remove", "rotate", "test", "deliveries", "redeliver")

    answers = {webhooks.admin.ask(f"webhook_{name}", key=key, at="orders").status for name in names}
    strangers = {webhooks.admin.ask(f"webhook_{name}", key="sk-nobody", at="orders").status for name in names}

    assert (answers, strangers) == ({403}, {401})


def test_both_secrets_sign_for_a_day(webhooks: Webhooks) -> None:
    """
    So that a receiver can take the new one over whenever it likes; with no grace the old one ends at once.
    """
    with upstream(says({})) as receiver:
        first = webhooks.register(receiver.url)
        second = webhooks.ask("webhook_rotate").json["secret"]
        webhooks.ask("webhook_test")
        webhooks.deliver()
        third = webhooks.ask("webhook_rotate", {"grace_seconds": 0}).json["secret"]
        webhooks.ask("webhook_test")
        webhooks.deliver()

    during, after = receiver.questions
    for secret in (first, second):
        assert Webhook(secret).verify(during.body, during.headers)["type"] == "webhook.test"
    assert Webhook(third).verify(after.body, after.headers)
    assert len(after.headers["webhook-signature"].split()) == 1


def test_410_switches_a_webhook_off(webhooks: Webhooks) -> None:
    """
    Until somebody switches it on; then what has failed can be delivered once more.
    """
    with upstream(says({}, status=410), says({})) as receiver:
        webhooks.register(receiver.url)
        webhooks.ask("webhook_test")
        webhooks.deliver()
        shown = webhooks.ask("webhook_show").json["data"]
        [failed] = webhooks.deliveries()
        refused = webhooks.redeliver(failed["id"])
        webhooks.ask("webhook_change", {"disabled": False})
        renewed = webhooks.redeliver(failed["id"])
        webhooks.deliver()

    [delivered] = webhooks.deliveries()
    assert (shown["disabled"], shown["disabled_because"]) == (True, "the receiver answered 410")
    assert (refused.status, renewed.status) == (409, 202)
    assert (failed["status"], renewed.json["data"]["status"], delivered["status"]) == ("failed", "pending", "delivered")
    assert [attempt["status_code"] for attempt in delivered["attempts"]] == [410, 200]


def test_deliveries_are_listed_in_pages(webhooks: Webhooks) -> None:
    """
    The newest first, and each of them once.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        for _ in range(5):
            webhooks.ask("webhook_test")
        webhooks.deliver()

    every = [each["id"] for each in webhooks.deliveries()]
    first = webhooks.ask("webhook_deliveries", limit="2").json
    second = webhooks.ask("webhook_deliveries", limit="2", after=first["next"]).json
    third = webhooks.ask("webhook_deliveries", limit="2", after=second["next"]).json
    pages = [each["id"] for page in (first, second, third) for each in page["data"]]
    assert pages == every == sorted(every, reverse=True)
    assert (len(pages), third["next"]) == (5, None)


@pytest.mark.parametrize("said", ["1", "many"])
def test_what_a_list_does_not_know_is_left_aside(webhooks: Webhooks, said: str) -> None:
    """
    Whatever is said of it, as in every other list: a list that has an `after` has no `offset`.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        webhooks.ask("webhook_test")
        webhooks.deliver()

    assert len(webhooks.deliveries(offset=said, page=said)) == 1


def test_an_inner_address_is_a_failed_attempt(webhooks: Webhooks, configure: Configure) -> None:
    """
    Wherever it comes from, on a stack: here it was registered before.
    """
    with upstream(says({})) as receiver:
        webhooks.register(receiver.url)
        configure(WEBHOOKS_TO_LOOPBACK="")
        webhooks.ask("webhook_test")
        again = webhooks.deliver()

    [delivery] = webhooks.deliveries()
    assert (len(again), receiver.questions) == (1, [])
    assert delivery["attempts"][0]["error"] == "address_refused"


def test_each_answer_is_documented(webhooks: Webhooks) -> None:
    """
    An answer has the keys that the document names, and no others.
    """
    admin = webhooks.admin
    with upstream(says({}, status=500)) as receiver:
        asked = admin.event("webhook_create") | {"body": f'{{"name": "orders", "url": "{receiver.url}"}}'}
        must_be_documented("POST /v1/webhooks", admin.answer(asked))
        names = ("webhook_list", "webhook_show", "webhook_change", "webhook_rotate", "webhook_test")
        for sent in [admin.event(name, at="orders") for name in names]:
            must_be_documented(sent["routeKey"], admin.answer(sent))
        webhooks.deliver()
    [delivery] = webhooks.deliveries()
    redeliver = admin.event("webhook_redeliver") | {"pathParameters": {"name": "orders", "id": delivery["id"]}}

    for sent in (admin.event("webhook_deliveries", at="orders"), redeliver, admin.event("webhook_remove", at="orders")):
        answer = admin.answer(sent)
        assert answer["statusCode"] in (200, 202)
        must_be_documented(sent["routeKey"], answer)
