"""The AWS in this process, and what of the template is made in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any
from urllib.parse import unquote_plus

import pytest

from local.aws.embedded_aws import start_embedded_aws
from local.aws.resources import create_resources
from local.cloudformation.references import ReferenceValues
from local.cloudformation.template import TEMPLATE_PATH, Template
from tests.local.conftest import client_of

ARN = "arn:aws:sqs:eu-west-1:123456789012"

Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def aws() -> str:
    return start_embedded_aws({})


@pytest.fixture(scope="module")
def values(aws: str) -> ReferenceValues:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "local")
        environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")

        return create_resources(Template.read(TEMPLATE_PATH), aws)


@pytest.fixture
def client(aws: str) -> Iterator[Client]:
    made: dict[str, Any] = {}
    yield lambda service: made.setdefault(service, client_of(service, aws, "eu-west-1"))
    for each in made.values():
        each.close()


def test_references_stand_for_what_is_there(values: ReferenceValues, client: Client) -> None:
    """
    A queue's reference is its URL, a table's and a bucket's its name; ARNs are there for all of them.
    """
    assert client("sqs").get_queue_url(QueueName="JobsQueue")["QueueUrl"] == values["JobsQueue"]
    assert (values["JobsQueue.Arn"], values["DeadLetterQueue.Arn"]) == (f"{ARN}:JobsQueue", f"{ARN}:DeadLetterQueue")
    assert values["JobsTable"] in client("dynamodb").list_tables()["TableNames"]
    assert (values["PayloadBucket"], values["PayloadBucket.Arn"]) == ("payloadbucket", "arn:aws:s3:::payloadbucket")
    assert client("s3").head_bucket(Bucket=values["PayloadBucket"])


def test_the_queue_is_as_declared(values: ReferenceValues, client: Client) -> None:
    """
    The queue has the template's times and hands what nobody can work on to the dead-letter queue.
    """
    asked = client("sqs").get_queue_attributes(QueueUrl=values["JobsQueue"], AttributeNames=["All"])["Attributes"]

    declared = Template.read(TEMPLATE_PATH).resources("AWS::SQS::Queue")["JobsQueue"]
    assert asked["VisibilityTimeout"] == str(declared["VisibilityTimeout"])
    assert asked["MessageRetentionPeriod"] == str(declared["MessageRetentionPeriod"])
    assert json.loads(asked["RedrivePolicy"]) == {
        "deadLetterTargetArn": values["DeadLetterQueue.Arn"],
        "maxReceiveCount": declared["RedrivePolicy"]["maxReceiveCount"],
    }


def test_the_first_that_a_queue_hears_of_the_bucket_is_an_object(values: ReferenceValues, client: Client) -> None:
    """
    And not S3's own message that the bucket was told of the queue.
    """
    client("s3").put_object(Bucket=values["PayloadBucket"], Key="batches/in/a/b.jsonl", Body=b"{}")

    received = client("sqs").receive_message(QueueUrl=values["BatchesQueue"], MaxNumberOfMessages=10)["Messages"]
    [[told]] = [json.loads(message["Body"])["Records"] for message in received]
    assert unquote_plus(told["s3"]["object"]["key"]) == "batches/in/a/b.jsonl"


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads that take turns a thousand times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("restless_threads")
def test_of_writes_that_expect_the_same_one_succeeds(values: ReferenceValues, client: Client) -> None:
    """
    When several workers claim a job at the same moment, one has it; so it is with DynamoDB.
    """
    dynamodb = client("dynamodb")
    taken = dynamodb.exceptions.ConditionalCheckFailedException

    def claimed(number: int) -> bool:
        try:
            dynamodb.update_item(
                TableName=values["JobsTable"],
                Key={"id": {"S": f"job-{number // 8}"}},
                UpdateExpression="SET lease_holder = :holder",
                ConditionExpression="attribute_not_exists(lease_holder)",
                ExpressionAttributeValues={":holder": {"S": str(number)}},
            )
        except taken:
            return False

        return True

    with ThreadPoolExecutor(8) as workers:
        claims = sum(workers.map(claimed, range(400)))

    assert claims == 50


def test_who_waits_for_messages_keeps_nobody_out(values: ReferenceValues, client: Client) -> None:
    """
    A message that is sent while somebody waits for one arrives at once.
    """
    sqs, began = client("sqs"), monotonic()

    with ThreadPoolExecutor(1) as waiting:
        received = waiting.submit(sqs.receive_message, QueueUrl=values["DeadLetterQueue"], WaitTimeSeconds=20)
        sqs.send_message(QueueUrl=values["DeadLetterQueue"], MessageBody="here")
        [message] = received.result()["Messages"]

    assert message["Body"] == "here"
    assert monotonic() - began < 5
