"""What template.yaml declares, so that this machine need not declare it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from local.cloudformation.conditions import holds
from local.cloudformation.references import ReferenceValues, resolve

DEFAULT_ROUTE = "$default"
"""API Gateway's key of the route for whatever has none."""
TEMPLATE_PATH = Path(__file__).parents[2] / "template.yaml"
"""The gateway's own."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function. Its *routes* are API Gateway's route keys, such as `GET /v1/models`."""

    name: str
    file: Path
    handler: str
    timeout_seconds: float
    memory_mb: int
    variables: Mapping[str, Any]
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventSourceMapping:
    """The *function* of this name gets the messages of the queue with this ARN."""

    queue_arn: str
    function: str
    batch_size: int


@dataclass(frozen=True)
class Template:
    """*overrides* are the values of parameters that are not to be the template's defaults."""

    folder: Path
    content: Mapping[str, Any]
    overrides: ReferenceValues = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, overrides: ReferenceValues | None = None) -> Template:
        return cls(path.parent, yaml.load(path.read_text("utf-8"), _Loader), overrides or {})

    @cached_property
    def parameter_defaults(self) -> ReferenceValues:
        """The parameters that have a value without anybody's saying so, and that value."""
        parameters = self.content.get("Parameters", {})
        declared = {name: str(facts["Default"]) for name, facts in parameters.items() if "Default" in facts}

        return {**declared, **self.overrides}

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        shared = self.content.get("Globals", {}).get("Function", {})
        declared = self.resources("AWS::Serverless::Function")

        return tuple(self._function(name, shared, own) for name, own in declared.items())

    def event_source_mappings(self, values: ReferenceValues) -> Iterator[EventSourceMapping]:
        """Which functions get messages from which queues, for the queues whose ARN is in *values*."""
        for facts in self.resources("AWS::Lambda::EventSourceMapping").values():
            if queue_arn := resolve(facts["EventSourceArn"], values):
                # Deployed, it is an alias of the function: `Worker.Alias`.
                function = facts["FunctionName"]["Ref"].partition(".")[0]
                yield EventSourceMapping(queue_arn, function, facts.get("BatchSize", 10))

    def resources(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The properties of every resource of that *kind* that there is by default, by its name in the template."""
        declared = self.there("Resources", self.parameter_defaults).items()

        return {name: facts.get("Properties", {}) for name, facts in declared if facts["Type"] == kind}

    def there(self, section: str, values: ReferenceValues) -> Mapping[str, Mapping[str, Any]]:
        """What there is in that *section* with these *values* of the parameters."""
        conditions = self.content.get("Conditions", {})
        fulfilled = {name for name, condition in conditions.items() if holds(condition, conditions, values)}

        return {
            name: facts
            for name, facts in self.content[section].items()
            if "Condition" not in facts or facts["Condition"] in fulfilled
        }

    def _function(self, name: str, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Function:
        facts = {**shared, **own}
        module, _, handler = facts["Handler"].rpartition(".")

        return Function(
            name=name,
            file=self.folder / facts["CodeUri"] / f"{module}.py",
            handler=handler,
            # Lambda's own defaults.
            timeout_seconds=float(resolve(facts.get("Timeout", 3), self.parameter_defaults) or 0),
            memory_mb=int(resolve(facts.get("MemorySize", 128), self.parameter_defaults) or 0),
            variables={**_variables(shared), **_variables(own)},
            routes=tuple(_routes(facts)),
        )


def _variables(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    variables: Mapping[str, Any] = facts.get("Environment", {}).get("Variables", {})

    return variables


def _routes(facts: Mapping[str, Any]) -> Iterator[str]:
    for event in facts.get("Events", {}).values():
        if event["Type"] == "HttpApi":
            yield _route_key(event["Properties"])


def _route_key(facts: Mapping[str, Any]) -> str:
    # As in SAM, an event that says neither is for whatever has no route.
    return f"{facts['Method'].upper()} {facts['Path']}" if "Path" in facts else DEFAULT_ROUTE


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags as their long forms: `!Ref X` as `{"Ref": "X"}`."""


def _intrinsic(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = node.value.split(".", 1) if tag == "GetAtt" else node.value

    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)
