"""AWS out of reach: what callers and operators are told."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from rerank_gateway.entry import observability
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank


def test_the_cause_of_an_outage_is_in_the_log(
    embedded_aws: Any, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The service, its operation and a code, and never a secret's name or the caller's key. It is found out once.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    configure(KEYS_TABLE="keys", AWS_ENDPOINT_URL="http://127.0.0.1:1")

    answers = [rerank(headers={"authorization": "Bearer sk-secret"}) for _ in range(3)]

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    cause = "dynamodb.GetItem ConnectionRefusedError"
    assert [answer.status for answer in answers] == [503] * 3
    assert [line["what"] for line in lines if line["message"] == "lookup_failed"] == ["virtual_key"]
    assert [line["cause"] for line in lines] == [cause] * 4
    assert "secret" not in log.getvalue()
