"""Preferences over the targets of an alias, from the event to the response."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.rankers import ranker
from tests.functions.targets import configuration, pointed_at, tried
from tests.upstream import says, upstream


@pytest.mark.parametrize(
    ("preferences", "provider"),
    [
        ({}, "cohere"),
        ({"order": ["TEI"]}, "tei"),
        ({"only": ["tei"]}, "tei"),
        ({"ignore": ["cohere"]}, "tei"),
        ({"order": ["tei/m", "cohere"], "allow_fallbacks": False}, "tei"),
        ({"sort": "price"}, "cohere"),
    ],
)
def test_callers_of_openrouter_choose_among_the_targets(
    configure: Configure, preferences: dict[str, Any], provider: str
) -> None:
    """
    Their `provider` object means what it means there, over the targets of an alias.
    """
    with ranker() as both:
        configure(**pointed_at(both))

        response = post("openrouter", model="both", provider=preferences)

    assert (response.status, response.json["provider"]) == (200, provider)


def test_callers_of_openrouter_who_leave_nobody_get_an_error(configure: Configure) -> None:
    """
    A 400 about `provider`, before any provider is called.
    """
    with ranker() as both:
        configure(**pointed_at(both))

        response = post("openrouter", model="both", provider={"only": ["voyageai"]})

    assert response.status == 400
    assert response.json["error"]["metadata"]["param"] == "provider"
    assert both.requests == []


def test_a_list_of_providers_is_asked_in_turn(configure: Configure) -> None:
    """
    `order` with `allow_fallbacks: false` names exactly those who may be asked, and nobody of them answered.
    """
    with upstream(says({}, 500)) as broken:
        config = configuration(broken.url, broken.url)
        configure(GATEWAY_CONFIG=f'last_resort = "local/bm25"\n{config}', COHERE_API_KEY="k")

        response = rerank(model="both", provider={"order": ["tei", "cohere"], "allow_fallbacks": False})

    assert response.status == 502
    assert tried(response) == [("tei/m", 500), ("cohere/rerank-v3.5", 500)]


def test_a_list_that_matches_nobody_is_404(configure: Configure) -> None:
    """
    As OpenRouter has it.
    """
    with ranker() as both:
        configure(**pointed_at(both))

        response = post("openrouter", model="both", provider={"order": ["voyageai"], "allow_fallbacks": False})

    assert (response.status, response.json["error"]["metadata"]["param"]) == (404, "provider.order")
    assert both.requests == []


def test_only_and_ignore_bind_the_requests_own_fallbacks(configure: Configure) -> None:
    """
    Whom the caller ruled out gets no documents, whoever named them.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(broken.url, ready.url), COHERE_API_KEY="k")

        response = rerank(model="cohere/rerank-v3.5", fallbacks=["tei/m"], provider={"ignore": ["tei"]})

    assert (response.status, ready.requests) == (502, [])


def test_without_fallbacks_the_first_error_is_the_response(configure: Configure) -> None:
    """
    Neither the alias's other target nor the last resort answers for the one that was chosen.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        config = configuration(broken.url, ready.url)
        configure(GATEWAY_CONFIG=f'last_resort = "local/bm25"\n{config}', COHERE_API_KEY="k")

        response = rerank(model="both", provider={"allow_fallbacks": False})

    assert response.status == 502
    assert tried(response) == [("cohere/rerank-v3.5", 500)]
    assert ready.requests == []
