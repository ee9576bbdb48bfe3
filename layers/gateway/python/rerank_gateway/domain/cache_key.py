"""When two requests are the same question."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing

KEY_VERSION = 2
"""Goes up when what is cached of an answer changes, so that an older gateway's entries are not taken for ours."""


def cache_key(request: RerankRequest, owner: str, routing: Routing) -> str:
    """
    A name that two requests share if, and only if, the same *owner* asks for the same ranking of the same targets.

    It holds nothing of the request: SHA-256, in hexadecimal. How documents come back, how often a target is tried and
    on whose behalf makes no difference.
    """
    facts = {"form": KEY_VERSION, "owner": owner, **_routing_facts(request, routing), **_ranking_facts(request)}

    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _routing_facts(request: RerankRequest, routing: Routing) -> dict[str, Any]:
    """All that decides who is asked."""
    return {
        "model": request.model,
        "load_balancer": [[share.model, share.weight] for share in request.load_balancer],
        "fallbacks": request.fallbacks,
        "preferences": repr(request.preferences),
        "routes": [[repr(routing.resolve(name)) for name in request.models], repr(routing.last_resort)],
        "providers": routing.providers_version,
    }


def _ranking_facts(request: RerankRequest) -> dict[str, Any]:
    """All that decides what they answer."""
    return {
        "query": request.query,
        "texts": list(request.texts),
        "images": sorted(request.images.items()),
        "result_count": request.result_count,
        "max_tokens_per_doc": request.max_tokens_per_doc,
        "default_max_tokens_per_doc": request.default_max_tokens_per_doc,
        "truncate": request.truncate,
        "instruction": request.instruction,
        "document_metadata": request.document_metadata,
        "normalized": request.normalized,
        "extra_body": request.extra_body,
    }
