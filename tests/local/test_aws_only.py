"""`python -m local.aws_only`, and the functions' events and settings that go with it."""

from __future__ import annotations

import json
import re
import shlex
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

import pytest

from local.cloudformation.template import TEMPLATE_PATH, Template
from rerank_gateway.domain.jobs.ids import idempotent_job_id
from tests.local.conftest import ROOT, client_of, run_module

TIMEOUT_SECONDS = 10.0
SETTINGS = json.loads((ROOT / "local/env-aws.json").read_text("utf-8"))["Parameters"]


def recorded(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / f"events/{name}.json").read_text("utf-8"))

    return event


def until(output: IO[str], last: str) -> str:
    """What *output* says up to the line that has the words *last*."""
    said = ""
    for line in output:
        said += line
        if last in line:
            return said

    raise AssertionError(f"no {last!r}: {said}")


@pytest.fixture(scope="module")
def banner() -> Iterator[str]:
    with run_module("local.aws_only", AWS_PORT="0", AWS_DEFAULT_REGION="eu-west-1") as process:
        assert process.stdout
        yield until(process.stdout, "names port")
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT_SECONDS) == 0


def test_it_has_what_the_functions_are_told(banner: str) -> None:
    """
    Under the names that the SAM CLI gives the functions, or that our settings for it do, everything is there.
    """
    [port] = re.findall(r"AWS listens on port (\d+), in eu-west-1,", banner)
    address = f"http://127.0.0.1:{port}"
    made = [client_of(service, address, "eu-west-1") for service in ("sqs", "s3", "dynamodb", "secretsmanager")]
    sqs, s3, dynamodb, secrets = made

    for queue in ("JOBS_QUEUE_URL", "BATCHES_QUEUE_URL", "WEBHOOKS_QUEUE_URL"):
        assert sqs.get_queue_url(QueueName=SETTINGS[queue].rpartition("/")[2])
    assert s3.head_bucket(Bucket=SETTINGS["PAYLOAD_BUCKET"])
    assert set(dynamodb.list_tables()["TableNames"]) == set(
        Template.read(TEMPLATE_PATH).resources("AWS::DynamoDB::Table")
    )
    assert secrets.get_secret_value(SecretId="ProviderSecrets")["SecretString"] == "{}"
    for each in made:
        each.close()


def test_its_commands_name_what_there_is(banner: str) -> None:
    """
    The commands call three functions of the template with three files of ours.
    """
    commands = [shlex.split(line) for line in banner.splitlines() if line.startswith("sam ")]

    functions = {function.name for function in Template.read(TEMPLATE_PATH).functions}
    assert len(commands) == 3
    assert {command[3] for command in commands} < functions
    assert all((ROOT / name).is_file() for command in commands for name in command[5::2])


def test_another_port_must_be_named_in_the_settings_too(banner: str) -> None:
    """
    The functions' settings have the usual port, and where that is not the one, the banner says so.
    """
    assert SETTINGS["AWS_ENDPOINT_URL"].endswith(":4566")
    assert "\nlocal/env-aws.json names port 4566: name " in banner


def test_a_taken_port_is_said_in_a_sentence() -> None:
    """
    Where another program has the port, one line says so.
    """
    with closing(socket.create_server(("0.0.0.0", 0))) as other:
        port = other.getsockname()[1]

        with run_module("local.aws_only", AWS_PORT=str(port)) as process:
            said, _ = process.communicate(timeout=TIMEOUT_SECONDS)

    assert said == f"Port {port} is taken: stop what runs there, or choose another one with AWS_PORT.\n"


def test_the_settings_are_some_that_the_template_has() -> None:
    """
    The SAM CLI drops settings that the template does not declare.
    """
    declared = {name for function in Template.read(TEMPLATE_PATH).functions for name in function.variables}

    assert set(SETTINGS) <= declared


def test_the_recorded_events_are_about_one_job() -> None:
    """
    What is submitted is what the worker gets and what is polled and cancelled, so that they can be tried in turn.
    """
    submitted = recorded("submit")
    job_id = idempotent_job_id("master", submitted["headers"]["idempotency-key"])

    message = recorded("worker")["Records"][0]
    assert message["messageAttributes"]["job"]["stringValue"] == job_id
    assert json.loads(message["body"]) == json.loads(submitted["body"])
    for name in ("poll", "cancel"):
        event = recorded(name)
        assert event["pathParameters"]["id"] == event["rawPath"].rpartition("/")[2] == job_id
