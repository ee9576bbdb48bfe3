"""Teams, `/api/v1/teams`: as keys, in the shapes of OpenRouter's API for those."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.openrouter import render_error
from rerank_gateway.apis.shared.managed_fields import LimitFields, TeamName, parse_known, to_changes, to_limits
from rerank_gateway.apis.shared.spending_fields import limit_fields
from rerank_gateway.domain.jobs.job import rfc3339
from rerank_gateway.domain.keys import Team
from rerank_gateway.domain.management.records import Changes, TeamRecord
from rerank_gateway.domain.spending.usage import Spending

__all__ = ["parse_changes", "parse_team", "render_error", "render_team"]


class TeamChangesBody(LimitFields):
    disabled: bool | None = None


class NewTeamBody(TeamChangesBody):
    name: TeamName


def parse_team(body: bytes) -> tuple[Team, list[str]]:
    """The team that *body* describes, and the fields it names. Raises InvalidRequest or TooLarge."""
    fields = parse_known(NewTeamBody, body)

    return Team(fields.name, to_limits(fields), bool(fields.disabled)), sorted(fields.model_fields_set)


def parse_changes(body: bytes) -> Changes:
    """What is to change of a team, whose name stays. Raises InvalidRequest or TooLarge."""
    return to_changes(parse_known(TeamChangesBody, body))


def render_team(record: TeamRecord, spending: Spending) -> dict[str, Any]:
    return {
        "name": record.team.name,
        "disabled": record.team.disabled,
        "keys": record.keys,
        **limit_fields(record.team.limits, spending),
        "created_at": rfc3339(record.created_at),
        "updated_at": rfc3339(record.updated_at),
    }
