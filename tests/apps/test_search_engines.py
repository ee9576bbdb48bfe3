"""Search engines and vector stores, as their code has it, and with what docs/apps.md has ready for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.apps.application import BEARER, DEFAULT, DOCUMENTS, QUERY, post, sent_by_javascript, strictly
from tests.functions.conftest import Configure
from tests.functions.gateway import Response
from tests.pages import ROOT

APPS = ROOT / "docs" / "apps"
HOST = "GATEWAY_HOST"


def filled(template: str, values: Mapping[str, str]) -> str:
    """*template* with its `${name}` replaced."""
    return re.sub(r"\$\{([\w.]+)\}", lambda found: values[found[1]], template)


def test_opensearch_connector() -> None:
    """
    The connector fills in JSON, and its post-processing casts each score to Double: never `1`.
    """
    connector = json.loads((APPS / "opensearch_connector.json").read_text("utf-8"))
    [action] = connector["actions"]
    values = {f"parameters.{name}": value for name, value in connector["parameters"].items()}
    values |= {"parameters.query": json.dumps(QUERY)[1:-1], "parameters.documents": json.dumps(DOCUMENTS)}
    values |= {"credential.api_key": "sk-local"}
    headers = {name.lower().replace("-", "_"): filled(value, values) for name, value in action["headers"].items()}

    response = post(filled(action["url"], values), filled(action["request_body"], values).encode(), **headers)

    scores = [0.0] * len(DOCUMENTS)
    for result in response.json["results"]:
        scores[strictly(int, result["index"])] = strictly(float, result["relevance_score"])
    assert scores[0] < scores[1]
    assert HOST in filled(action["url"], values)


def path_of(answer: Any, path: str) -> list[Any]:
    """What Elasticsearch's `$.list[*].name` finds."""
    rows, name = re.fullmatch(r"\$\.(\w+)\[\*\]\.(\w+)", path).groups()  # type: ignore[union-attr]

    return [row[name] for row in answer[rows]]


def test_elasticsearch_custom_service() -> None:
    """
    It fills in JSON with its quotes, and reads two lists side by side.
    """
    settings = json.loads((APPS / "elasticsearch_custom.json").read_text("utf-8"))["service_settings"]
    values = {"query": json.dumps(QUERY), "input": json.dumps(DOCUMENTS), "api_key": "sk-local"}
    headers = {name.lower().replace("-", "_"): filled(value, values) for name, value in settings["headers"].items()}

    response = post(settings["url"], filled(settings["request"], values).encode(), **headers)

    parser = settings["response"]["json_parser"]
    indices = path_of(response.json, parser["reranked_index"])
    scores = path_of(response.json, parser["relevance_score"])
    assert [strictly(int, index) for index in indices] == [1, 0]
    assert len([strictly(float, score) for score in scores]) == 2


def ranked(response: Response) -> list[int]:
    assert response.status == 200
    results = sorted(response.json["results"], key=lambda result: -strictly(float, result["relevance_score"]))

    return [strictly(int, result["index"]) for result in results]


@pytest.mark.parametrize("url", ["http://x:sk-local@gateway/rerank", "http://gateway/rerank"])
def test_milvus_vllm_ranker(configure: Configure, url: str) -> None:
    """
    No model, and a key only with a credential, or in the address.
    """
    configure(GATEWAY_CONFIG=DEFAULT)
    credential = {} if "@" in url else BEARER

    response = post(url, sent_by_javascript({"query": QUERY, "documents": DOCUMENTS}), **credential)

    assert ranked(response) == [1, 0]


@pytest.mark.parametrize(
    ("url", "last"),
    [("http://gateway/v2/rerank", {"return_documents": True}), ("http://gateway/api/v1/rerank", {})],
    ids=["Cohere", "Jina"],
)
def test_milvus_model_functions(url: str, last: dict[str, Any]) -> None:
    """
    The text of each is read, also where the function has not asked for it.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": 5, **last}

    response = post(url, sent_by_javascript(payload), **BEARER)

    assert ranked(response) == [1, 0]
    assert [strictly(str, row["document"]["text"]) for row in response.json["results"]] == DOCUMENTS[::-1]


def test_weaviate_cohere() -> None:
    """
    It adds Cohere's path of version 1 to the base URL, and a header of its own.
    """
    payload = {"documents": DOCUMENTS, "query": QUERY, "model": "local/bm25", "return_documents": False}

    response = post(
        "http://gateway/v1/rerank", sent_by_javascript(payload), **BEARER, request_source="unspecified:weaviate"
    )

    assert ranked(response) == [1, 0]
