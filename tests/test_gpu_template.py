"""What gpu/template.yaml, the gateway's template and the code must agree on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.template import Template
from rerank_gateway.adapters.providers.catalogue.sagemaker import PROVIDER as SAGEMAKER
from rerank_gateway.adapters.providers.catalogue.sagemaker_vllm import PROVIDER as VLLM
from tests.deployed import at, deployed

ROOT = Path(__file__).parents[1]
TEMPLATE = Template.read(ROOT / "gpu/template.yaml")
GATEWAY = Template.read(ROOT / "template.yaml").content["Parameters"]
PARAMETERS = TEMPLATE.content["Parameters"]
NAME, NO_VALUE = {"Ref": "EndpointName"}, {"Ref": "AWS::NoValue"}
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
SECRET = "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:hf/token-AbC123"


def properties_of(name: str) -> Any:
    return TEMPLATE.content["Resources"][name]["Properties"]


def allows(parameter: str, value: str) -> bool:
    return re.fullmatch(PARAMETERS[parameter]["AllowedPattern"], value) is not None


@pytest.mark.parametrize("name", [TEMPLATE.parameter_defaults["EndpointName"], "a-gpu-reranker", "team-2-gpu-reranker"])
def test_the_gateway_takes_the_endpoints_name(name: str) -> None:
    """
    The description of the provider knows it by its end, and the gateway's stack may be given it.
    """
    assert allows("EndpointName", name)
    assert not any(allows("EndpointName", each) for each in (name.upper(), f"{name}s", f"-{name}", "gpu-reranker"))
    assert re.fullmatch(GATEWAY["SageMakerEndpoint"]["AllowedPattern"], name)
    assert SAGEMAKER.model_headers(name) == {"x-amzn-sagemaker-inference-component": name}
    assert PARAMETERS["EndpointName"]["MaxLength"] == GATEWAY["SageMakerEndpoint"]["MaxLength"] == 63


def test_sam_deploys_it_as_a_stack_by_itself() -> None:
    """
    With the configuration that is called gpu, whose stack is another one than the gateway's.
    """
    by_name = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))

    assert (ROOT / by_name["gpu"]["deploy"]["parameters"]["template_file"]).samefile(ROOT / "gpu/template.yaml")
    assert len({by_name[name]["global"]["parameters"]["stack_name"] for name in ("default", "gpu")}) == 2


def test_it_sleeps_unless_it_is_asked() -> None:
    """
    Instances and copies may both be none, and are by default; one copy is started by who asks in vain.
    """
    [variant] = properties_of("EndpointConfig")["ProductionVariants"]
    alarm, waking, copies = (properties_of(name) for name in ("Asleep", "Waking", "Copies"))
    step = waking["StepScalingPolicyConfiguration"]
    fewest, most = {"Ref": "MinInstances"}, {"Ref": "MaxInstances"}

    assert TEMPLATE.parameter_defaults["MinInstances"] == "0"
    assert variant["ManagedInstanceScaling"] == {
        "Status": "ENABLED",
        "MinInstanceCount": fewest,
        "MaxInstanceCount": most,
    }
    assert (copies["MinCapacity"], copies["MaxCapacity"]) == (fewest, most)
    assert (alarm["MetricName"], alarm["AlarmActions"]) == ("NoCapacityInvocationFailures", [{"Ref": "Waking"}])
    assert (step["AdjustmentType"], step["StepAdjustments"]) == (
        "ExactCapacity",
        [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    )


def test_all_that_scales_means_the_same_component() -> None:
    """
    The endpoint's name is the component's, the alarm's and the scaling's.
    """
    copies = properties_of("Copies")
    policies = [properties_of(each)["ScalingTargetId"] for each in ("Scaling", "Waking")]

    assert properties_of("Component")["InferenceComponentName"] == NAME == properties_of("Endpoint")["EndpointName"]
    assert properties_of("Asleep")["Dimensions"] == [{"Name": "InferenceComponentName", "Value": NAME}]
    assert copies["ResourceId"] == {"Fn::Sub": "inference-component/${EndpointName}"}
    assert copies["ScalableDimension"] == "sagemaker:inference-component:DesiredCopyCount"
    assert policies == [{"Ref": "Copies"}] * 2
    assert properties_of("Log")["LogGroupName"]["Fn::Sub"].endswith("/InferenceComponents/${EndpointName}")


@pytest.mark.parametrize("hours", ["", "22-6", "0-23", "08-18"])
def test_a_schedule_is_two_hours(hours: str) -> None:
    """
    At the one an instance is kept awake, at the other it may sleep again.
    """
    condition, actions, nothing = properties_of("Copies")["ScheduledActions"]["Fn::If"]
    least = [action["ScalableTargetAction"] for action in actions]

    assert allows("Schedule", hours)
    assert not any(allows("Schedule", each) for each in ("24-6", "22", "22-", "cron(0 1 * * ? *)"))
    assert (condition, nothing) == ("HasSchedule", NO_VALUE)
    assert least == [{"MinCapacity": 1}, {"MinCapacity": {"Ref": "MinInstances"}}]
    assert all(action["Schedule"]["Fn::Sub"][0] == "cron(0 ${Hour} * * ? *)" for action in actions)


def test_another_server_has_its_own_name() -> None:
    """
    Callers say sagemaker_vllm/… where vLLM runs, whose requests are others.
    """
    condition, vllm, tei = TEMPLATE.content["Outputs"]["ModelName"]["Value"]["Fn::If"]

    assert condition == "RunsVllm"
    assert vllm["Fn::Sub"] == f"{VLLM.name}/${{EndpointName}}"
    assert tei["Fn::Sub"] == f"{SAGEMAKER.name}/${{EndpointName}}"


ENVIRONMENT = "Model.PrimaryContainer.Environment"
VLLM_IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:0.11"
VARIANTS: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({}, dict.fromkeys((f"{ENVIRONMENT}.{name}" for name in ("HF_TOKEN", "HF_MODEL_REVISION", "SM_VLLM_MODEL")), None)),
    ({"EndpointName": "two-gpu-reranker"}, {"Endpoint.EndpointName": "two-gpu-reranker"}),
    ({"ModelId": "a/b"}, {f"{ENVIRONMENT}.HF_MODEL_ID": "a/b"}),
    ({"ModelRevision": "1a2b"}, {f"{ENVIRONMENT}.HF_MODEL_REVISION": "1a2b", f"{ENVIRONMENT}.SM_VLLM_REVISION": None}),
    (
        {"Server": "vllm", "Image": VLLM_IMAGE, "ModelRevision": "1a2b"},
        {
            "Model.PrimaryContainer.Image": VLLM_IMAGE,
            f"{ENVIRONMENT}.SM_VLLM_MODEL": "BAAI/bge-reranker-v2-m3",
            f"{ENVIRONMENT}.SM_VLLM_REVISION": "1a2b",
        },
    ),
    (
        {"HuggingFaceToken": SECRET},
        {f"{ENVIRONMENT}.HF_TOKEN": f"{{{{resolve:secretsmanager:{SECRET}:SecretString}}}}"},
    ),
    ({"InstanceType": "ml.g6.xlarge"}, {"EndpointConfig.ProductionVariants.0.InstanceType": "ml.g6.xlarge"}),
    ({"MinInstances": "1", "MaxInstances": "4"}, {"Copies.MinCapacity": "1", "Copies.MaxCapacity": "4"}),
    ({"Schedule": "22-6"}, {"Copies.ScheduledActions.0.ScheduledActionName": "wake"}),
    ({"LogRetentionDays": "7"}, {"Log.RetentionInDays": "7"}),
    ({"PermissionsBoundary": BOUNDARY}, {"Role.PermissionsBoundary": BOUNDARY}),
]
"""Parameters, and what is at which place then; None for nothing."""


@pytest.mark.parametrize(("parameters", "expected"), VARIANTS)
def test_a_parameter_reaches_what_it_is_for(parameters: dict[str, str], expected: dict[str, Any]) -> None:
    """
    Each server is told its model in the variables that its image reads.
    """
    content = deployed(TEMPLATE, parameters)

    assert {place: at(content, place) for place in expected} == expected


def test_each_parameter_is_tried() -> None:
    """
    A new one has a line in the table.
    """
    assert {name for parameters, _ in VARIANTS for name in parameters} == set(PARAMETERS)


def test_a_token_is_never_a_parameter() -> None:
    """
    The stack is given a secret's ARN, and CloudFormation reads the secret; a token itself is refused.
    """
    assert allows("HuggingFaceToken", "")
    assert allows("HuggingFaceToken", SECRET)
    assert not allows("HuggingFaceToken", "hf_AbCdEfGh")


def test_what_is_replaced_has_no_name_of_its_own() -> None:
    """
    CloudFormation makes the new one before it deletes the old; only the endpoint is changed as it is.
    """
    assert "ModelName" not in properties_of("Model")
    assert "EndpointConfigName" not in properties_of("EndpointConfig")


def test_it_takes_what_the_gateway_sends_it() -> None:
    """
    The container's limits are those that the provider's description has for an endpoint of this name, or wider.
    """
    container = properties_of("Model")["PrimaryContainer"]["Environment"]

    limits = SAGEMAKER.profile(TEMPLATE.parameter_defaults["EndpointName"]).limits

    assert limits.documents == int(container["MAX_CLIENT_BATCH_SIZE"]) > 32
    assert limits.size is not None
    assert limits.size < int(container["PAYLOAD_LIMIT"]) == 6 * 1024 * 1024
    assert int(container["MAX_CONCURRENT_REQUESTS"]) % limits.documents == 0


def test_a_region_without_an_image_is_told_so() -> None:
    """
    The rule has the regions whose line in the mapping is an account's number; the other lines say "none".
    """
    accounts = {region: line["Account"] for region, line in TEMPLATE.content["Mappings"]["TeiImage"].items()}
    [assertion] = TEMPLATE.content["Rules"]["ARegionWithoutAnImageIsGivenOne"]["Assertions"]

    with_image = {region for region, account in accounts.items() if len(account) == 12 and account.isdigit()}
    regions, region = assertion["Assert"]["Fn::Contains"]
    assert len(with_image) > 25
    assert {accounts[each] for each in accounts.keys() - with_image} == {"none"}
    assert (set(regions), region) == (with_image, {"Ref": "AWS::Region"})


def test_the_container_may_do_little() -> None:
    """
    Pull its image, write its log, publish its metrics.
    """
    [policy] = properties_of("Role")["Policies"]
    allowed = [statement["Action"] for statement in policy["PolicyDocument"]["Statement"]]

    assert allowed == [
        "ecr:GetAuthorizationToken",
        ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "cloudwatch:PutMetricData",
    ]


def test_the_gateways_stack_has_nothing_of_it() -> None:
    """
    What fails here takes nothing back there, and a region without such a resource can have a gateway.
    """
    gateway = Template.read(ROOT / "template.yaml").content

    assert {each["Type"] for each in TEMPLATE.content["Resources"].values()} >= {"AWS::SageMaker::InferenceComponent"}
    assert not any("SageMaker" in each["Type"] for each in gateway["Resources"].values())
