"""What is needed of the gateway to ask shadows. Only type checkers load this module."""

from __future__ import annotations

from typing import Protocol

from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.use_cases.shadows.compare import CompareShadow
from rerank_gateway.use_cases.shadows.offer import OfferShadow


class ShadowServices(Protocol):
    @property
    def offer(self) -> OfferShadow: ...
    @property
    def compare(self) -> CompareShadow: ...


class Shadowing(Protocol):
    """What is asked after an answer, where its alias has a shadow."""

    @property
    def routing(self) -> Routing: ...
    @property
    def shadows(self) -> ShadowServices: ...
