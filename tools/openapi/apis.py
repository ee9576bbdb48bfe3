"""What is said of each module of `rerank_gateway.apis`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rerank_gateway.apis.cohere import CohereBody
from rerank_gateway.apis.dashscope import DashScopeBody
from rerank_gateway.apis.dashscope_compatible import DashScopeCompatibleBody
from rerank_gateway.apis.infinity import InfinityBody
from rerank_gateway.apis.mixedbread import MixedbreadBody
from rerank_gateway.apis.native import RerankBody
from rerank_gateway.apis.nim import NimBody
from rerank_gateway.apis.openrouter import OpenRouterBody
from rerank_gateway.apis.orq import OrqBody
from rerank_gateway.apis.pinecone import PineconeBody
from rerank_gateway.apis.score import ScoreBody
from rerank_gateway.apis.shared.request_fields import Body
from rerank_gateway.apis.tei import TeiBody
from rerank_gateway.apis.voyage import VoyageBody
from rerank_gateway.apis.weaviate import WeaviateBody
from tools.openapi import answers, errors


@dataclass(frozen=True, slots=True)
class Api:
    """*event* names the file of `events/` whose body is the example."""

    title: str
    request: type[Body]
    answer: Any
    error: Any
    event: str


APIS: Mapping[str, Api] = {
    "native": Api("Native", RerankBody, answers.NativeAnswer, errors.BifrostError, "rerank"),
    "cohere": Api("Cohere", CohereBody, answers.CohereAnswer, errors.CohereError, "cohere"),
    "openrouter": Api("OpenRouter", OpenRouterBody, answers.OpenRouterAnswer, errors.OpenRouterError, "openrouter"),
    "orq": Api("orq.ai", OrqBody, answers.OrqAnswer, errors.OrqError, "orq"),
    "voyage": Api("Voyage AI", VoyageBody, answers.VoyageAnswer, errors.DetailError, "voyage"),
    "mixedbread": Api("Mixedbread", MixedbreadBody, answers.MixedbreadAnswer, errors.CodedError, "mixedbread"),
    "pinecone": Api("Pinecone", PineconeBody, answers.PineconeAnswer, errors.CodedError, "pinecone"),
    "infinity": Api("Infinity", InfinityBody, answers.InfinityAnswer, errors.InfinityError, "infinity"),
    "nim": Api("NVIDIA NIM", NimBody, answers.NimAnswer, errors.DetailError, "nim"),
    "score": Api("Score", ScoreBody, answers.ScoreAnswer, errors.InfinityError, "score"),
    "dashscope": Api("DashScope", DashScopeBody, answers.DashScopeAnswer, errors.DashScopeError, "dashscope"),
    "dashscope_compatible": Api(
        "DashScope, compatible",
        DashScopeCompatibleBody,
        answers.DashScopeCompatibleAnswer,
        errors.DashScopeCompatibleError,
        "dashscope_compatible",
    ),
    "weaviate": Api("Weaviate", WeaviateBody, answers.WeaviateAnswer, errors.WeaviateError, "weaviate"),
    "voyage_documents": Api(
        "Voyage AI, with documents", VoyageBody, answers.VoyageAnswer, errors.DetailError, "voyage_documents"
    ),
    "tei": Api("Text Embeddings Inference", TeiBody, answers.TeiAnswer, errors.TeiError, "tei"),
}
