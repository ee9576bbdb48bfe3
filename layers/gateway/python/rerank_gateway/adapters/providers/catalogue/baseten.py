"""
Baseten's own inference server (BEI), which speaks like TEI. Each model has an address of its own, such as
https://model-abcd1234.api.baseten.co/environments/production/sync.
"""

from dataclasses import replace

from rerank_gateway.adapters.providers.catalogue.tei import PROVIDER as TEI
from rerank_gateway.adapters.providers.description import Provider

PROVIDER = Provider(
    name="baseten",
    title="Baseten",
    dialect=replace(TEI.dialect, constants={"raw_scores": False, "return_text": False}),
    path="/sync/rerank",
    key_variables=("BASETEN_API_KEY",),
    docs="https://docs.baseten.co/",
    source="read in Baseten's performance client 0.1.16",
)
