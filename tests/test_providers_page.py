"""The page about providers is what the catalogue says."""

from __future__ import annotations

import pytest

from rerank_gateway.adapters.providers import registry
from tools.providers_page.page import PAGE, text


def test_it_is_up_to_date() -> None:
    """
    What is checked in is what `make docs` writes.
    """
    assert PAGE.read_text("utf-8") == text()


def test_it_is_the_same_each_time() -> None:
    """
    Nothing in it depends on when or where it is written.
    """
    assert text() == text()


@pytest.mark.parametrize("name", registry.NAMES)
def test_each_provider_is_told_of(name: str) -> None:
    """
    It stands in the overview and has a section, with what one must know to use it.
    """
    provider = registry.provider(name)
    _, _, rest = text().partition(f"\n### {name}\n")
    section, _, _ = rest.partition("\n### ")

    assert f"[`{name}`](#{name})" in text()
    for known in (provider.title, provider.docs, provider.source, *provider.key_variables, *provider.settings):
        assert known in section
    for model in provider.models:
        assert f"`{model}`" in section
