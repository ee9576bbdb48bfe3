"""
A cross-encoder on AWS Lambda's processors: the function that template.yaml makes with CpuModel. The model is the
function's name, STACK-NAME-cpu-reranker; one of your own that answers as Text Embeddings Inference does can be asked,
too. Parts of a request are ranked side by side, each by an environment of its own.
"""

import re

from rerank_gateway.adapters.providers import statuses
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.aws_status import aws_status
from rerank_gateway.adapters.providers.catalogue.tei import PROVIDER as TEI
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.profile import Limits

MAX_DOCUMENTS = 50
"""Some seconds of a processor's for a model with six or twelve layers; a thousand documents are twenty invocations."""
MAX_TEXT_BYTES = 5_500_000
"""Lambda takes 6 MB (botocore 1.44.5, Invoke), and a body is more than its texts."""
MAX_PARALLEL = 20
FUNCTION_ERROR = "x-amz-function-error"
"""The header of a 200 that is none: the function raised an error, or never came to an answer."""
TIMEOUTS = frozenset(("Sandbox.Timedout", "TargetTimedOut"))
"""Lambda's word for it, and our function's."""
STATUSES = {"Empty": 400, "Overloaded": 429, "Tokenizer": 422, "Validation": 422}
"""Text Embeddings Inference's own for each of its `error_type`s, which come without a status here."""


def _function(name: str) -> str:
    if not re.fullmatch("[A-Za-z0-9_-]{1,64}", name):
        raise TargetMissing("this is no function's name")

    return name


def _status(response: ProviderResponse) -> int:
    if response.status == 409:
        return 503  # it is being made, or woken after weeks
    if response.status != 200:
        return aws_status(response)
    if FUNCTION_ERROR in response.headers:
        return 504 if _timed_out(response) else 502

    # Only a list is an answer.
    return 200 if response.body.startswith(b"[") else _refusal(response)


def _timed_out(response: ProviderResponse) -> bool:
    error = statuses.error_object(response)

    return error.get("errorType") in TIMEOUTS or "Task timed out" in str(error.get("errorMessage"))


def _refusal(response: ProviderResponse) -> int:
    kind = statuses.error_object(response).get("error_type")

    return STATUSES.get(kind, 424) if isinstance(kind, str) else response.status


PROVIDER = Provider(
    name="lambda",
    title="AWS Lambda with a cross-encoder of your own",
    dialect=TEI.dialect,
    url="https://lambda.{region}.{dns_suffix}",
    path="/2015-03-31/functions/{model}/invocations",
    model_in_path=_function,
    settings={"region": None},
    auth=SignedAuth("aws", "lambda"),
    needs_key=False,
    status=_status,
    docs="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
    source="read in botocore 1.44.5; the function is the gateway's own",
    limits={"*": Limits(documents=MAX_DOCUMENTS, size=MAX_TEXT_BYTES)},
    parallel_parts=MAX_PARALLEL,
)
