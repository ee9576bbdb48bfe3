"""What providers do to a request."""

from __future__ import annotations

import json

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event, invoke, rerank
from tests.functions.provider import COHERE, pointed_at
from tests.upstream import says, upstream


def test_a_fallback_answers_for_a_failing_provider(configure: Configure) -> None:
    """
    The attempts tell what happened, the answer names its provider.
    """
    with upstream(says({"message": "down"}, 500)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")

        response = rerank(model="cohere/rerank-v3.5", fallbacks=["local/bm25"])

    extra = response.json["extra_fields"]
    assert response.status == 200
    assert (extra["provider"], extra["model_requested"]) == ("local", "cohere/rerank-v3.5")
    assert [(a["target"], a["status_code"], a.get("error")) for a in extra["attempts"]] == [
        ("cohere/rerank-v3.5", 500, "provider_failed"),
        ("local/bm25", 200, None),
    ]


@pytest.mark.parametrize(
    ("upstream_status", "headers", "expected"),
    [
        (400, {}, (400, None)),
        (401, {}, (502, None)),
        (404, {}, (404, None)),
        (422, {}, (400, None)),
        (429, {"retry-after": "7"}, (429, "7")),
        (429, {}, (429, "1")),
        (500, {}, (502, None)),
        (503, {"retry-after": "0.2"}, (503, "1")),
        (503, {"retry-after": "9" * 400}, (503, "86400")),
        (503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, (503, "1")),
        (503, {"retry-after": "soon"}, (503, "1")),
        (529, {}, (503, "1")),
        (504, {}, (504, None)),
    ],
)
def test_a_providers_error_is_translated(
    configure: Configure, upstream_status: int, headers: dict[str, str], expected: tuple[int, str | None]
) -> None:
    """
    A provider's status is translated: its 401 is not the caller's, and a wait goes with every 429 and 503.
    """
    with upstream(says({"message": "no"}, upstream_status, headers)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")

        response = rerank(model="cohere/rerank-v3.5")

    assert (response.status, response.headers.get("retry-after")) == expected
    assert response.json["extra_fields"]["provider"] == "cohere"
    assert response.json["extra_fields"]["attempts"][0]["status_code"] == upstream_status


def test_garbage_from_a_provider_is_502(configure: Configure) -> None:
    """
    A 200 without a ranking is the provider's error.
    """
    with upstream(says(b"<html>")) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")

        response = rerank(model="cohere/rerank-v3.5")

    assert (response.status, response.json["error"]["code"]) == (502, "provider_bad_reply")


def test_a_rejected_key_gives_way_to_the_next(configure: Configure) -> None:
    """
    With two keys, the one that is turned down costs an attempt, and is not drawn again for a while.
    """
    with upstream(says({}, 401), says(COHERE), says(COHERE), says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k1, k2")

        first = rerank(model="cohere/rerank-v3.5")
        rerank(model="cohere/rerank-v3.5")
        rerank(model="cohere/rerank-v3.5")

    keys = [request.headers["authorization"] for request in provider.questions]
    assert [attempt["status_code"] for attempt in first.json["extra_fields"]["attempts"]] == [401, 200]
    assert keys[1] == keys[2] == keys[3] != keys[0]


def test_a_strange_number_in_a_document_is_not_passed_on(configure: Configure) -> None:
    """
    NaN is no JSON: neither the provider nor the caller gets to see one.
    """
    with upstream(says([{"index": 0, "score": 0.5}])) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        body = '{"model": "tei/m", "query": "q", "documents": [{"text": "a", "meta": NaN}], "return_documents": true,'

        response = rerank(body + ' "extra_body": {"x": Infinity}}')

    assert response.status == 200
    assert "NaN" not in response.text
    assert provider.questions[0].json["x"] is None


def test_the_deadline_is_lambdas(configure: Configure) -> None:
    """
    A provider that is silent is given up in time for a typed answer.
    """
    with upstream(lambda connection: None) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        request = event("rerank") | {"body": json.dumps(LEAST | {"model": "cohere/rerank-v3.5"})}

        response = invoke(request, milliseconds=700)

    assert (response.status, response.json["error"]["code"]) == (504, "provider_timed_out")
