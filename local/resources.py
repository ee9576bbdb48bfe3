"""What template.yaml declares, made in an embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from graphlib import TopologicalSorter
from typing import Any

from local import embedded_aws
from local.references import Known, filled_in, referred
from local.template import Template

Properties = Mapping[str, Any]


def created(template: Template, address: str) -> Known:
    """Make the *template*'s resources in the AWS at *address*; what references stand for, these and parameters."""
    known = dict(template.defaults)
    for kind, (service, make) in MAKERS.items():
        declared = template.resources(kind)
        with closing(embedded_aws.client(service, address)) as client:
            for name in _after_what_they_need(declared):
                known |= make(client, name, filled_in(declared[name], known))

    return known


def _after_what_they_need(declared: Mapping[str, Properties]) -> Iterable[str]:
    """The names in *declared*, those that others refer to before them: a queue's dead-letter queue comes first."""
    needs = {name: declared.keys() & set(referred(properties)) for name, properties in declared.items()}

    return TopologicalSorter(needs).static_order()


def _table(dynamodb: Any, name: str, properties: Properties) -> Known:
    said = {word: properties[word] for word in TABLE_WORDS if word in properties}
    arn = dynamodb.create_table(TableName=name, **said)["TableDescription"]["TableArn"]
    if expiry := properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)

    return {name: name, f"{name}.Arn": arn}


def _secret(secrets: Any, name: str, properties: Properties) -> Known:
    text = properties.get("SecretString")
    if text is None:
        text = secrets.get_random_password(**properties["GenerateSecretString"])["RandomPassword"]

    return {name: secrets.create_secret(Name=name, SecretString=text)["ARN"]}


def _queue(sqs: Any, name: str, properties: Properties) -> Known:
    said = {word: str(properties[word]) for word in QUEUE_WORDS if word in properties}
    if redrive := properties.get("RedrivePolicy"):
        said["RedrivePolicy"] = json.dumps(redrive)
    url = sqs.create_queue(QueueName=name, Attributes=said)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    return {name: url, f"{name}.Arn": arn}


def _bucket(s3: Any, name: str, _: Properties) -> Known:
    # S3 knows no capitals.
    bucket, region = name.lower(), s3.meta.region_name
    # The one region that S3 does not want to hear of.
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **place)

    return {name: bucket, f"{name}.Arn": f"arn:aws:s3:::{bucket}"}


TABLE_WORDS = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)
QUEUE_WORDS = (
    "DelaySeconds",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "VisibilityTimeout",
)
MAKERS: Mapping[str, tuple[str, Callable[[Any, str, Properties], Known]]] = {
    "AWS::DynamoDB::Table": ("dynamodb", _table),
    "AWS::SecretsManager::Secret": ("secretsmanager", _secret),
    "AWS::SQS::Queue": ("sqs", _queue),
    "AWS::S3::Bucket": ("s3", _bucket),
}
