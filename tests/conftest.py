"""What many tests need, built anew for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from rerank_gateway.adapters.carriers.https import HttpsCarrier
from tests.embedded_aws import aws_url, embedded_aws

__all__ = ["aws_url", "embedded_aws"]


@pytest.fixture
def carrier() -> Iterator[HttpsCarrier]:
    with closing(HttpsCarrier()) as carrier:
        yield carrier
