"""Where providers tell what a ranking used up. Who counts strangely still ranks well: what is no number is 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rerank_gateway.domain.usage import Usage


def token_usage(reply: Any, _: Mapping[str, str]) -> Usage:
    """
    The `usage` object that most providers send: total, prompt and completion tokens, and from those that stand between
    us and others, search units and what it cost.
    """
    usage = int_fields(reply, "usage")
    total = usage.get("total_tokens", 0)

    return Usage(
        prompt_tokens=usage.get("prompt_tokens", total),
        completion_tokens=usage.get("completion_tokens", 0),
        total_tokens=total,
        search_units=usage.get("search_units"),
        cost=usd_field(reply, "usage", "cost"),
    )


def cohere_usage(reply: Any, _: Mapping[str, str]) -> Usage:
    """Cohere's `meta`: billed units, and tokens where it counts them but does not bill them."""
    billed, tokens = int_fields(reply, "meta", "billed_units"), int_fields(reply, "meta", "tokens")
    prompt = billed.get("input_tokens", tokens.get("input_tokens", 0))
    completion = billed.get("output_tokens", tokens.get("output_tokens", 0))

    return Usage(prompt, completion, billed.get("total_tokens", prompt + completion), billed.get("search_units"))


def tokens_at(*path: str) -> Callable[[Any, Mapping[str, str]], Usage]:
    """For those who count `input_tokens`, `output_tokens` or a total of them in the object at *path*."""

    def usage(reply: Any, _: Mapping[str, str]) -> Usage:
        header_count = int_fields(reply, *path)
        completion = header_count.get("output_tokens", 0)
        prompt = header_count.get("input_tokens", header_count.get("total_tokens", 0))

        return Usage(prompt, completion, header_count.get("total_tokens", prompt + completion))

    return usage


def header_count(headers: Mapping[str, str], name: str) -> int:
    """The whole number in the header called *name*, 0 where there is none."""
    text = headers.get(name, "")

    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def no_usage(_: Any, __: Mapping[str, str]) -> Usage:
    return Usage()


def int_fields(reply: Any, *path: str) -> dict[str, int]:
    """The whole numbers of the object at *path*."""
    return {name: int(number) for name, number in _object_at(reply, path).items() if _is_count(number)}


def usd_field(reply: Any, *path: str) -> float | None:
    """The USD at *path*, None where there is no such number."""
    amount: Any = _object_at(reply, path[:-1]).get(path[-1])

    return float(amount) if _is_count(amount) else None


def _object_at(reply: Any, path: tuple[str, ...]) -> dict[str, Any]:
    for step in path:
        reply = reply.get(step) if isinstance(reply, dict) else None

    return reply if isinstance(reply, dict) else {}


def _is_count(number: Any) -> bool:
    return type(number) in (int, float) and 0 <= number < 2**53
