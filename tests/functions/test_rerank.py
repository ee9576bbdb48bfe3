"""POST /v1/rerank from the event to the answer."""

from __future__ import annotations

from base64 import b64encode

import pytest

from tests.functions.gateway import event, invoke, rerank


def test_the_event_that_sam_invokes_is_answered() -> None:
    """
    events/rerank.json gives a ranking with the caller's own documents, and nothing else is needed.
    """
    response = invoke(event("rerank"))

    assert response.status == 200
    assert [row["index"] for row in response.json["results"]] == [1, 2]
    assert response.json["results"][0]["document"]["id"] == "eiffel"
    assert response.headers["x-request-id"] == event("rerank")["requestContext"]["requestId"]
    assert response.headers["content-type"] == "application/json"


def test_the_answer_has_every_field_that_clients_read() -> None:
    """
    The union of what Bifrost, Jina, Cohere v1 and the plain API return, and no null anywhere.
    """
    response = rerank()

    body = response.json
    assert body["object"] == "list"
    assert body["model"] == "bm25"
    assert body["id"].startswith("rerank-")
    assert list(body["results"][0]) == ["index", "relevance_score"]
    assert body["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0.0}
    assert set(body["meta"]) == {"api_version", "billed_units"}
    extra = body["extra_fields"]
    assert {"request_type": "rerank", "provider": "local", "model_requested": "local/bm25"}.items() <= extra.items()
    assert {"chunk_index": 0, "cache_hit": False}.items() <= extra.items()
    assert isinstance(extra["latency"], int)
    assert [attempt["target"] for attempt in extra["attempts"]] == ["local/bm25"]
    assert "null" not in response.text


def test_documents_come_back_as_they_were_sent() -> None:
    """
    Strings as objects, objects with their own keys, text to the byte, and no null in them.
    """
    text = 'Größe\t\n\u2028 😀 \\ " </script>'
    documents = [{"text": text, "id": "a", "meta": {"n": 1.0}, "image": None}, text]

    response = rerank(documents=documents, return_documents=True)

    shown = {row["index"]: row["document"] for row in response.json["results"]}
    assert shown == {0: {"text": text, "id": "a", "meta": {"n": 1.0}}, 1: {"text": text}}


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer sk-local"},
        {"authorization": "bearer  sk-local "},
        {"authorization": "sk-local"},
        {"authorization": "", "x-api-key": "sk-local"},
        {"authorization": "", "api-key": "sk-local"},
        {"authorization": "Bearer unused", "x-bf-vk": "sk-local"},
        {"authorization": "", "x-bf-api-key": "sk-local"},
        {"authorization": "Token sk-local"},
        {"authorization": "Basic " + b64encode(b"x:sk-local").decode()},
        {"authorization": "basic " + b64encode(b"sk-local:").decode()},
        {"authorization": "Basic " + b64encode(b"sk-local").decode()},
        {"authorization": "Basic sk-local"},
    ],
)
def test_a_key_may_stand_in_any_of_its_headers(headers: dict[str, str]) -> None:
    """
    Every client's way to send a key is understood.
    """
    assert rerank(headers=headers).status == 200


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        ("Basic", "virtual_key_required"),
        ("Basic " + b64encode(b":").decode(), "virtual_key_required"),
        ("Basic " + b64encode(b"sk-local:other").decode(), "virtual_key_not_found"),
        ("Basic " + b64encode(b"\xff:sk-local").decode(), "virtual_key_not_found"),
        ("Token other", "virtual_key_not_found"),
    ],
)
def test_no_scheme_makes_a_key_of_what_is_none(authorization: str, reason: str) -> None:
    """
    What is not base64, not text, empty or somebody else's is a 401.
    """
    response = rerank(headers={"authorization": authorization})

    assert (response.status, response.json["type"]) == (401, reason)


def test_ignored_fields_are_named_in_a_header() -> None:
    """
    A typo is seen, and there is no header without one.
    """
    assert rerank(tpo_n=1).headers["x-gateway-warnings"] == "ignored: tpo_n"
    assert "x-gateway-warnings" not in rerank().headers
