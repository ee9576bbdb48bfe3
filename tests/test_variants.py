"""The stack that each of the template's parameters makes: complete, and valid by CloudFormation's schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cfnlint.api import lint

from local.cloudformation.conditions import holds
from tests.deployed import at, deployed
from tests.variants import TEMPLATE, VARIANTS, Variant

PARAMETERS, RULES = TEMPLATE.content["Parameters"], TEMPLATE.content["Rules"]
DEFAULT = deployed(TEMPLATE, {})


@pytest.fixture(params=VARIANTS.values(), ids=list(VARIANTS))
def variant(request: pytest.FixtureRequest) -> Variant:
    made: Variant = request.param

    return made


def test_a_parameter_reaches_what_it_is_for(variant: Variant) -> None:
    """
    There it is something else than by default, and nothing else comes or goes.
    """
    parameters, expected, changed = variant

    content = deployed(TEMPLATE, parameters)

    assert {place: at(content, place) for place in expected} == expected
    assert [place for place, value in expected.items() if value is not None and at(DEFAULT, place) == value] == []
    assert content["Resources"].keys() ^ DEFAULT["Resources"].keys() == changed


def test_each_parameter_is_tried() -> None:
    """
    A new one has a line in tests/variants.py.
    """
    assert {name for parameters, _, _ in VARIANTS.values() for name in parameters} == set(PARAMETERS)


ALL = {name: value for parameters, _, _ in VARIANTS.values() for name, value in parameters.items()}


@pytest.mark.parametrize(
    "instead",
    [{"ProvisionedConcurrency": "0"}, {"SnapStart": "None", "Architecture": "arm64"}],
    ids=["with SnapStart on x86", "provisioned on ARM"],
)
def test_all_of_them_at_once_are_valid(instead: dict[str, str]) -> None:
    """
    With every condition decided, cfn-lint sees the very values that CloudFormation would.
    """
    content = deployed(TEMPLATE, {**ALL, **instead})

    found = lint(json.dumps(content), regions=["us-east-1"])

    assert [str(match) for match in found if match.rule.id.startswith("E")] == []


def test_every_reference_is_to_something(variant: Variant) -> None:
    """
    Whatever a resource or an output names is there whenever it is.
    """
    content = deployed(TEMPLATE, variant[0])

    names = {each.partition(".")[0] for each in named([content["Resources"], content["Outputs"]])}
    assert {each for each in names if not each.startswith("AWS::")} <= content["Resources"].keys()


def test_a_variants_parameters_are_accepted(variant: Variant) -> None:
    """
    By their own patterns and lists, and by the rules among them.
    """
    for name, value in variant[0].items():
        declared = PARAMETERS[name]
        assert re.fullmatch(declared.get("AllowedPattern", ".*"), value)
        assert value in map(str, declared.get("AllowedValues", [value]))
    assert broken(variant[0]) == set()


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ({"SnapStart": "PublishedVersions", "ProvisionedConcurrency": "1"}, "EitherSnapshotsOrReadyEnvironments"),
        ({"VpcSubnetIds": "subnet-0a1b2c3d"}, "SubnetsHaveSecurityGroups"),
        ({"DomainName": "rerank.example.com"}, "ANameHasACertificate"),
    ],
)
def test_what_does_not_go_together_is_refused(parameters: dict[str, str], rule: str) -> None:
    """
    Before anything is made.
    """
    assert broken(parameters) == {rule}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VpcSubnetIds", "subnet-1a, subnet-2b"),
        ("VpcSecurityGroupIds", "default"),
        ("DomainBasePath", "/ranking"),
        ("CorsOrigins", "app.example.com"),
        ("CpuModel", "s3://models"),
        ("SageMakerEndpoint", "My-Endpoint"),
        ("AwsEndpointUrl", "127.0.0.1:4566"),
    ],
)
def test_a_value_of_another_shape_is_refused(name: str, value: str) -> None:
    """
    Before anything is made.
    """
    assert not re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)


def named(value: Any) -> Iterator[str]:
    """What *value* refers to: by Ref, GetAtt, Sub or DependsOn."""
    match value:
        case {"Fn::Sub": text}:
            text, own = text if isinstance(text, list) else (text, {})
            yield from (each for each in re.findall(r"\$\{([^!}][^}]*)\}", text) if each not in own)
            yield from named(own)
        case {"Ref": name} | {"Fn::GetAtt": [name, _]} | {"DependsOn": str(name)}:
            yield name
            yield from named([part for key, part in value.items() if key == "Properties"])
        case dict() | list():
            for part in value.values() if isinstance(value, dict) else value:
                yield from named(part)


def broken(parameters: Mapping[str, str]) -> set[str]:
    """The template's rules that these *parameters* do not keep."""
    values = {**TEMPLATE.parameter_defaults, **parameters}

    return {
        name
        for name, rule in RULES.items()
        if holds(rule["RuleCondition"], {}, values)
        and not all(holds(each["Assert"], {}, values) for each in rule["Assertions"])
    }
