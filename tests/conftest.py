"""What many tests need, built anew for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import settings

from rerank_gateway.adapters.transports.https import HttpsTransport
from tests.embedded_aws import aws_url, embedded_aws

__all__ = ["aws_url", "embedded_aws"]

# How long an example takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def transport() -> Iterator[HttpsTransport]:
    with closing(HttpsTransport()) as transport:
        yield transport
