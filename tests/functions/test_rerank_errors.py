"""POST /v1/rerank from an event with a mistake in it to the error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rerank_gateway.apis import native
from tests.functions.gateway import LEAST, rerank


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"authorization": ""}, "virtual_key_required"),
        ({"authorization": "Bearer "}, "virtual_key_required"),
        ({"authorization": "Bearer wrong"}, "virtual_key_not_found"),
        ({"authorization": "Basic d3Jvbmc="}, "virtual_key_not_found"),
    ],
)
def test_a_missing_or_wrong_key_is_401(headers: dict[str, str], kind: str) -> None:
    """
    The body is Bifrost's, with the message where other clients of this path look for it.
    """
    response = rerank(headers=headers)

    body = response.json
    assert (response.status, body["status_code"], body["type"]) == (401, 401, kind)
    assert body["is_bifrost_error"] is False
    assert body["message"] == body["detail"] == body["error"]["message"]
    assert body["error"]["type"] == "authentication_error"
    assert body["event_id"] == body["error"]["event_id"] == response.headers["x-request-id"]


def test_a_bad_request_is_400_and_names_the_field() -> None:
    """
    The field stands in `error.param`, the agreed message in `error.message`.
    """
    response = rerank(top_n=0)

    assert response.status == 400
    assert response.json["error"]["param"] == "top_n"
    assert response.json["error"]["message"] == "top_n must be at least 1"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"model": "nobody/m"}, 404, "unknown_model"),
        ({"model": "gpt"}, 404, "unknown_model"),
        ({"model": "local/bm42"}, 404, "model_not_available"),
        ({"model": "cohere/rerank-v3.5"}, 404, "model_not_available"),
        ({"model": "vllm/m"}, 404, "model_not_available"),
        ({"fallbacks": ["nobody/m"]}, 404, "unknown_model"),
        ({"documents": ["d"] * 10_001}, 413, "too_large"),
    ],
)
def test_what_cannot_be_had_here_is_a_4xx(changes: dict[str, Any], status: int, code: str) -> None:
    """
    Some clients repeat a 5xx for an hour, so what waiting will not mend is none.
    """
    response = rerank(**changes)

    assert (response.status, response.json["error"]["code"]) == (status, code)


def test_a_content_type_other_than_json_is_415() -> None:
    """
    What `curl -d` sends by default is an error of its own, other than broken JSON.
    """
    response = rerank(headers={"content-type": "application/x-www-form-urlencoded"})

    assert (response.status, response.json["error"]["code"]) == (415, "unsupported_media_type")


def test_an_answer_that_lambda_would_refuse_is_413() -> None:
    """
    6 MB of documents going back are too large, and the error names a way out.
    """
    response = rerank(documents=['quote " ' * 700_000, "b"], return_documents=True)

    assert response.status == 413
    assert "return_documents" in response.json["error"]["message"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)

fields = st.sampled_from(sorted(native.RerankBody.model_fields))

bodies = json_values | st.dictionaries(fields, json_values).map(lambda wild: LEAST | wild)


@given(body=bodies)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_whatsoever_is_a_5xx(body: Any) -> None:
    """
    Whatever stands in the body, the answer is a ranking or the caller's own mistake, in JSON.
    """
    response = rerank(body if body is not None else "null")

    assert response.status in (200, 400, 404, 413)
    assert response.status == 200 or response.json["error"]["message"]


@given(body=st.text(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_whatsoever_is_a_5xx(body: str) -> None:
    """
    Neither is anything that is no JSON at all.
    """
    assert rerank(body).status in (200, 400)
