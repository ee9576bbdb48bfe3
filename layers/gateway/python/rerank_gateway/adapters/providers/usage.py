"""Where providers report usage. One that counts strangely may still rank well: what is no number is 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from rerank_gateway.domain.price import Price
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage


def token_usage(body: Any, _: Mapping[str, str]) -> Usage:
    """
    The `usage` object that most providers send: total, prompt and completion tokens, and from brokers also search
    units and the cost.
    """
    usage = int_fields(body, "usage")
    total = usage.get("total_tokens", 0)

    return Usage(
        prompt_tokens=usage.get("prompt_tokens", total),
        completion_tokens=usage.get("completion_tokens", 0),
        total_tokens=total,
        search_units=usage.get("search_units"),
        cost=usd_field(body, "usage", "cost"),
    )


def cohere_usage(body: Any, _: Mapping[str, str]) -> Usage:
    """Cohere's `meta`: billed units, and tokens where it counts them but does not bill them."""
    billed, tokens = int_fields(body, "meta", "billed_units"), int_fields(body, "meta", "tokens")
    prompt = billed.get("input_tokens", tokens.get("input_tokens", 0))
    completion = billed.get("output_tokens", tokens.get("output_tokens", 0))

    return Usage(prompt, completion, billed.get("total_tokens", prompt + completion), billed.get("search_units"))


def tokens_at(*path: str) -> Callable[[Any, Mapping[str, str]], Usage]:
    """For providers that count `input_tokens`, `output_tokens` or a total of them in the object at *path*."""

    def usage(body: Any, _: Mapping[str, str]) -> Usage:
        tokens = int_fields(body, *path)
        completion = tokens.get("output_tokens", 0)
        prompt = tokens.get("input_tokens", tokens.get("total_tokens", 0))

        return Usage(prompt, completion, tokens.get("total_tokens", prompt + completion))

    return usage


def header_count(headers: Mapping[str, str], name: str) -> int:
    """The whole number in the header called *name*, 0 where there is none."""
    text = headers.get(name, "")

    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def no_usage(_: Any, __: Mapping[str, str]) -> Usage:
    return Usage()


def priced(usage: Usage, price: Price | None, request: RerankRequest) -> Usage:
    """*usage* of *request* with its cost: the provider's own figure where it has one, else by the price."""
    if price is None or usage.cost is not None or (price.per_million_tokens and not usage.total_tokens):
        return usage
    if price.per_search and usage.search_units is None:
        usage = replace(usage, search_units=price.search_units(request))

    return replace(usage, cost=price.of(usage))


def int_fields(body: Any, *path: str) -> dict[str, int]:
    """The whole numbers of the object at *path*."""
    return {name: int(number) for name, number in _object_at(body, path).items() if _is_count(number)}


def usd_field(body: Any, *path: str) -> float | None:
    """The USD at *path*, None where there is no such number."""
    amount: Any = _object_at(body, path[:-1]).get(path[-1])

    return float(amount) if _is_count(amount) else None


def _object_at(body: Any, path: tuple[str, ...]) -> dict[str, Any]:
    for step in path:
        body = body.get(step) if isinstance(body, dict) else None

    return body if isinstance(body, dict) else {}


def _is_count(number: Any) -> bool:
    return type(number) in (int, float) and 0 <= number < 2**53
