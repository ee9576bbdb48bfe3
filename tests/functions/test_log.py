"""What the log has of requests."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from rerank_gateway.entry import observability
from tests.fakes import FakeContext
from tests.functions.account import Account
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event, invoke, rerank
from tests.functions.provider import pointed_at
from tests.metrics import emitted
from tests.upstream import says, upstream


def test_nothing_that_was_sent_is_logged(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Neither query nor document nor key nor the metadata's values are in the log, whatever happens.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    secrets: dict[str, Any] = {"query": "secret-q", "documents": ["secret-d", {"text": "secret-e", "id": "secret-f"}]}

    with upstream(says({"message": "secret-d is bad"}, 400)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="secret-k")
        rerank(**secrets, metadata={"team": "secret-m"}, user="secret-u")
        rerank(**secrets, model="cohere/rerank-v3.5")
        rerank(**secrets, top_n="secret-n")
        rerank(headers={"authorization": "Bearer secret-t"})

    logged = log.getvalue()
    assert '"team"' in logged
    assert (logged.count("request_answered"), logged.count("key_refused")) == (3, 1)
    assert "secret" not in logged


def test_an_application_that_the_operator_lists_is_counted(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    OpenRouter's clients say which application they are, by its address, of which the log has the origin only.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    configure(GATEWAY_CONFIG='applications = ["https://a.example"]')

    for address in ("https://a.example/users/secret?q=secret", "https://b.example", "", "no address"):
        rerank(headers={"http-referer": address, "x-title": "A"})

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    counted = [dict(by)["app"] for name, by in emitted(lines) if name == "Requests" and "app" in dict(by)]
    assert [line.get("app") for line in lines] == ["https://a.example", "https://b.example", None, None]
    assert counted == ["https://a.example"]
    assert "secret" not in log.getvalue()


def test_a_stranger_costs_one_short_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    No metrics, no attempts, nothing of what was sent.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    rerank(headers={"authorization": "Bearer sk-wrong", "http-referer": "https://a.example"})

    [line] = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["message"], line["status"], line["error"]) == ("key_refused", 401, "virtual_key_not_found")
    assert not {"_aws", "attempts", "app"} & line.keys()


@pytest.mark.parametrize("config", ["[aliases.x]\ntargets = []", "[providers.nobody]", "nonsense = 1", "= ="])
def test_a_mistake_in_the_configuration_is_told_in_full(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    """
    To the operator, in the log: callers and the health check hear that there is one.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    configure(GATEWAY_CONFIG=config)

    refused, health = rerank(), invoke(event("health"))

    assert (refused.status, refused.json["error"]["code"]) == (503, "misconfigured")
    assert (health.status, health.json) == (503, {"status": "misconfigured"})
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    reasons = [line["reason"] for line in lines if line["message"] == "configuration_refused"]
    assert len(reasons) == 2
    assert all(reasons)
    assert "bug_found" not in log.getvalue()


def test_a_configuration_out_of_reach_is_no_mistake(embedded_aws: Any, configure: Configure) -> None:
    """
    It may be there in a moment.
    """
    configure(GATEWAY_CONFIG="ssm:/no/such/parameter")

    assert (rerank().status, invoke(event("health")).json) == (503, {"status": "unavailable"})


@pytest.mark.parametrize("function", ["submit", "poll", "worker"])
def test_each_function_s_lines_name_its_invocation(
    account: Account, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Lambda's own lines have the same request id; a worker's jobs are logged by threads of its own.
    """
    job_id = account.submit().json["id"]
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    observability.bind_invocation(FakeContext(aws_request_id="an earlier one"), "a-stack")
    calls: dict[str, Callable[[], object]] = {
        "submit": account.submit,
        "poll": lambda: account.poll(job_id),
        "worker": account.work,
    }

    calls[function]()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["function_request_id"] for line in lines} == {FakeContext().aws_request_id}


def end_users(log: io.StringIO) -> list[str | None]:
    """Who stands in each line of the *log*."""
    return [json.loads(line).get("end_user") for line in log.getvalue().splitlines()]


def answer_for_everyone() -> None:
    """A request for the same end user by each way to name one, and one for nobody."""
    rerank(headers={"x-openwebui-user-id": "u-1", "x-openwebui-user-email": "a@b.example"})
    rerank(headers={"x-orq-identity-id": "u-1"})
    rerank(user="u-1", headers={"x-openwebui-user-id": "u-2"})
    post("openrouter", user="u-1")
    post("orq", identity={"id": "u-1", "email": "a@b.example"})
    post("orq", orq={"identity": {"id": "u-1"}}, identity=None)
    rerank()


def test_an_end_user_stands_in_the_log_as_a_hash(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same one however they are named, and another one at another stack.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    configure(STACK_ID="a")
    answer_for_everyone()
    configure(STACK_ID="b")
    rerank(user="u-1")

    *here, nobody, elsewhere = end_users(log)
    assert len(set(here)) == 1
    assert nobody is None
    assert elsewhere not in (None, *here)
    assert "u-1" not in log.getvalue()
    assert "b.example" not in log.getvalue()


def test_an_operator_may_have_end_users_by_their_names(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Of which a hundred characters will do.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    configure(GATEWAY_CONFIG='end_users = "plain"')

    answer_for_everyone()
    rerank(user="u" * 200)
    rerank(headers={"x-openwebui-user-id": "\ud800"})

    assert end_users(log)[:-1] == ["u-1"] * 6 + [None, "u" * 100]


def test_a_job_is_logged_for_its_end_user(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    When it is taken on, and when it is tried.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    account.submit(LEAST | {"user": "u-1"})
    account.work()

    submitted, tried = end_users(log)
    assert submitted == tried
    assert submitted
