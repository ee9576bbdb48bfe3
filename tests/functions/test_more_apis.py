"""The APIs that are like no other: what their clients must find."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import pytest

from rerank_gateway.domain.ranking import Ranking
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import event, invoke
from tests.upstream import says, upstream

DOCUMENTS = [
    "The Louvre is a museum.",
    "The Eiffel Tower is 330 metres tall.",
    "The tower was built for the World's Fair of 1889.",
]
LOGITS = {"rankings": [{"index": 0, "logit": -7.25}, {"index": 1, "logit": 3.5}, {"index": 2, "logit": -0.5}]}


def test_nim_has_logits() -> None:
    """
    Of probabilities the logarithm of their odds: as finite for 0 and 1, and in the same order.
    """
    body = post("nim").json

    assert [row["index"] for row in body["rankings"]] == [1, 2, 0]
    assert [row["logit"] for row in body["rankings"]] == sorted(
        [row["logit"] for row in body["rankings"]], reverse=True
    )
    assert body["usage"] == {"prompt_tokens": 0, "total_tokens": 0}


def test_a_logit_of_a_provider_s_own_stays_as_it_is(configure: Configure) -> None:
    """
    A NIM behind the gateway is read as if it were asked itself.
    """
    with upstream(says(LOGITS)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.nim]\nurl = "{provider.url}"')
        body = post("nim", model="nim/m", truncate="NONE").json

    assert [(row["index"], row["logit"]) for row in body["rankings"]] == [(1, 3.5), (2, -0.5), (0, -7.25)]
    assert provider.questions[0].json["truncate"] == "NONE"


def test_every_probability_has_a_logit() -> None:
    """
    Also one that rounding has led out of its range.
    """
    scores = ((0, 1.0005), (1, 1.0), (2, 0.5), (3, 1e-9), (4, 0.0), (5, -0.0005))

    logits = [logit for _, logit in Ranking(scores).logits()]

    assert all(map(isfinite, logits))
    assert logits == sorted(logits, reverse=True)
    assert (logits[2], round(logits[3], 3), logits[1] == -logits[4]) == (0.0, -20.723, True)


def test_nim_takes_a_query_as_a_string_and_a_top_n() -> None:
    """
    RAGFlow sends the one, others may send the other.
    """
    response = post("nim", query="How tall is the Eiffel Tower?", top_n=1)

    assert [row["index"] for row in response.json["rankings"]] == [1]
    assert "x-gateway-warnings" not in response.headers


@pytest.mark.parametrize(("rest", "status"), [("nvidia/llama-3_2/reranking", 200), ("nvidia/llama-3_2", 404)])
def test_nim_s_address_may_have_the_model(rest: str, status: int) -> None:
    """
    As NVIDIA's own has; the body says which one is asked.
    """
    request = event("nim") | {"routeKey": "POST /v1/retrieval/{model+}", "pathParameters": {"model": rest}}

    response = invoke(request)

    assert response.status == status
    assert ("rankings" in response.json, "detail" in response.json) == (status == 200, status == 404)


@pytest.mark.parametrize("path", ["/reranking", "/v1/retrieval/nvidia/reranking"])
def test_nim_s_other_addresses_answer_alike(path: str) -> None:
    """
    Weaviate's and RAGFlow's.
    """
    assert post("nim", path=path).json == post("nim").json


@pytest.mark.parametrize("text_1", ["How tall is the Eiffel Tower?", ["How tall is the Eiffel Tower?"] * 3])
def test_scores_are_in_the_order_of_the_texts(text_1: Any) -> None:
    """
    Whether the query is said once or for each text.
    """
    body = post("score", text_1=text_1).json

    assert [(row["index"], row["object"]) for row in body["data"]] == [(0, "score"), (1, "score"), (2, "score")]
    assert max(body["data"], key=lambda row: row["score"])["index"] == 1
    assert (body["object"], body["usage"]["total_tokens"], body["model"]) == ("list", 0, "bm25")
    assert post("score", path="/score", text_1=text_1).json["data"] == body["data"]


def test_one_text_is_scored_alone() -> None:
    """
    A string against a string.
    """
    assert len(post("score", text_2="a tower").json["data"]) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text_1": ["a", "b", "c"]}, "text_1 must be the same text each time: send one request a query"),
        ({"text_1": ["a", "a"]}, "text_1 must be one text, or as many as text_2 has"),
        ({"text_1": " "}, "text_1 must not be blank"),
        ({"text_1": 7}, "text_1 must be a list"),
        ({"text_2": ["a", 7]}, "text_2[1] must be a string"),
        ({"text_2": None}, "text_2 is required"),
    ],
)
def test_pairs_that_are_no_ranking_are_refused(changes: dict[str, Any], message: str) -> None:
    """
    Several queries would be several requests, and cost as much.
    """
    response = post("score", **changes)

    assert (response.status, response.json["error"]["message"]) == (400, message)
    assert response.json["error"]["param"].startswith("text_")


def test_dashscope_has_its_results_in_output() -> None:
    """
    And documents where the parameters ask for them.
    """
    body = post("dashscope").json
    bare = post("dashscope", parameters=None).json

    assert [row["index"] for row in body["output"]["results"]] == [1, 2]
    assert body["output"]["results"][0]["document"] == {"text": DOCUMENTS[1]}
    assert (body["usage"], body["request_id"]) == ({"total_tokens": 0}, "TzP0_jZ4DoEEMQg=")
    assert [row.keys() for row in bare["output"]["results"]] == [{"index", "relevance_score"}] * 3


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"model": None}, "InvalidParameter", "model is required"),
        ({"input": {"documents": ["a"]}}, "InvalidParameter", "input.query is required"),
        (
            {"input": {"query": "q", "documents": [{"x": 1}]}},
            "InvalidParameter",
            "document text is required for rerank",
        ),
        ({"parameters": {"top_n": 0}}, "InvalidParameter", "parameters.top_n must be at least 1"),
        ({"model": "nobody/m"}, "ModelNotFound", "there is no provider 'nobody'"),
    ],
)
def test_dashscope_has_its_words_for_errors(changes: dict[str, Any], code: str, message: str) -> None:
    """
    And ours in the message.
    """
    body = post("dashscope", **changes).json

    assert body["code"] == code
    assert message in body["message"]


def test_dashscope_has_a_route_for_other_clients() -> None:
    """
    Flat, as they are.
    """
    body = post("dashscope_compatible", return_documents=True).json

    assert (body["object"], [row["index"] for row in body["results"]]) == ("list", [1, 2])
    assert body["results"][0]["document"] == {"text": DOCUMENTS[1]}
    assert body["usage"] == {"total_tokens": 0}


@pytest.mark.parametrize("name", ["dashscope", "dashscope_compatible"])
def test_dashscope_s_instruction_reaches_a_provider(name: str, configure: Configure) -> None:
    """
    By its own word for it.
    """
    answer = {"results": [{"index": index, "relevance_score": 0.5} for index in range(3)]}
    with upstream(says(answer)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{provider.url}"')
        response = post(name, model="vllm/m", instruct="the newest", parameters={"instruct": "the newest"})

    assert response.status == 200
    assert provider.questions[0].json["instruction"] == "the newest"


def test_weaviate_has_a_score_beside_each_document() -> None:
    """
    In the order they came, for it counts them; `default` ranks, and nothing is warned of.
    """
    response = post("weaviate")

    assert [row["document"] for row in response.json["scores"]] == DOCUMENTS
    assert max(response.json["scores"], key=lambda row: row["score"])["document"] == DOCUMENTS[1]
    assert response.json["query"] == "How tall is the Eiffel Tower?"
    assert "x-gateway-warnings" not in response.headers


def test_voyage_s_documents_come_unasked_at_an_address_of_their_own() -> None:
    """
    Continue throws without them; at Voyage's usual address there are none, as at Voyage itself.
    """
    rows = post("voyage_documents").json["data"]

    assert [row["document"] for row in rows] == [DOCUMENTS[1], DOCUMENTS[2]]
    assert "document" not in json.dumps(post("voyage", return_documents=None).json)
