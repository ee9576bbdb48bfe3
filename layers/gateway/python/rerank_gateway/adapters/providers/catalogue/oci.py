"""
Oracle Cloud's Generative AI: the model is a dedicated endpoint's OCID, or the name of one that is served on demand.

As of November 2026, Cohere's Rerank 4 is served on demand, and Rerank 3.5 on dedicated clusters only. Not verified: the
name of Rerank 4 Pro.
"""

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.usage import no_usage

ENDPOINT_PREFIX = "ocid1.generativeaiendpoint."


def _form(payload: Payload, settings: Settings) -> Payload:
    """The model is a way of serving, and somebody has to pay: a compartment."""
    model = payload.pop("model")
    dedicated = {"servingType": "DEDICATED", "endpointId": model}
    on_demand = {"servingType": "ON_DEMAND", "modelId": model}

    return {
        "topN": len(payload["documents"]),
        **payload,
        "compartmentId": settings.get("compartment_id"),
        "servingMode": dedicated if model.startswith(ENDPOINT_PREFIX) else on_demand,
    }


PROVIDER = Provider(
    name="oci",
    title="Oracle Cloud (OCI) Generative AI",
    dialect=Dialect(
        query="input",
        words={"top_n": "topN", "max_tokens_per_doc": "maxTokensPerDocument"},
        constants={"isEcho": False},
        form=_form,
        results="documentRanks",
        score="relevanceScore",
        usage=no_usage,
    ),
    url="https://inference.generativeai.{region}.oci.oraclecloud.com",
    path="/20231130/actions/rerankText",
    settings={"region": None, "compartment_id": None},
    auth=SignedAuth("oci"),
    key_variables=("OCI_API_KEY",),
    docs="https://docs.oracle.com/iaas/api/#/en/generative-ai-inference/20231130/RerankTextResult/RerankText",
    source="read in Oracle's Python SDK 2.189.0; not verified: the name of Rerank 4 Pro",
    models=("cohere.rerank-v4.0-fast", "cohere.rerank-v4.0-pro", "cohere.rerank.v3-5"),
)
