"""Conditions in a template: what there is with certain values of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cloudformation.references import ReferenceValues, resolve


def holds(condition: Any, conditions: Mapping[str, Any], values: ReferenceValues) -> bool:
    """Whether *condition* is fulfilled by *values*; it may name others of the template's *conditions*."""
    match condition:
        case {"Condition": name}:
            return holds(conditions[name], conditions, values)
        case {"Fn::And": parts}:
            return all(holds(part, conditions, values) for part in parts)
        case {"Fn::Or": parts}:
            return any(holds(part, conditions, values) for part in parts)
        case {"Fn::Not": [other]}:
            return not holds(other, conditions, values)
        case {"Fn::Equals": [one, another]}:
            return resolve(one, values) == resolve(another, values)

    raise ValueError(f"no such condition can be told: {condition}")
