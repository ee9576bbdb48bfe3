"""Every API from its event to its reply: what its clients must find, and how its errors are told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import Answered, event, invoke
from tests.upstream import says, upstream

TALL = "The Eiffel Tower is 330 metres tall."
NAMES = ("rerank", "cohere", "openrouter", "orq", "voyage", "mixedbread", "pinecone", "infinity", "tei")


def post(name: str, without_key: bool = False, path: str | None = None, **changes: Any) -> Answered:
    """events/NAME.json with *changes* to its body; None takes a field away."""
    sent = event(name)
    body = {key: value for key, value in (json.loads(sent["body"]) | changes).items() if value is not None}
    sent["body"] = json.dumps(body)
    if path:
        sent["routeKey"] = f"POST {path}"
    if without_key:
        sent["headers"] = {
            key: value for key, value in sent["headers"].items() if key not in ("authorization", "api-key")
        }

    return invoke(sent)


def rows(body: Any) -> Any:
    return body if isinstance(body, list) else body.get("results", body.get("data"))


@pytest.mark.parametrize("name", NAMES)
def test_each_event_is_answered_with_the_best_document_first(name: str) -> None:
    """
    One request, nine ways to put it, one ranking.
    """
    answered = post(name)

    assert answered.status == 200
    assert answered.headers["content-type"] == "application/json"
    assert rows(answered.json)[0]["index"] == 1
    assert "null" not in answered.text


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("rerank", "/rerank"),
        ("rerank", "/jina/v1/rerank"),
        ("rerank", "/together/v1/rerank"),
        ("rerank", "/vllm/v1/rerank"),
        ("rerank", "/vllm/rerank"),
        ("cohere", "/cohere/v1/rerank"),
        ("cohere", "/cohere/v2/rerank"),
        ("openrouter", "/openrouter/api/v1/rerank"),
        ("orq", "/orq/v2/router/rerank"),
        ("mixedbread", "/mixedbread/v1/reranking"),
        ("tei", "/rerank"),
    ],
)
def test_each_other_address_answers_alike(name: str, path: str) -> None:
    """
    Base URLs have their habits; an API is the same under each of its addresses.
    """
    other, usual = post(name, path=path), post(name)

    assert other.status == 200
    assert rows(other.json) == rows(usual.json)


def test_cohere_finds_its_usage_in_meta() -> None:
    """
    Its clients read units and tokens nowhere else; the key must be there even when nothing is known.
    """
    body = post("cohere", return_documents=True).json

    assert body["meta"]["api_version"] == {"version": "2"}
    assert body["meta"]["tokens"] == {"input_tokens": 0, "output_tokens": 0}
    assert body["results"][0]["document"] == {"text": TALL}
    assert "document" not in post("cohere").json["results"][0]


def test_openrouter_always_has_documents_and_a_provider() -> None:
    """
    One of its clients cannot do without either, and cannot ask for them.
    """
    body = post("openrouter").json

    assert body["results"][0]["document"]["text"] == TALL
    assert (body["model"], body["provider"]) == ("local/bm25", "local")
    assert {"total_tokens", "cost"} <= body["usage"].keys()


def test_orq_has_its_literals() -> None:
    """
    Its clients check the word in each row.
    """
    body = post("orq").json

    assert body["object"] == "list"
    assert {row["object"] for row in body["results"]} == {"rerank"}
    assert body["results"][0]["document"] == {"text": TALL}
    assert isinstance(body["usage"]["total_tokens"], int)


def test_orq_steers_from_the_top_or_from_below() -> None:
    """
    What stands under `orq` counts where the top says nothing.
    """
    below = post("orq", model="cohere/m", fallbacks=None, orq={"fallbacks": [{"model": "local/bm25"}]})
    top = post("orq", model="cohere/m", fallbacks=["nobody/m"], orq={"fallbacks": [{"model": "local/bm25"}]})

    assert below.status == 200
    assert top.status == 404


def test_voyage_has_data_and_bare_strings() -> None:
    """
    `data` rather than `results`, and documents as they were sent.
    """
    body = post("voyage", return_documents=True).json

    assert (body["object"], body["data"][0]["document"], body["usage"]["total_tokens"]) == ("list", TALL, 0)
    assert len(body["data"]) == 2


def test_mixedbread_has_its_own_words() -> None:
    """
    `score`, `input`, and what was asked for told again; no word of what a row is.
    """
    body = post("mixedbread").json

    assert body["data"][0].keys() == {"index", "score", "input"}
    assert (body["data"][0]["input"], body["top_k"], body["return_input"]) == (TALL, 2, True)


def test_pinecone_counts_units_and_returns_objects() -> None:
    """
    A unit is a hundred documents where nobody counts otherwise.
    """
    body = post("pinecone", return_documents=None).json

    assert body["data"][0].keys() == {"index", "score", "document"}
    assert (body["data"][0]["document"], body["usage"]) == ({"text": TALL}, {"rerank_units": 1})
    assert "document" not in post("pinecone", return_documents=False).json["data"][0]


def test_infinity_has_bare_strings() -> None:
    """
    Where others have objects.
    """
    body = post("infinity").json

    assert (body["object"], body["results"][0]["document"]) == ("rerank", TALL)
    assert isinstance(body["created"], int)


def test_tei_has_a_bare_list_of_all_texts() -> None:
    """
    TEI knows no top_n and no model: `default` is asked, and everything comes back.
    """
    body = post("tei").json

    assert [row.keys() for row in body] == [{"index", "score", "text"}] * 3
    assert (body[0]["text"], "text" in post("tei", return_text=False).json[0]) == (TALL, False)


ERRORS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "rerank": lambda body: (body["error"]["message"], body["message"], body["detail"]),
    "cohere": lambda body: (body["message"], body["id"]),
    "openrouter": lambda body: (body["error"]["message"],),
    "orq": lambda body: (body["error"]["message"],),
    "voyage": lambda body: (body["detail"],),
    "mixedbread": lambda body: (body["error"]["message"], body["message"], body["detail"]),
    "pinecone": lambda body: (body["error"]["message"], body["message"], body["detail"]),
    "infinity": lambda body: (body["error"]["message"],),
    "tei": lambda body: (body["error"], body["error_type"]),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_key_is_401_in_every_api(name: str) -> None:
    """
    Each tells it where its clients look.
    """
    answered = post(name, without_key=True)

    assert answered.status == 401
    assert all(isinstance(told, str) and told for told in ERRORS[name](answered.json))


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_model_is_404_in_every_api(name: str) -> None:
    """
    Nobody repeats a 404 for an hour.
    """
    answered = post(name, model="nobody/m")

    assert answered.status == 404
    assert "nobody" in ERRORS[name](answered.json)[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_request_names_the_field_as_the_api_calls_it(name: str) -> None:
    """
    400, or what the API's own server says of such a body.
    """
    field = {"mixedbread": "input", "tei": "texts"}.get(name, "documents")

    nothing: dict[str, Any] = {field: []}

    answered = post(name, **nothing)

    assert answered.status == (422 if name == "tei" else 400)
    assert field in ERRORS[name](answered.json)[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_busy_provider_is_429_with_retry_after_in_every_api(name: str, configure: Configure) -> None:
    """
    Clients that wait know for how long.
    """
    with upstream(says({}, 429, {"retry-after": "9"})) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')

        answered = post(name, model="tei/m", retry=None, orq=None)

    assert (answered.status, answered.headers["retry-after"]) == (429, "9")


@pytest.mark.parametrize(
    ("name", "upstream_status", "status"),
    [
        ("openrouter", 504, 524),
        ("openrouter", 503, 529),
        ("openrouter", 500, 502),
        ("voyage", 504, 504),
        ("voyage", 529, 503),
        ("tei", 500, 424),
        ("rerank", 529, 503),
    ],
)
def test_each_api_has_its_own_numbers_for_trouble(
    name: str, upstream_status: int, status: int, configure: Configure
) -> None:
    """
    OpenRouter's clients know 524 and 529, Voyage's die of them.
    """
    with upstream(says({}, upstream_status)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')

        answered = post(name, model="tei/m")

    assert answered.status == status
    assert ERRORS[name](answered.json)


def test_error_codes_are_of_the_kind_that_clients_read() -> None:
    """
    A number for OpenRouter, null for orq.ai, a word for Bifrost, no type at the top for Mixedbread.
    """
    codes = {name: post(name, model="nobody/m").json for name in ("openrouter", "orq", "rerank", "mixedbread")}

    assert codes["openrouter"]["error"]["code"] == 404
    assert codes["orq"]["error"].keys() == {"code", "message", "param", "type"}
    assert codes["orq"]["error"]["code"] is None
    assert codes["rerank"]["error"]["code"] == "unknown_model"
    assert (codes["mixedbread"]["error"]["code"], "type" in codes["mixedbread"]) == (404, False)
