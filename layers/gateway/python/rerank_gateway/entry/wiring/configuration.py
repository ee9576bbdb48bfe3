"""The configuration in force: looked at once a minute, and replaced only by one without a mistake."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from threading import Lock

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Misconfigured, Unavailable
from rerank_gateway.entry import observability
from rerank_gateway.entry.config.config import DEFAULT_CONFIG, Config
from rerank_gateway.entry.config.faults import ConfigRefused
from rerank_gateway.entry.config.parse import parse
from rerank_gateway.entry.config.source import SSM_PREFIX, ConfigText, Parameters, read
from rerank_gateway.entry.wiring.providers import CATALOGUE

LOOK_EVERY_S = (30.0, 50.0)
"""
Seconds between two looks, drawn from this range, so that many environments do not look at once; a change is in force
everywhere within a minute, by the calendar, as Lambda freezes processes.
"""
RETRY_S = 10.0
"""Seconds until the next look where one failed."""
MAX_STEPS_BACK = 5
"""Versions that an environment which starts looks back for one without a mistake."""


@dataclass(frozen=True, slots=True)
class Configuration:
    config: Config
    version: str


DEFAULT = Configuration(DEFAULT_CONFIG, "default")


@dataclass(slots=True)
class ConfigWatch:
    """
    What GATEWAY_CONFIG, the *setting*, names. Only what is in Parameter Store can change, and is looked at again;
    *hurried* is for that, when there is a configuration already.
    """

    setting: str
    parameters: Parameters
    hurried: Parameters
    clock: Clock
    rng: Random
    _current: Configuration | None = None
    _refused_version: str = ""
    _mistake: str = ""
    _next_look: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def current(self) -> Configuration:
        """The configuration in force. Raises Misconfigured, or Unavailable, where there has never been one."""
        if self._current and self.clock.calendar() < self._next_look:
            return self._current
        # Who comes while another one looks goes on with what there is.
        if self._current and self._lock.locked():
            return self._current
        with self._lock:
            if self.clock.calendar() >= self._next_look:
                self._look()
        if self._current is None:
            raise Misconfigured(self._mistake)

        return self._current

    def _look(self) -> None:
        try:
            found = read(self.setting, self.hurried if self._current else self.parameters)
        except Unavailable as outage:
            if self._current is None:
                raise
            observability.log_warning("lookup_failed", {"what": "configuration", "cause": outage.cause})
            self._next_look = self.clock.calendar() + RETRY_S
        except (OSError, UnicodeDecodeError) as unreadable:
            self._refuse("", str(unreadable))
        else:
            self._take(found)

    def _take(self, found: ConfigText | None) -> None:
        """Put *found* in force, unless it is so already or was refused before."""
        may_change = self.setting.startswith(SSM_PREFIX)
        self._next_look = self.clock.calendar() + self.rng.uniform(*LOOK_EVERY_S) if may_change else float("inf")
        if found is None:
            self._current = DEFAULT
        elif found.version != self._refused_version and not self._is_current(found):
            self._try(found)

    def _is_current(self, found: ConfigText) -> bool:
        return self._current is not None and self._current.version == found.version

    def _try(self, found: ConfigText) -> None:
        try:
            self._current = Configuration(parse(found.text, CATALOGUE), found.version)
        except ConfigRefused as refused:
            self._refuse(found.version, told(found.name, refused))
            self._current = self._current or self._earlier(found)
            if self._current:  # or whoever asks is told, and tells the log
                observability.log_mistake(Misconfigured(self._mistake))

    def _refuse(self, version: str, mistake: str) -> None:
        self._refused_version, self._mistake = version, mistake
        self._next_look = max(self._next_look, self.clock.calendar() + RETRY_S)

    def _earlier(self, refused: ConfigText) -> Configuration | None:
        """The last version before *refused* that has no mistake, for an environment that has known none."""
        newest = int(refused.version) if self.setting.startswith(SSM_PREFIX) else 0
        for version in range(newest - 1, max(newest - 1 - MAX_STEPS_BACK, 0), -1):
            found = read(self.setting, self.parameters, str(version))
            try:
                if found:
                    return Configuration(parse(found.text, CATALOGUE), found.version)
            except ConfigRefused:
                continue

        return None


def told(name: str, refused: ConfigRefused) -> str:
    """Every fault of the configuration called *name*, each in a line of its own."""
    return "\n".join(f"{name}:{fault.line}: {fault.message}" for fault in refused.faults)
