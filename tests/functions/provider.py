"""A provider on loopback in the place of two in the catalogue."""

from __future__ import annotations

from tests.upstream import Upstream

COHERE = {"results": [{"index": i, "relevance_score": 0.9 - i / 10} for i in (2, 0, 1)], "meta": {}}


def pointed_at(provider: Upstream, more: str = "") -> str:
    return f'{more}\n[providers.cohere]\nurl = "{provider.url}"\n[providers.tei]\nurl = "{provider.url}"\n'
