"""What operations have in common: headers, parameters, keys."""

from __future__ import annotations

from typing import Any

from rerank_gateway.domain.jobs.job import Status
from rerank_gateway.domain.jobs.result_ttl import DEFAULT_RESULT_TTL_S, MAX_RESULT_TTL_S
from rerank_gateway.entry.routes.job_options import (
    DEFAULT_LIMIT,
    MAX_IDEMPOTENCY_KEY_CHARS,
    MAX_JOB_ID_CHARS,
    MAX_LIMIT,
    MAX_WAIT_S,
)
from rerank_gateway.entry.routes.job_submit import RESULT_TTL_HEADER

RATE_HEADERS = {
    "limit": "requests a minute",
    "remaining": "those that are left",
    "reset": "seconds until the next minute",
}
HEADERS: dict[str, Any] = {
    "x-request-id": {
        "description": "The request's id, as the log has it. An answer of the endpoint's own has none.",
        "schema": {"type": "string"},
    },
    "retry-after": {
        "description": "Seconds after which to ask again.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "x-gateway-warnings": {
        "description": "Fields of the request that had no effect, here or at the provider; truncated documents.",
        "schema": {"type": "string", "pattern": "^(ignored|read|truncated|no effect at [^:]+): "},
    },
    "x-gateway-config": {
        "description": "The version of the gateway's configuration that was in force.",
        "schema": {"type": "string"},
    },
    "x-rerank-cost": {
        "description": "What the answer cost at its provider, in USD, where that is known.",
        "schema": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
    },
    "x-gateway-target": {
        "description": "Who ranked the documents, as `provider/model`; in an error, whose failure it tells.",
        "schema": {"type": "string"},
    },
    "x-gateway-attempts": {
        "description": "Everyone who was asked, with status and error, or skipped, with the reason.",
        "schema": {"type": "string"},
    },
    "x-gateway-degraded": {
        "description": "In which ways the answer is less than what was asked for; absent when all is well.",
        "schema": {"type": "string", "pattern": "^(last_resort|fallback|truncated)(, truncated)?$"},
    },
    "x-gateway-cache": {
        "description": "How the cache served, where the request has `cache`.",
        "schema": {"type": "string", "enum": ["hit", "miss", "unavailable"]},
    },
    "cache-control": {
        "description": "That nobody keeps an answer with a secret in it.",
        "schema": {"type": "string", "const": "no-store"},
    },
    **{
        f"x-ratelimit-{name}-requests": {
            "description": f"For keys with a limit: {meaning}.",
            "schema": {"type": "integer", "minimum": 0},
        }
        for name, meaning in RATE_HEADERS.items()
    },
    "x-should-retry": {
        "description": "With a refusal by a budget: to ask again is of no use before it begins anew.",
        "schema": {"type": "string", "enum": ["false"]},
    },
    "location": {
        "description": "Where the job is polled, or the content is to be had.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
}
KEY_NAMES = ("x-bf-vk", "x-bf-api-key", "x-api-key", "api-key")
KEYS: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "`Authorization: Bearer KEY`; `Bearer` may be left out, or be `Token`.",
    },
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "The key is the password, or the user name where there is no password.",
    },
    **{name: {"type": "apiKey", "in": "header", "name": name} for name in KEY_NAMES},
}
JOB_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
MODEL_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An alias, or `provider/model`; its slashes may be escaped.",
    "schema": {"type": "string", "minLength": 1},
}
RERANKING = {
    "name": "model",
    "in": "path",
    "required": True,
    "description": "Any model, and `/reranking` behind it, or it is a 404; the model in the body is asked.",
    "schema": {"type": "string", "minLength": 1},
}
WEBHOOK = {
    "name": "x-bf-async-webhook",
    "in": "header",
    "description": "The webhook that is told of the end; the key's own, if not said.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
}
WAIT = {
    "name": "wait",
    "in": "query",
    "description": "Seconds that the answer may wait for the job to finish.",
    "schema": {"type": "integer", "minimum": 0, "maximum": MAX_WAIT_S, "default": 0},
}
JOB_PART = (
    {
        "name": "status",
        "in": "query",
        "description": "Only the jobs with this status.",
        "schema": {"type": "string", "enum": list(Status)},
    },
    {
        "name": "after",
        "in": "query",
        "description": "What the page before had in `last_id`.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_JOB_ID_CHARS},
    },
    {
        "name": "limit",
        "in": "query",
        "description": "How many.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    },
)
PROBE = {
    "name": "probe",
    "in": "query",
    "description": "1 has each target asked one tiny question, which the stack's own key may want.",
    "schema": {"type": "string", "enum": ["0", "1"], "default": "0"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Submissions with the same one are the same job.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_IDEMPOTENCY_KEY_CHARS},
}
TTL = {
    "name": RESULT_TTL_HEADER,
    "in": "header",
    "description": "Seconds that the result is kept.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_RESULT_TTL_S, "default": DEFAULT_RESULT_TTL_S},
}


def headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def schema(*names: str) -> dict[str, Any]:
    """The schema of that name, or any of several."""
    found = [{"$ref": f"#/components/schemas/{name}"} for name in dict.fromkeys(names)]

    return found[0] if len(found) == 1 else {"anyOf": found}


def json_of(content: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"application/json": {"schema": content, **more}}
