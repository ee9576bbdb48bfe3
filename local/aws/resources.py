"""What template.yaml declares, created in an embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from graphlib import TopologicalSorter
from typing import Any

from local.aws.embedded_aws import create_client
from local.cloudformation.references import ReferenceValues, referenced_names, substitute
from local.cloudformation.template import Template

Properties = Mapping[str, Any]


def create_resources(template: Template, address: str) -> ReferenceValues:
    """Create the *template*'s resources in the AWS at *address*; the values of references to them and to parameters."""
    values = dict(template.parameter_defaults)
    for kind, (service, create) in CREATORS.items():
        declared = template.resources(kind)
        with closing(create_client(service, address)) as client:
            for name in _dependencies_first(declared):
                values |= create(client, name, substitute(declared[name], values))

    return values


def _dependencies_first(declared: Mapping[str, Properties]) -> Iterable[str]:
    """The names in *declared*, those that others refer to before them: a queue's dead-letter queue comes first."""
    dependencies = {name: declared.keys() & set(referenced_names(properties)) for name, properties in declared.items()}

    return TopologicalSorter(dependencies).static_order()


def _create_table(dynamodb: Any, name: str, properties: Properties) -> ReferenceValues:
    options = {word: properties[word] for word in TABLE_PROPERTIES if word in properties}
    arn = dynamodb.create_table(TableName=name, **options)["TableDescription"]["TableArn"]
    if time_to_live := properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live)

    return {name: name, f"{name}.Arn": arn}


def _create_secret(secrets: Any, name: str, properties: Properties) -> ReferenceValues:
    text = properties.get("SecretString")
    if text is None:
        text = secrets.get_random_password(**properties["GenerateSecretString"])["RandomPassword"]

    return {name: secrets.create_secret(Name=name, SecretString=text)["ARN"]}


def _create_queue(sqs: Any, name: str, properties: Properties) -> ReferenceValues:
    attributes = {word: str(properties[word]) for word in QUEUE_ATTRIBUTES if word in properties}
    if redrive_policy := properties.get("RedrivePolicy"):
        attributes["RedrivePolicy"] = json.dumps(redrive_policy)
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    return {name: url, f"{name}.Arn": arn}


def _create_bucket(s3: Any, name: str, properties: Properties) -> ReferenceValues:
    # S3 knows no capitals.
    bucket, region = name.lower(), s3.meta.region_name
    # The one region that S3 does not want to hear of.
    options = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **options)
    if notifications := properties.get("NotificationConfiguration"):
        queues = [_to_queue(each) for each in notifications["QueueConfigurations"]]
        s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={"QueueConfigurations": queues}
        )
        _discard_test_events(s3.meta.endpoint_url, [queue["QueueArn"] for queue in queues])

    return {name: bucket, f"{name}.Arn": f"arn:aws:s3:::{bucket}"}


def _to_queue(declared: Properties) -> Properties:
    """What CloudFormation calls otherwise than S3 itself does."""
    rules = declared["Filter"]["S3Key"]["Rules"]

    return {
        "QueueArn": declared["Queue"],
        "Events": [declared["Event"]],
        "Filter": {"Key": {"FilterRules": rules}},
    }


def _discard_test_events(address: str, queue_arns: Iterable[str]) -> None:
    """Empty these queues of what S3 tries them with, so that the console tells of nothing but work."""
    with closing(create_client("sqs", address)) as sqs:
        for arn in queue_arns:
            sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"])


TABLE_PROPERTIES = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)
QUEUE_ATTRIBUTES = (
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)
CREATORS: Mapping[str, tuple[str, Callable[[Any, str, Properties], ReferenceValues]]] = {
    "AWS::DynamoDB::Table": ("dynamodb", _create_table),
    "AWS::SecretsManager::Secret": ("secretsmanager", _create_secret),
    "AWS::SQS::Queue": ("sqs", _create_queue),
    "AWS::S3::Bucket": ("s3", _create_bucket),
}
