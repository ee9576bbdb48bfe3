"""What providers say of texts that are too long, in their own words."""

from __future__ import annotations

import json

import pytest

from rerank_gateway.adapters.providers.errors import to_target_error
from rerank_gateway.adapters.providers.length_refusals import length_refusal
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import TargetError, TargetFailed, TargetRefused, TargetRequestTooLarge, TooLong

REFUSALS = [
    # vLLM, of three ages
    (
        400,
        "This model's maximum context length is 8192 tokens. However, you requested 20673 tokens in the input for "
        "embedding generation. Please reduce the length of the input.",
        TooLong(8192, 20673),
    ),
    (
        400,
        "This model's maximum context length is 512 tokens. However, you requested 0 output tokens and your prompt "
        "contains at least 513 input tokens, for a total of at least 513 tokens.",
        TooLong(512, 513),
    ),
    (400, "The decoder prompt (length 1313) is longer than the maximum model length of 1024.", TooLong(1024, 1313)),
    # TEI
    (413, "Input validation error: `inputs` must have less than 512 tokens. Given: 1312", TooLong(512, 1312)),
    (422, "Input validation error: `inputs` must have less than 512 tokens. Given: 1312", TooLong(512, 1312)),
    # llama.cpp
    (
        500,
        "input (1313 tokens) is too large to process. increase the physical batch size (current batch size: 512)",
        TooLong(512, 1313),
    ),
    (
        400,
        "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
        TooLong(4096, 9000),
    ),
    # SGLang, NIM, Pinecone, watsonx, Voyage, Cohere, DashScope
    (400, "The input (9000 tokens) is longer than the model's context length (8192 tokens).", TooLong(8192, 9000)),
    (422, "Input length 1313 exceeds maximum allowed token size 512", TooLong(512, 1313)),
    (
        400,
        "Request contains a query+document pair with 1,313 tokens, which exceeds the maximum token limit of 1,024",
        TooLong(1024, 1313),
    ),
    (400, "the number of input tokens 600 cannot exceed the total tokens limit 512 for this model", TooLong(512, 600)),
    (
        400,
        "The example at index 0 in your batch has too many tokens and does not fit into the model's context window of "
        "16000 tokens.",
        TooLong(16000),
    ),
    (
        400,
        "too many tokens: total number of tokens in a document cannot exceed 4096 - received 5000",
        TooLong(4096, 5000),
    ),
    (400, "Range of input length should be [1, 4000]", TooLong(4000)),
    # Those who do not say how long it may be
    (422, "a document is too long", TooLong()),
    (413, "", TooLong()),
    (413, "Request Entity Too Large", TooLong()),
]
OTHERS = [
    (400, "invalid type: parameter documents is of type string"),
    (400, "the number of documents cannot exceed 1000"),
    (422, "batch size 64 > maximum allowed batch size 32"),
    (400, "The max allowed tokens per submitted batch is 600000. Your batch has 745736 tokens after truncation."),
    (401, "this token is too long"),
    (404, "model not found"),
    (429, "you exceeded your limit of 10000 tokens"),
    (500, "out of memory"),
    (503, "the context length is being changed"),
]


@pytest.mark.parametrize(("status", "message", "told"), REFUSALS)
def test_a_text_that_is_too_long_is_told_from_other_mistakes(status: int, message: str, told: TooLong) -> None:
    """
    With the limit and the tokens that were counted, as far as they are said.
    """
    assert length_refusal(status, message) == told


@pytest.mark.parametrize(("status", "message"), OTHERS)
def test_what_shorter_texts_do_not_mend_is_something_else(status: int, message: str) -> None:
    """
    Numbers of documents, sums of tokens, rates and failures.
    """
    assert length_refusal(status, message) is None


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (400, {"message": "a document is too long"}, TargetRefused, TooLong()),
        (413, {"message": "no"}, TargetRequestTooLarge, TooLong()),
        (500, {"error": {"message": "input (600 tokens) is too large to process"}}, TargetRefused, TooLong()),
        (500, {"error": {"message": "out of memory"}}, TargetFailed, None),
    ],
)
def test_a_refusal_is_no_failure_whatever_its_status(
    status: int, body: object, kind: type[TargetError], told: TooLong | None
) -> None:
    """
    A provider does not break because a caller's text is long, so that does not tell against it.
    """
    error = to_target_error(ProviderResponse(status, {}, json.dumps(body).encode()))

    assert (type(error), error.too_long, error.status_code) == (kind, told, status)
