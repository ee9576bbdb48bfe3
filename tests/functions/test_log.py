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
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.provider import pointed_at
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
    assert logged.count("request_answered") == 4
    assert "secret" not in logged


def test_an_application_that_names_itself_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    OpenRouter's clients say which application they are: that is a dimension of the metrics, for so many and no more.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    monkeypatch.setattr(observability, "_apps", set())
    monkeypatch.setattr(observability, "MAX_APPS", 1)

    for app in ("https://a.example", "https://b.example", ""):
        rerank(headers={"http-referer": app, "x-title": "A"})

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    dimensions = [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in lines]
    assert dimensions == [
        [["service", "provider"], ["service", "app"]],
        [["service", "provider"]],
        [["service", "provider"]],
    ]
    assert [line.get("app") for line in lines] == ["https://a.example", "https://b.example", None]


@pytest.mark.parametrize("function", ["submit", "poll", "worker"])
def test_each_function_s_lines_name_its_invocation(
    account: Account, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Lambda's own lines have the same request id; a worker's jobs are logged by threads of its own.
    """
    job_id = account.submit().json["id"]
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    observability.bind_invocation(FakeContext(aws_request_id="an earlier one"))
    calls: dict[str, Callable[[], object]] = {
        "submit": account.submit,
        "poll": lambda: account.poll(job_id),
        "worker": account.work,
    }

    calls[function]()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["function_request_id"] for line in lines} == {FakeContext().aws_request_id}
