"""What routes and the worker are given, from the whole assembly. Nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

from rerank_gateway.entry.end_users import EndUsers
from rerank_gateway.entry.wiring.assembly import Assembly
from rerank_gateway.entry.wiring.environment import CLOCK
from rerank_gateway.entry.wiring.keys import authenticate_by, table_of_keys

# What not every function needs is imported where it is assembled, as each import is part of a cold start.
if TYPE_CHECKING:
    from rerank_gateway.adapters.aws.dynamodb_keys import DynamoKeyStore
    from rerank_gateway.adapters.aws.sqs_queue import SqsJobQueue
    from rerank_gateway.domain.jobs.ports import ExecuteJob
    from rerank_gateway.domain.keys import VirtualKey
    from rerank_gateway.domain.routing.aliases import Routing
    from rerank_gateway.use_cases.authenticate import Authenticate
    from rerank_gateway.use_cases.authorize import Authorize
    from rerank_gateway.use_cases.cached_rerank import CachedRerank
    from rerank_gateway.use_cases.check_targets import CheckTargets
    from rerank_gateway.use_cases.find_models import FindModels
    from rerank_gateway.use_cases.jobs.abandon import AbandonJob
    from rerank_gateway.use_cases.jobs.cancel import CancelJob
    from rerank_gateway.use_cases.jobs.isolate import IsolateJob
    from rerank_gateway.use_cases.jobs.read import ReadJob
    from rerank_gateway.use_cases.jobs.run import RunJob
    from rerank_gateway.use_cases.jobs.submit import SubmitJob
    from rerank_gateway.use_cases.require_access import RequireAccess
    from rerank_gateway.use_cases.spending.admit_job import AdmitJob
    from rerank_gateway.use_cases.spending.limited_rerank import LimitedRerank
    from rerank_gateway.use_cases.spending.reserve_again import ReserveAgain


class Gateway(Assembly):
    """Every service of `entry/services.py`."""

    variables = os.environ
    clock = CLOCK

    @cached_property
    def authenticate(self) -> Authenticate:
        return authenticate_by(self.environment)

    @property
    def stack(self) -> str:
        return self.environment.stack

    @property
    def counted_targets(self) -> Collection[str]:
        return self.environment.counted_targets

    @property
    def routing(self) -> Routing:
        return self.environment.routing

    @property
    def applications(self) -> Collection[str]:
        return self.environment.config.applications

    @property
    def end_users(self) -> EndUsers:
        return EndUsers(self.environment.settings.stack_id, self.environment.config.end_users == "plain")

    @property
    def origins(self) -> Collection[str]:
        return self.environment.settings.origins

    @property
    def authorize(self) -> Authorize:
        return self.ranking.authorize

    @property
    def models(self) -> FindModels:
        return self.ranking.models

    @property
    def check_targets(self) -> CheckTargets:
        return self.ranking.check_targets

    @property
    def require_access(self) -> RequireAccess:
        return self.ranking.require_access

    @property
    def rerank(self) -> CachedRerank:
        return self.ranking.rerank

    @property
    def limited_rerank(self) -> LimitedRerank:
        return self.ranking.limits.rerank

    @property
    def admit_job(self) -> AdmitJob:
        return self.ranking.limits.admit_job

    @property
    def reserve_again(self) -> ReserveAgain:
        return self.ranking.limits.reserve_again

    def find_owner(self, key_id: str, max_age: float = inf) -> VirtualKey | None:
        return self._owners.find_owner(key_id, max_age) if self._owners else None

    @cached_property
    def _owners(self) -> DynamoKeyStore | None:
        return table_of_keys(self.environment)

    @property
    def submit_job(self) -> SubmitJob:
        return self.jobs.submit

    @property
    def read_job(self) -> ReadJob:
        return self.jobs.read

    @property
    def cancel_job(self) -> CancelJob:
        return self.jobs.cancel

    @property
    def abandon_job(self) -> AbandonJob:
        return self.jobs.abandon

    @property
    def isolate_job(self) -> IsolateJob:
        return self.jobs.isolate

    def run_job(self, execute: ExecuteJob) -> RunJob:
        return self.jobs.run(execute)

    @property
    def queue(self) -> SqsJobQueue:
        return self.jobs.queue

    @property
    def config_version(self) -> str:
        return self.environment.configuration.version


GATEWAY = Gateway()
"""The one of this process."""
