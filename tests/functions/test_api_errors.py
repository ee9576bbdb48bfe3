"""Every API from an event with a mistake in it to the error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.functions.apis import MORE_NAMES, NAMES, post
from tests.functions.conftest import Configure
from tests.upstream import says, upstream

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
    "nim": lambda body: (body["detail"],),
    "score": lambda body: (body["error"]["message"], body["error"]["type"]),
    "dashscope": lambda body: (body["message"], body["code"], body["request_id"]),
    "dashscope_compatible": lambda body: (body["error"]["message"], body["error"]["code"], body["request_id"]),
    "weaviate": lambda body: (body["error"],),
    "voyage_documents": lambda body: (body["detail"],),
}
EVERY = (*NAMES, *MORE_NAMES)


@pytest.mark.parametrize("name", EVERY)
def test_a_missing_key_is_401_in_every_api(name: str) -> None:
    """
    The message stands where the clients look.
    """
    response = post(name, without_key=True)

    assert response.status == 401
    assert all(isinstance(value, str) and value for value in ERRORS[name](response.json))


@pytest.mark.parametrize("name", EVERY)
def test_an_unknown_model_is_404_in_every_api(name: str) -> None:
    """
    Nobody repeats a 404 for an hour.
    """
    response = post(name, model="nobody/m")

    assert response.status == 404
    assert "nobody" in ERRORS[name](response.json)[0]


@pytest.mark.parametrize("name", EVERY)
def test_a_bad_request_names_the_field_as_the_api_calls_it(name: str) -> None:
    """
    400, or what the API's own server says of such a body.
    """
    field = {"mixedbread": "input", "tei": "texts", "nim": "passages", "score": "text_2"}.get(name, "documents")
    nothing: dict[str, Any] = {field: []}

    response = post(name, **({"input": {"query": "q", **nothing}} if name == "dashscope" else nothing))

    assert response.status == (422 if name == "tei" else 400)
    assert field in ERRORS[name](response.json)[0]


@pytest.mark.parametrize("name", EVERY)
def test_a_busy_provider_is_429_with_retry_after_in_every_api(name: str, configure: Configure) -> None:
    """
    Clients that wait know for how long.
    """
    with upstream(says({}, 429, {"retry-after": "9"})) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')

        response = post(name, model="tei/m", retry=None, orq=None)

    assert (response.status, response.headers["retry-after"]) == (429, "9")


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

        response = post(name, model="tei/m")

    assert response.status == status
    assert ERRORS[name](response.json)


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


def test_tei_calls_a_bad_request_a_validation() -> None:
    """
    Its clients tell what is theirs to mend from a backend that broke.
    """
    assert post("tei", texts=[]).json["error_type"] == "Validation"
