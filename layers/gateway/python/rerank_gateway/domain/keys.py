"""Who may call, and what for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256

from rerank_gateway.domain.errors import NotAllowed, NotAuthenticated
from rerank_gateway.domain.spending.limits import UNLIMITED, Limits
from rerank_gateway.domain.target import Target

MASTER_ID = "master"
"""The id of the stack's own key, which no other key may have."""

DIRECT_ID = "direct"
"""What all are called who bring a provider's own key: nothing tells one of them from another."""
OWN_TOKENS = ("sk-rg-", "sk-bf-")
"""How the gateway's keys begin, and Bifrost's, which people bring along: such a one is never shown to a provider."""
PLAIN_TOKEN = re.compile(r"[!-~]{8,4096}")
"""What goes into a header as it is, and is long enough to be found again in what a provider says of it."""

EVERY_MODEL = ("*",)
"""The globs of a key that is bound to no models."""


@dataclass(frozen=True, slots=True)
class VirtualKey:
    """
    A caller's key, as the gateway knows it. The token itself is nowhere kept.

    *models* are globs over `provider/model` and aliases; *expires_at* is in seconds since the epoch. *limits* are its
    own, *team_limits* those of all keys of its *team* together. An *admin* may manage keys. Its
    jobs tell the *webhook* of their ends, unless they name another one.
    """

    id: str
    name: str = ""
    models: tuple[str, ...] = EVERY_MODEL
    expires_at: float | None = None
    disabled: bool = False
    team: str = ""
    limits: Limits = UNLIMITED
    team_limits: Limits = UNLIMITED
    admin: bool = False
    webhook: str = ""

    @property
    def is_metered(self) -> bool:
        """Whether it is counted what it uses: it has a limit or a team."""
        return bool(self.team) or self.limits is not UNLIMITED

    @property
    def has_budget(self) -> bool:
        """Whether what it asks for must have a known price."""
        return self.limits.budget is not None or self.team_limits.budget is not None

    def must_be_valid(self, now: float) -> None:
        """Raise NotAuthenticated when the key is switched off or its time is over at *now* (epoch seconds)."""
        if self.disabled:
            raise NotAuthenticated("this key is disabled", reason="virtual_key_blocked")
        if self.expires_at is not None and self.expires_at <= now:
            raise NotAuthenticated("this key has expired", reason="virtual_key_blocked")

    def allows(self, name: str, targets: Sequence[Target]) -> bool:
        """Whether a glob covers *name*, or, for an alias, every one of its *targets*."""
        return covers(self.models, name) or all(covers(self.models, str(target)) for target in targets)

    def must_allow(self, name: str, targets: Sequence[Target]) -> None:
        """Raise NotAllowed unless the key allows *name*."""
        if not self.allows(name, targets):
            raise NotAllowed(f"this key does not allow the model {name[:200]!r}", param="model")


@dataclass(frozen=True, slots=True)
class DirectKey(VirtualKey):
    """A provider's own key, the *secret*, which its caller has brought along: the gateway knows nothing of it."""

    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, token: str) -> DirectKey | None:
        """*token* as such a one; None where it can only be meant for the gateway, or is no key at all."""
        if token.startswith(OWN_TOKENS) or not PLAIN_TOKEN.fullmatch(token):
            return None

        return cls(DIRECT_ID, secret=token)


@dataclass(frozen=True, slots=True)
class Team:
    """Keys that have *limits* together. They are all switched off while it is *disabled*."""

    name: str
    limits: Limits = UNLIMITED
    disabled: bool = False


def covers(globs: Sequence[str], name: str) -> bool:
    """Whether one of the *globs* matches *name*."""
    return any(fnmatchcase(name, glob) for glob in globs)


def hash_of_token(token: str) -> str:
    """The SHA-256 under which a token's record is kept, in hexadecimal."""
    # A header can hold what is no Unicode; such a token is merely unknown.
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
