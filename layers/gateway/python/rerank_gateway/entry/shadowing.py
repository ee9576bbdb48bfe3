"""Have a shadow asked what has been answered, where the alias has one. What goes wrong here is never the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rerank_gateway.entry import observability

if TYPE_CHECKING:
    from rerank_gateway.domain.answer import Answer
    from rerank_gateway.domain.deadline import Deadline
    from rerank_gateway.domain.request import RerankRequest
    from rerank_gateway.entry.request_log import RequestLog
    from rerank_gateway.entry.shadow_services import Shadowing


def offer_shadow(services: Shadowing, log: RequestLog, asked: tuple[RerankRequest, Answer], deadline: Deadline) -> None:
    """What *asked* are, a request and its answer, is noted in *log* where it was to be put to a shadow."""
    request, answer = asked
    alias = services.routing.aliases.get(request.model)
    if alias is None or alias.shadow is None:
        return
    try:
        status = services.shadows.offer(request, answer, deadline)
    except Exception as error:  # the answer is there
        observability.log_bug(error, {"shadow_of": request.model})
        return
    if status:
        log.fields["shadow"] = status
    if status and status != "queued":
        log.values["ShadowsSkipped"] = 1
