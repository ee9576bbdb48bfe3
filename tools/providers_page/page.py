"""The page about all providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.description import Provider
from tools.providers_page.access import key_variables
from tools.providers_page.facts import about, facts, most_documents
from tools.providers_page.words import INTRODUCTION

PAGE = Path(__file__).parents[2] / "docs" / "providers.md"


def write(path: Path = PAGE) -> None:
    path.write_text(text(), "utf-8")


def text() -> str:
    """The page as it is checked in."""
    providers = [registry.provider(name) for name in registry.NAMES]
    introduction = INTRODUCTION.replace("COUNT", str(len(providers)))

    return "\n\n".join((introduction, _overview(providers), *map(_section, providers))) + "\n"


def _overview(providers: Iterable[Provider]) -> str:
    rows = (
        (f"[`{provider.name}`](#{provider.name})", provider.title, key_variables(provider), most_documents(provider))
        for provider in providers
    )

    return "\n".join(("## Overview", "", *_table(("name", "who", "key", "documents at once"), rows)))


def _section(provider: Provider) -> str:
    what = f"{about(provider)} [Documentation]({provider.docs})"
    rows = ((name, said) for name, said in facts(provider) if said)

    return "\n".join((f"### {provider.name}", "", what, "", *_table(("", ""), rows)))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
