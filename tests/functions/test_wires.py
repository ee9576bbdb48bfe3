"""What providers take and what they refuse, as a caller notices it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.adapters.accounts import service_account
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, rerank
from tests.functions.rankers import ranker
from tests.upstream import Answer, Upstream, says, upstream

VOYAGE = {"data": [{"index": 0, "relevance_score": 0.2}, {"index": 1, "relevance_score": 0.7}]}
ROWS = [{"index": index, "relevance_score": 0.5} for index in range(3)]
WATSONX_ROWS = {"results": [{"index": index, "score": 1.5 - index} for index in range(3)]}
VERTEX_ROWS = {"records": [{"id": str(index), "score": 0.5} for index in range(3)]}
LIMITED = [
    # 600,000 tokens: 50,001 for each text here, with one for the query.
    ("voyage/rerank-2.5", "VOYAGE_API_KEY", "documents", 30, 200_000, [11, 11, 8]),
    ("mixedbread/mxbai-rerank-large-v2", "MXBAI_API_KEY", "input", 1_500, 10, [1_000, 500]),
    # 5,000,000 bytes: 150 more for each document, and the query again.
    ("zeroentropy/zerank-2", "ZEROENTROPY_API_KEY", "documents", 12, 500_000, [9, 3]),
    # 120,000 tokens.
    ("dashscope/qwen3-rerank", "DASHSCOPE_API_KEY", "documents", 30, 40_000, [11, 11, 8]),
]
SCORES = [{"index": index, "score": 0.5} for index in range(3)]


def scored(response: Response) -> list[tuple[int, float]]:
    return [(row["index"], row["relevance_score"]) for row in response.json["results"]]


@pytest.mark.parametrize(("options", "direction"), [({}, "Right"), ({"truncate": "start"}, "Left")])
@pytest.mark.parametrize("provider", ["tei", "sagemaker"])
def test_the_end_that_is_cut_is_spelt_as_every_version_reads_it(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str, options: Any, direction: str
) -> None:
    """
    TEI before 1.9, and so the image that gpu/template.yaml deploys, refuses every request that says it in lower case.
    """
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    with upstream(says(SCORES)) as server:
        configure(GATEWAY_CONFIG=f'[providers.{provider}]\nurl = "{server.url}"', AWS_REGION="eu-west-1")
        response = rerank(model=f"{provider}/my-reranker", **options)

    assert response.status == 200
    assert server.questions[0].json["truncation_direction"] == direction


def test_a_blank_document_costs_no_other_its_ranking(configure: Configure) -> None:
    """
    Bedrock, Voyage and DashScope would refuse the whole request for it. It is not sent, and comes last.
    """
    with upstream(says(VOYAGE)) as server:
        configure(GATEWAY_CONFIG=f'[providers.voyage]\nurl = "{server.url}"', VOYAGE_API_KEY="k")
        response = rerank(model="voyage/rerank-2.5", documents=["", "red pears", " \n", "green apples"], top_n=3)

    assert server.questions[0].json["documents"] == ["red pears", "green apples"]
    assert scored(response) == [
        (3, 0.7),
        (1, 0.2),
        (0, 0.0),
    ]


def test_nothing_but_blank_documents_is_answered_by_the_gateway(configure: Configure) -> None:
    """
    There is nothing to ask: every score is 0, and the cost too.
    """
    with upstream(says({}, 500)) as server:
        configure(GATEWAY_CONFIG=f'[providers.voyage]\nurl = "{server.url}"', VOYAGE_API_KEY="k")
        response = rerank(model="voyage/rerank-2.5", documents=["", " "], cache={"type": "exact_match", "ttl": 60})

    assert server.questions == []
    assert scored(response) == [(0, 0.0), (1, 0.0)]
    assert (response.status, response.headers["x-rerank-cost"]) == (200, "0")
    assert response.json["extra_fields"]["attempts"] == []


@pytest.mark.parametrize("provider", ["bedrock", "sagemaker"])
def test_aws_is_busy_where_it_says_400(configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    """
    The caller gets a 429 with a wait, and not a complaint about the request.
    """
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    throttled = says({"message": "Rate exceeded"}, 400, {"x-amzn-errortype": "ThrottlingException"})

    with upstream(throttled) as server:
        configure(GATEWAY_CONFIG=f'[providers.{provider}]\nurl = "{server.url}"', AWS_REGION="eu-west-1")
        response = rerank(model=f"{provider}/m")

    assert (response.status, response.json["error"]["code"]) == (429, "provider_busy")
    assert response.headers["retry-after"] == "1"


def token(value: str) -> Answer:
    return says({"access_token": value, "expires_in": 3600})


def watsonx_at(url: str) -> dict[str, str]:
    settings = f'url = "{url}"\nregion = "us-south"\nproject_id = "p"\niam_url = "{url}/token"'

    return {"GATEWAY_CONFIG": f"[providers.watsonx]\n{settings}", "WATSONX_API_KEY": "k"}


def vertex_at(url: str) -> dict[str, str]:
    return {
        "GATEWAY_CONFIG": f'[providers.vertex]\nurl = "{url}"\nproject = "p"',
        "GOOGLE_APPLICATION_CREDENTIALS": service_account(f"{url}/token"),
    }


TOKEN_PROVIDERS = pytest.mark.parametrize(
    ("model", "at", "rows"), [("watsonx/m", watsonx_at, WATSONX_ROWS), ("vertex/m", vertex_at, VERTEX_ROWS)]
)


def authorizations(server: Upstream) -> list[str | None]:
    """Those of the questions; None for the exchanges of the key."""
    return [asked.headers.get("authorization") for asked in server.questions]


@TOKEN_PROVIDERS
def test_a_token_that_is_turned_down_is_exchanged_once_more(
    configure: Configure, model: str, at: Callable[[str], dict[str, str]], rows: Any
) -> None:
    """
    It may have been revoked, with its key as good as ever: the caller does not notice, and the new one is kept.
    """
    with upstream(token("t1"), says({}, 401), token("t2"), says(rows), says(rows)) as server:
        configure(**at(server.url))
        first, second = rerank(model=model), rerank(model=model)

    assert authorizations(server) == [None, "Bearer t1", None, "Bearer t2", "Bearer t2"]
    assert (first.status, second.status) == (200, 200)
    assert [attempt["status_code"] for attempt in first.json["extra_fields"]["attempts"]] == [200]


@TOKEN_PROVIDERS
def test_a_key_whose_tokens_are_all_turned_down_is_rejected(
    configure: Configure, model: str, at: Callable[[str], dict[str, str]], rows: Any
) -> None:
    """
    Once more is enough.
    """
    with upstream(token("t1"), says({}, 401), token("t2"), says({}, 401), says(rows)) as server:
        configure(**at(server.url))
        response = rerank(model=model)

    assert authorizations(server) == [None, "Bearer t1", None, "Bearer t2"]
    assert (response.status, response.json["error"]["code"]) == (502, "provider_rejected_key")


def test_a_key_that_is_no_token_is_sent_once(configure: Configure) -> None:
    """
    Nothing would be another one the second time.
    """
    with upstream(says({}, 401)) as server:
        configure(GATEWAY_CONFIG=f'[providers.voyage]\nurl = "{server.url}"', VOYAGE_API_KEY="k")
        response = rerank(model="voyage/rerank-2.5")

    assert len(server.questions) == 1
    assert response.json["error"]["code"] == "provider_rejected_key"


@pytest.mark.parametrize(("model", "variable", "field", "documents", "size", "parts"), LIMITED)
def test_a_large_request_goes_in_parts_that_the_vendor_takes(
    configure: Configure, model: str, variable: str, field: str, documents: int, size: int, parts: list[int]
) -> None:
    """
    The limits are those that the vendors publish, by the number of documents, tokens or bytes.
    """
    provider, texts = model.partition("/")[0], ["x" * size] * documents

    with ranker() as server:
        configure(**{"GATEWAY_CONFIG": f'[providers.{provider}]\nurl = "{server.url}"', variable: "k"})
        response = rerank(json.dumps({"model": model, "query": "q", "documents": texts, "top_n": 1}))

    assert response.status == 200
    assert sorted((len(request[field]) for request in server.requests), reverse=True) == parts


def sent(configure: Configure, server: Upstream, model: str, **options: Any) -> Any:
    """What the provider of *model* at *server* is sent of a request with *options*."""
    provider = model.partition("/")[0]
    settings = options.pop("settings", "")
    variable = f"{provider.upper()}_API_KEY"
    configure(**{"GATEWAY_CONFIG": f'[providers.{provider}]\nurl = "{server.url}"\n{settings}', variable: "k"})
    response = rerank(model=model, **options)
    assert response.status == 200

    return server.questions[-1].json


def test_elasticsearch_is_sent_what_every_cluster_takes(configure: Configure) -> None:
    """
    Older clusters and some services refuse a request that says how many results or which fields it wants.
    """
    with upstream(says({"rerank": ROWS})) as server:
        body = sent(configure, server, "elasticsearch/my-reranker", top_n=2)

    assert set(body) == {"query", "input"}


def test_content_that_cohere_blocks_does_not_tell_against_cohere(configure: Configure) -> None:
    """
    Its 498 is the caller's own mistake, as often as it comes: the next request is sent nevertheless.
    """
    with upstream(*[says({"message": "blocked content"}, 498)] * 6, says({"results": ROWS})) as server:
        configure(GATEWAY_CONFIG=f'[providers.cohere]\nurl = "{server.url}"', COHERE_API_KEY="k")
        refused = [rerank(model="cohere/rerank-v3.5") for _ in range(6)]
        answered = rerank(model="cohere/rerank-v3.5", fallbacks=["local/bm25"])

    assert [(one.status, one.json["error"]["code"]) for one in refused] == [(400, "provider_refused_request")] * 6
    assert answered.json["extra_fields"]["provider"] == "cohere"


@pytest.mark.parametrize(
    ("settings", "options", "priority"),
    [
        ("", {"priority": 3}, None),
        ('scheduling_policy = "priority"', {"priority": 3}, 3),
        ('scheduling_policy = "fcfs"', {"priority": 3}, None),
        ('scheduling_policy = "priority"', {}, None),
    ],
)
def test_vllm_is_sent_a_priority_if_it_schedules_by_it(
    configure: Configure, settings: str, options: dict[str, Any], priority: int | None
) -> None:
    """
    As vLLM refuses it otherwise, the operator has to say so.
    """
    with upstream(says({"results": ROWS})) as server:
        body = sent(configure, server, "vllm/m", settings=settings, **options)

    assert body.get("priority") == priority


def test_portkeys_search_units_are_the_callers(configure: Configure) -> None:
    """
    In its own usage, or in Cohere's where it hands that on.
    """
    own, handed_on = {"usage": {"search_units": 2}}, {"meta": {"billed_units": {"search_units": 3}}}
    with upstream(says({"results": ROWS, **own}), says({"results": ROWS, **handed_on})) as server:
        configure(
            GATEWAY_CONFIG=f'[providers.portkey]\nurl = "{server.url}"\nprovider = "@cohere"', PORTKEY_API_KEY="k"
        )
        responses = [rerank(model="portkey/rerank-v3.5") for _ in range(2)]

    assert [response.json["usage"]["search_units"] for response in responses] == [2, 3]


@pytest.mark.parametrize(("asked", "told"), [(100, 100), (4_096, 512)])
def test_watsonx_is_not_told_of_more_tokens_than_its_model_takes(configure: Configure, asked: int, told: int) -> None:
    """
    It refuses the request otherwise.
    """
    with upstream(token("t1"), says(WATSONX_ROWS)) as server:
        configure(**watsonx_at(server.url))
        response = rerank(model="watsonx/cross-encoder/ms-marco-minilm-l-12-v2", max_tokens_per_doc=asked)

    assert response.status == 200
    assert server.questions[-1].json["parameters"]["truncate_input_tokens"] == told


@pytest.mark.parametrize(
    ("model", "documents"),
    [
        ("jina-reranker-m0", [{"text": "a dog"}, {"image": "https://images.example/cat.png"}, {"text": "a fox"}]),
        ("jina-reranker-v3", ["a dog", "a cat", "a fox"]),
    ],
)
def test_jinas_model_that_sees_gets_objects(configure: Configure, model: str, documents: list[Any]) -> None:
    """
    A text among images is an object there, too; the other models get strings.
    """
    with upstream(says({"results": ROWS})) as server:
        body = sent(configure, server, f"jina/{model}", documents=documents)

    assert body["documents"] == documents
