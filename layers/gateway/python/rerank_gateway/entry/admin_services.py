"""What the routes that manage keys, teams and webhooks need of the gateway. Only type checkers load this module."""

from __future__ import annotations

from typing import Protocol

from rerank_gateway.domain.clock import Clock
from rerank_gateway.entry.services import Authentication
from rerank_gateway.use_cases.management.keys import ChangeKey, RemoveKey
from rerank_gateway.use_cases.management.read import ReadKeys, ReadSpending, ReadTeams
from rerank_gateway.use_cases.management.report_usage import ReportUsage
from rerank_gateway.use_cases.management.teams import ChangeTeam, CreateTeam, RemoveTeam
from rerank_gateway.use_cases.management.tokens import CreateKey, RotateKey
from rerank_gateway.use_cases.shadows.report import ReportShadows
from rerank_gateway.use_cases.webhooks.deliveries import ManageDeliveries
from rerank_gateway.use_cases.webhooks.endpoints import ManageEndpoints
from rerank_gateway.use_cases.webhooks.require import RequireWebhook


class AdminServices(Authentication, Protocol):
    """What the management of keys, teams and webhooks, and reports of usage, need."""

    @property
    def clock(self) -> Clock: ...
    @property
    def create_key(self) -> CreateKey: ...
    @property
    def change_key(self) -> ChangeKey: ...
    @property
    def rotate_key(self) -> RotateKey: ...
    @property
    def remove_key(self) -> RemoveKey: ...
    @property
    def read_keys(self) -> ReadKeys: ...
    @property
    def create_team(self) -> CreateTeam: ...
    @property
    def change_team(self) -> ChangeTeam: ...
    @property
    def remove_team(self) -> RemoveTeam: ...
    @property
    def read_teams(self) -> ReadTeams: ...
    @property
    def spending(self) -> ReadSpending: ...
    @property
    def endpoints(self) -> ManageEndpoints: ...
    @property
    def deliveries(self) -> ManageDeliveries: ...
    @property
    def require_webhook(self) -> RequireWebhook: ...
    @property
    def report_usage(self) -> ReportUsage: ...
    @property
    def report_shadows(self) -> ReportShadows: ...
