"""The configuration is read once, and loudly."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerank_gateway.domain.price import Price
from rerank_gateway.domain.routing.aliases import Alias
from rerank_gateway.domain.routing.plan import FUSE_WAIT_S, Strategy
from rerank_gateway.domain.shadows.shadow import Shadow
from rerank_gateway.domain.target import Target
from rerank_gateway.entry.config.config import SHADOW_SHARE
from tests.entry.environments import configured
from tests.pages import PAGES, blocks, name_of

SHOWN = [(name_of(page), text) for page in PAGES for text in blocks(page, "toml")]

TEXT = """
last_resort = "local/bm25"
[aliases.best]
targets = ["cohere/rerank-v3.5", "jina/jina-reranker-v3"]
last_resort = "tei/any"
[providers.tei]
url = "https://rerank.internal:8000"
[limits]
max_documents = 50
"""


def test_unset_means_the_packaged_defaults() -> None:
    """
    A new stack ranks without any configuration.
    """
    assert configured("").routing.aliases == {"default": Alias((Target("local", "bm25"),))}


def test_a_text_configures_aliases_addresses_and_limits() -> None:
    """
    A table of each kind is read.
    """
    loaded = configured(TEXT)

    best = Alias((Target("cohere", "rerank-v3.5"), Target("jina", "jina-reranker-v3")), Target("tei", "any"))
    assert loaded.routing.aliases == {"default": Alias((Target("local", "bm25"),)), "best": best}
    assert loaded.routing.last_resort == Target("local", "bm25")
    assert loaded.config.provider("tei").url == "https://rerank.internal:8000"
    assert loaded.config.provider("cohere").url is None
    assert loaded.config.limits.max_documents == 50


@pytest.mark.parametrize(("line", "seconds"), [("", FUSE_WAIT_S), ("fuse_wait_ms = 250", 0.25)])
def test_an_alias_says_for_how_long_those_it_fuses_wait(line: str, seconds: float) -> None:
    """
    In milliseconds; there is a default.
    """
    loaded = configured(f'[aliases.all]\ntargets = ["cohere/a", "jina/b"]\nfuse = "rrf"\n{line}')

    assert loaded.routing.aliases["all"].fuse_wait == seconds


@pytest.mark.parametrize(("line", "share"), [("", SHADOW_SHARE), ("shadow_share = 0", 0), ("shadow_share = 1", 1)])
def test_an_alias_says_for_which_share_it_has_a_shadow(line: str, share: float) -> None:
    """
    A twentieth, if it does not; 0 is a pause. No answer is another for it, so those in the cache stay.
    """
    alias = '[aliases.all]\ntargets = ["cohere/a"]\n'

    shadowed, plain = configured(f'{alias}shadow = "jina/b"\n{line}'), configured(alias)

    assert shadowed.routing.aliases["all"].shadow == Shadow(Target("jina", "b"), share)
    assert repr(shadowed.routing.aliases["all"]) == repr(plain.routing.aliases["all"])


@pytest.mark.parametrize("text", [pytest.param(text, id=page) for page, text in SHOWN])
def test_what_the_pages_show_is_a_configuration(text: str) -> None:
    """
    Whoever starts from an example starts from one that runs.
    """
    loaded = configured(text)

    assert all(loaded.providers.description(name) for name in loaded.config.providers)
    assert loaded.routing.names or loaded.config.providers


def test_a_price_of_the_operators_goes_first() -> None:
    """
    They know their contract; what they say nothing of stays as it is.
    """
    loaded = configured("[prices.'cohere/rerank-v3*']\nper_search = 0.001\n[prices.'vllm/*']\nper_million_tokens = 2")

    assert loaded.providers.description("cohere").profile("rerank-v3.5").price == Price(per_search=0.001)
    assert loaded.providers.description("cohere").profile("rerank-v4.0-pro").price != Price(per_search=0.001)
    assert loaded.providers.description("vllm").profile("any").price == Price(per_million_tokens=2.0)


def test_a_path_is_read(tmp_path: Path) -> None:
    """
    `GATEWAY_CONFIG=gateway.toml` is what one does on one's own machine.
    """
    (tmp_path / "gateway.toml").write_text(TEXT, "utf-8")

    assert configured(str(tmp_path / "gateway.toml")).config == configured(TEXT).config


def test_an_alias_may_hedge_or_fuse() -> None:
    """
    An alias says how its targets are called.
    """
    loaded = configured("""
        [aliases.fast]
        targets = ["cohere/rerank-v3.5", "jina/jina-reranker-v3"]
        hedge_after_ms = 250
        [aliases.thorough]
        targets = ["cohere/rerank-v3.5", "voyage/rerank-2.5"]
        fuse = "rrf"
        """)

    fast, thorough = loaded.routing.aliases["fast"], loaded.routing.aliases["thorough"]
    assert (fast.strategy, fast.hedge_after) == (Strategy.HEDGE, 0.25)
    assert thorough.strategy is Strategy.FUSE
