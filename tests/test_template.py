"""What template.yaml and the code must agree on."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from local.template import Function, Template
from rerank_gateway.entry.wiring import Settings

TEMPLATE = Template.read(Path(__file__).parents[1] / "template.yaml")
FOR_OTHERS = {"AWS_ENDPOINT_URL", "POWERTOOLS_LOG_LEVEL", "PYDANTIC_DISABLE_PLUGINS"}


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


def test_jobs_expire_by_the_tables_own_doing() -> None:
    """
    The attribute that every item has is the one that DynamoDB looks at.
    """
    table = TEMPLATE.resources("AWS::DynamoDB::Table")["JobsTable"]

    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_a_message_is_hidden_longer_than_its_worker_lives() -> None:
    """
    AWS recommends six times the function's timeout for the queue of an event source.
    """
    [worker] = [function for function in TEMPLATE.functions if function.name == "WorkerFunction"]

    assert TEMPLATE.resources("AWS::SQS::Queue")["JobsQueue"]["VisibilityTimeout"] >= 6 * worker.timeout
