"""The route that tells how the targets are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.apis.shared.response_fields import attempt_rows, milliseconds, without_none
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route

if TYPE_CHECKING:
    from rerank_gateway.entry.services import TargetHealthServices
    from rerank_gateway.use_cases.check_targets import TargetHealth


def target_health_route(services: TargetHealthServices) -> Route:
    return Route(partial(target_health, services), lambda _: bifrost_error)


def target_health(services: TargetHealthServices, request: HttpRequest) -> HttpResponse:
    """What this environment knows of each target; with `?probe=1`, after asking each of them."""
    key, check = authenticated_key(services, request), services.check_targets
    probe = (request.event.get("queryStringParameters") or {}).get("probe", "0")
    if probe not in ("0", "1"):
        raise InvalidRequest("probe must be 0 or 1", param="probe")
    found = check.probe(key, request.deadline) if probe == "1" else check(key)
    request.log.attempts = [health.probe for health in found if health.probe]
    request.log.targets = services.counted_targets
    now = services.clock.epoch()

    return HttpResponse(200, {"object": "list", "data": [_fields(health, now) for health in found]})


def _fields(health: TargetHealth, now: float) -> dict[str, Any]:
    circuit = health.circuit
    failure = {"code": circuit.error, "seconds_ago": round(now - circuit.failed_at)} if circuit.error else None

    return {
        "target": str(health.target),
        "circuit": "open" if health.open_for else "closed",
        "failures": circuit.failures,
        **without_none(
            open_for=round(health.open_for, 1) or None,
            latency=None if circuit.latency is None else milliseconds(circuit.latency),
            last_failure=failure,
            probe=attempt_rows([health.probe])[0] if health.probe else None,
        ),
    }
