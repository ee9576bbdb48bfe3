"""What is said of keys, teams and usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from rerank_gateway.apis.keys import KeyChangesBody, NewKeyBody, RotationBody
from rerank_gateway.apis.shared.request_fields import Body
from rerank_gateway.apis.teams import NewTeamBody, TeamChangesBody
from rerank_gateway.entry.routes.key_query import MAX_AFTER_CHARS, MAX_OFFSET, MAX_PAGE
from rerank_gateway.entry.routes.openrouter_models import MAX_MODELS
from tools.openapi import failures, parts
from tools.openapi.answers import Count, Moment
from tools.openapi.shadows import ShadowReport

Reset = Literal["daily", "weekly", "monthly"]
Usd = Annotated[float, Field(ge=0)]


class Spending(TypedDict):
    """In USD; `limit_remaining` is of the current period, which `limit_reset` names."""

    requests_per_minute: int | None
    documents_per_minute: int | None
    limit: Usd | None
    limit_remaining: Usd | None
    limit_reset: Reset | None
    usage: Usd
    usage_daily: Usd
    usage_weekly: Usd
    usage_monthly: Usd


class Foreign(TypedDict):
    """What OpenRouter's clients insist on; here it is always the same."""

    include_byok_in_limit: Literal[False]
    byok_usage: int
    byok_usage_daily: int
    byok_usage_weekly: int
    byok_usage_monthly: int
    creator_user_id: str | None
    workspace_id: str


class PreviousToken(TypedDict):
    hash: str
    expires_at: Moment


class Key(Spending, Foreign):
    """`fault` is the attribute for which a record that was written by hand cannot be read."""

    hash: str
    id: str
    name: str
    label: str
    team: str | None
    models: list[str]
    disabled: bool
    admin: bool
    webhook: str | None
    created_at: Moment
    updated_at: Moment
    expires_at: Moment | None
    previous: PreviousToken | None
    external_user: None
    last_used_at: None
    fault: NotRequired[str]


class ShownKey(TypedDict):
    data: Key


class IssuedKey(TypedDict):
    """`key` is the secret, which is told this once."""

    data: Key
    key: str


class KeyPage(TypedDict):
    """`next` is for `after`, where there are more."""

    data: list[Key]
    next: str | None


class RateLimit(TypedDict):
    requests: int
    interval: str
    note: str


class FreeModelRequests(TypedDict):
    limit: int
    remaining: int
    used: int


class CurrentKey(Spending, Foreign):
    label: str
    id: str
    team: str | None
    models: list[str]
    expires_at: Moment | None
    is_management_key: bool
    is_provisioning_key: bool
    is_free_tier: Literal[False]
    rate_limit: RateLimit
    free_model_daily_requests: FreeModelRequests
    allowed_data_regions: list[str]
    budgets: list[dict[str, Any]]
    effective_budget: None
    organization_id: None


class ShownCurrentKey(TypedDict):
    data: CurrentKey


class Team(Spending):
    """`keys` is how many are in it."""

    name: str
    disabled: bool
    keys: Count
    created_at: Moment
    updated_at: Moment


class ShownTeam(TypedDict):
    data: Team


class Teams(TypedDict):
    data: list[Team]


class Deleted(TypedDict):
    deleted: Literal[True]


class UsageAmounts(TypedDict):
    """`cost` is in USD."""

    requests: Count
    documents: Count
    cost: Usd


class UsageRow(UsageAmounts):
    day: NotRequired[str]
    team: NotRequired[str]
    key: NotRequired[str]
    key_name: NotRequired[str]
    model: NotRequired[str]


UsageReport = TypedDict(
    "UsageReport",
    {
        "object": Literal["list"],
        "from": str,
        "to": str,
        "group_by": list[str],
        "data": list[UsageRow],
        "total": UsageAmounts,
    },
)


@dataclass(frozen=True, slots=True)
class Managed:
    """An operation: its *answer* with its *status*, and what it takes. *event* names the file with an example body."""

    summary: str
    tag: str
    answer: type[Any]
    errors: Sequence[Exception]
    status: int = 200
    parameters: Sequence[Any] = ()
    body: type[Body] | None = None
    event: str = ""

    @property
    def headers(self) -> Sequence[str]:
        return ("cache-control",) if self.answer.__name__.startswith("Issued") else ()

    @property
    def is_body_required(self) -> bool:
        """A rotation is one without any word about it."""
        return self.body is not RotationBody


def query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter behind the `?`."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def limit(most: int) -> dict[str, Any]:
    """How much of a list is wanted, at *most*."""
    return query("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": most, "default": most})


HASH = {
    "name": "hash",
    "in": "path",
    "required": True,
    "description": "The SHA-256 of the key's secret, or of the one before, in hexadecimal.",
    "schema": {"type": "string", "minLength": 1},
}
TEAM = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
FLAG = {"type": "boolean", "default": False}
OFFSET = query(
    "offset", "How many to pass over.", {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0}
)
PAGE = (
    query("team", "Only the keys of this team.", {"type": "string"}),
    query("include_disabled", "Whether those that are switched off are listed.", FLAG),
    query("include_expired", "Whether those whose time is over are listed.", FLAG),
    limit(MAX_PAGE),
    OFFSET,
    query(
        "after", "What the page before had in `next`.", {"type": "string", "minLength": 1, "maxLength": MAX_AFTER_CHARS}
    ),
)
MODELS = (limit(MAX_MODELS), OFFSET)
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
REPORT = (
    query("from", "The first day, in UTC; the first of the last day's month, if not said.", DAY),
    query("to", "The last day; today, if not said.", DAY),
    query(
        "group_by",
        "Some of day, team, key and model, with commas between them.",
        {"type": "string", "default": "team,key"},
    ),
)
KEYS, TEAMS = "Keys", "Teams"
CREATE_KEY = (parts.IDEMPOTENCY_KEY,)
OPERATIONS: Mapping[str, Managed] = {
    "POST /api/v1/keys": Managed(
        "Make a key", KEYS, IssuedKey, failures.NEW_KEY, 201, CREATE_KEY, NewKeyBody, "key_create"
    ),
    "GET /api/v1/keys": Managed("List keys", KEYS, KeyPage, failures.KEY_LIST, parameters=PAGE),
    "GET /api/v1/keys/{hash}": Managed("See a key", KEYS, ShownKey, failures.KEY, parameters=[HASH]),
    "PATCH /api/v1/keys/{hash}": Managed(
        "Change a key", KEYS, ShownKey, failures.CHANGED_KEY, 200, [HASH], KeyChangesBody, "key_change"
    ),
    "DELETE /api/v1/keys/{hash}": Managed("Remove a key", KEYS, Deleted, failures.KEY, parameters=[HASH]),
    "POST /api/v1/keys/{hash}/rotate": Managed(
        "Give a key another secret", KEYS, IssuedKey, failures.CHANGED_KEY, 200, [HASH], RotationBody, "key_rotate"
    ),
    "GET /api/v1/key": Managed("See your own key", KEYS, ShownCurrentKey, failures.CALLER),
    "POST /api/v1/teams": Managed(
        "Make a team", TEAMS, ShownTeam, failures.NEW_TEAM, 201, (), NewTeamBody, "team_create"
    ),
    "GET /api/v1/teams": Managed("List teams", TEAMS, Teams, failures.TEAM_LIST),
    "GET /api/v1/teams/{name}": Managed("See a team", TEAMS, ShownTeam, failures.TEAM, parameters=[TEAM]),
    "PATCH /api/v1/teams/{name}": Managed(
        "Change a team", TEAMS, ShownTeam, failures.CHANGED_TEAM, 200, [TEAM], TeamChangesBody, "team_change"
    ),
    "DELETE /api/v1/teams/{name}": Managed("Remove a team", TEAMS, Deleted, failures.REMOVED_TEAM, parameters=[TEAM]),
    "GET /v1/usage": Managed("See who used how much", "Usage", UsageReport, failures.REPORT, parameters=REPORT),
    "GET /v1/shadow": Managed(
        "See what shadows would have answered", "Usage", ShadowReport, failures.KEY_LIST, parameters=REPORT[:2]
    ),
}
BODIES = (NewKeyBody, KeyChangesBody, RotationBody, NewTeamBody, TeamChangesBody)
ANSWERS = (IssuedKey, KeyPage, ShownKey, ShownCurrentKey, Deleted, ShownTeam, Teams, UsageReport, ShadowReport)
