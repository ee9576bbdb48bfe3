"""Which of an alias's targets a caller would rather have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rerank_gateway.domain.target import Target

SortBy: TypeAlias = Literal["price", "latency"]
SortKey: TypeAlias = Callable[[Target], float]


@dataclass(frozen=True, slots=True)
class Preferences:
    """
    *order*, *only* and *ignore* name providers or whole targets, in lower case. Without *allow_fallbacks* nobody is
    asked but the first choice.
    """

    order: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow_fallbacks: bool = True
    sort: SortBy | None = None

    def select(self, targets: Sequence[Target], sort_key: SortKey) -> tuple[Target, ...]:
        """Those of *targets* that are wanted: in *order*, and the lightest first where they are to be sorted."""
        if self is NO_PREFERENCES:  # as almost always: each request comes by here several times
            return tuple(targets)
        result_count = [target for target in targets if self._wants(target)]
        if self.sort:
            result_count.sort(key=sort_key)
        result_count.sort(key=self._place)

        return tuple(result_count)

    def _wants(self, target: Target) -> bool:
        return (not self.only or _named(target, self.only)) and not _named(target, self.ignore)

    def _place(self, target: Target) -> int:
        return next((place for place, name in enumerate(self.order) if _named(target, (name,))), len(self.order))


def _named(target: Target, names: Iterable[str]) -> bool:
    return any(name in (target.provider.lower(), str(target).lower()) for name in names)


NO_PREFERENCES = Preferences()
