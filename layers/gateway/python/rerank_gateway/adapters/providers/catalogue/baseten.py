"""
Baseten's own inference server (BEI), which speaks like TEI. Each model has an address of its own, such as
https://model-abcd1234.api.baseten.co/environments/production/sync.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rerank_gateway.adapters.providers.catalogue.tei import PROVIDER as TEI
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.domain.request import RerankRequest


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    return {
        "truncate": request.truncate != "none",
        "truncation_direction": "Left" if request.truncate == "start" else "Right",
    }


PROVIDER = Provider(
    name="baseten",
    title="Baseten",
    dialect=replace(TEI.dialect, constants={"raw_scores": False, "return_text": False}, extras=_truncation),
    path="/sync/rerank",
    key_variables=("BASETEN_API_KEY",),
    docs="https://docs.baseten.co/",
    source="read in Baseten's performance client 0.1.16",
)
