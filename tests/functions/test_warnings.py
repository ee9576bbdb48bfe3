"""What had no effect, from the event to the header; and what had one although the provider has no word for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.account import Account
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, Response, rerank
from tests.functions.rankers import ranker
from tests.functions.targets import pointed_at

COHERE = "cohere/rerank-v3.5"
LONG = "".join(f"{number:04}" for number in range(5_000))
"""20,000 bytes: more than the 4,096 tokens that Cohere reads of a document."""


def warnings(response: Response) -> str | None:
    return response.headers.get("x-gateway-warnings")


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"user": "u-1"}, "no effect at cohere: user"),
        ({"user": "u-1", "instruction": "newest", "priority": 1}, "no effect at cohere: instruction, user"),
        ({"priority": 1, "truncate": "end", "max_tokens_per_doc": 9}, None),
        ({"tpo_n": 1, "user": "u-1"}, "ignored: tpo_n; no effect at cohere: user"),
        ({"extra_body": {"top_n": 1, "model": "x", "their_own": 1}}, "no effect at cohere: extra_body.model"),
        ({"extra_body": {"mod\r\nel€": 1}}, None),
        ({"extra_body": {"query": "\r\nset-cookie: a"}}, "no effect at cohere: extra_body.query"),
        ({"metadata": {"team": "search"}}, None),
    ],
)
def test_what_has_no_effect_at_the_target_is_named(
    configure: Configure, changes: dict[str, Any], warned: str | None
) -> None:
    """
    In the header, with the target's name; what the provider was told is not.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        response = rerank(model=COHERE, top_n=1, **changes)

    assert (response.status, warnings(response)) == (200, warned)


def test_a_name_of_the_operators_cannot_break_the_header(configure: Configure) -> None:
    """
    A provider may be called anything, and a header may not.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=f'[providers."größe"]\nlike = "tei"\nurl = "{provider.url}"')
        response = rerank(model="größe/m", user="u-1")

    assert warnings(response) == "no effect at gr??e: user"


def test_the_built_in_model_says_what_means_nothing_to_it() -> None:
    """
    It reads a query and texts, and is told nothing else.
    """
    response = rerank(user="u-1", extra_body={"x": 1}, truncate="start", max_tokens_per_doc=1)

    assert warnings(response) == "no effect at local: user, extra_body"


def test_the_warning_is_about_whoever_answered(configure: Configure) -> None:
    """
    Of those that failed nobody cares what they would have read.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{provider.url}"\nscheduling_policy = "priority"')
        response = rerank(model="jina/m", fallbacks=["vllm/m"], user="u-1", priority=1)

    assert response.json["extra_fields"]["provider"] == "vllm"
    assert warnings(response) is None


def test_a_remembered_answer_warns_as_the_first_did(configure: Configure) -> None:
    """
    Its ranking owes no more to what had no effect.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        answers = [rerank(model=COHERE, user="u-1", cache={"ttl": 60}) for _ in range(2)]

    assert [answer.headers["x-gateway-cache"] for answer in answers] == ["miss", "hit"]
    assert [warnings(answer) for answer in answers] == ["no effect at cohere: user"] * 2


def test_a_fusion_warns_for_each_of_its_targets(configure: Configure) -> None:
    """
    What one of them reads the other may not.
    """
    with ranker() as provider:
        configure(**pointed_at(provider, alias='fuse = "rrf"'))
        response = rerank(model="both", user="u-1", priority=1)

    assert warnings(response) == "no effect at cohere: user; no effect at tei: priority, user"
    assert response.json["extra_fields"]["warnings"] == [
        "no effect at cohere: user",
        "no effect at tei: priority, user",
    ]


def test_a_job_has_its_warnings_in_its_result(account: Account) -> None:
    """
    A poll has no header of the provider's.
    """
    made = account.submit(LEAST | {"user": "u-1"}).json["id"]
    account.work()

    result = account.poll(made).json["result"]

    assert result["extra_fields"]["warnings"] == ["no effect at local: user"]


@pytest.mark.parametrize("truncate", ["start", "START", "Start"])
def test_the_end_is_kept_where_the_provider_has_a_token_limit_only(configure: Configure, truncate: str) -> None:
    """
    Cohere reads beginnings; who wants the ends has them sent, by the request's limit or by Cohere's own.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        by_request = rerank(model=COHERE, documents=[LONG], truncate=truncate, max_tokens_per_doc=2)
        by_default = rerank(model=COHERE, documents=[LONG], truncate=truncate)

    assert [asked["documents"] for asked in provider.requests] == [[LONG[-8:]], [LONG[-4 * 4_096 :]]]
    assert (warnings(by_request), warnings(by_default)) == (None, None)


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (COHERE, {"max_tokens_per_doc": 2}),
        (COHERE, {}),
        ("tei/m", {"max_tokens_per_doc": 2}),
        ("local/bm25", {"max_tokens_per_doc": 2}),
    ],
)
def test_none_and_a_text_too_long_is_a_400_everywhere(
    configure: Configure, model: str, changes: dict[str, Any]
) -> None:
    """
    Whether or not the provider would say so.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        response = rerank(model=model, documents=[LONG], truncate="NONE", **changes)

    assert (response.status, response.json["error"]["code"]) == (400, "provider_refused_request")
    assert provider.requests == []


def test_a_wish_to_truncate_that_nobody_can_follow_is_named(configure: Configure) -> None:
    """
    Infinity cannot be told, and nobody knows what it reads.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=f'[providers.infinity]\nurl = "{provider.url}"')
        answers = [rerank(model="infinity/m", truncate=truncate) for truncate in ("start", "none", "end")]

    assert [warnings(response) for response in answers] == ["no effect at infinity: truncate"] * 2 + [None]


@pytest.mark.parametrize(
    ("name", "changes", "sent"),
    [
        ("rerank", {"truncate": "START"}, (True, "left")),
        ("rerank", {"truncate": "None"}, (False, "right")),
        ("pinecone", {"parameters": {"truncate": "none"}}, (False, "right")),
        ("pinecone", {"parameters": {"truncate": "END"}}, (True, "right")),
        ("pinecone", {"parameters": {"truncate": "start"}}, (True, "left")),
        ("tei", {"model": "tei/m", "truncate": True, "truncation_direction": "LEFT"}, (True, "left")),
        ("tei", {"model": "tei/m", "truncate": True, "truncation_direction": "right"}, (True, "right")),
        ("voyage", {"truncation": False}, (False, "right")),
    ],
)
def test_truncate_is_read_in_any_case(
    configure: Configure, name: str, changes: dict[str, Any], sent: tuple[bool, str]
) -> None:
    """
    In every API that has a word for it.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        response = post(name, **{"model": "tei/m", **changes})

    [asked] = provider.requests
    assert response.status == 200
    assert (asked["truncate"], asked["truncation_direction"].lower()) == sent
