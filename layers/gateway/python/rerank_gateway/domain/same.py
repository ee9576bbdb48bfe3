"""When two requests are the same question."""

from __future__ import annotations

import json
from hashlib import sha256

from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing import Routing

FORM = 1
"""Goes up when what is remembered of an answer changes, so that an older gateway's memory is not taken for ours."""


def same_question(request: RerankRequest, owner: str, routing: Routing) -> str:
    """
    A name that two requests share if, and only if, the same *owner* asks for the same ranking of the same targets.

    It holds nothing of the request: SHA-256, in hexadecimal. How documents come back, how often a target is tried and
    on whose behalf makes no difference.
    """
    said = {
        "form": FORM,
        "owner": owner,
        "model": request.model,
        "balance": [[share.model, share.weight] for share in request.balance],
        "fallbacks": request.fallbacks,
        "preferences": repr(request.preferences),
        "routes": [[repr(routing.behind(name)) for name in request.models], repr(routing.last_resort)],
        "world": routing.world,
        "query": request.query,
        "texts": list(request.texts),
        "images": sorted(request.images.items()),
        "wanted": request.wanted,
        "max_tokens_per_doc": request.max_tokens_per_doc,
        "truncate": request.truncate,
        "instruction": request.instruction,
        "normalized": request.normalized,
        "extra_body": request.extra_body,
    }

    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
