"""
What routes need of the gateway, and the worker with them (worker/services.py), each no more than it uses.
`wiring/gateway.py` has all of it.

A service is looked up when a request needs it, and that may raise: Unavailable, or Misconfigured for a configuration
with a mistake in it. Only type checkers load this module.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from rerank_gateway.domain.clock import Clock
from rerank_gateway.entry.end_users import EndUsers
from rerank_gateway.entry.shadow_services import Shadowing
from rerank_gateway.use_cases.authenticate import Authenticate
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from rerank_gateway.use_cases.check_targets import CheckTargets
from rerank_gateway.use_cases.direct_rerank import DirectRerank
from rerank_gateway.use_cases.find_models import FindModels
from rerank_gateway.use_cases.jobs.cancel import CancelJob
from rerank_gateway.use_cases.jobs.list import ListJobs
from rerank_gateway.use_cases.jobs.read import ReadJob
from rerank_gateway.use_cases.jobs.submit import SubmitJob
from rerank_gateway.use_cases.require_access import RequireAccess
from rerank_gateway.use_cases.spending.admit_job import AdmitJob
from rerank_gateway.use_cases.spending.limited_rerank import LimitedRerank
from rerank_gateway.use_cases.webhooks.require import RequireWebhook


class InvocationServices(Protocol):
    """What is known of an invocation before anything is done."""

    @property
    def clock(self) -> Clock: ...
    @property
    def stack(self) -> str:
        """The name of the stack that the function belongs to."""

    @property
    def origins(self) -> Collection[str]:
        """Those whose pages may read the answers."""

    @property
    def success_share(self) -> float:
        """Which share of the successes has its whole line in the log."""

    @property
    def xray_header(self) -> str:
        """X-Ray's header, as Lambda has it for the invocation under way; "" where nothing is traced."""


class Configured(Protocol):
    """What depends on the configuration."""

    @property
    def config_version(self) -> str: ...

    def refresh(self) -> None:
        """
        Put in force what has changed in the configuration. Raises Misconfigured about what is wrong in the only one
        there is, Unavailable when it cannot be read.
        """


class Counting(Protocol):
    @property
    def counted_targets(self) -> Collection[str]:
        """The targets that the configuration names, which are counted by name."""


class Authentication(Protocol):
    @property
    def authenticate(self) -> Authenticate: ...


class Logging(Protocol):
    @property
    def end_users(self) -> EndUsers: ...


class Ranking(Protocol):
    @property
    def authorize(self) -> Authorize: ...
    @property
    def rerank(self) -> CachedRerank: ...
    @property
    def direct_rerank(self) -> Callable[[str], DirectRerank]:
        """What ranks with a provider's own key, for that key."""


class Limiting(Protocol):
    @property
    def limited_rerank(self) -> LimitedRerank: ...


class RerankServices(Configured, Authentication, Ranking, Limiting, Logging, Counting, Shadowing, Protocol):
    """What a sync rerank needs."""

    @property
    def applications(self) -> Collection[str]:
        """The applications that the operator wants counted apart."""


class TargetHealthServices(Authentication, Counting, Protocol):
    """What the health of targets needs."""

    @property
    def clock(self) -> Clock: ...
    @property
    def check_targets(self) -> CheckTargets: ...


class ModelServices(Configured, Authentication, Protocol):
    """What the list of models needs."""

    @property
    def models(self) -> FindModels: ...


class SubmitServices(Configured, Authentication, Logging, Protocol):
    """What the submission of a job needs."""

    @property
    def authorize(self) -> Authorize: ...
    @property
    def require_access(self) -> RequireAccess: ...
    @property
    def require_webhook(self) -> RequireWebhook: ...
    @property
    def submit_job(self) -> SubmitJob: ...
    @property
    def admit_job(self) -> AdmitJob: ...


class StatusServices(Authentication, Protocol):
    """What polling, listing and cancelling need."""

    @property
    def read_job(self) -> ReadJob: ...
    @property
    def list_jobs(self) -> ListJobs: ...
    @property
    def cancel_job(self) -> CancelJob: ...
