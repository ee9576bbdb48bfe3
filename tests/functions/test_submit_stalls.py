"""A submission while AWS stalls."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator

import pytest

import functions.submit.app
from rerank_gateway.adapters.aws.client import _cached_client
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event, to_response
from tests.upstream import says, upstream


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set where each service of AWS's is."""

    def set_variables(**urls: str) -> None:
        for service, url in urls.items():
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)

    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    _cached_client.cache_clear()
    yield set_variables
    _cached_client.cache_clear()


def test_a_submission_is_answered_in_time_whatever_stalls(variables: Callable[..., None], configure: Configure) -> None:
    """
    The table takes the job, then everything stalls: a 503, and nobody is asked for whom there is no time.
    """
    with upstream(says({}), silence, silence) as table, upstream(silence) as queue:
        variables(DYNAMODB=table.url, SQS=queue.url)
        configure(JOBS_TABLE="jobs", JOBS_QUEUE_URL=f"{queue.url}/queue", PAYLOAD_BUCKET="payloads")
        request = event("submit") | {"body": json.dumps(LEAST)}
        del request["headers"]["idempotency-key"]

        response = to_response(functions.submit.app.handler(request, FakeContext(milliseconds=6_000)))

    assert (response.status, response.headers["retry-after"]) == (503, "1")
    assert (len(table.questions), len(queue.questions)) == (1, 1)


def silence(connection: socket.socket) -> None:
    """Nothing, for as long as the other side listens."""
