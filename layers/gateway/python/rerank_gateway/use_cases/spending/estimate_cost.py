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

FREE = Price()


@dataclass(frozen=True, slots=True)
class EstimateCost:
    routing: Routing
    rerankers: Rerankers

    def __call__(self, request: RerankRequest, *, has_budget: bool = True) -> Estimate:
        """
        The estimate for *request*. Raises NotAllowed when one of those who may be asked has a price that nobody knows:
        then nobody could say whether a budget allows it. Without a budget, such a one costs nothing.
        """
        expected: dict[Target, int] = {}
        at_most, paid, unknown = 0, list[Target](), False
        for target in candidates(self.routing, self.rerankers, request):
            profile = profile_of(self.rerankers, target)
            # One that is not configured cannot be asked.
            if profile is None:
                continue
            if profile.price is None and has_budget:
                raise _unknown_price(target)
            unknown = unknown or profile.price is None
            expected[target], most = _costs(request, profile.price or FREE, profile)
            at_most += most
            paid += [target] if most else []
        # Where nobody is paid, it is known what it comes to if there is but one who can answer.
        sure = paid or list(expected)
        is_exact = not unknown and len(sure) == 1 and at_most == expected[sure[0]]

        return Estimate(at_most, expected, sure[0] if is_exact else None)


def _unknown_price(target: Target) -> NotAllowed:
    name = str(target)[:200]

    return NotAllowed(
        f"this key has a budget, and nobody has said what {name!r} costs; the operator can: [prices.{name!r}]",
        param="model",
    )


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
