"""
Alibaba Cloud Model Studio (DashScope), on its OpenAI-style route. Singapore is at dashscope-intl.aliyuncs.com, and
workspaces have hosts of their own; their prices are not known.
"""

from rerank_gateway.adapters.providers import statuses
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits

STATUS_BY_CODE = {  # help.aliyun.com, error codes of Model Studio, as of November 2026
    "InvalidApiKey": 401,
    "Arrearage": 402,
    "AccessDenied": 403,
    "Model.AccessDenied": 403,
    "Model.NotExist": 404,
    "ModelNotFound": 404,
    "InvalidParameter": 400,
    "DataInspectionFailed": 400,
    "Throttling": 429,
    "InternalError": 500,
    "ServiceUnavailable": 503,
    "GatewayTimeout": 504,
}
"""HTTP statuses by its error codes, and by what stands before a dot in them: a request can fail with 200."""


def status(response: ProviderResponse) -> int:
    """What *response* means by its code, where it has one."""
    # Most responses have results, and need not be parsed twice.
    code = statuses.error_object(response).get("code") if b'"code"' in response.body else None
    if not code or not isinstance(code, str):
        return response.status

    return statuses.error_status(response, STATUS_BY_CODE.get(code) or STATUS_BY_CODE.get(code.partition(".")[0]))


TEXT_LIMITS = Limits(documents=500, tokens=120_000)
"""
Of qwen3-rerank: 120,000 tokens in all, the query counted once a document (help.aliyun.com, November 2026). A longer
text is cut at 4,000 tokens.
"""

PROVIDER = Provider(
    name="dashscope",
    title="Alibaba Cloud Model Studio (DashScope)",
    dialect=Dialect(
        words={"top_n": "top_n", "instruction": "instruct"},
        constants={"return_documents": False},
    ),
    url="https://dashscope.aliyuncs.com",
    path="/compatible-api/v1/reranks",
    key_variables=("DASHSCOPE_API_KEY",),
    status=status,
    docs="https://help.aliyun.com/en/model-studio/text-rerank-api",
    source="read in LiteLLM's adapter; its errors in DashScope's Python SDK 2.0.2",
    models=("qwen3-rerank",),
    prices={"qwen3-rerank": Price(per_million_tokens=0.069)},  # Beijing, alibabacloud.com/help as of November 2026
    prices_by_host={"dashscope-intl.aliyuncs.com": {"qwen3-rerank": Price(per_million_tokens=0.10)}},  # as of then, too
    limits={"*": TEXT_LIMITS},
)
