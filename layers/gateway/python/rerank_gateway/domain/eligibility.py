"""Who may be asked at all. What is not known of a target counts against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from rerank_gateway.domain.constraints import MaxPrice
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target

Violation: TypeAlias = Callable[[Target], str | None]
"""The name of a constraint that a target does not keep; None where it keeps them all."""
UNKNOWN_QUANTIZATION = "unknown"
"""OpenRouter's word for whatever nobody has declared."""


def no_violation(_: Target) -> None:
    """For requests without constraints."""


def violation(request: RerankRequest, profile: Profile | None) -> str | None:
    """The first constraint of *request* that a target of this *profile* does not keep. None is known of nobody."""
    if profile and profile.takes_constraints:
        return None
    names = request.preferences.constraints.as_fields()

    return next((name for name in names if not (profile and KEEPS[name](request, profile))), None)


def _has_quantization(request: RerankRequest, profile: Profile) -> bool:
    wanted, declared = request.preferences.constraints.quantizations, profile.terms.quantizations

    return set(declared) <= set(wanted) if declared else UNKNOWN_QUANTIZATION in wanted


def _has_parameters(request: RerankRequest, profile: Profile) -> bool:
    """Whether all that only a provider can do is done there. What goes along unread may or may not be."""
    wanted = {name for name in ("instruction", "priority") if getattr(request, name) is not None}

    return wanted <= profile.parameters and not request.extra_body and (profile.sees or not request.images)


def _is_within_price(request: RerankRequest, profile: Profile) -> bool:
    most, price = request.preferences.constraints.max_price or MaxPrice(), profile.price
    # What an image costs is known of nobody.
    if price is None or (request.images and most.image is not None):
        return False

    return _is_at_most(price.per_million_tokens, most.prompt) and _is_at_most(
        _per_request(request, price), most.request
    )


def _per_request(request: RerankRequest, price: Price) -> float:
    return price.per_search * price.search_units(request)


def _is_at_most(amount: float, most: float | None) -> bool:
    return most is None or amount <= most


KEEPS: Mapping[str, Callable[[RerankRequest, Profile], bool]] = {
    "data_collection": lambda _, profile: profile.terms.denies_data_collection,
    "zdr": lambda _, profile: profile.terms.zdr,
    "enforce_distillable_text": lambda _, profile: profile.terms.distillable_text,
    "require_parameters": _has_parameters,
    "quantizations": _has_quantization,
    "max_price": _is_within_price,
}
"""How each constraint is kept, by its name."""
