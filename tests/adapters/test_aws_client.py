"""How long AWS is waited for, and how often it is asked."""

from __future__ import annotations

from typing import Any


def test_a_client_gives_up_in_time(embedded_aws: Any) -> None:
    """
    Two tries of three seconds leave a caller time for an answer.
    """
    config = embedded_aws("dynamodb").meta.config

    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.retries["total_max_attempts"] == 2


def test_a_worker_has_connections_for_all_of_its_jobs(embedded_aws: Any) -> None:
    """
    Ten run at a time, each with two calls at most.
    """
    assert embedded_aws("dynamodb").meta.config.max_pool_connections == 20
