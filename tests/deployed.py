"""A template as a stack has it: with certain parameters, every condition decided."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from typing import Any

from local.cloudformation.conditions import holds
from local.cloudformation.template import Template

NO_VALUE = {"Ref": "AWS::NoValue"}


def deployed(template: Template, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The *template* without conditions: what there is with these *parameters*, and their values in their places."""
    values = {**template.parameter_defaults, **parameters}
    conditions = template.content.get("Conditions", {})
    fulfilled = {name: holds(condition, conditions, values) for name, condition in conditions.items()}
    there = {section: _unconditional(template.there(section, values)) for section in ("Resources", "Outputs")}
    content: dict[str, Any] = _decided({**template.content, **there}, fulfilled, values)

    return {
        name: part for name, part in content.items() if name not in ("Conditions", "Parameters", "Rules", "Metadata")
    }


def at(content: Mapping[str, Any], place: str) -> Any:
    """What *content* has at the *place*, RESOURCE.STEP.STEP: an item of a list by its number or its Sid."""
    resource, *steps = place.split(".")

    return reduce(_step, steps, _properties(content, resource) if resource in content["Resources"] else None)


def _properties(content: Mapping[str, Any], resource: str) -> Mapping[str, Any]:
    """The *resource*'s properties; a function's with those that SAM gives to all functions."""
    facts = content["Resources"][resource]
    own: Mapping[str, Any] = facts["Properties"]
    if facts["Type"] != "AWS::Serverless::Function":
        return own
    ignored = facts.get("IgnoreGlobals", ())
    shared = {name: value for name, value in content["Globals"]["Function"].items() if name not in ignored}
    variables = {**shared["Environment"]["Variables"], **own.get("Environment", {}).get("Variables", {})}

    return {**shared, **own, "Environment": variables}


def _step(value: Any, step: str) -> Any:
    match value:
        case dict():
            return value.get(step)
        case list() if re.fullmatch(r"-?\d+", step):
            return value[int(step)] if -len(value) <= int(step) < len(value) else None
        case list():
            return next((item for item in value if item.get("Sid") == step), None)

    return None


def _unconditional(facts: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    return {name: {key: part for key, part in each.items() if key != "Condition"} for name, each in facts.items()}


def _decided(value: Any, fulfilled: Mapping[str, bool], values: Mapping[str, str]) -> Any:
    match value:
        case {"Fn::If": [condition, one, other]}:
            return _decided(one if fulfilled[condition] else other, fulfilled, values)
        case {"Ref": name} if name in values:
            return values[name]
        case dict():
            parts = {name: _decided(part, fulfilled, values) for name, part in value.items()}
            return _computed({name: part for name, part in parts.items() if part != NO_VALUE}, values)
        case list():
            return [each for part in value if (each := _decided(part, fulfilled, values)) != NO_VALUE]

    return value


def _computed(value: dict[str, Any], values: Mapping[str, str]) -> Any:
    match value:
        case {"Fn::Split": [str(separator), str(text)]}:
            return text.split(separator)
        case {"Fn::Sub": [str(text), dict(own)]}:
            return {"Fn::Sub": [_filled(text, values), own]}
        case {"Fn::Sub": str(text)}:
            filled = _filled(text, values)
            return {"Fn::Sub": filled} if "${" in filled else filled

    return value


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)
