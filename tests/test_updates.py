"""How an update of the stack takes over, by the template."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.template import Template

TEMPLATE = Template.read(Path(__file__).parents[1] / "template.yaml")
RESOURCES = TEMPLATE.content["Resources"]
GLOBALS = TEMPLATE.content["Globals"]["Function"]
PUBLISHED = {
    name: facts["Properties"]
    for name, facts in RESOURCES.items()
    if facts["Type"] == "AWS::Serverless::Function" and "AutoPublishAlias" not in facts.get("IgnoreGlobals", ())
}
QUEUES = (
    "JobsQueue",
    "DeadLetterQueue",
    "BatchesQueue",
    "BatchesDeadLetterQueue",
    "WebhooksQueue",
    "WebhooksDeadLetterQueue",
)


def parameters_in(value: Any) -> set[str]:
    """The template's parameters that *value* names, however deep inside."""
    return set(re.findall(r"\w+", str(value))) & set(TEMPLATE.content["Parameters"])


def test_all_but_the_cross_encoder_take_over_bit_by_bit() -> None:
    """
    Each has an alias that an update moves as the parameter says, unless invocations crash.
    """
    preference = GLOBALS["DeploymentPreference"]

    assert set(PUBLISHED) == set(TEMPLATE.resources("AWS::Serverless::Function")) - {"CpuFunction"}
    assert GLOBALS["AutoPublishAlias"] == "live"
    assert preference["Type"] == {"Ref": "DeploymentType"}
    assert {"Ref": "Crashes"} in preference["Alarms"]
    assert TEMPLATE.parameter_defaults["DeploymentType"] == "Canary10Percent5Minutes"


@pytest.mark.parametrize("name", ["DependenciesLayer", "GatewayLayer"])
def test_a_change_of_a_layer_is_a_new_version(name: str) -> None:
    """
    The functions' own code hardly ever changes; SAM looks at layers only where both sides ask it to.
    """
    assert RESOURCES[name]["Properties"]["PublishLambdaVersion"] is True
    assert all(facts["AutoPublishAliasAllProperties"] is True for facts in PUBLISHED.values())


def test_a_change_of_a_parameter_is_a_new_version() -> None:
    """
    Each parameter that a function is made of stands where its change replaces the versions.
    """
    told = parameters_in(RESOURCES["StayInside"]["Properties"]["Description"])
    made_of = parameters_in([GLOBALS["Environment"], *(facts["Environment"] for facts in PUBLISHED.values())])
    made_of |= parameters_in(
        [GLOBALS[word] for word in ("Architectures", "KmsKeyArn", "MemorySize", "SnapStart", "Tracing", "VpcConfig")]
    )
    made_of |= parameters_in([facts.get("MemorySize") for facts in PUBLISHED.values()])

    assert made_of - {"StayInside"} == told
    assert all(facts["VersionDescription"] == {"Ref": "StayInside"} for facts in PUBLISHED.values())


def test_each_function_changes_with_its_version() -> None:
    """
    Lambda makes no new version of a function that is as it was, and CloudFormation fails where one is asked for.
    """
    assert GLOBALS["Environment"]["Variables"]["STACK_REVISION"] == {"Ref": "StayInside"}


def test_queues_send_to_the_alias() -> None:
    """
    Otherwise jobs would go over to a new version at once, and with all its faults.
    """
    mappings = TEMPLATE.resources("AWS::Lambda::EventSourceMapping").values()

    workers = ["WorkerFunction"] * 2 + ["BatchWorkerFunction"] * 2 + ["WebhooksFunction"]
    assert [facts["FunctionName"] for facts in mappings] == [{"Ref": f"{name}.Alias"} for name in workers]


def test_the_deployment_may_move_each_alias_and_no_other() -> None:
    """
    By name of each function of the stack.
    """
    [policy] = RESOURCES["DeploymentRole"]["Properties"]["Policies"]
    move, look = policy["PolicyDocument"]["Statement"]

    assert {arn["Fn::Sub"] for arn in move["Resource"]} == {f"${{{name}.Arn}}*" for name in PUBLISHED}
    assert look["Action"] == "cloudwatch:DescribeAlarms"


def test_queues_are_reached_by_tls_only() -> None:
    """
    Each has a policy that denies the rest.
    """
    policies = TEMPLATE.resources("AWS::SQS::QueuePolicy").values()
    denied = {
        queue["Ref"]: statement
        for facts in policies
        for queue in facts["Queues"]
        for statement in facts["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
    }

    assert set(denied) == set(QUEUES)
    assert all(
        statement["Condition"] == {"Bool": {"aws:SecureTransport": False}}
        and statement["Resource"] == {"Fn::GetAtt": [queue, "Arn"]}
        for queue, statement in denied.items()
    )


def test_what_cannot_be_made_again_is_protected() -> None:
    """
    Keys and usage outlive the stack, and nobody deletes their tables by mistake.
    """
    for name in ("KeysTable", "UsageTable"):
        assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
        assert RESOURCES[name]["Properties"]["DeletionProtectionEnabled"] is True


def test_logs_have_names_that_api_gateway_needs_no_room_for() -> None:
    """
    Under /aws/vendedlogs/ they are not named one by one in the account's policy for logs, which is short.
    """
    names = {
        name: facts["LogGroupName"]["Fn::Sub"] for name, facts in TEMPLATE.resources("AWS::Logs::LogGroup").items()
    }

    assert all(each.startswith("/aws/vendedlogs/${AWS::StackName}/") for each in names.values())
    assert len(set(names.values())) == len(names)
