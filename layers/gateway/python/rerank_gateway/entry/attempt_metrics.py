"""Attempts in the log: those of one target that ended alike are counted together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.errors import TargetCrashed
from rerank_gateway.entry.metrics import COUNTED_FAILURES, MAX_VALUES, Value
from rerank_gateway.entry.request_log import MAX_NAME_CHARS

if TYPE_CHECKING:
    from rerank_gateway.domain.attempt import Attempt

UNMEASURED = frozenset(("timed_out", "overtaken", "crowded", "crashed", "model_not_available"))
"""The provider's answer was not waited for, so nobody knows what it would have taken, or it was not asked at all."""


@dataclass(frozen=True, slots=True)
class AttemptGroup:
    """Tries at one target that all ended for the same *reason*, "" being success."""

    reason: str
    attempts: Sequence[Attempt]

    def dimensions(self, counted: Collection[str]) -> dict[str, str]:
        """What they are counted by: a model that callers have chosen, and not the operator, only by its provider."""
        if not self.attempts:
            return {}
        target = self.attempts[0].target
        by = {"provider": target.provider}
        if (name := str(target)) in counted:
            by["target"] = name

        return by | {"reason": self.reason} if self.reason in COUNTED_FAILURES else by

    def values(self) -> dict[str, Value]:
        """The metrics of these tries; what is nothing is left out."""
        attempts = self.attempts
        if not attempts:
            return {}
        values: dict[str, Value] = {"Attempts": len(attempts)}
        if self.reason in COUNTED_FAILURES:
            values["AttemptFailures"] = len(attempts)
        if self.reason not in UNMEASURED:
            values["ProviderLatency"] = _value([_milliseconds(attempt.latency) for attempt in attempts])
        sums = {
            "PlaceWait": _value([_milliseconds(attempt.waited) for attempt in attempts if attempt.waited]),
            "BreakerOpenings": sum(attempt.opened_circuit for attempt in attempts),
            "Splits": sum(attempt.parts > 1 for attempt in attempts),
            "ProviderCost": sum(attempt.usage.cost or 0.0 for attempt in attempts),
            "ProviderTokens": sum(attempt.usage.total_tokens for attempt in attempts),
        }

        return values | {name: value for name, value in sums.items() if value}


NO_ATTEMPTS = AttemptGroup("", ())


def groups_of(attempts: Sequence[Attempt], answered: str | None) -> list[AttemptGroup]:
    """Those *attempts* for which somebody was asked, in groups; that of the target that *answered* comes last."""
    groups: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in attempts:
        if not attempt.skipped:
            groups.setdefault((str(attempt.target), reason_of(attempt)), []).append(attempt)
    names = sorted(groups, key=lambda name: name == (answered, ""))

    return [AttemptGroup(name[1], groups[name]) for name in names]


def reason_of(attempt: Attempt) -> str:
    """The kind of its failure; "" when it answered."""
    if isinstance(attempt.error, TargetCrashed):
        return "crashed"

    return attempt.error.code.removeprefix("provider_") if attempt.error else ""


def attempt_fields(attempt: Attempt) -> Mapping[str, Any]:
    """It in a log line; what is nothing is left out."""
    fields: dict[str, Any] = {"target": str(attempt.target)[:MAX_NAME_CHARS]}
    if attempt.skipped:
        return fields | {"skipped": attempt.skipped}
    fields |= {"status_code": attempt.status_code, "ms": round(attempt.latency * 1000, 1)}
    error = attempt.error
    optional = {
        "error": error.code if error else "",
        "reason": error.reason if error else "",
        "waited_ms": round(attempt.waited * 1000, 1),
        "provider_key": attempt.key_number,
        "parts": attempt.parts if attempt.parts > 1 else 0,
        "opened_circuit": attempt.opened_circuit,
        "woke_after_s": None if attempt.woke_after is None else round(attempt.woke_after, 1),
    }

    return fields | {name: value for name, value in optional.items() if value}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _value(values: list[float]) -> Value:
    """As CloudWatch takes it: one number, or several."""
    return (values[0] if len(values) == 1 else values[:MAX_VALUES]) if values else 0
