"""Execution environments with a configuration."""

from __future__ import annotations

from rerank_gateway.entry.wiring.environment import Environment


def configured(text: str, region: str = "eu-west-1") -> Environment:
    """The environment of a function whose GATEWAY_CONFIG is *text*."""
    return Environment({"GATEWAY_CONFIG": text, "AWS_REGION": region})
