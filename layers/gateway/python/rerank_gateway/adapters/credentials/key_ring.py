"""The keys that the gateway holds for providers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from rerank_gateway.domain.clock import Clock

COOLDOWN_S = 30.0
"""A key is passed over for at least that long after a 401 or 429, so that two of them cannot take turns failing."""
ACCOUNT_FIELDS = frozenset(("private_key", "key_content"))
"""Fields that tell a cloud's account from a key with its weight: Google's and Oracle's names for a private key."""

MAX_WEIGHT = 1e12
"""Of a key, so that the sum of any number of them is finite."""


@dataclass(frozen=True, slots=True)
class ProviderKey:
    """A provider's key and its share of the draws; *number* is its place among the provider's, from 1 on."""

    value: str
    weight: float = 1.0
    number: int = 1

    def __repr__(self) -> str:
        return "ProviderKey(…)"


KeySource = Callable[[str], Sequence[ProviderKey]]
"""All keys for a provider's name; none where it has none."""


def in_secret(provider: str) -> str:
    """The setting that holds the key of *provider* in a stack."""
    return f"{provider} in the secret of the providers' keys"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """
    Draws a provider's key by weight, and passes over those that are cooling down. *setting* says where the operator
    puts one.
    """

    source: KeySource
    clock: Clock
    rng: Random
    setting: Callable[[str], str] = in_secret
    cooling_until: dict[str, float] = field(default_factory=dict, repr=False)

    def take(self, provider: str) -> ProviderKey | None:
        """A key for *provider*: one that cools down only when there is no other, None when there is none at all."""
        keys = self.source(provider)
        if not keys:
            return None
        choice = self._usable(keys) or keys
        if len(choice) == 1:
            return choice[0]

        return self.rng.choices(choice, [key.weight for key in choice])[0]

    def cool_down(self, provider: str, key: str, seconds: float | None) -> bool:
        """Pass *key* over for a while. True when *provider* has another one that can be used at once."""
        self.cooling_until[key] = self.clock.calendar() + max(seconds or 0.0, COOLDOWN_S)

        return bool(self._usable(self.source(provider)))

    def _usable(self, keys: Sequence[ProviderKey]) -> Sequence[ProviderKey]:
        now = self.clock.calendar()

        return [key for key in keys if self.cooling_until.get(key.value, 0.0) <= now]


def read_keys(value: object) -> list[ProviderKey]:
    """
    The keys of one provider as they stand in the secret: `"key"`, or a list of such and of `{"key", "weight"}`. A key
    may be a cloud's account, as the object that it is.

    Raises ValueError, without quoting what it read.
    """
    entries = value if isinstance(value, list) else [value]

    return [_read_key(entry, number) for number, entry in enumerate(entries, start=1)]


def _read_key(entry: object, number: int) -> ProviderKey:
    key, weight = (entry.get("key"), entry.get("weight", 1.0)) if isinstance(entry, Mapping) else (entry, 1.0)
    if isinstance(entry, Mapping) and not ACCOUNT_FIELDS.isdisjoint(entry):
        key = json.dumps(entry)
    if not isinstance(key, str) or not key.strip():
        raise ValueError("a provider key must be a string, or an object with a `key`")
    if not isinstance(weight, int | float) or not 0 < weight <= MAX_WEIGHT:
        raise ValueError(f"the weight of a provider key must be a number above 0, and at most {MAX_WEIGHT:g}")

    return ProviderKey(key.strip(), float(weight), number)
