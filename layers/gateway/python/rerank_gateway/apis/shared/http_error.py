"""An error before an API renders it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

# Only types, and dear ones: status answers polls without ever ranking.
if TYPE_CHECKING:
    from rerank_gateway.domain.attempt import Attempt
    from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpError:
    """
    *status* is the HTTP status, *kind* the family of errors with that status, *code* the error's own name, *param*
    the request field it speaks of, *provider* the one whose message it tells, of the *target* that failed, *metadata*
    what OpenRouter tells of a spent budget.
    """

    status: int
    kind: str
    code: str
    message: str
    request_id: str
    param: str | None = None
    model: str | None = None
    provider: str | None = None
    target: Target | None = None
    attempts: Sequence[Attempt] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
