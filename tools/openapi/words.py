"""What the document says in words."""

from __future__ import annotations

from collections.abc import Mapping

ABOUT = """One HTTPS endpoint that ranks documents by relevance with any reranker there is, in whichever API the caller
speaks. A field that is null counts as absent; unknown fields are ignored, and named in `x-gateway-warnings`; 2.0 is an
integer; a body may be gzip. An error's message says what to change."""

FIELDS: Mapping[str, str] = {
    "model": "`provider/model`, such as `local/bm25`, or an alias, such as `default`.",
    "query": "What the documents are ranked by.",
    "documents": "What is ranked: strings or, where the API has them, objects with a `text` or with the `rank_fields`.",
    "input": "What is ranked: strings, or objects with a `text` or with the `rank_fields`.",
    "texts": "What is ranked.",
    "top_n": "How many results are wanted; all, if not said.",
    "top_k": "How many results are wanted; all, if not said.",
    "max_tokens_per_doc": "Tokens of each document that are read, where the provider can be told.",
    "max_tokens_per_document": "The same as `max_tokens_per_doc`.",
    "truncate": "What becomes of a document that is too long; in any case of letters.",
    "truncation": "Whether a document that is too long is cut; if not, it is an error.",
    "truncation_direction": "The end that is cut.",
    "priority": "Passed on to providers that know it; a lower one is served first.",
    "return_documents": "Whether the results hold the documents.",
    "return_input": "Whether the results hold the documents.",
    "return_text": "Whether the results hold the texts.",
    "rank_fields": "The fields of documents that are ranked, instead of `text`.",
    "instruction": "What relevance means here, for rerankers that take instructions.",
    "scores": "`normalized` makes every model's scores lie between 0 and 1; `raw`, the default, leaves them.",
    "fallbacks": "Models that are asked, in this order, when those before them failed.",
    "retry": "How often a model is asked again, and after which statuses.",
    "timeout": "`call_timeout`, in milliseconds: how long one try may take.",
    "load_balancer": "Models of which one is drawn by weight to be asked first.",
    "cache": "Remembers the answer, for `ttl` seconds, for the same question under the same key.",
    "provider": "Which of an alias's targets are asked, which first, and what whoever is asked must keep to.",
    "extra_body": "Fields for the provider, as they are; what is dropped is named in `x-gateway-warnings`.",
    "metadata": "The caller's own; the log has its names.",
    "user": "Who asks, for the provider.",
    "session_id": "For OpenRouter's own records: nobody else gets it.",
    "trace": "For OpenRouter's own records: nobody else gets it.",
    "plugins": "None: the gateway has none of orq.ai's, and refuses what asks for one.",
    "guardrails": "None: the gateway has none of orq.ai's, and refuses what asks for one.",
    "fallback_on_codes": "The statuses after which the next model is asked; any other ends the request.",
    "name": "The caller's own; the log says that there is one.",
    "filename": "The caller's own; the log says that there is one.",
    "identity": "The caller's own; the log says that there is one.",
    "contact": "The caller's own; the log says that there is one.",
    "orq": "The fields that steer the gateway, once more; those outside win.",
    "parameters": "`truncate`: `NONE` has a document that is too long refused.",
}

STATUSES: Mapping[int, str] = {
    400: "The request is wrong.",
    401: "The key is missing, unknown, blocked or expired.",
    402: "The provider's account has no credits left.",
    403: "The key does not allow the model, or the provider turned the gateway's key down.",
    404: "There is no such model or job, or nobody may be asked for it under the request's constraints.",
    409: "The Idempotency-Key was used with another body.",
    413: "The request or the answer is too large.",
    415: "The body is no JSON, or in an encoding other than gzip.",
    422: "The request is wrong.",
    424: "The provider failed.",
    429: "Too many requests, here or at the provider.",
    500: "The gateway failed.",
    502: "The provider failed.",
    503: "Overloaded, or a part of the gateway is out of reach.",
    504: "The provider took too long.",
    524: "The provider took too long.",
    529: "The provider is overloaded.",
}
