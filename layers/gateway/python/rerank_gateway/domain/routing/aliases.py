"""What the names mean that callers use, and who is asked for a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random

from rerank_gateway.domain.eligibility import Violation, no_violation
from rerank_gateway.domain.errors import NoTargetLeft, UnknownModel
from rerank_gateway.domain.keys import covers
from rerank_gateway.domain.preferences import SortKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.nobody_left import no_target, nobody_left
from rerank_gateway.domain.routing.plan import FUSE_WAIT_S, Plan, Stage, Strategy, left_out_of
from rerank_gateway.domain.shadows.shadow import Shadow
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Alias:
    """
    A name for one or more targets, asked in this order and by this *strategy*. One that is hedged is slow after
    *hedge_after* seconds; one that is fused waits *fuse_wait* seconds for the others once one has answered.
    *last_resort* answers when everyone else failed. *max_tokens_per_doc* is for requests that do not say. The *shadow*
    decides no answer, and so no cache key.
    """

    targets: tuple[Target, ...]
    last_resort: Target | None = None
    strategy: Strategy = Strategy.FALLBACK
    hedge_after: float = 0.0
    max_tokens_per_doc: int | None = None
    fuse_wait: float = FUSE_WAIT_S
    shadow: Shadow | None = field(default=None, repr=False)

    def stage(self, targets: tuple[Target, ...]) -> Stage:
        """Those *targets* of it that may be asked, as a stage of a plan."""
        return Stage(targets, self.strategy, self.hedge_after, self.max_tokens_per_doc, self.fuse_wait)


@dataclass(frozen=True, slots=True)
class Routing:
    """
    The names that callers may use. *providers* are those the gateway can speak to; *providers_version* changes with
    what is behind their names. *default_model* is for requests that name none, if there is one for them.
    """

    providers: Collection[str]
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    last_resort: Target | None = None
    providers_version: str = ""
    default_model: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every alias and every target that the configuration names, for a list to choose from."""
        aliases = self.aliases.values()
        targets = [target for alias in aliases for target in (*alias.targets, *_if_any(alias.last_resort))]

        return tuple(dict.fromkeys([*self.aliases, *map(str, (*targets, *_if_any(self.last_resort)))]))

    def targets(self, name: str) -> tuple[Target, ...]:
        """The targets behind *name*, an alias or `provider/model`. Raises UnknownModel."""
        return self.resolve(name).targets

    def resolve(self, name: str) -> Alias:
        """What *name* stands for: a target's own name for that target. Raises UnknownModel."""
        if alias := self.aliases.get(name):
            return alias
        alias = _alias_of(name)
        if (provider := alias.targets[0].provider) not in self.providers:
            raise UnknownModel(f"there is no provider {provider[:200]!r}", param="model")

        return alias

    def require_targets(self, request: RerankRequest, violation: Violation = no_violation) -> None:
        """
        Raise InvalidRequest or NoTargetLeft when, by the preferences of *request*, nobody may be asked for one of its
        models. *violation* tells the constraint that a target does not keep.
        """
        for name in request.primary_models:
            targets = self.targets(name)
            if not request.preferences.select(targets):
                raise nobody_left(request, name, targets)
            if violation is not no_violation:
                self._require_eligible(request, name, violation)

    def _require_eligible(self, request: RerankRequest, name: str, violation: Violation) -> None:
        stages = self._stages(request, name, self.targets(name))
        broken = [violation(target) for stage in stages for target in stage.targets]
        if all(broken):
            names = dict.fromkeys(f"provider.{each}" for each in broken)
            raise NoTargetLeft(no_target(" and ".join(names), name), param=next(iter(names)))

    def plan(self, request: RerankRequest, rng: Random, sort_key: SortKey, violation: Violation = no_violation) -> Plan:
        """
        Whom to ask for *request*, the first choice first. *sort_key* is what targets are sorted by, if they are, and
        whoever has a *violation* is left out.
        """
        name, preferences = _draw(request, rng), request.preferences
        stages = self._stages(request, name, preferences.sorted(self.targets(name), sort_key))
        left_out = left_out_of(stages, violation) if violation is not no_violation else {}
        stages = [stage.filtered(lambda target: target not in left_out) for stage in stages] if left_out else stages
        if not preferences.allow_fallbacks and not preferences.is_listing:
            stages = [replace(stages[0], targets=stages[0].targets[:1])]

        return Plan.of(stages, self._last_resort(request, name), tuple(left_out.items()))

    def _stages(self, request: RerankRequest, name: str, targets: Sequence[Target]) -> list[Stage]:
        """
        All who may be asked by the names that *request* prefers: the *targets* of the model *name*, and who stands in
        for them.
        """
        alias, preferences = self.resolve(name), request.preferences
        selected = preferences.select(targets)
        if not preferences.allow_fallbacks:
            return [Stage(selected, max_tokens_per_doc=alias.max_tokens_per_doc)]
        others = [other.stage(preferences.allowed(other.targets)) for other in map(self.resolve, request.fallbacks)]

        return [alias.stage(selected), *others, Stage(preferences.allowed(self._last_resort(request, name)))]

    def _last_resort(self, request: RerankRequest, name: str) -> tuple[Target, ...]:
        """Who answers for the model *name* when everyone else failed, where the caller's key allows it."""
        own, globs = self.resolve(name).last_resort, request.allowed_models
        # Whoever may use an alias may use what the operator has put behind it.
        if own and covers(globs, name):
            return (own,)

        return tuple(each for each in _if_any(own or self.last_resort) if covers(globs, str(each)))


@lru_cache(maxsize=256)
def _alias_of(name: str) -> Alias:
    """The target of that *name*, as an alias would stand for it: a request asks several times. Raises UnknownModel."""
    return Alias((Target.parse(name),))


def _if_any(target: Target | None) -> tuple[Target, ...]:
    return (target,) if target else ()


def _draw(request: RerankRequest, rng: Random) -> str:
    """The model asked for, or the one that the request's load balancer draws."""
    shares = request.load_balancer

    return rng.choices(shares, [share.weight for share in shares])[0].model if shares else request.model
