"""The whole assembly: the one place where ports meet what fills them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rerank_gateway.entry.wiring.environment import Environment

# What not every function needs is imported where it is assembled, as each import is part of a cold start.
if TYPE_CHECKING:
    from rerank_gateway.adapters.aws.webhook_queue import SqsWebhookQueue
    from rerank_gateway.entry.wiring.direct_keys import DirectRanking
    from rerank_gateway.entry.wiring.jobs import JobServices
    from rerank_gateway.entry.wiring.lasting import LastingServices
    from rerank_gateway.entry.wiring.ranking import RankingServices
    from rerank_gateway.entry.wiring.shadows import ShadowServices
    from rerank_gateway.entry.wiring.webhooks import WebhookServices
    from rerank_gateway.use_cases.jobs.list import ListJobs
    from rerank_gateway.use_cases.webhooks.deliver import DeliverWebhook
    from rerank_gateway.use_cases.webhooks.require import RequireWebhook


class Assembly:
    """
    The parts of a gateway that has these *variables*, each assembled when it is first needed: making one costs nothing
    and reads nothing.
    """

    variables: ClassVar[Mapping[str, str]]

    @cached_property
    def environment(self) -> Environment:
        return Environment(self.variables)

    @cached_property
    def ranking(self) -> RankingServices:
        from rerank_gateway.entry.wiring.ranking import RankingServices

        return RankingServices(self.environment, self.lasting)

    @cached_property
    def lasting(self) -> LastingServices:
        from rerank_gateway.entry.wiring.lasting import LastingServices

        return LastingServices(self.environment.settings, self.environment.aws)

    @cached_property
    def jobs(self) -> JobServices:
        from rerank_gateway.entry.wiring.jobs import JobServices

        return JobServices(self.environment)

    @cached_property
    def webhooks(self) -> WebhookServices:
        from rerank_gateway.entry.wiring.webhooks import WebhookServices

        return WebhookServices(self.environment)

    @property
    def list_jobs(self) -> ListJobs:
        return self.jobs.list

    @property
    def require_webhook(self) -> RequireWebhook:
        return self.webhooks.require

    @property
    def webhook_queue(self) -> SqsWebhookQueue:
        return self.webhooks.queue

    @property
    def deliver_webhook(self) -> DeliverWebhook:
        return self.webhooks.deliver

    @property
    def success_share(self) -> float:
        return self.environment.settings.success_share

    @property
    def xray_header(self) -> str:
        return self.environment.xray_header

    @property
    def direct_rerank(self) -> DirectRanking:
        return self.ranking.direct_rerank

    @property
    def shadows(self) -> ShadowServices:
        return self.ranking.shadows

    def refresh(self) -> None:
        """
        Put in force what has changed in the configuration. Raises Misconfigured about what is wrong in the only one
        there is, Unavailable when it cannot be read.
        """
        latest = self.environment.latest()
        if latest is not self.environment:
            from rerank_gateway.entry.wiring.ranking import RankingServices

            # Requests under way go on with what they began with.
            self.ranking, self.environment = RankingServices(latest, self.lasting), latest

    def load_local_models(self) -> None:
        """Have in memory what ranks inside the gateway. Raises Misconfigured about what is wrong with it."""
        from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER

        self.ranking.rerankers(LOCAL_PROVIDER)

    def close(self) -> None:
        """Let go of all connections and of all that was assembled. What is needed afterwards is assembled anew."""
        if "environment" in vars(self):
            self.environment.aws.close()
        vars(self).clear()
