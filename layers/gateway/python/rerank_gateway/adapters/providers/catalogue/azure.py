"""Cohere's models on Azure AI Foundry: a resource's address, or the whole address of a serverless deployment."""

from rerank_gateway.adapters.providers.catalogue.cohere import CHUNK_TOKENS
from rerank_gateway.adapters.providers.catalogue.cohere import PROVIDER as COHERE
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.domain.price import Price

PROVIDER = Provider(
    name="azure",
    title="Azure AI Foundry",
    dialect=COHERE.dialect,
    path="/providers/cohere/v2/rerank",
    key_variables=("AZURE_AI_API_KEY",),
    docs="https://learn.microsoft.com/azure/ai-foundry/how-to/deploy-models-cohere",
    source="read in the adapters of LiteLLM and Elasticsearch",
    models=(
        "Cohere-rerank-v4.0-pro",
        "Cohere-rerank-v4.0-fast",
        "Cohere-rerank-v3.5",
        "cohere-rerank-v3-english",
        "cohere-rerank-v3-multilingual",
    ),
    default_tokens=COHERE.default_tokens,
    limits=COHERE.limits,
    prices={  # LiteLLM's price list of November 2026; Azure's own names have a capital
        "[Cc]ohere-rerank-v4.0-pro": Price(per_search=0.0025, chunk_tokens=CHUNK_TOKENS),
        "[Cc]ohere-rerank-v4.0-fast": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
        "[Cc]ohere-rerank-v3-english": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
        "[Cc]ohere-rerank-v3-multilingual": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
    },
)
