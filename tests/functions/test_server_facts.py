"""What clients ask about the server before they rank."""

from __future__ import annotations

import pytest

from functions.rerank.app import handler
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import event, invoke


@pytest.mark.parametrize("path", ["/info", "/tei/info"])
def test_tei_s_clients_see_a_reranker_and_its_batch_size(path: str, configure: Configure) -> None:
    """
    The operator's own limit, and a name that ranks.
    """
    configure(GATEWAY_CONFIG="[limits]\nmax_documents = 77")

    response = invoke(event("info") | {"routeKey": f"GET {path}"})

    assert response.status == 200
    assert list(response.json["model_type"]) == ["reranker"]
    assert (response.json["max_client_batch_size"], response.json["model_id"]) == (77, "default")
    assert isinstance(response.json["max_input_length"], int)


def test_xinference_s_clients_are_told_to_send_their_key() -> None:
    """
    They would not, otherwise.
    """
    assert invoke(event("cluster_auth")).json == {"auth": True}


def test_weaviate_starts_once_the_gateway_is_healthy(configure: Configure) -> None:
    """
    204 without a body; a mistake in the configuration holds it back.
    """
    ready = handler(event("weaviate_ready"), FakeContext())
    configure(GATEWAY_CONFIG="= =")
    not_ready = handler(event("weaviate_ready"), FakeContext())

    assert (ready["statusCode"], ready["body"], not_ready["statusCode"]) == (204, "", 503)
    assert invoke(event("weaviate_meta")).json["model"] == "default"


@pytest.mark.parametrize("config", ["= =", "ssm:/no/such/parameter"])
def test_limits_that_cannot_be_read_are_a_503(config: str, configure: Configure, embedded_aws: object) -> None:
    """
    And none is made up.
    """
    configure(GATEWAY_CONFIG=config)

    assert invoke(event("info")).status == 503
