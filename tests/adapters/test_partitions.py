"""AWS's partitions, as its own SDK knows them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session

from rerank_gateway.adapters.aws.partitions import AWS, BY_PREFIX, Partition, partition_of

PARTITIONS = Session().get_data("partitions")["partitions"]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: str(partition["id"]))
def test_each_region_is_in_its_partition(partition: Any) -> None:
    """
    With the name that ARNs have there, and the domain.
    """
    known = Partition(partition["id"], partition["outputs"]["dnsSuffix"])

    regions = [region for region in partition["regions"] if not region.endswith("-global")]

    assert regions
    assert {partition_of(region) for region in regions} == {known}


def test_there_are_no_others() -> None:
    """
    A partition of which the SDK says nothing would be a guess.
    """
    assert {each.name for each in (AWS, *BY_PREFIX.values())} == {partition["id"] for partition in PARTITIONS}
