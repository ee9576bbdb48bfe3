"""Answers, and what the OpenAPI document says of them."""

from __future__ import annotations

import pytest

from functions.rerank.app import handler
from tests.documented import must_be_documented
from tests.fakes import FakeContext
from tests.functions.gateway import event
from tools.openapi.apis import APIS


@pytest.mark.parametrize(
    "name",
    [
        "health",
        "models",
        "target_health",
        "info",
        "cluster_auth",
        "weaviate_meta",
        *(api.event for api in APIS.values()),
    ],
)
def test_each_answer_is_documented(name: str) -> None:
    """
    An answer has the keys that the document names, and no others.
    """
    request = event(name)

    response = handler(request, FakeContext())

    assert response["statusCode"] == 200
    must_be_documented(request["routeKey"], response)
