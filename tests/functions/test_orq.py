"""What orq.ai's callers rely on, from the event to the response."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.apis import orq
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.provider import pointed_at
from tests.upstream import says, upstream

LEAST: dict[str, Any] = {"retry": None, "orq": None}


def test_documents_come_back_unless_they_are_not_wanted() -> None:
    """
    As there: only `return_documents: false` leaves them out.
    """
    unsaid, unwanted = post("orq", return_documents=None), post("orq", return_documents=False)

    assert unsaid.json["results"][0]["document"]["text"]
    assert "document" not in unwanted.json["results"][0]


def test_what_is_not_said_is_as_orq_has_it() -> None:
    """
    A cache without `ttl` keeps for an hour, and a model without `weight` has half of one.
    """
    body = b"""{"model": "m", "query": "q", "documents": ["d"], "cache": {"type": "exact_match"},
        "load_balancer": {"models": [{"model": "a/m"}, {"model": "b/m", "weight": 1.0}]}}"""

    request, _ = orq.parse(body)

    assert request.cache_ttl == 3_600
    assert [share.weight for share in request.load_balancer] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("status", "fields", "expected"),
    [
        (429, {"fallback_on_codes": [429.0, 503]}, 200),
        (500, {"fallback_on_codes": [429]}, 502),
        (500, {"orq": {"fallback_on_codes": [429]}}, 502),
        (500, {"fallback_on_codes": []}, 502),
        (400, {"fallback_on_codes": [500]}, 400),
        (500, {}, 200),
    ],
)
def test_only_the_codes_that_are_named_fall_back(
    status: int, fields: dict[str, Any], expected: int, configure: Configure
) -> None:
    """
    Any other failure ends the request with its own error; where none are named, every one falls back.
    """
    with upstream(says({}, status)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = post("orq", **LEAST | {"model": "tei/m", "fallbacks": ["local/bm25"]} | fields)

    assert response.status == expected


def test_the_failure_that_ends_a_request_is_the_one_that_is_told(configure: Configure) -> None:
    """
    The first choice fell back, its fallback did not.
    """
    with upstream(says({}, 429), says({"message": "no such text"}, 422)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = post(
            "orq",
            **LEAST,
            model="tei/m",
            fallbacks=["cohere/rerank-v3.5", "local/bm25"],
            fallback_on_codes=[429],
        )

    assert response.status == 400
    assert "no such text" in response.json["error"]["message"]
    assert len(provider.questions) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"plugins": [{"id": "pii_redaction"}]},
        {"guardrails": [{"id": "orq_pii_detection", "execute_on": "input"}]},
        {"orq": {"plugins": [{"id": "pii_redaction"}]}},
    ],
)
def test_safeguards_that_we_do_not_have_are_refused(fields: dict[str, Any]) -> None:
    """
    Who wants personal data taken out would not want it sent with them.
    """
    response = post("orq", **LEAST | fields)

    (name,) = fields
    assert (response.status, response.json["error"]["param"].partition(".")[0]) == (400, name)


@pytest.mark.parametrize("fields", [{"plugins": [], "guardrails": []}, {"plugins": [{"id": "p", "enabled": False}]}])
def test_safeguards_that_guard_nothing_pass(fields: dict[str, Any]) -> None:
    """
    Without a word.
    """
    response = post("orq", **LEAST | fields)

    assert response.status == 200
    assert "x-gateway-warnings" not in response.headers


def test_the_wrong_field_is_named() -> None:
    """
    Where the clients look for it.
    """
    assert post("orq", documents=[]).json["error"]["param"] == "documents"
    assert post("orq", model="nobody/m").json["error"]["param"] == "model"
