"""What template.yaml and the code must agree on."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.references import resolve
from local.cloudformation.template import Function, Template
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES
from rerank_gateway.domain.batches.batch import COMPLETION_WINDOW_S, MAX_RESULTS_TTL_S
from rerank_gateway.domain.batches.chunks import ChunkState, index_key, part_key
from rerank_gateway.domain.jobs.job import (
    MAX_JOB_AGE_S,
    MESSAGE_RETENTION_S,
    UNFINISHED_TTL_S,
)
from rerank_gateway.domain.jobs.result_ttl import MAX_RESULT_TTL_S
from rerank_gateway.entry.wiring.settings import Settings
from rerank_gateway.entry.worker.byte_budget import ByteBudget
from rerank_gateway.use_cases.jobs.isolate import MAX_SHARED_CLAIMS
from rerank_gateway.use_cases.jobs.run import BACKOFF, MAX_CLAIMS, WAKING

TEMPLATE = Template.read(Path(__file__).parents[1] / "template.yaml")
RESOURCES = TEMPLATE.content["Resources"]
CPU = {"CpuModel": "s3://my-models/rerank/"}
FOR_OTHERS = {
    "AWS_ENDPOINT_URL",
    "POWERTOOLS_LOG_LEVEL",
    "PYDANTIC_DISABLE_PLUGINS",
    "MALLOC_MMAP_THRESHOLD_",
    "STACK_REVISION",
}


@pytest.fixture(params=TEMPLATE.functions, ids=lambda function: function.name)
def function(request: pytest.FixtureRequest) -> Function:
    declared: Function = request.param

    return declared


def test_each_function_answers_the_routes_that_lead_to_it(function: Function) -> None:
    """
    API Gateway sends a function just what its table of routes has.
    """
    app: Any = import_module(f"functions.{function.file.parent.name}.app")

    assert set(function.routes) == set(getattr(app, "ROUTES", ()))


def test_each_variable_is_a_setting(function: Function) -> None:
    """
    A typo in a variable's name would be a setting that nobody reads.
    """
    ours = {name.upper() for name in Settings.__slots__}

    assert set(function.variables) - FOR_OTHERS <= ours


@pytest.mark.parametrize("emulator", ["", "http://127.0.0.1:4566"])
def test_an_emulator_has_all_of_a_functions_calls(function: Function, emulator: str) -> None:
    """
    Where the stack names none it is AWS: whoever reads the variable takes an empty one for none.
    """
    declared = TEMPLATE.content["Parameters"]["AwsEndpointUrl"]
    values = {**TEMPLATE.parameter_defaults, **({"AwsEndpointUrl": emulator} if emulator else {})}

    assert re.fullmatch(declared["AllowedPattern"], emulator)
    assert resolve(function.variables["AWS_ENDPOINT_URL"], values) == emulator


def test_strangers_keys_are_passed_on_by_one_function() -> None:
    """
    Only if the operator wants it; and who takes jobs on can say why it does not.
    """
    declared = TEMPLATE.content["Parameters"]["AllowDirectKeys"]
    told = {each.name for each in TEMPLATE.functions if "ALLOW_DIRECT_KEYS" in each.variables}

    assert declared["Default"] == "false"
    assert told == {"RerankFunction", "SubmitFunction"}


def test_jobs_expire_by_the_tables_own_doing() -> None:
    """
    The attribute that every item has is the one that DynamoDB looks at.
    """
    table = TEMPLATE.resources("AWS::DynamoDB::Table")["JobsTable"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


WORKER = next(function for function in TEMPLATE.functions if function.name == "WorkerFunction")
QUEUE, DEAD_LETTERS = (TEMPLATE.resources("AWS::SQS::Queue")[name] for name in ("JobsQueue", "DeadLetterQueue"))
SQS_MAX_RECEIVE_COUNT, SQS_MAX_VISIBILITY_S = 1000, 12 * 3600


@pytest.mark.parametrize("queue", [QUEUE, DEAD_LETTERS], ids=["jobs", "dead letters"])
def test_a_message_is_hidden_longer_than_its_worker_lives(queue: Any) -> None:
    """
    AWS recommends six times the function's timeout for the queue of an event source.
    """
    assert queue["VisibilityTimeout"] >= 6 * WORKER.timeout_seconds


def test_deliveries_cannot_end_a_job_before_its_age_does() -> None:
    """
    Even if every pause were the shortest that may be drawn, a job of busy providers uses a fraction of its deliveries.
    """
    receives, seconds = 0, 0.0
    while seconds < MAX_JOB_AGE_S:
        seconds += min(BACKOFF.max_s, BACKOFF.first_s * 2.0**receives) * (1 - BACKOFF.jitter)
        receives += 1

    assert MAX_JOB_AGE_S / (WAKING.first_s * (1 - WAKING.jitter)) < QUEUE["RedrivePolicy"]["maxReceiveCount"]
    assert receives < QUEUE["RedrivePolicy"]["maxReceiveCount"] / 10
    assert QUEUE["RedrivePolicy"]["maxReceiveCount"] <= SQS_MAX_RECEIVE_COUNT


def test_dead_workers_end_a_job_before_its_age_does() -> None:
    """
    All the claims that a job has, each followed by a visibility timeout, take less time than it may be tried for.
    """
    assert (MAX_CLAIMS + 1) * QUEUE["VisibilityTimeout"] < MAX_JOB_AGE_S
    assert MAX_SHARED_CLAIMS < MAX_CLAIMS


def test_what_a_job_needs_outlives_it() -> None:
    """
    Its longest pause fits into what SQS can hide; then message, item and payload go in this order, a day apart or more.
    """
    rules = {rule["Id"]: rule for rule in RESOURCES["PayloadBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]}

    assert MAX_JOB_AGE_S + WORKER.timeout_seconds < SQS_MAX_VISIBILITY_S
    assert MAX_JOB_AGE_S + SQS_MAX_VISIBILITY_S < QUEUE["MessageRetentionPeriod"] == MESSAGE_RETENTION_S
    assert DEAD_LETTERS["MessageRetentionPeriod"] > MESSAGE_RETENTION_S
    assert MESSAGE_RETENTION_S + MAX_JOB_AGE_S < UNFINISHED_TTL_S
    assert rules["payloads"]["ExpirationInDays"] * 86_400 >= MESSAGE_RETENTION_S + 86_400
    assert rules["results"]["ExpirationInDays"] * 86_400 >= MAX_RESULT_TTL_S + 86_400


def test_what_came_of_lines_outlives_what_it_is_for() -> None:
    """
    The results can be written even if the messages about the file, about a chunk and about them had all the bad luck.
    """
    rules = {
        rule["Prefix"]: rule for rule in RESOURCES["PayloadBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    }
    queues = TEMPLATE.resources("AWS::SQS::Queue")
    living, dead = (queues[name]["MessageRetentionPeriod"] for name in ("BatchesQueue", "BatchesDeadLetterQueue"))
    kept = {prefix: rule["ExpirationInDays"] * 86_400 for prefix, rule in rules.items()}

    assert COMPLETION_WINDOW_S < living < dead
    for key in (part_key(ChunkState("batch_1", 0), "a"), index_key("batch_1")):
        [prefix] = [each for each in kept if key.startswith(each) and each != "batches/"]
        assert living + dead + living <= kept[prefix] < kept["batches/"]
    assert kept["batches/"] >= MAX_RESULTS_TTL_S + 86_400


def test_no_step_of_a_batch_is_lost_in_silence() -> None:
    """
    A message that no worker can deal with in time becomes a dead letter, which an alarm is about, before it expires.
    """
    queue = TEMPLATE.resources("AWS::SQS::Queue")["BatchesQueue"]

    assert queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"] < queue["MessageRetentionPeriod"]


def test_the_worker_has_a_memory_of_its_own() -> None:
    """
    At the least, a batch of usual requests fits into it side by side.
    """
    memory = RESOURCES["WorkerFunction"]["Properties"]["MemorySize"]
    declared = TEMPLATE.content["Parameters"]["WorkerMemorySize"]

    assert memory == {"Ref": "WorkerMemorySize"}
    assert ByteBudget.of(declared["MinValue"]).total >= 10 * MAX_INLINE_BYTES


def there(section: str, **parameters: str) -> set[str]:
    """What of the template's *section* there is with these *parameters*."""
    return set(TEMPLATE.there(section, {**TEMPLATE.parameter_defaults, **parameters}))


@pytest.mark.parametrize(("architecture", "layer"), [("arm64", "CpuLayerArm64"), ("x86_64", "CpuLayerX8664")])
def test_without_a_model_there_is_no_cross_encoder(architecture: str, layer: str) -> None:
    """
    The function is there with CpuModel, with its log and the layer for its architecture, and gone without.
    """
    with_model = there("Resources", **CPU, Architecture=architecture)

    assert with_model - there("Resources", Architecture=architecture) == {"CpuFunction", "CpuLog", layer}
    assert there("Outputs", **CPU) - there("Outputs") == {"CpuModelName"}


def test_the_cross_encoder_has_nothing_of_the_gateways() -> None:
    """
    No layer of dependencies, no variable but its own, no permission but to read its model.
    """
    facts = RESOURCES["CpuFunction"]
    key, policy = facts["Properties"]["Policies"]
    [statement] = policy["Statement"]
    resource, place = statement["Resource"]["Fn::Sub"]

    assert key["Fn::If"][0] == "HasKmsKey"
    assert {"Layers", "MemorySize", "VpcConfig", "AutoPublishAlias"} <= set(facts["IgnoreGlobals"])
    assert facts["Properties"]["Layers"] == [
        {"Fn::If": ["HasCpuModelOnArm", {"Ref": "CpuLayerArm64"}, {"Ref": "CpuLayerX8664"}]},
        {"Ref": "GatewayLayer"},
    ]
    assert facts["Properties"]["Environment"]["Variables"] == {"CPU_MODEL": {"Ref": "CpuModel"}}
    assert "Events" not in facts["Properties"]
    assert (statement["Action"], resource) == ("s3:GetObject", "arn:${AWS::Partition}:s3:::${Place}*")
    assert place == {"Place": {"Fn::Join": ["", {"Fn::Split": ["s3://", {"Ref": "CpuModel"}]}]}}


@pytest.mark.parametrize("address", ["", "s3://my-models/", "s3://my-models/rerank/v1/"])
def test_a_model_is_a_place_in_s3(address: str) -> None:
    """
    With a slash at its end, so that no neighbour whose name begins the same can be read.
    """
    pattern = TEMPLATE.content["Parameters"]["CpuModel"]["AllowedPattern"]

    assert re.fullmatch(pattern, address)
    assert not re.fullmatch(pattern, f"{address}model") or not address
    assert not any(re.fullmatch(pattern, each) for each in ("s3://B/", "s3://my-models/*/", "https://x/", "s3://a/"))


def test_the_gateway_splits_for_the_cross_encoder() -> None:
    """
    Its name ends as that of the provider's examples, and its log says what the gateway cannot see.
    """
    properties = RESOURCES["CpuFunction"]["Properties"]

    assert properties["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-cpu-reranker"}
    assert TEMPLATE.content["Outputs"]["CpuModelName"]["Value"] == {"Fn::Sub": "lambda/${AWS::StackName}-cpu-reranker"}
    assert properties["Timeout"] > 29  # a sync request's: nobody waits for longer but jobs


READS = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"}


def actions_on(table: str, facts: Any) -> set[str]:
    """What the function with these *facts* may do to a table; a policy that is none of its own can do nothing there."""
    statements = [each for policy in facts["Policies"] for each in policy.get("Statement", ())]
    allowed = [each["Action"] for each in statements if {"Fn::GetAtt": [table, "Arn"]} in _listed(each["Resource"])]

    return {action for actions in allowed for action in _listed(actions)}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_one_function_alone_writes_keys() -> None:
    """
    That which manages them; the others look one up, by the hash of a token that they have been given.
    """
    functions = TEMPLATE.resources("AWS::Serverless::Function").items()
    on_keys = {name: actions_on("KeysTable", facts) for name, facts in functions}

    assert {name for name, actions in on_keys.items() if actions - READS} == {"AdminFunction"}
    assert {action for name, actions in on_keys.items() if name != "AdminFunction" for action in actions} == {
        "dynamodb:GetItem"
    }
    assert actions_on("UsageTable", dict(functions)["AdminFunction"]) <= READS


def test_only_what_ranks_may_ask_aws() -> None:
    """
    The functions that rank have the policy, the others have none.
    """
    functions = TEMPLATE.resources("AWS::Serverless::Function").items()

    assert {name for name, facts in functions if {"Ref": "AskAws"} in facts["Policies"]} == {
        "RerankFunction",
        "WorkerFunction",
        "BatchWorkerFunction",
    }


def test_aws_is_asked_for_rankings_only() -> None:
    """
    One function and one endpoint, if there are any, and the models on Bedrock that rank.
    """
    rerank, models, cpu, gpu = RESOURCES["AskAws"]["Properties"]["PolicyDocument"]["Statement"]
    condition, endpoint, nothing = gpu["Fn::If"]
    cpu_condition, function, no_function = cpu["Fn::If"]

    assert [rerank["Action"], models["Action"], function["Action"], endpoint["Action"]] == [
        "bedrock:Rerank",
        "bedrock:InvokeModel",
        "lambda:InvokeFunction",
        "sagemaker:InvokeEndpoint",
    ]
    assert all(".rerank-*" in arn["Fn::Sub"] for arn in models["Resource"])
    assert (cpu_condition, function["Resource"]) == ("HasCpuModel", {"Fn::GetAtt": ["CpuFunction", "Arn"]})
    assert no_function == nothing
    assert (condition, nothing) == ("HasSageMakerEndpoint", {"Ref": "AWS::NoValue"})
    assert [each["Fn::Sub"].partition("${AWS::AccountId}:")[2] for each in endpoint["Resource"]] == [
        "endpoint/${SageMakerEndpoint}",
        "inference-component/${SageMakerEndpoint}",
    ]


STACK_NAME_LENGTH, MAX_POLICY_BYTES = 32, 20_480
"""A name that is longer than most, and what Lambda takes, for an alias as for a function."""
STATEMENT = (
    '{"Sid":"-%s%sPermission-123456789012","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":'
    '"lambda:InvokeFunction","Resource":"arn:aws:lambda:ap-southeast-2:123456789012:function:-%s-123456789012:live",'
    '"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:ap-southeast-2:123456789012:abcdefghij/*/%s%s"}}},'
)


@pytest.mark.parametrize("name", [function.name for function in TEMPLATE.functions])
def test_a_functions_policy_has_room_for_its_routes(name: str) -> None:
    """
    SAM lets API Gateway call an alias by one statement for each route, whatever other routes there are.
    """
    events = RESOURCES[name]["Properties"].get("Events", {})
    routes = {event: facts["Properties"] for event, facts in events.items()}
    texts = [STATEMENT % (name, event, name, r.get("Method", ""), r.get("Path", "")) for event, r in routes.items()]

    assert sum(len(text) + 2 * STACK_NAME_LENGTH for text in texts) < MAX_POLICY_BYTES
