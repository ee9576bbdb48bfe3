"""The configuration is read once, and loudly."""

from __future__ import annotations

from pathlib import Path

import pytest

from rerank_gateway.domain.routing import Alias
from rerank_gateway.domain.target import Target
from rerank_gateway.entry import config

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
    assert config.load("").routing.aliases == {"default": Alias((Target("local", "bm25"),))}


def test_a_text_configures_aliases_addresses_and_limits() -> None:
    """
    All that the README shows is read.
    """
    loaded = config.load(TEXT)

    best = Alias((Target("cohere", "rerank-v3.5"), Target("jina", "jina-reranker-v3")), Target("tei", "any"))
    assert loaded.routing.aliases == {"best": best}
    assert loaded.routing.last_resort == Target("local", "bm25")
    assert loaded.provider("tei").url == "https://rerank.internal:8000"
    assert loaded.provider("cohere").url is None
    assert loaded.limits.max_documents == 50


def test_a_path_is_read(tmp_path: Path) -> None:
    """
    `GATEWAY_CONFIG=gateway.toml` is what one does on one's own machine.
    """
    (tmp_path / "gateway.toml").write_text(TEXT, "utf-8")

    assert config.load(str(tmp_path / "gateway.toml")) == config.load(TEXT)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[aliases.a]\ntargets = []", "aliases.a.targets"),
        ("[aliases.a]\ntarget = ['local/bm25']", "aliases.a.target"),
        ("[aliases.a]\ntargets = ['nobody/m']", r"\[aliases.a\].*nobody"),
        ("[aliases.a]\ntargets = ['other']\n[aliases.other]\ntargets = ['local/bm25']", r"\[aliases.a\].*other"),
        ("[providers.nobody]\nurl = 'https://a'", "providers.nobody"),
        ("[providers.tei]\nurl = 'rerank.internal'", "providers.tei.url"),
        ("[limits]\nmax_documents = 0", "limits.max_documents"),
        ("last_resort = 'nobody/m'", "last_resort.*nobody"),
        ("[aliases", "."),
    ],
)
def test_a_mistake_names_its_place(text: str, match: str) -> None:
    """
    A configuration with a mistake in it does not run at all.
    """
    with pytest.raises(ValueError, match=match):
        config.load(text).routing  # noqa: B018  # read for its errors
