"""What template.yaml declares, so that this machine need not declare it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from local.references import Known, resolved

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
"""The gateway's own."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function. Its *routes* are API Gateway's route keys, such as `GET /v1/models`."""

    name: str
    file: Path
    handler: str
    timeout: float
    memory: int
    variables: Mapping[str, Any]
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """An event source mapping: the *function* of this name gets the messages of the queue with this ARN."""

    queue: str
    function: str
    batch_size: int


@dataclass(frozen=True)
class Template:
    folder: Path
    content: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Template:
        return cls(path.parent, yaml.load(path.read_text("utf-8"), _Loader))

    @cached_property
    def defaults(self) -> Known:
        """The parameters that have a default, and that default."""
        parameters = self.content.get("Parameters", {})

        return {name: str(facts["Default"]) for name, facts in parameters.items() if "Default" in facts}

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        common = self.content.get("Globals", {}).get("Function", {})
        declared = self.resources("AWS::Serverless::Function")

        return tuple(self._function(name, common, own) for name, own in declared.items())

    def feeds(self, known: Known) -> Iterator[Feed]:
        """The queues that functions get messages from, as far as they are *known* here."""
        for facts in self.resources("AWS::Lambda::EventSourceMapping").values():
            if queue := resolved(facts["EventSourceArn"], known):
                yield Feed(queue, facts["FunctionName"]["Ref"], facts.get("BatchSize", 10))

    def resources(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """The properties of every resource of that *kind*, by its name in the template."""
        declared = self.content["Resources"].items()

        return {name: facts.get("Properties", {}) for name, facts in declared if facts["Type"] == kind}

    def _function(self, name: str, common: Mapping[str, Any], own: Mapping[str, Any]) -> Function:
        facts = {**common, **own}
        module, _, handler = facts["Handler"].rpartition(".")

        return Function(
            name=name,
            file=self.folder / facts["CodeUri"] / f"{module}.py",
            handler=handler,
            # Lambda's own defaults.
            timeout=float(resolved(facts.get("Timeout", 3), self.defaults) or 0),
            memory=int(resolved(facts.get("MemorySize", 128), self.defaults) or 0),
            variables={**_variables(common), **_variables(own)},
            routes=tuple(_routes(facts)),
        )


def _variables(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    variables: Mapping[str, Any] = facts.get("Environment", {}).get("Variables", {})

    return variables


def _routes(facts: Mapping[str, Any]) -> Iterator[str]:
    for event in facts.get("Events", {}).values():
        if event["Type"] == "HttpApi":
            yield f"{event['Properties']['Method'].upper()} {event['Properties']['Path']}"


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
