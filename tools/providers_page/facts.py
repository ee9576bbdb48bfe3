"""What there is to tell about a provider, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import unchanged
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest
from tools.providers_page import access

OPTIONS: Mapping[str, tuple[Any, ...]] = {
    "max_tokens_per_doc": (256,),
    "truncate": ("none", "start", "end"),
    "priority": (1,),
    "instruction": ("newest first",),
    "user": ("someone",),
}
"""Options of a request, with values that a provider may be told."""
SCORES: Mapping[str, str] = {
    "probability": "between 0 and 1",
    "logit": "logits",
    "unknown": "between 0 and 1, or logits, by the model",
}


def about(provider: Provider) -> str:
    """The description's own words, with the provider's title in bold."""
    words = " ".join(
        (import_module(f"rerank_gateway.adapters.providers.catalogue.{provider.name}").__doc__ or "").split()
    )
    rest = words.removeprefix(provider.title)

    return f"**{provider.title}**{rest}" if rest != words else f"**{provider.title}.** {words}"


def facts(provider: Provider) -> Iterator[tuple[str, str]]:
    """What is told and how it is; "" where there is nothing to tell."""
    yield "models", _codes(provider.models)
    yield "address", access.address(provider)
    yield "key", access.key(provider)
    yield "settings", access.settings(provider)
    yield "limits", "; ".join(_limits(provider.limits)) or "none known"
    yield "price", "; ".join(filter(None, (_prices(provider.prices), *_prices_elsewhere(provider))))
    yield "options", _codes(name for name in OPTIONS if _is_told(provider, name))
    yield "scores", SCORES[provider.dialect.kind]
    yield "images", _images(provider)
    yield "compares documents", _codes(provider.listwise)
    yield "source", provider.source


def most_documents(provider: Provider) -> str:
    """The least and the most documents that any of its models takes at once; "" where nobody knows."""
    counts = {limits.documents for limits in provider.limits.values() if limits.documents}

    return " to ".join(f"{count:,}" for count in sorted({min(counts), max(counts)})) if counts else ""


def _limits(by_model: Mapping[str, Limits]) -> Iterator[str]:
    for glob, limits in by_model.items():
        whose = f"`{glob}`: " if glob != "*" else "others: " if len(by_model) > 1 else ""
        yield whose + _limit(limits)


def _limit(limits: Limits) -> str:
    facts = (
        f"{limits.documents:,} documents" if limits.documents else "",
        f"{limits.images:,} of them with images" if limits.images else "",
        _size(limits),
        f"{limits.tokens:,} tokens in all, the query once a document" if limits.tokens else "",
        f"{limits.length:,} characters a text" if limits.length else "",
        f"{limits.window:,} tokens a text and the query" if limits.window else "",
    )

    return ", ".join(filter(None, facts)) or "none known"


def _size(limits: Limits) -> str:
    if not limits.size:
        return ""
    each = "" if limits.overhead is None else f", the query and {limits.overhead} more once a document"

    return f"{limits.size:,} bytes of text in all{each}"


def _prices(by_model: Mapping[str, Price]) -> str:
    """Models with the same price together."""
    together: dict[str, list[str]] = {}
    for glob, price in by_model.items():
        together.setdefault(_price(price), []).append(glob)

    return "; ".join(price if globs == ["*"] else f"{price}: {_codes(globs)}" for price, globs in together.items())


def _prices_elsewhere(provider: Provider) -> Iterator[str]:
    for host, by_model in provider.prices_by_host.items():
        yield f"at {host} {_prices(by_model)}"


def _price(price: Price) -> str:
    facts = (
        f"USD {price.per_search:g} a search" if price.per_search else "",
        f"USD {price.per_million_tokens:g} per million tokens" if price.per_million_tokens else "",
    )

    return ", and ".join(filter(None, facts)) or "free"


def _is_told(provider: Provider, option: str) -> bool:
    """Whether the payload changes with the *option*."""
    # Some forms want settings, and none has a say in this.
    flat = replace(provider.dialect, form=unchanged)
    plain, *others = (flat.phrase(_request(**{option: value}), "m") for value in (None, *OPTIONS[option]))

    return any(payload != plain for payload in others)


def _request(**options: Any) -> RerankRequest:
    return RerankRequest(model="m", query="q", documents=("a", "b"), texts=("a", "b"), **options)


def _images(provider: Provider) -> str:
    if provider.dialect.image is None:
        return "no"

    return "yes" if provider.dialect.image_models == ("*",) else f"seen by {_codes(provider.dialect.image_models)}"


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
