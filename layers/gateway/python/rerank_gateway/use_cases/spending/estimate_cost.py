"""What a request may cost, before anyone is asked."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import NotAllowed, TargetError
from rerank_gateway.domain.limits.splitting import split
from rerank_gateway.domain.limits.truncation import truncate_texts, with_default
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.spending.cost import Estimate
from rerank_gateway.domain.spending.limits import to_nanos
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.candidates import candidates
from rerank_gateway.use_cases.eligible import profile_of


@dataclass(frozen=True, slots=True)
class EstimateCost:
    routing: Routing
    rerankers: Rerankers

    def __call__(self, request: RerankRequest) -> Estimate:
        """
        The estimate for *request*. Raises NotAllowed when one of those who may be asked has a price that nobody knows:
        then nobody could say whether a budget allows it.
        """
        expected: dict[Target, int] = {}
        at_most, paid = 0, list[Target]()
        for target in candidates(self.routing, self.rerankers, request):
            profile = profile_of(self.rerankers, target)
            # One that is not configured cannot be asked.
            if profile is None:
                continue
            expected[target], most = _costs(request, _price(target, profile), profile)
            at_most += most
            paid += [target] if most else []
        is_exact = len(paid) == 1 and at_most == expected[paid[0]]

        return Estimate(at_most, expected, paid[0] if is_exact else None)


def _price(target: Target, profile: Profile) -> Price:
    if profile.price is None:
        name = str(target)[:200]
        raise NotAllowed(
            f"this key has a budget, and nobody has said what {name!r} costs; the operator can: [prices.{name!r}]",
            param="model",
        )

    return profile.price


def _costs(request: RerankRequest, price: Price, profile: Profile) -> tuple[int, int]:
    """What one try should cost, and what all tries can cost at most."""
    try:
        parts = split(truncate_texts(with_default(request, profile), profile), profile)
    except TargetError:  # it would refuse the request, or be refused it
        return 0, 0
    expected = sum(to_nanos(price.expected(part.request)) for part in parts)
    most = sum(to_nanos(price.at_most(part.request)) for part in parts)
    # A part has a second try whatever the request says.
    tries = 1 + (max(request.retry.count, 1) if len(parts) > 1 else request.retry.count)
    # Tokens are counted by whoever bills them.
    is_known = not price.per_million_tokens

    return (expected if is_known else min(expected, most)), most * tries if most else 0
