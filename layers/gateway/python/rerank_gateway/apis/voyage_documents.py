"""Voyage AI's rerank for clients that read documents without asking for them, as Continue's does."""

from __future__ import annotations

from dataclasses import replace

from rerank_gateway.apis import voyage
from rerank_gateway.apis.voyage import render, render_error
from rerank_gateway.domain.request import RerankRequest

__all__ = ["parse", "render", "render_error"]


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    request, warnings = voyage.parse(body)

    return replace(request, return_documents=True), warnings
