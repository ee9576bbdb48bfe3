"""Google's ranking API: Discovery Engine's, as Vertex AI Search and Agent Builder use it."""

from typing import Any

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.usage import no_usage
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits


def _form(payload: Payload, _: Settings) -> Payload:
    """Results come without an index, so each record has its own as its id."""
    records = [{"id": str(index), "content": text} for index, text in enumerate(payload["records"])]

    return {**payload, "records": records}


def _row(row: Any) -> tuple[Any, Any]:
    name = row["id"]

    return int(name) if isinstance(name, str) else None, row["score"]


PROVIDER = Provider(
    name="vertex",
    title="Google Vertex AI",
    dialect=Dialect(
        documents="records",
        words={"top_n": "topN"},
        constants={"ignoreRecordDetailsInResponse": True},
        form=_form,
        results="records",
        index="id",
        score="score",
        row=_row,
        usage=no_usage,
    ),
    url="https://discoveryengine.googleapis.com",
    path="/v1/projects/{project}/locations/{location}/rankingConfigs/default_ranking_config:rank",
    settings={"project": None, "location": "global"},
    auth=SignedAuth("google"),
    headers={"x-goog-user-project": "{project}"},
    key_variables=("GOOGLE_APPLICATION_CREDENTIALS", "VERTEXAI_CREDENTIALS"),
    docs="https://cloud.google.com/generative-ai-app-builder/docs/ranking",
    source="read in Google's Python client google-cloud-discoveryengine 0.20.5",
    models=(
        "semantic-ranker-default-004",
        "semantic-ranker-fast-004",
        "semantic-ranker-default@latest",
        "semantic-ranker-fast@latest",
        "semantic-ranker-default",
        "semantic-ranker-fast",
        "semantic-ranker-default-003",
        "semantic-ranker-default-002",
    ),
    prices={"semantic-ranker-*": Price(per_search=0.001)},  # LiteLLM's price list of November 2026
    limits={"*": Limits(documents=200)},  # cloud.google.com, "Rank and rerank documents", November 2026
)
