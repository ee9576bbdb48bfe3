"""What the gateway has sent to AWS without waiting for the reply."""

from __future__ import annotations

from time import monotonic, sleep

from rerank_gateway.entry.wiring.gateway import GATEWAY

PATIENCE = 10.0


def let_replies_arrive() -> None:
    """Go on when AWS has done all of it."""
    transport = vars(GATEWAY.environment.aws).get("transport") if "environment" in vars(GATEWAY) else None
    late = monotonic() + PATIENCE
    for pool in tuple(getattr(transport, "pools", {}).values()):
        while not all(each.connection.has_arrived for each in tuple(pool.pending)) and monotonic() < late:
            sleep(0.002)
