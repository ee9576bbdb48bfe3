"""The routes that make, list, change and remove teams."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rerank_gateway.apis import teams as api
from rerank_gateway.domain.errors import UnknownTeam
from rerank_gateway.domain.spending.usage import Spending
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route, routes_of
from rerank_gateway.entry.routes.management import log_change_by

if TYPE_CHECKING:
    from rerank_gateway.domain.management.records import TeamRecord
    from rerank_gateway.entry.admin_services import AdminServices

TEAM_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
NOTHING_SPENT = Spending()


def team_routes(services: AdminServices) -> dict[str, Route]:
    """Each by its name."""
    return routes_of(
        services,
        api,
        {
            "POST /api/v1/teams": create,
            "GET /api/v1/teams": show_all,
            "GET /api/v1/teams/{name}": show,
            "PATCH /api/v1/teams/{name}": change,
            "DELETE /api/v1/teams/{name}": remove,
        },
    )


def create(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)
    team, named = api.parse_team(request.body())
    record = services.create_team(by, team)
    _log(request, "team_created", record, fields=named)

    return HttpResponse(201, {"data": api.render_team(record, NOTHING_SPENT)})


def show_all(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """All of them: there are fewer than keys."""
    by = authenticated_key(services, request)
    records = services.read_teams.all(by)
    spent = services.spending.of_teams(records, request.deadline)
    rows = [api.render_team(record, spending) for record, spending in zip(records, spent, strict=True)]

    return HttpResponse(200, {"data": rows})


def show(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)

    return _shown(services, request, services.read_teams.one(by, _name(request)))


def change(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The team as it is then."""
    by = authenticated_key(services, request)
    changes = api.parse_changes(request.body())
    record = services.change_team(by, _name(request), changes)
    _log(request, "team_changed", record, fields=sorted(changes))

    return _shown(services, request, record)


def remove(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)
    _log(request, "team_removed", services.remove_team(by, _name(request)))

    return HttpResponse(200, {"deleted": True})


def _name(request: HttpRequest) -> str:
    """The name in the address. Raises UnknownTeam for what can be none."""
    name: str = request.event["pathParameters"]["name"]
    if not TEAM_NAME.fullmatch(name):
        raise UnknownTeam("there is no such team")

    return name


def _shown(services: AdminServices, request: HttpRequest, record: TeamRecord) -> HttpResponse:
    (spending,) = services.spending.of_teams([record], request.deadline)

    return HttpResponse(200, {"data": api.render_team(record, spending)})


def _log(request: HttpRequest, event: str, record: TeamRecord, **more: Any) -> None:
    """Who did what to which team."""
    log_change_by(request, event, {"team": record.team.name, **more})
