"""Which of an alias's targets a caller would rather have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rerank_gateway.domain.constraints import NO_CONSTRAINTS, Constraints
from rerank_gateway.domain.target import Target

SortBy: TypeAlias = Literal["price", "latency"]
SortKey: TypeAlias = Callable[[Target], float]
"""What a target costs or takes, by whichever of the two is sorted; the least comes first."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """
    *order*, *only* and *ignore* name providers or whole targets, in lower case. Without *allow_fallbacks* nobody is
    asked but those in *order*, or else the first choice. *constraints* bind whoever is asked.
    """

    order: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow_fallbacks: bool = True
    sort: SortBy | None = None
    constraints: Constraints = NO_CONSTRAINTS

    @property
    def is_listing(self) -> bool:
        """Whether *order* names all who may be asked, and not only who comes first."""
        return bool(self.order) and not self.allow_fallbacks

    def select(self, targets: Sequence[Target]) -> tuple[Target, ...]:
        """Those of *targets* that may be asked, in *order*."""
        if self is NO_PREFERENCES:  # as almost always: each request comes by here several times
            return tuple(targets)
        listed = [target for target in targets if not self.is_listing or _is_named(target, self.order)]

        return tuple(sorted(self.allowed(listed), key=self._rank))

    def allowed(self, targets: Sequence[Target]) -> tuple[Target, ...]:
        """Those of *targets* that *only* and *ignore* let through, which bind whoever stands in for others, too."""
        return tuple(targets) if self is NO_PREFERENCES else tuple(filter(self._allows, targets))

    def sorted(self, targets: Sequence[Target], sort_key: SortKey) -> tuple[Target, ...]:
        """*targets* by *sort_key*, if they are to be sorted at all."""
        return tuple(sorted(targets, key=sort_key) if self.sort else targets)

    def _allows(self, target: Target) -> bool:
        return (not self.only or _is_named(target, self.only)) and not _is_named(target, self.ignore)

    def _rank(self, target: Target) -> int:
        return next((place for place, name in enumerate(self.order) if _is_named(target, (name,))), len(self.order))


def _is_named(target: Target, names: Iterable[str]) -> bool:
    return any(name in (target.provider.lower(), str(target).lower()) for name in names)


NO_PREFERENCES = Preferences()
