"""Log lines as CloudWatch reads the embedded metric format (its specification, version 0)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Counted = dict[tuple[str, frozenset[tuple[str, str]]], list[float]]
"""The values of a metric by a set of dimensions."""


def emitted(lines: Iterable[Mapping[str, Any]]) -> Counted:
    """Every metric that *lines* hold. Raises where one has what CloudWatch would reject."""
    counted: Counted = {}
    for line in lines:
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
            assert directive["Namespace"] == "RerankGateway"
            for names in directive["Dimensions"]:
                by = frozenset((name, line[name]) for name in names)
                assert 0 < len(by) <= 30
                assert all(isinstance(value, str) and value for _, value in by)
                for metric in directive["Metrics"]:
                    values = line[metric["Name"]]
                    values = values if isinstance(values, list) else [values]
                    assert 0 < len(values) <= 100
                    counted.setdefault((metric["Name"], by), []).extend(values)

    return counted
