"""What payloads for Vertex, watsonx and Oracle Cloud depend on beside the request."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.domain.errors import TargetMissing
from tests.fakes import request

PAID = {"project_id": "p", "space_id": ""}


def payload_for(name: str, model: str = "m", settings: dict[str, str] | None = None, **changes: Any) -> Any:
    return registry.provider(name).dialect.phrase(request(**changes), model, settings or PAID)


@pytest.mark.parametrize("payer", [{}, {"project_id": "", "space_id": ""}, {"project_id": "p", "space_id": "s"}])
def test_watsonx_needs_one_payer(payer: dict[str, str]) -> None:
    """
    Neither a project nor a space, or both of them, is an error that says so.
    """
    with pytest.raises(TargetMissing, match="one of project_id and space_id"):
        payload_for("watsonx", settings={"region": "eu-de", **payer})


def test_watsonx_may_be_paid_by_a_space() -> None:
    """
    Then no project is named.
    """
    payload = payload_for("watsonx", settings={"project_id": "", "space_id": "s"})

    assert (payload["space_id"], "project_id" in payload) == ("s", False)


@pytest.mark.parametrize(
    ("changes", "tokens"),
    [
        ({}, None),
        ({"truncate": "none"}, None),
        ({"truncate": "start"}, None),
        ({"truncate": "end"}, 512),
        ({"max_tokens_per_doc": 100}, 100),
        ({"truncate": "end", "max_tokens_per_doc": 100}, 100),
    ],
)
def test_watsonx_truncates_where_it_can(changes: dict[str, Any], tokens: int | None) -> None:
    """
    It truncates at the end of a text, at the token that the payload names.
    """
    payload = payload_for("watsonx", **changes)

    assert payload["parameters"].get("truncate_input_tokens") == tokens
    assert "truncate_input_tokens" not in payload


@pytest.mark.parametrize("name", ["watsonx", "oci"])
def test_all_documents_are_wanted_back_without_a_top_n(name: str) -> None:
    """
    A provider's own idea of how many are enough does not count.
    """
    payload = payload_for(name)

    assert 3 in (payload.get("topN"), payload.get("parameters", {}).get("return_options", {}).get("top_n"))


def test_oracles_dedicated_endpoints_are_models() -> None:
    """
    A model that is an endpoint's OCID is sent as one.
    """
    endpoint = "ocid1.generativeaiendpoint.oc1.eu-frankfurt-1.amaaaaaa"

    payload = payload_for("oci", endpoint, {"compartment_id": "c"})

    assert payload["servingMode"] == {"servingType": "DEDICATED", "endpointId": endpoint}


def test_vertex_counts_a_hundred_records_as_one_query() -> None:
    """
    Google charges all of its rankers alike.
    """
    vertex = registry.provider("vertex")

    for model in (*vertex.models, "semantic-ranker-fast@latest", "semantic-ranker-512-003"):
        price = vertex.profile(model).price
        assert price
        assert price.per_search == 0.001
