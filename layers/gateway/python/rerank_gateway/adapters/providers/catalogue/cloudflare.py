"""
Cloudflare Workers AI. It charges by the token and reports no usage, so what a ranking costs is not known.

Not verified: the envelope that responses come in.
"""

from typing import Any

from rerank_gateway.adapters.providers import statuses
from rerank_gateway.adapters.providers.defaults import quoted_in_path
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, as_text_object
from rerank_gateway.adapters.providers.usage import no_usage
from rerank_gateway.adapters.transports.messages import ProviderResponse

STATUS_BY_CODE = {  # developers.cloudflare.com/workers-ai/platform/errors, 2026
    **dict.fromkeys((3003, 3039, 5004), 400),
    **dict.fromkeys((3023, 3041, 5016, 5018), 403),
    **dict.fromkeys((3042, 5007), 404),
    **dict.fromkeys((3007, 3008), 408),
    3006: 413,
    **dict.fromkeys((3036, 3040), 429),
}
"""HTTP statuses by its error codes; a model that does not exist, 5007, comes as a 400."""


def _in_path(model: str) -> str:
    """As its documentation writes it: `@` is no danger to an address."""
    return quoted_in_path(model).replace("%40", "@")


def _status(response: ProviderResponse) -> int:
    """Every response is in an envelope, which says whether it is an error."""
    # Most are not, and need not be parsed twice.
    envelope = statuses.error_object(response) if b"false" in response.body else {}
    if envelope.get("success") is not False:
        return response.status

    return statuses.error_status(response, next(filter(None, map(_known_status, _errors(envelope))), None))


def _errors(envelope: dict[str, Any]) -> list[Any]:
    errors = envelope.get("errors")

    return errors if isinstance(errors, list) else []


def _known_status(error: Any) -> int | None:
    code = error.get("code") if isinstance(error, dict) else None

    return STATUS_BY_CODE.get(code) if isinstance(code, int) else None


PROVIDER = Provider(
    name="cloudflare",
    title="Cloudflare Workers AI",
    dialect=Dialect(
        documents="contexts",
        model=None,
        words={"top_n": "top_k"},
        document=as_text_object,
        results="result.response",
        index="id",
        score="score",
        usage=no_usage,
    ),
    url="https://api.cloudflare.com",
    path="/client/v4/accounts/{account}/ai/run/{model}",
    settings={"account": None},
    model_in_path=_in_path,
    key_variables=("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"),
    status=_status,
    docs="https://developers.cloudflare.com/workers-ai/models/bge-reranker-base/",
    source="read in Cloudflare's workers-types 5.20261117.1; not verified: the envelope",
    models=("@cf/baai/bge-reranker-base",),
)
