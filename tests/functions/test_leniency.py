"""What applications send that no API says, but that can mean one thing only: it is read, and the caller is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.apis import NAMES, post, rows
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.rankers import ranker

PEARS, APPLES = "red pears", "green apples"
FIELD = {"mixedbread": "input", "tei": "texts"}
ALL: dict[str, Any] = {"query": APPLES, "top_n": None, "top_k": None, "rank_fields": None}
ALL |= {"return_documents": True, "return_input": True, "return_text": True}
"""Everything is to come back, by the words of every API."""
IMAGE = "data:image/png;base64,iVBORw0KGgo="


def texts_of(response: Any) -> list[Any]:
    """The returned documents' texts, best first, in whichever shape."""
    documents = [row.get("document", row.get("input", row.get("text"))) for row in rows(response.json)]

    return [document["text"] if isinstance(document, dict) else document for document in documents]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("first", "second", "noted"),
    [
        ({"page_content": PEARS, "metadata": {"page": 1}}, {"page_content": APPLES}, "{}[].page_content as text"),
        ({"content": PEARS}, APPLES, "{}[].content as text"),
        (PEARS, {"content": [{"type": "text", "text": APPLES}]}, "{}[].content as text and image"),
    ],
)
def test_a_text_is_found_under_its_other_names(name: str, first: Any, second: Any, noted: str) -> None:
    """
    In every API, and comes back as the text that such clients look for.
    """
    field = FIELD.get(name, "documents")

    response = post(name, **{**ALL, field: [first, second]})

    assert response.status == 200
    assert texts_of(response) == [APPLES, PEARS]
    assert noted.format(field) in response.headers["x-gateway-warnings"]


@pytest.mark.parametrize("name", ["voyage", "infinity", "tei"])
def test_objects_are_read_where_strings_are_expected(name: str) -> None:
    """
    LiteLLM sends its callers' objects on; they come back as the strings that clients of these APIs read.
    """
    field = FIELD.get(name, "documents")

    response = post(name, **{**ALL, field: [{"text": PEARS}, {"text": APPLES}]})

    assert [texts_of(response), [type(text) for text in texts_of(response)]] == [[APPLES, PEARS], [str, str]]
    assert response.headers["x-gateway-warnings"].endswith(f"read: objects as {field}")


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({"return_documents": "true"}, "return_documents as a boolean"),
        ({"return_documents": "False", "top_n": "2"}, "top_n as an integer, return_documents as a boolean"),
        ({"timeout": {"call_timeout": "900.5"}}, "timeout.call_timeout as a number"),
        ({"query": {"text": APPLES}}, "query.text as query"),
        ({"documents": None, "texts": [PEARS, APPLES]}, "texts as documents"),
        ({"documents": {"content": [{"type": "text", "text": PEARS}]}}, "documents.content as documents"),
    ],
)
def test_what_can_mean_one_thing_only_is_read(changes: dict[str, Any], noted: str) -> None:
    """
    And said in the header, so that whoever writes a client hears of it.
    """
    response = post("rerank", **changes)

    assert response.status == 200
    assert response.headers["x-gateway-warnings"].startswith(f"read: {noted}")


def test_each_part_of_vllms_content_is_a_document_of_its_own() -> None:
    """
    As vLLM has it, whose multimodal clients send them so.
    """
    parts = [{"type": "text", "text": text} for text in (PEARS, APPLES)]

    response = post("rerank", query=APPLES, documents={"content": parts}, top_n=None)

    assert [row["index"] for row in response.json["results"]] == [1, 0]


def test_an_image_in_content_parts_reaches_a_model_that_sees(configure: Configure) -> None:
    """
    As Dify sends pictures.
    """
    seen = {"content": [{"type": "text", "text": PEARS}, {"type": "image_url", "image_url": {"url": IMAGE}}]}

    with ranker() as provider:
        configure(GATEWAY_CONFIG=f'[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        response = rerank(model="jina/jina-reranker-m0", documents=[seen, {"content": [seen["content"][1]]}])

    assert response.status == 200
    [asked] = provider.requests
    assert [document["image"].endswith("iVBORw0KGgo=") for document in asked["documents"]] == [True, True]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"return_documents": "yes"}, "return_documents must be true or false"),
        ({"top_n": "2.5"}, "top_n must be an integer"),
        ({"top_n": "0"}, "top_n must be at least 1"),
        ({"top_n": "2", "query": ""}, "query is required for rerank"),
        ({"query": {"txet": "a"}}, "query must be a string"),
        ({"query": {"image": IMAGE}}, "query must be a text"),
        ({"documents": {"contents": []}}, "documents must be a list"),
        ({"documents": [{"contnet": "a"}]}, "document text is required for rerank at index 0"),
        ({"documents": ["a", {"content": 7}]}, "documents[1] must have a string or a list of parts as content"),
        ({"documents": [{"content": [{"type": "video"}]}]}, "documents[0] must have content parts of the types text"),
        ({"documents": [{"content": [{"type": "image_url", "image_url": IMAGE}] * 2}]}, "one image at most"),
        ({"documents": None, "texts": "a"}, "documents are required for rerank"),
        ({"documents": None, "texts": [7]}, "documents[0] must be a string or an object"),
    ],
)
def test_what_could_mean_anything_is_refused(changes: dict[str, Any], message: str) -> None:
    """
    A typo does not pass.
    """
    response = post("rerank", **changes)

    assert response.status == 400
    assert message in response.json["message"]


def test_a_field_that_is_ranked_by_name_is_no_guess() -> None:
    """
    Whoever names `content` in `rank_fields` is told nothing.
    """
    response = rerank(documents=[{"content": PEARS}, {"content": 7}], rank_fields=["content"], return_documents=True)

    assert response.json["results"][0]["document"] in ({"content": PEARS}, {"content": 7})
    assert "x-gateway-warnings" not in response.headers


def test_a_body_needs_no_content_type() -> None:
    """
    It is JSON or it is nothing.
    """
    assert rerank(headers={"content-type": ""}).status == 200


def test_metadata_for_each_document_goes_to_who_reads_it(configure: Configure) -> None:
    """
    Contextual's models do: each document keeps its own, also where blank ones are left out.
    """
    said: dict[str, Any] = {"documents": [PEARS, " ", APPLES], "metadata": ["old", "none", "new"]}

    with ranker() as provider:
        at = "".join(f'\n[providers.{name}]\nurl = "{provider.url}"' for name in ("contextual", "cohere"))
        configure(GATEWAY_CONFIG=at, CONTEXTUAL_API_KEY="k", COHERE_API_KEY="k")
        told = rerank(model="contextual/m", **said)
        untold = rerank(model="cohere/m", **said)

    assert [asked.get("metadata") for asked in provider.requests] == [["old", "new"], None]
    assert "x-gateway-warnings" not in told.headers
    assert untold.headers["x-gateway-warnings"] == "no effect at cohere: metadata"


@pytest.mark.parametrize("metadata", [["one"], ["a", "b", 3], "a", 7, [None, None, None]])
def test_metadata_that_is_nobodys_is_refused(metadata: Any) -> None:
    """
    A string for each document, or an object.
    """
    response = rerank(metadata=metadata)

    assert (response.status, response.json["error"]["param"]) == (400, "metadata")
