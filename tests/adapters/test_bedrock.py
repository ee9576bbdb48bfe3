"""What only Bedrock does: pages, quotas, ARNs, and a body that the model's vendor decides."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.errors import TargetBusy, TargetFailed, TargetMissing, TargetTimedOut
from rerank_gateway.domain.ranking import Ranking
from tests.adapters.providers import reranker
from tests.fakes import request, within
from tests.upstream import Answer, Question, says, upstream

REGION = {"region": "us-west-2"}
MODEL = "amazon.rerank-v1:0"
FIRST = {"results": [{"index": 2, "relevanceScore": 0.9}], "nextToken": "bmV4dA=="}
LAST = {"results": [{"index": 0, "relevanceScore": 0.2}]}
INVOKED = {"results": [{"index": 0, "relevance_score": 0.2}, {"index": 1, "relevance_score": 0.1}]}


def exchange(transport: HttpsTransport, *answers: Answer, name: str = "bedrock", model: str = MODEL) -> list[Question]:
    with upstream(*answers) as provider:
        reranker(transport, name, provider.url, settings=REGION).rerank(request(top_n=2), model, within(5.0))

    return provider.questions


def phrased(model: str, region: str, name: str = "bedrock", **changes: Any) -> Any:
    return registry.provider(name).dialect.phrase(request(**changes), model, {"region": region})


def test_pages_are_one_ranking(transport: HttpsTransport) -> None:
    """
    While a response has a token, the same request is sent again with it; all is signed, and one search is paid for.
    """
    with upstream(says(FIRST), says(LAST)) as provider:
        asking = reranker(transport, "bedrock", provider.url, settings=REGION)
        scores = asking.rerank(request(top_n=2), MODEL, within(5.0))

    first, second = provider.questions
    assert second.json == {**first.json, "nextToken": "bmV4dA=="}
    assert first.headers["authorization"] != second.headers["authorization"]
    assert Ranking.of(request(top_n=2), scores.pairs).results == ((2, 0.9), (0, 0.2))
    assert (scores.usage.search_units, scores.usage.cost) == (1, 0.001)


def test_pages_without_end_end_with_the_time(transport: HttpsTransport) -> None:
    """
    A provider that always has another page is given up when the time is over.
    """
    with (
        upstream(says(FIRST)) as provider,
        pytest.raises(TargetTimedOut),
    ):
        reranker(transport, "bedrock", provider.url, settings=REGION).rerank(request(), MODEL, within(0.3))


@pytest.mark.parametrize("token", [None, "", 7, {}])
def test_no_token_is_no_page(transport: HttpsTransport, token: Any) -> None:
    """
    Only a text leads to another page.
    """
    response = {"results": [*FIRST["results"], *LAST["results"]], "nextToken": token}

    assert len(exchange(transport, says(response))) == 1


@pytest.mark.parametrize(("documents", "units"), [(1, 1), (100, 1), (101, 2), (1000, 10)])
def test_a_search_is_a_hundred_documents(transport: HttpsTransport, documents: int, units: int) -> None:
    """
    AWS does not count for us.
    """
    texts = ["a text"] * documents
    response = {"results": [{"index": index, "relevanceScore": 0.5} for index in range(documents)]}

    with upstream(says(response)) as provider:
        asking = reranker(transport, "bedrock", provider.url, settings=REGION)
        usage = asking.rerank(request(documents=texts, texts=texts), "cohere.rerank-v3-5:0", within(5.0)).usage

    assert usage.search_units == units
    assert usage.cost == pytest.approx(units * 0.002)


@pytest.mark.parametrize(
    ("model", "region", "arn"),
    [
        (MODEL, "eu-central-1", f"arn:aws:bedrock:eu-central-1::foundation-model/{MODEL}"),
        (MODEL, "us-gov-west-1", f"arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{MODEL}"),
        (MODEL, "cn-north-1", f"arn:aws-cn:bedrock:cn-north-1::foundation-model/{MODEL}"),
        (MODEL, "eusc-de-east-1", f"arn:aws-eusc:bedrock:eusc-de-east-1::foundation-model/{MODEL}"),
    ],
)
def test_a_bare_id_becomes_an_arn(model: str, region: str, arn: str) -> None:
    """
    The ARN is of the region that is called, in its partition.
    """
    configured = phrased(model, region)["rerankingConfiguration"]["bedrockRerankingConfiguration"]

    assert configured["modelConfiguration"] == {"modelArn": arn}


def test_the_number_of_results_is_always_sent() -> None:
    """
    Bedrock gives five by default.
    """
    configured = phrased(MODEL, "us-west-2")["rerankingConfiguration"]["bedrockRerankingConfiguration"]

    assert configured["numberOfResults"] == 3


@pytest.mark.parametrize("name", ["bedrock", "bedrock_invoke"])
@pytest.mark.parametrize("kind", ["ServiceQuotaExceededException", "ServiceQuotaExceededException:http://a.example/"])
def test_a_used_up_quota_is_busy(transport: HttpsTransport, name: str, kind: str) -> None:
    """
    Bedrock says 400 where it means 429.
    """
    used_up = says({"message": "Too many requests"}, 400, {"x-amzn-errortype": kind, "retry-after": "3"})

    with pytest.raises(TargetBusy) as busy:
        exchange(transport, used_up, name=name)

    assert (busy.value.status_code, busy.value.retry_after) == (429, 3.0)


@pytest.mark.parametrize("name", ["bedrock", "bedrock_invoke"])
def test_what_fails_behind_bedrock_is_a_failure(transport: HttpsTransport, name: str) -> None:
    """
    DependencyFailed and ModelError are 424.
    """
    with pytest.raises(TargetFailed):
        exchange(transport, says({"message": "no", "originalStatusCode": 500}, 424), name=name)


@pytest.mark.parametrize(
    ("model", "version"),
    [
        ("amazon.rerank-v1:0", {}),
        ("cohere.rerank-v3-5:0", {"api_version": 2}),
        ("us.cohere.rerank-v3-5:0", {"api_version": 2}),
    ],
)
def test_coheres_models_are_sent_their_version(model: str, version: dict[str, int]) -> None:
    """
    Amazon's have none, and neither has the model in its body.
    """
    usual = {"query": "which one?", "documents": request().texts, "top_n": 2}

    assert phrased(model, "us-west-2", "bedrock_invoke", top_n=2) == usual | version


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("us.cohere.rerank-v3-5:0", "/model/us.cohere.rerank-v3-5%3A0/invoke"),
        ("amazon.rerank-v1:0", "/model/amazon.rerank-v1%3A0/invoke"),
    ],
)
def test_a_model_is_one_step_of_the_path(transport: HttpsTransport, model: str, path: str) -> None:
    """
    Whatever it holds, it leads nowhere else.
    """
    [question] = exchange(transport, says(INVOKED), name="bedrock_invoke", model=model)

    assert question.path == path


@pytest.mark.parametrize("model", ["..", ".", "a/b", "a?b#c", "", "arn:aws:bedrock:us-west-2::foundation-model/m"])
@pytest.mark.parametrize("name", ["bedrock", "bedrock_invoke"])
def test_what_is_no_models_id_is_not_sent(transport: HttpsTransport, name: str, model: str) -> None:
    """
    Nothing that a caller sends leads elsewhere, or chooses an ARN.
    """
    with pytest.raises(TargetMissing):
        exchange(transport, says(INVOKED), name=name, model=model)


@pytest.mark.parametrize("count", ["many", "-1", "", "1" * 20, "٣"])
def test_a_strange_count_of_tokens_is_none(transport: HttpsTransport, count: str) -> None:
    """
    A provider that counts strangely may still rank well.
    """
    with upstream(says(INVOKED, headers={"x-amzn-bedrock-input-token-count": count})) as provider:
        asking = reranker(transport, "bedrock_invoke", provider.url, settings=REGION)
        usage = asking.rerank(request(top_n=2), MODEL, within(5.0)).usage

    assert (usage.total_tokens, usage.cost) == (0, 0.001)
