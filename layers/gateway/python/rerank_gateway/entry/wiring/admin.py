"""Assembly of what manages keys, teams and webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex

from rerank_gateway.adapters.aws.dynamodb_key_records import DynamoKeyRecords
from rerank_gateway.adapters.aws.dynamodb_shadows import DynamoShadowRecords
from rerank_gateway.adapters.aws.dynamodb_team_records import DynamoTeamRecords
from rerank_gateway.adapters.aws.dynamodb_usage import DynamoUsageReader
from rerank_gateway.adapters.aws.management_table import ManagementTable
from rerank_gateway.adapters.system.threads import ThreadExecutor
from rerank_gateway.domain.clock import Clock
from rerank_gateway.entry.wiring.environment import CLOCK
from rerank_gateway.entry.wiring.gateway import Gateway
from rerank_gateway.use_cases.authenticate import Authenticate
from rerank_gateway.use_cases.management.keys import ChangeKey, RemoveKey
from rerank_gateway.use_cases.management.read import ReadKeys, ReadSpending, ReadTeams
from rerank_gateway.use_cases.management.report_usage import ReportUsage
from rerank_gateway.use_cases.management.teams import ChangeTeam, CreateTeam, RemoveTeam
from rerank_gateway.use_cases.management.tokens import CreateKey, RotateKey
from rerank_gateway.use_cases.shadows.report import ReportShadows
from rerank_gateway.use_cases.webhooks.deliveries import ManageDeliveries
from rerank_gateway.use_cases.webhooks.endpoints import ManageEndpoints
from rerank_gateway.use_cases.webhooks.require import RequireWebhook

TOKEN_PREFIX = "sk-rg-"  # noqa: S105  # what is secret comes behind it
TOKEN_BYTES = 32


@dataclass(frozen=True)
class AdminServices:
    """The services of that name in `entry/admin_services.py`, by way of a *gateway*: one function alone needs them."""

    gateway: Gateway
    clock: Clock = CLOCK

    @property
    def authenticate(self) -> Authenticate:
        return self.gateway.authenticate

    @property
    def create_key(self) -> CreateKey:
        return CreateKey(self._keys, self._teams, new_token, CLOCK)

    @property
    def change_key(self) -> ChangeKey:
        return ChangeKey(self._keys, self._teams, CLOCK)

    @property
    def rotate_key(self) -> RotateKey:
        return RotateKey(self._keys, new_token, CLOCK)

    @property
    def remove_key(self) -> RemoveKey:
        return RemoveKey(self._keys)

    @property
    def read_keys(self) -> ReadKeys:
        return ReadKeys(self._keys, CLOCK)

    @property
    def create_team(self) -> CreateTeam:
        return CreateTeam(self._teams, CLOCK)

    @property
    def change_team(self) -> ChangeTeam:
        return ChangeTeam(self._teams, CLOCK)

    @property
    def remove_team(self) -> RemoveTeam:
        return RemoveTeam(self._teams)

    @property
    def read_teams(self) -> ReadTeams:
        return ReadTeams(self._teams)

    @property
    def spending(self) -> ReadSpending:
        return ReadSpending(self._usage, ThreadExecutor(), CLOCK)

    @property
    def report_usage(self) -> ReportUsage:
        return ReportUsage(self._usage, self._keys)

    @property
    def endpoints(self) -> ManageEndpoints:
        return self.gateway.webhooks.endpoints

    @property
    def deliveries(self) -> ManageDeliveries:
        return self.gateway.webhooks.deliveries

    @property
    def require_webhook(self) -> RequireWebhook:
        return self.gateway.require_webhook

    @property
    def report_shadows(self) -> ReportShadows:
        return ReportShadows(DynamoShadowRecords(self.gateway.environment.settings.usage_table))

    @property
    def _keys(self) -> DynamoKeyRecords:
        return DynamoKeyRecords(self._table)

    @property
    def _teams(self) -> DynamoTeamRecords:
        return DynamoTeamRecords(self._table)

    @property
    def _table(self) -> ManagementTable:
        return ManagementTable(self.gateway.environment.settings.keys_table)

    @property
    def _usage(self) -> DynamoUsageReader:
        return DynamoUsageReader(self.gateway.environment.settings.usage_table)


def new_token() -> str:
    """One of 256 bits from the operating system."""
    return TOKEN_PREFIX + token_hex(TOKEN_BYTES)
