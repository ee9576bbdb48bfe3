"""The built template as the emulator takes it. What it does not know is left out, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from local.cloudformation.template import Template

UNKNOWN_TYPES = frozenset({"AWS::Logs::QueryDefinition"})
"""What it refuses to create. Updates in steps are CodeDeploy's, which it does not have either."""
MODEL_LAYERS = ("CpuLayerArm64", "CpuLayerX8664")
"""240 MB for one function that ranks on Lambda's processors: nobody wants to wait until they are packed."""

Content = dict[str, Any]


def for_emulator(built: Path, emulated: Path) -> None:
    """Write the template *built* as *emulated*, less what the emulator does not take. Its paths are relative to it."""
    template = Template.read(built)
    content = deepcopy(dict(template.content))
    content["Globals"]["Function"].pop("DeploymentPreference")
    content["Resources"] = {
        name: _emulated(facts, template.parameter_defaults)
        for name, facts in content["Resources"].items()
        if not _is_unknown(name, facts)
    }
    emulated.write_text(json.dumps(content), "utf-8")


def _is_unknown(name: str, facts: Mapping[str, Any]) -> bool:
    is_computed = facts["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in facts["Properties"]

    return facts["Type"] in UNKNOWN_TYPES or is_computed or name in MODEL_LAYERS


def _emulated(facts: Content, defaults: Mapping[str, Any]) -> Content:
    properties = facts.get("Properties", {})
    properties.pop("DeploymentPreference", None)
    if "DeploymentPreference" in facts.get("IgnoreGlobals", ()):
        facts["IgnoreGlobals"].remove("DeploymentPreference")
    scaling = properties.get("ScalingConfig", {})
    if isinstance(limit := scaling.get("MaximumConcurrency"), dict):
        # It compares the parameter's text with a number.
        scaling["MaximumConcurrency"] = int(defaults[limit["Ref"]])

    return facts
