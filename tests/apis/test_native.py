"""What the native API reads."""

from __future__ import annotations

from rerank_gateway.apis import native
from rerank_gateway.domain.preferences import Preferences
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.retry import RetryPolicy
from tests.apis.native_bodies import LEAST, ignored, parsed


def test_a_string_may_be_empty() -> None:
    """
    Real collections have empty documents; they rank last rather than fail everyone.
    """
    assert parsed(documents=["a", "", " "]).texts == ["a", "", " "]


def test_null_counts_as_absent() -> None:
    """
    Several clients send every option, most of them null.
    """
    nothing = dict.fromkeys([*native.RerankBody.model_fields.keys() - LEAST.keys(), "anything"], None)

    assert parsed(**nothing) == parsed()
    assert ignored(**nothing) == []


def test_whole_floats_are_integers() -> None:
    """
    Python clients of other gateways send 2.0 for 2.
    """
    request = parsed(top_n=2.0, retry={"count": 2.0, "on_codes": [429.0]}, timeout={"call_timeout": 30000.0})

    assert (request.top_n, request.retry, request.call_timeout) == (2, RetryPolicy(2, frozenset({429})), 30.0)


def test_top_n_above_the_number_of_documents_means_all() -> None:
    """
    Some clients always send 10.
    """
    assert parsed(top_n=10).result_count == 3


def test_the_other_names_of_fields_are_parsed() -> None:
    """
    `top_k` and `max_tokens_per_document` are what some clients send.
    """
    request = parsed(top_k=2, max_tokens_per_document=128)

    assert (request.top_n, request.max_tokens_per_doc) == (2, 128)


def test_fallbacks_are_names_or_objects() -> None:
    """
    Bifrost has strings, orq.ai has objects.
    """
    assert parsed(fallbacks=["a/b", {"model": "c/d"}]).fallbacks == ("a/b", "c/d")


def test_a_fallback_may_name_its_provider_apart() -> None:
    """
    As Bifrost's own clients have it, beside the two other forms.
    """
    fallbacks = ["a/b", {"model": "c/d"}, {"provider": "openrouter", "model": "cohere/rerank-v3.5"}]

    assert parsed(fallbacks=fallbacks).fallbacks == ("a/b", "c/d", "openrouter/cohere/rerank-v3.5")


def test_exacto_sorts_nothing_and_says_so() -> None:
    """
    A way of OpenRouter's to sort that means nothing for rerankers is no mistake of the caller's.
    """
    asked = {"provider": {"sort": "exacto"}}

    assert parsed(**asked).preferences.sort is None
    assert ignored(**asked) == ignored(provider={"sort": {"by": "exacto"}}) == ["provider.sort"]


def test_a_retry_without_a_count_means_three() -> None:
    """
    Whoever says `retry` at all wants some.
    """
    assert parsed().retry.count == 0
    assert parsed(retry={}).retry.count == 3
    assert parsed(retry={"count": 0}).retry.count == 0


def test_the_load_balancers_shares_keep_their_weights() -> None:
    """
    A weight that is left out is 1.
    """
    models = [{"model": "a/b", "weight": 0.7}, {"model": "c/d"}]

    assert parsed(load_balancer={"type": "weight_based", "models": models}).load_balancer == (
        WeightedModel("a/b", 0.7),
        WeightedModel("c/d", 1.0),
    )


def test_objects_are_ranked_by_their_text() -> None:
    """
    Both document forms may come in one request.
    """
    request = parsed(documents=["a", {"text": "b", "id": 7, "title": "t"}])

    assert request.texts == ["a", "b"]


def test_rank_fields_pick_what_is_ranked() -> None:
    """
    One field stands alone, several are lines of `name: value`; what a document lacks is left out.
    """
    documents = [{"title": "T", "body": "B", "n": 3}, {"body": "C"}]

    assert parsed(documents=documents, rank_fields=["body"]).texts == ["B", "C"]
    assert parsed(documents=documents, rank_fields=["title", "body", "n"]).texts == [
        "title: T\nbody: B\nn: 3",
        "body: C",
    ]


def test_unknown_fields_are_ignored_and_named() -> None:
    """
    A typo is seen, also inside an object; a name that cannot stand in a header is not repeated.
    """
    names = ignored(tpo_n=3, retry={"cuont": 1}, **{"x\r\nset-cookie: a": 1})

    assert names == ["tpo_n", "?", "retry.cuont"]


def test_a_cache_and_preferences_are_parsed() -> None:
    """
    `cache` is a time to live, and `provider` says which targets are called, in any case of letters.
    """
    request = parsed(
        cache={"type": "exact_match", "ttl": 60.0},
        provider={"order": ["Jina"], "only": ["jina", "cohere/rerank-v3.5"], "ignore": [], "sort": {"by": "price"}},
    )

    assert request.cache_ttl == 60
    assert request.preferences == Preferences(order=("jina",), only=("jina", "cohere/rerank-v3.5"), sort="price")
    assert parsed(cache={"type": "exact_match"}).cache_ttl == 1800
    assert parsed().cache_ttl is None
    assert parsed(provider={"sort": "throughput", "allow_fallbacks": False}).preferences == Preferences(
        allow_fallbacks=False, sort="latency"
    )


def test_an_image_stands_for_a_document_without_text() -> None:
    """
    Documents may be images, texts or both, in one request.
    """
    image = "https://images.example/cat.png"

    request = parsed(documents=[{"image": image}, "b", {"text": "c", "image": image}])

    assert request.texts == ["", "b", "c"]
    assert request.images == {0: image, 2: image}
