"""What is read from template.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.cloudformation.references import referenced_names, substitute
from local.cloudformation.template import EventSourceMapping, Template
from local.environment import set_function_variables, set_local_defaults, wants_json

TEMPLATE = """
Parameters:
  Size: { Type: Number, Default: 512 }
  Config: { Type: String, Default: "" }
  Wanted: { Type: String }
Globals:
  Function:
    Handler: app.handler
    MemorySize: !Ref Size
    Environment:
      Variables: { CONFIG: !Ref Config, TABLE: !Ref Table, LEVEL: INFO, PROVIDER_SECRETS_ARN: !Ref Secret }
Resources:
  Status:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/status
      Timeout: 5
      Environment:
        Variables: { LEVEL: DEBUG, ARN: !GetAtt Table.Arn, WANTED: !Ref Wanted, SUM: !Sub "${Table}-x", FLAG: true }
      Events:
        Read: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: get, Path: "/v1/jobs/{id}" } }
        Rest: { Type: HttpApi, Properties: { ApiId: !Ref Api } }
        Nightly: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
  Worker:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: functions/worker, Handler: main.work }
  Jobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Worker, BatchSize: 5 }
  OtherJobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt OtherQueue.Arn, FunctionName: !Ref Worker }
  Table:
    Type: AWS::DynamoDB::Table
    Properties: { KeySchema: [{ AttributeName: id, KeyType: HASH }] }
"""


@pytest.fixture
def template(tmp_path: Path) -> Template:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, "utf-8")

    return Template.read(path)


def test_functions_are_as_declared(template: Template) -> None:
    """
    A function has its own properties, the common ones where it has none, and Lambda's defaults where those have none.
    """
    status, worker = template.functions

    assert (template.folder / "functions/status/app.py", "handler") == (status.file, status.handler)
    assert (template.folder / "functions/worker/main.py", "work") == (worker.file, worker.handler)
    assert [(function.timeout_seconds, function.memory_mb) for function in template.functions] == [(5, 512), (3, 512)]


def test_only_http_events_are_routes(template: Template) -> None:
    """
    The HTTP API's events are routes, one without a path the default one; schedules and queues are not.
    """
    status, worker = template.functions

    assert status.routes == ("GET /v1/jobs/{id}", "$default")
    assert worker.routes == ()


def test_resources_are_found_by_kind(template: Template) -> None:
    """
    What is to be made of one kind is there by name.
    """
    tables = template.resources("AWS::DynamoDB::Table")

    assert tables == {"Table": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}}


def test_queues_that_are_known_feed_functions(template: Template) -> None:
    """
    An event source mapping says which function gets a queue's messages; one of an unknown queue is not there.
    """
    mappings = list(template.event_source_mappings({"Queue.Arn": "arn:queue"}))

    assert mappings == [EventSourceMapping("arn:queue", "Worker", 5)]


def test_references_are_found_and_substituted_anywhere() -> None:
    """
    However deep references lie, they are found, and what they stand for takes their place.
    """
    policy = {"target": {"Fn::GetAtt": ["Dead", "Arn"]}, "tries": [{"Ref": "Tries"}, 3]}

    assert list(referenced_names(policy)) == ["Dead", "Tries"]
    assert substitute(policy, {"Dead.Arn": "arn:dead", "Tries": "2"}) == {"target": "arn:dead", "tries": ["2", 3]}


def test_variables_are_resolved(template: Template) -> None:
    """
    References become what they stand for, and a variable whose reference stands for nothing here is left out.
    """
    variables: dict[str, str] = {}

    set_function_variables(
        variables,
        template.functions[:1],
        {**template.parameter_defaults, "Table": "t", "Table.Arn": "arn:t", "Secret": "s"},
    )

    assert variables == {"CONFIG": "", "TABLE": "t", "ARN": "arn:t", "LEVEL": "DEBUG", "FLAG": "true"}


def test_the_users_variables_win(template: Template) -> None:
    """
    What is set in the environment stays, even when it is set to nothing.
    """
    variables = {"TABLE": "", "LEVEL": "ERROR", "MASTER_KEY": "sk-mine", "POWERTOOLS_LOG_LEVEL": "INFO"}

    set_local_defaults(variables)
    set_function_variables(variables, template.functions, {"Table": "t"})

    assert (variables["TABLE"], variables["LEVEL"]) == ("", "ERROR")
    assert (variables["MASTER_KEY"], variables["POWERTOOLS_LOG_LEVEL"]) == ("sk-mine", "INFO")


def test_there_is_always_a_key() -> None:
    """
    The key is sk-local where the user has set none.
    """
    variables = {"MASTER_KEY": ""}

    set_local_defaults(variables)

    assert variables["MASTER_KEY"] == "sk-local"


def test_the_functions_log_is_shown_to_who_wants_it() -> None:
    """
    `make run LOG=json` has their lines instead of the console's.
    """
    variables = {"LOG": "json"}

    set_local_defaults(variables)

    assert wants_json(variables)
    assert variables["POWERTOOLS_LOG_LEVEL"] == "INFO"
