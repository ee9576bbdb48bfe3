"""What the log line of a request says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

# Only types, and dear ones: status answers polls without ever ranking.
if TYPE_CHECKING:
    from rerank_gateway.domain.attempt import Attempt


@dataclass(slots=True)
class RequestLog:
    """
    Filled in while a request is answered, as far as it gets; *model* is the one that it names, *fields* stand in the
    log line as they are. *counts_app* has the application in it counted apart.
    """

    model: str | None = None
    attempts: Sequence[Attempt] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    counts_app: bool = False
