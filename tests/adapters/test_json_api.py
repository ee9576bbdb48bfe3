"""Calls to AWS without its SDK: what is sent, where to, and what becomes of each reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.session import Session

from rerank_gateway.adapters.aws.json_api import DYNAMODB, SECRETS_MANAGER, SSM, AwsError, AwsJsonApi, JsonService
from rerank_gateway.adapters.aws.patience import BACKOFF, FAIL_FAST, STUBBORN, Patience
from rerank_gateway.adapters.aws.ssm_parameters import SsmParameters
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from tests.adapters.test_aws_signer import signature, without_credentials
from tests.embedded_aws import aws_api
from tests.fakes import FakeClock
from tests.upstream import Answer, Upstream, says, upstream

SERVICES = (DYNAMODB, SECRETS_MANAGER, SSM)
ITEM = {"Item": {"id": {"S": "j"}}}
REQUEST = {"TableName": "keys", "Key": {"id": {"S": "é"}}}
BUSY = says({"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}, 400)
BROKEN = says({"__type": "InternalServerError"}, 500)
Start = Callable[..., Upstream]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Has AWS say this, and then that; the server that does."""
    servers = []

    def start(*answers: Answer) -> Upstream:
        servers.append(upstream(*answers))
        server = servers[-1].__enter__()
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

        return server

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def get_item(api: AwsJsonApi, deadline: Deadline | None = None) -> Any:
    return api.call("GetItem", REQUEST, deadline)


def test_the_wire_is_that_of_awss_own_sdk(aws: Start) -> None:
    """
    boto3 sends the same: method, path, operation, content type, token and body, with a signature that fits.
    """
    server = aws(says(ITEM))

    get_item(aws_api(DYNAMODB))
    boto3.Session(region_name="eu-west-1").client("dynamodb").get_item(**REQUEST)

    ours, theirs = server.questions
    assert (ours.method, ours.path, ours.json) == (theirs.method, theirs.path, theirs.json)
    for header in ("x-amz-target", "content-type", "x-amz-security-token"):
        assert ours.headers[header] == theirs.headers[header]
    assert ours.headers["authorization"].endswith(f"Signature={signature(ours, 'secret')}")
    assert "/eu-west-1/dynamodb/aws4_request," in ours.headers["authorization"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_is_called_by_its_names_in_awss_own_sdk(service: JsonService) -> None:
    """
    Of the operation, the version of the protocol, the signature and the variable with another address.
    """
    model = Session().get_service_model(service.name)

    assert service.target == model.metadata["targetPrefix"]
    assert service.version == model.metadata["jsonVersion"]
    assert service.name == model.signing_name
    assert service.variable == model.service_id.replace(" ", "_").upper()


@pytest.mark.parametrize(
    "region", ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1"]
)
def test_a_service_is_where_awss_own_sdk_finds_it(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    """
    In China's partition, Europe's own and all others.
    """
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)

    for service in SERVICES:
        session = aws_api(service).session
        with closing(boto3.Session(region_name=region).client(service.name)) as client:
            assert session.endpoint(service.name, service.variable) == f"{client.meta.endpoint_url}/"


def test_an_address_of_ones_own_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One service's before that of all, as with AWS's own SDKs.
    """
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9000/secrets/")

    addresses = [aws_api(service).session.endpoint(service.name, service.variable) for service in SERVICES]

    assert addresses == ["http://127.0.0.1:4566/", "http://127.0.0.1:9000/secrets/", "http://127.0.0.1:4566/"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(BUSY, id="throttled"),
        pytest.param(BROKEN, id="broken"),
        pytest.param(says(b""), id="empty"),
        pytest.param(says(json.dumps(ITEM).encode()[:-1]), id="broken off"),
        pytest.param(says([]), id="a list"),
        pytest.param(lambda connection: connection.close(), id="hung up"),
        pytest.param(says(b"<html>", 503), id="a proxy's page"),
    ],
)
def test_a_call_is_tried_once_more(aws: Start, bad: Answer) -> None:
    """
    After a short, drawn pause, where another try may succeed; a second failure is one.
    """
    server, clock = aws(bad, says(ITEM), bad), FakeClock()

    found = get_item(aws_api(DYNAMODB, clock=clock))
    with pytest.raises(AwsError):
        get_item(aws_api(DYNAMODB, Patience(tries=1)))

    assert found == ITEM
    assert len(server.questions) == 3
    assert [0 <= pause <= BACKOFF.max_s for pause in clock.slept] == [True]


def test_who_is_stubborn_comes_again_when_all_come_at_once(aws: Start) -> None:
    """
    Several times, after pauses that grow: AWS says at once that it has no time. An outage is no such reason.
    """
    throttled = says({"__type": "ThrottlingException"}, 400)
    server, clock = aws(*[throttled] * 5, says(ITEM), *[says(b"", 503)] * 2), FakeClock()
    stubborn = aws_api(DYNAMODB, STUBBORN, clock)

    found = get_item(stubborn)
    with pytest.raises(AwsError):
        get_item(stubborn)

    assert found == ITEM
    assert len(server.questions) == 8
    assert 0 < sum(clock.slept[:5]) <= 6.2


def test_a_call_that_fails_twice_has_failed(aws: Start) -> None:
    """
    A caller is waiting. What is known of the cause is the operation and AWS's own word.
    """
    server = aws(BUSY)

    with pytest.raises(AwsError) as failed:
        get_item(aws_api(DYNAMODB, clock=FakeClock(), what="the key store"))

    assert len(server.questions) == 2
    assert failed.value.message == "the key store cannot be reached at the moment"
    assert failed.value.cause == "dynamodb.GetItem ProvisionedThroughputExceededException"
    assert failed.value.is_outage


@pytest.mark.parametrize(
    ("name", "is_outage"),
    [
        ("com.amazon.coral.service#AccessDeniedException", False),
        ("ResourceNotFoundException", False),
        ("ConditionalCheckFailedException", True),
        ("ValidationException:http://internal.amazon.com/coral/", True),
    ],
)
def test_a_no_is_an_answer(aws: Start, name: str, is_outage: bool) -> None:
    """
    It is not tried again; who is denied access may not go on with what was true before.
    """
    server = aws(says({"__type": name, "message": "secret", "CancellationReasons": [1]}, 400))

    with pytest.raises(AwsError) as refused:
        get_item(aws_api(DYNAMODB))

    assert len(server.questions) == 1
    assert refused.value.name in name
    assert refused.value.reply["CancellationReasons"] == [1]
    assert refused.value.is_outage == is_outage
    assert "secret" not in refused.value.message + refused.value.cause


def test_a_service_that_hangs_is_left_in_time(aws: Start) -> None:
    """
    Each try has its own span, for all of the reply; what can be done without has half a second and one try.
    """
    server = aws(lambda connection: None)

    with pytest.raises(AwsError, match="it cannot be reached") as failed:
        get_item(aws_api(DYNAMODB, Patience(tries=2, seconds=0.1)))

    assert len(server.questions) == 2
    assert failed.value.cause == "dynamodb.GetItem TimeoutError"
    assert (Patience(), FAIL_FAST) == (Patience(2, 4.0), Patience(1, 0.5))


def test_no_call_begins_that_could_not_end_in_time(aws: Start) -> None:
    """
    A write that is cut off may have happened: with less time than a try may take, AWS is not asked.
    """
    server, clock = aws(says(ITEM)), FakeClock()

    with pytest.raises(AwsError) as late:
        get_item(aws_api(DYNAMODB, clock=clock), Deadline.after(clock, 3.9))
    get_item(aws_api(DYNAMODB, clock=clock), Deadline.after(clock, 4.1))

    assert late.value.cause == "dynamodb.GetItem DeadlineTooNear"
    assert len(server.questions) == 1


def test_without_credentials_nothing_is_asked(aws: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It is an outage of ours, whose cause the operator reads.
    """
    server = aws(says(ITEM))
    without_credentials(monkeypatch)

    with pytest.raises(Unavailable) as missing:
        get_item(aws_api(DYNAMODB))

    assert (server.questions, missing.value.cause) == ([], "NoCredentials")


def test_a_parameter_is_read_decrypted(aws: Start) -> None:
    """
    A configuration may be kept as a SecureString; a version that is gone is none, a parameter that is not there is an
    error.
    """
    found, gone = {"Parameter": {"Value": "[limits]", "Version": 3}}, says({"__type": "ParameterVersionNotFound"}, 400)
    server = aws(says(found), gone, says({"__type": "ParameterNotFound"}, 400))
    parameters = SsmParameters(aws_api(SSM))

    assert parameters.read("/gateway/config") == ("[limits]", "3")
    assert parameters.read("/gateway/config", "2") is None
    with pytest.raises(AwsError, match="cannot be reached"):
        parameters.read("/gateway/other")
    assert [(asked.json["Name"], asked.json["WithDecryption"]) for asked in server.questions] == [
        ("/gateway/config", True),
        ("/gateway/config:2", True),
        ("/gateway/other", True),
    ]
