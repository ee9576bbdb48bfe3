"""Addresses that the operator has registered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.webhooks.events import EventType

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
EVERY_EVENT: tuple[EventType, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    Where messages go to whose sender says *name*. *events* are the types that it gets, all of them if none is named.
    *disabled_because* says who has disabled it: the operator, or the receiver, by the status 410. Times are in epoch
    seconds; *version* counts changes.
    """

    name: str
    url: str
    events: tuple[EventType, ...] = EVERY_EVENT
    disabled: bool = False
    disabled_because: str = ""
    created_at: float = 0.0
    updated_at: float = 0.0
    created_by: str = ""
    version: int = 1

    def wants(self, event_type: EventType) -> bool:
        """A test is for every endpoint."""
        return event_type is EventType.TEST or not self.events or event_type in self.events


def must_be_a_name(name: str, param: str) -> None:
    """Raise InvalidRequest, which calls the option *param*, where no endpoint can be called *name*."""
    if not NAME.fullmatch(name):
        raise InvalidRequest(f"{param} must have 1 to 64 letters, digits, '-', '_' and '.'", param=param)
