"""How long AWS is waited for, and how often it is asked: while a caller waits, or for what can be done without."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("options", "connect", "read", "attempts"), [({}, 1, 3, 2), ({"fail_fast": True}, 0.25, 0.25, 1)]
)
def test_a_client_gives_up_in_time(
    embedded_aws: Any, options: dict[str, bool], connect: float, read: float, attempts: int
) -> None:
    """
    Two tries of three seconds leave a caller time for an answer; a cache is worth a quarter of one.
    """
    config = embedded_aws("dynamodb", **options).meta.config

    assert (config.connect_timeout, config.read_timeout) == (connect, read)
    assert config.retries["total_max_attempts"] == attempts


def test_a_worker_has_connections_for_all_of_its_jobs(embedded_aws: Any) -> None:
    """
    Ten run at a time, each with two calls at most.
    """
    assert embedded_aws("dynamodb").meta.config.max_pool_connections == 20
