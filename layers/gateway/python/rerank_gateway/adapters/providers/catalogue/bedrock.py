"""Amazon Bedrock's own rerank operation. Not every region has it, so its region is a setting of its own."""

import re
from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.aws.partitions import partition_of
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.aws_status import aws_status
from rerank_gateway.adapters.providers.catalogue.cohere import CHUNK_TOKENS
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.usage import no_usage
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits

PRICES = {  # aws.amazon.com/bedrock/pricing as of November 2026: a query with up to 100 documents, in each region
    "*amazon.rerank-v1:0": Price(per_search=0.001),
    "*cohere.rerank-v3-5:0": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
}


def _source(text: str) -> dict[str, Any]:
    return {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": text}}}


def _form(payload: Payload, settings: Settings) -> Payload:
    return {
        "queries": [{"type": "TEXT", "textQuery": {"text": payload["query"]}}],
        "sources": payload["sources"],
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {
                "modelConfiguration": {"modelArn": _arn(payload["model"], settings.get("region", ""))},
                "numberOfResults": payload["numberOfResults"],
            },
        },
    }


def checked_id(model: str) -> str:
    """*model*, if it is an id. Raises TargetMissing for what is none, and for an ARN: no caller is to choose one."""
    if model.startswith("arn:") or not re.fullmatch("[A-Za-z0-9.:-]+", model) or not model.strip("."):
        raise TargetMissing("this is no model's id")

    return model


def _arn(model: str, region: str) -> str:
    return f"arn:{partition_of(region).name}:bedrock:{region}::foundation-model/{checked_id(model)}"


def _next_page(body: Any) -> Mapping[str, Any] | None:
    token = body.get("nextToken")

    return {"nextToken": token} if isinstance(token, str) and token else None


PROVIDER = Provider(
    name="bedrock",
    title="Amazon Bedrock",
    dialect=Dialect(
        documents="sources",
        document=_source,
        # Without it there would be five results.
        extras=lambda request: {"numberOfResults": request.result_count},
        form=_form,
        score="relevanceScore",
        usage=no_usage,
        next_page=_next_page,
    ),
    url="https://bedrock-agent-runtime.{region}.{dns_suffix}",
    path="/rerank",
    settings={"region": None},
    auth=SignedAuth("aws", "bedrock"),
    needs_key=False,
    status=aws_status,
    docs="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Rerank.html",
    source="read in botocore 1.44.5",
    models=("amazon.rerank-v1:0", "cohere.rerank-v3-5:0"),
    prices=PRICES,
    limits={"*": Limits(documents=1000, length=32_000)},  # botocore 1.44.5, RerankSourcesList and RerankTextDocument
)
