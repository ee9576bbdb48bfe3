"""DashScope has error codes of its own, on both of its routes and often with a 200."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.errors import (
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetTimedOut,
)
from rerank_gateway.domain.price import Price
from tests.adapters.providers import Recorded, reranker
from tests.fakes import request, within
from tests.upstream import says, upstream

ROUTES = ("dashscope", "dashscope_native")
CODES = [
    ("InvalidApiKey", TargetRejectedKey, 401),
    ("Arrearage", TargetRejectedKey, 402),
    ("AccessDenied", TargetRejectedKey, 403),
    ("AccessDenied.Unpurchased", TargetRejectedKey, 403),
    ("Model.NotExist", TargetMissing, 404),
    ("InvalidParameter", TargetRefused, 400),
    ("InvalidParameter.DataTooLong", TargetRefused, 400),
    ("DataInspectionFailed", TargetRefused, 400),
    ("Throttling", TargetBusy, 429),
    ("Throttling.RateQuota", TargetBusy, 429),
    ("Throttling.AllocationQuota", TargetBusy, 429),
    ("InternalError", TargetFailed, 500),
    ("InternalError.Algo", TargetFailed, 500),
    ("ServiceUnavailable", TargetBusy, 503),
    ("GatewayTimeout", TargetTimedOut, 504),
    ("SomethingNew", TargetFailed, 500),
]


def error(code: str) -> dict[str, str]:
    return {"code": code, "message": "what it says", "request_id": "7438d53d"}


def failure(transport: HttpsTransport, name: str, body: Any, status: int = 200) -> TargetError:
    with upstream(says(body, status)) as provider, pytest.raises(TargetError) as failed:
        reranker(transport, name, provider.url, "k").rerank(request(), "qwen3-rerank", within(5.0))

    return failed.value


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize(("code", "kind", "status"), CODES)
def test_a_code_is_its_typed_failure_even_at_200(
    transport: HttpsTransport, name: str, code: str, kind: type[TargetError], status: int
) -> None:
    """
    An error that comes with a 200 is the error that its code names; an unknown code is the provider's own failure.
    """
    failed = failure(transport, name, error(code))

    assert type(failed) is kind
    assert failed.status_code == status


@pytest.mark.parametrize("name", ROUTES)
def test_a_code_goes_before_the_status(transport: HttpsTransport, name: str) -> None:
    """
    An account without money gets a 400, and the request is not at fault.
    """
    failed = failure(transport, name, error("Arrearage"), status=400)

    assert isinstance(failed, TargetRejectedKey)


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("body", [{"code": "SomethingNew"}, {"code": 7}, ["code"], b'<p>"code"</p>'])
def test_without_a_known_code_the_status_counts(transport: HttpsTransport, name: str, body: Any) -> None:
    """
    What is not understood leaves the status as it is.
    """
    failed = failure(transport, name, body, status=429)

    assert isinstance(failed, TargetBusy)


def test_what_was_wrong_with_the_request_is_quoted(transport: HttpsTransport) -> None:
    """
    The caller reads the provider's own message about their request.
    """
    failed = failure(transport, "dashscope", error("DataInspectionFailed"))

    assert failed.message == "the provider answered 400: what it says"


@pytest.mark.parametrize("code", ["", None])
@pytest.mark.parametrize("name", ROUTES)
def test_an_empty_code_is_no_error(transport: HttpsTransport, name: str, code: str | None) -> None:
    """
    Responses with results may carry an empty code.
    """
    recorded = Recorded.of(name)
    with upstream(says({**recorded.response["body"], "code": code, "message": ""})) as provider:
        scores = reranker(transport, name, provider.url, "k").rerank(request(top_n=2), recorded.model, within(5.0))

    assert [list(pair) for pair in scores.pairs] == recorded.ranking


def test_a_workspace_is_named_only_where_one_is_configured(transport: HttpsTransport) -> None:
    """
    Without the setting there is no header, not an empty one.
    """
    recorded = Recorded.of("dashscope_native")
    with upstream(says(recorded.response["body"])) as provider:
        reranker(transport, "dashscope_native", provider.url, "k").rerank(request(top_n=2), recorded.model, within(5.0))

    assert "x-dashscope-workspace" not in provider.questions[0].headers


def test_the_model_that_takes_images_wants_objects_only() -> None:
    """
    For qwen3-vl-rerank, query and documents are objects; an image stands in for its document's text.
    """
    dialect = registry.provider("dashscope_native").dialect
    asked = request(texts=("the first", "a cat", ""), images={1: "https://a/cat.png", 2: "iVBORw0KGgo="})

    payload = dialect.phrase(asked, "qwen3-vl-rerank")

    assert payload["input"] == {
        "query": {"text": "which one?"},
        "documents": [
            {"text": "the first"},
            {"image": "https://a/cat.png"},
            {"image": "data:image/png;base64,iVBORw0KGgo="},
        ],
    }


def test_other_models_rank_the_text_beside_an_image() -> None:
    """
    What has a text is ranked by it; what has nothing but an image is refused before anything is sent.
    """
    dialect = registry.provider("dashscope_native").dialect

    payload = dialect.phrase(
        request(texts=("the first", "a cat", "b"), images={1: "https://a/cat.png"}), "qwen3-rerank"
    )

    assert payload["input"]["documents"] == ["the first", "a cat", "b"]
    with pytest.raises(TargetRefused, match="no images"):
        dialect.phrase(request(texts=("a", "", "b"), images={1: "https://a/cat.png"}), "qwen3-rerank")


@pytest.mark.parametrize(
    ("model", "documents", "price"),
    [
        ("qwen3-rerank", 500, Price(per_million_tokens=0.069)),
        ("gte-rerank-v2", 500, Price(per_million_tokens=0.115)),
        ("qwen3-vl-rerank", 100, None),
    ],
)
def test_limits_and_prices_go_by_model(model: str, documents: int, price: Price | None) -> None:
    """
    Models differ in what they take at once, and one that has two prices has none here.
    """
    profile = registry.provider("dashscope_native").profile(model)

    assert (profile.limits.documents, profile.price) == (documents, price)
