"""Where providers tell what a ranking used up. Who counts strangely still ranks well: what is no number is 0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rerank_gateway.domain.usage import Usage


def token_usage(reply: Any, _: Mapping[str, str]) -> Usage:
    """The `usage` object that most providers send: total, prompt and completion tokens."""
    usage = counters(reply, "usage")
    total = usage.get("total_tokens", 0)

    return Usage(
        prompt_tokens=usage.get("prompt_tokens", total),
        completion_tokens=usage.get("completion_tokens", 0),
        total_tokens=total,
    )


def cohere_usage(reply: Any, _: Mapping[str, str]) -> Usage:
    """Cohere's `meta`: billed units, and tokens where it counts them."""
    billed, tokens = counters(reply, "meta", "billed_units"), counters(reply, "meta", "tokens")
    prompt = tokens.get("input_tokens", billed.get("input_tokens", 0))
    completion = tokens.get("output_tokens", billed.get("output_tokens", 0))

    return Usage(prompt, completion, billed.get("total_tokens", prompt + completion), billed.get("search_units"))


def no_usage(_: Any, __: Mapping[str, str]) -> Usage:
    return Usage()


def counters(reply: Any, *path: str) -> dict[str, int]:
    """The whole numbers of the object at *path*."""
    return {name: int(number) for name, number in _object_at(reply, path).items() if _counts(number)}


def money(reply: Any, *path: str) -> float | None:
    """The USD at *path*, None where there is no such number."""
    amount: Any = _object_at(reply, path[:-1]).get(path[-1])

    return float(amount) if _counts(amount) else None


def _object_at(reply: Any, path: tuple[str, ...]) -> dict[str, Any]:
    for step in path:
        reply = reply.get(step) if isinstance(reply, dict) else None

    return reply if isinstance(reply, dict) else {}


def _counts(number: Any) -> bool:
    return type(number) in (int, float) and 0 <= number < 2**53
