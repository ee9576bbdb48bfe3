"""What a request leaves behind in memory, when nobody collects the garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import GatewayError, TargetBusy, Unavailable
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Alias
from rerank_gateway.domain.usage import Usage
from tests.fakes import FakeReranker, request
from tests.use_cases.routers import alias, fuse, hedge, rerank_by, run

ANSWER = ProviderScores([(0, 0.1), (1, 0.2), (2, 0.3)], Usage())
GARBAGE = ProviderScores([(0, 0.5), (0, 0.5)], Usage())


class Query(str):
    """One that can be watched."""

    __slots__ = ("__weakref__",)


class Forgetful(FakeReranker):
    """Returns *scores*, or raises a new error of the kind *error*, and remembers no question."""

    def __init__(self, scores: ProviderScores, error: type[GatewayError] | None = None) -> None:
        super().__init__()
        self.scores, self.error = scores, error

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        if self.error:
            raise self.error("down")

        return self.scores


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("both", [alias("down", "up"), hedge("down", "up", after=1.0), fuse("down", "up")])
@pytest.mark.parametrize("down", [Forgetful(ANSWER, TargetBusy), Forgetful(ANSWER, Unavailable), Forgetful(GARBAGE)])
def test_a_failed_try_does_not_keep_the_request(both: Alias, down: Forgetful) -> None:
    """
    The answer tells of the failure; the documents are gone as soon as the request is.
    """
    rerank = rerank_by({"both": both}, down=down, up=Forgetful(ANSWER))
    query = Query("which one?")
    watched = ref(query)

    answer = run(rerank, request(model="both", query=query))
    del query

    assert answer.attempts[0].error
    assert watched() is None
