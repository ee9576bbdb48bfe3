"""What there is to know of a name that callers may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Model:
    """
    *name* is an alias's or a target's; *targets* are those behind it that can be asked, and *profile* is the first
    one's.
    """

    name: str
    targets: tuple[Target, ...]
    profile: Profile

    @property
    def is_alias(self) -> bool:
        return (self.name,) != tuple(map(str, self.targets))
