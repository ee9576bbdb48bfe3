"""An AWS in this process: moto on a port of its own, with what template.yaml declares. In the end all is forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import closing
from typing import Any

from local.template import Template

Made = Mapping[str, str]
"""What references to a new resource stand for."""


def started(variables: MutableMapping[str, str]) -> str:
    """Start it, point boto3 at it by way of the environment's *variables*, and return its address."""
    # Half a second, which whoever has another AWS need not wait.
    from moto.server import ThreadedMotoServer

    # It announces every request otherwise.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    _point_at(address, host, variables)

    return address


def _point_at(address: str, host: str, variables: MutableMapping[str, str]) -> None:
    variables["AWS_ENDPOINT_URL"] = address
    variables.setdefault("AWS_ACCESS_KEY_ID", "local")
    variables.setdefault("AWS_SECRET_ACCESS_KEY", "local")
    direct = variables.get("no_proxy") or variables.get("NO_PROXY")
    variables["no_proxy"] = f"{direct},{host}" if direct else host


def created(template: Template, address: str) -> Made:
    """Make the *template*'s resources, and return what references to them stand for."""
    known: dict[str, str] = {}
    for kind, (service, make) in MAKERS.items():
        with closing(_client(service, address)) as client:
            for name, properties in template.resources(kind).items():
                known |= make(client, name, properties)

    return known


def _client(service: str, address: str) -> Any:
    import boto3

    # The address is spelt out: whatever else the environment says, nothing is ever made in a real account.
    return boto3.client(service, endpoint_url=address)


def _table(dynamodb: Any, name: str, properties: Mapping[str, Any]) -> Made:
    said = {word: properties[word] for word in TABLE_WORDS if word in properties}
    arn = dynamodb.create_table(TableName=name, **said)["TableDescription"]["TableArn"]
    if expiry := properties.get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)

    return {name: name, f"{name}.Arn": arn}


def _secret(secrets: Any, name: str, properties: Mapping[str, Any]) -> Made:
    text = properties.get("SecretString")
    if text is None:
        text = secrets.get_random_password(**properties["GenerateSecretString"])["RandomPassword"]

    return {name: secrets.create_secret(Name=name, SecretString=text)["ARN"]}


TABLE_WORDS = (
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
)
MAKERS: Mapping[str, tuple[str, Callable[[Any, str, Mapping[str, Any]], Made]]] = {
    "AWS::DynamoDB::Table": ("dynamodb", _table),
    "AWS::SecretsManager::Secret": ("secretsmanager", _secret),
}
