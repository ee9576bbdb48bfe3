"""One document too long never costs the ranking."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.entry.config.parse import parse
from rerank_gateway.entry.wiring.providers import CATALOGUE
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, Response, rerank
from tests.functions.provider import pointed_at
from tests.functions.targets import tried
from tests.upstream import Answer, says, upstream

LONG = "green apples and pears " * 2_000
DOCUMENTS = ["red pears", LONG, "an apple"]
ROWS = [{"index": index, "score": score} for index, score in ((1, 0.9), (0, 0.5), (2, 0.1))]
VLLM = {
    "error": {"message": "This model's maximum context length is 1024 tokens. However, you requested 10003 tokens."}
}
TEI = {
    "error": "Input validation error: `inputs` must have less than 512 tokens. Given: 9001",
    "error_type": "Validation",
}
LLAMA = {"error": {"code": 500, "message": "input (9001 tokens) is too large to process", "type": "server_error"}}
REFUSALS = [says(VLLM, 400), says(TEI, 413), says(TEI, 422), says(LLAMA, 500), says(b"<html>", 413)]


def results(response: Response) -> list[int]:
    return [row["index"] for row in response.json["results"]]


def told(response: Response) -> tuple[Any, Any]:
    """What the answer says of truncation, in its body and in its headers."""
    return response.json["extra_fields"].get("truncated"), response.headers.get("x-gateway-warnings")


@pytest.mark.parametrize("refusal", REFUSALS, ids=["vllm", "tei", "tei's code", "llama.cpp", "a proxy"])
def test_what_is_refused_for_its_length_is_asked_once_more(configure: Configure, refusal: Answer) -> None:
    """
    With shorter texts: the others keep their ranking, and the answer says which document was truncated.
    """
    with upstream(refusal, says(ROWS)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = rerank(model="tei/m", documents=DOCUMENTS, return_documents=True)

    first, second = (question.json["texts"] for question in provider.questions)
    assert first == DOCUMENTS
    assert (second[0], second[2]) == (DOCUMENTS[0], DOCUMENTS[2])
    assert LONG.startswith(second[1])
    assert 500 < len(second[1]) < 4 * 1024
    assert (response.status, results(response)) == (200, [1, 0, 2])
    assert told(response) == (True, "truncated: documents[1]")
    assert response.json["results"][0]["document"] == {"text": LONG}


def test_a_wish_to_truncate_nothing_is_kept(configure: Configure) -> None:
    """
    The provider's refusal is the caller's, after one try.
    """
    with upstream(says(VLLM, 400), says(ROWS)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = rerank(model="tei/m", documents=DOCUMENTS, truncate="none")

    assert len(provider.questions) == 1
    assert (response.status, response.json["error"]["code"]) == (400, "provider_refused_request")
    assert "1024 tokens" in response.json["error"]["message"]


def test_another_refusal_is_not_asked_again(configure: Configure) -> None:
    """
    Shorter texts would be refused as well.
    """
    with upstream(says({"error": "batch size 64 > maximum allowed batch size 32"}, 422)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = rerank(model="tei/m", documents=DOCUMENTS)

    assert (len(provider.questions), response.status) == (1, 400)


def test_blank_documents_do_not_shift_what_is_told(configure: Configure) -> None:
    """
    The index is that of the caller's own list, beside what else there is to warn of.
    """
    with upstream(says(VLLM, 400), says(ROWS[:2])) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = rerank(model="tei/m", documents=["", "red pears", LONG], tpo_n=1)

    assert results(response) == [2, 1, 0]
    assert told(response) == (True, "ignored: tpo_n; truncated: documents[2]")


def test_a_remembered_answer_says_so_too(configure: Configure) -> None:
    """
    The ranking is the same, and so is what is wrong with it.
    """
    with upstream(says(VLLM, 400), says(ROWS)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        cache = {"type": "exact_match", "ttl": 60}
        first, second = (rerank(model="tei/m", documents=DOCUMENTS, cache=cache) for _ in range(2))

    assert [response.headers["x-gateway-cache"] for response in (first, second)] == ["miss", "hit"]
    assert told(first) == told(second) == (True, "truncated: documents[1]")


def test_a_job_is_no_different(account: Account, configure: Configure) -> None:
    """
    Its result says what the answer of the sync route would have said.
    """
    with upstream(says(VLLM, 400), says(ROWS)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        job_id = account.submit(LEAST | {"model": "tei/m", "documents": DOCUMENTS}).json["id"]
        account.work()

    done = account.poll(job_id).json
    assert done["status"] == "completed"
    assert done["result"]["extra_fields"]["truncated"] is True


def test_nothing_is_said_where_nothing_was_truncated(configure: Configure) -> None:
    """
    Neither in the body nor in a header.
    """
    with upstream(says(ROWS)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = rerank(model="tei/m", documents=DOCUMENTS)

    assert tried(response) == [("tei/m", 200)]
    assert told(response) == (None, None)


def configured(url: str, alias: str = "", provider: str = "") -> str:
    """TEI at *url* and two aliases for it, of which the first has more lines in it."""
    return f"""
        [aliases.short]
        targets = ["tei/m"]
        {alias}
        [aliases.plain]
        targets = ["tei/m"]
        [providers.tei]
        url = "{url}"
        {provider}
    """


@pytest.mark.parametrize(
    ("alias", "provider", "body", "length"),
    [
        ("max_tokens_per_doc = 100", "", {"model": "short"}, 400),
        ("max_tokens_per_doc = 100", "", {"model": "plain"}, len(LONG)),
        ("max_tokens_per_doc = 100", "", {"model": "tei/m"}, len(LONG)),
        ("", "max_tokens_per_doc = 50", {"model": "tei/m"}, 200),
        ("max_tokens_per_doc = 100", "max_tokens_per_doc = 50", {"model": "short"}, 400),
        ("max_tokens_per_doc = 100", "max_tokens_per_doc = 50", {"model": "plain"}, 200),
    ],
)
def test_the_operator_has_a_default(
    configure: Configure, alias: str, provider: str, body: dict[str, Any], length: int
) -> None:
    """
    The alias's own goes before the provider's, and the answer says what was truncated by it.
    """
    with upstream(says(ROWS)) as server:
        configure(GATEWAY_CONFIG=configured(server.url, alias, provider))
        response = rerank(**body, documents=DOCUMENTS)

    assert [len(text) for text in server.questions[0].json["texts"]] == [9, length, 8]
    assert told(response) == ((True, "truncated: documents[1]") if length < len(LONG) else (None, None))


@pytest.mark.parametrize("model", ["short", "plain"])
def test_the_callers_own_wish_goes_before_it(configure: Configure, model: str) -> None:
    """
    A default is for who says nothing, and who says something need not be told.
    """
    with upstream(says(ROWS)) as server:
        configure(GATEWAY_CONFIG=configured(server.url, "max_tokens_per_doc = 100", "max_tokens_per_doc = 50"))
        response = rerank(model=model, documents=DOCUMENTS, max_tokens_per_doc=500)

    assert len(server.questions[0].json["texts"][1]) == 2_000
    assert told(response) == (None, None)


def test_a_fallback_has_its_own_default(configure: Configure) -> None:
    """
    An alias's default is for its targets, whoever else is asked for the request.
    """
    with upstream(says({}, 500), says(ROWS)) as server:
        more = f'[aliases.first]\ntargets = ["cohere/m"]\n[providers.cohere]\nurl = "{server.url}"\n'
        configure(GATEWAY_CONFIG=configured(server.url, "max_tokens_per_doc = 100") + more, COHERE_API_KEY="k")
        response = rerank(model="first", fallbacks=["short"], documents=DOCUMENTS)

    first, second = (question.json for question in server.questions)
    assert first["documents"] == DOCUMENTS
    assert "max_tokens_per_doc" not in first
    assert len(second["texts"][1]) == 400
    assert tried(response) == [("cohere/m", 500), ("tei/m", 200)]


def test_a_provider_with_a_word_for_it_is_told_the_default(configure: Configure) -> None:
    """
    It counts tokens better than the gateway.
    """
    rows = {"results": [{"index": index, "relevance_score": 0.5} for index in range(3)]}
    with upstream(says(rows)) as server:
        configure(
            GATEWAY_CONFIG=f'[providers.cohere]\nurl = "{server.url}"\nmax_tokens_per_doc = 50', COHERE_API_KEY="k"
        )
        rerank(model="cohere/m", documents=DOCUMENTS)

    assert server.questions[0].json["max_tokens_per_doc"] == 50
    assert server.questions[0].json["documents"] == DOCUMENTS


@pytest.mark.parametrize("value", ["0", "-1", '"512"', "1.5"])
@pytest.mark.parametrize("table", ["[providers.tei]", '[aliases.a]\ntargets = ["cohere/m"]'])
def test_a_default_is_a_number_of_tokens(table: str, value: str) -> None:
    """
    A mistake in it is found when the configuration is read.
    """
    with pytest.raises(ValueError, match="max_tokens_per_doc"):
        parse(f"{table}\nmax_tokens_per_doc = {value}\n", CATALOGUE)
