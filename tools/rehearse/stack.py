"""A stack as its operator has it: deployed and removed by the SAM CLI, asked by the Lambda API."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from tools.rehearse.emulator import ACCOUNT

ALIAS = "live"
"""SAM's name for the version that is in force; routes and queues go there."""


@dataclass(frozen=True)
class Sam:
    """The SAM CLI at *program*, for the AWS at *address*."""

    program: Path
    address: str

    def __call__(self, *arguments: str) -> None:
        """Raises CalledProcessError, whose output says what went wrong."""
        variables = {**os.environ, **ACCOUNT, "AWS_ENDPOINT_URL": self.address, "SAM_CLI_TELEMETRY": "0"}
        command = [str(self.program), *arguments]
        subprocess.run(command, env=variables, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@dataclass(frozen=True)
class Stack:
    """The stack of this *name*, made of *template* with *parameters*."""

    name: str
    sam: Sam
    template: Path
    parameters: Mapping[str, str]

    def deploy(self, changed: Mapping[str, str] | None = None) -> None:
        """Create the stack, or update it; with *changed* parameters, if any."""
        parameters = {"AwsEndpointUrl": self.sam.address, **self.parameters, **(changed or {})}
        self.sam(
            "deploy",
            *("--template-file", str(self.template), "--stack-name", self.name, "--region", ACCOUNT["AWS_REGION"]),
            *("--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--no-progressbar"),
            *("--parameter-overrides", *(f'{name}="{value}"' for name, value in parameters.items())),
        )

    def remove(self) -> None:
        """As `make destroy` does: the bucket is emptied first. What `sam deploy` has uploaded goes, too."""
        s3, bucket = self.client("s3"), self.resources["PayloadBucket"]
        for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
            s3.delete_object(Bucket=bucket, Key=each["Key"])
        self.sam("delete", "--no-prompts", "--stack-name", self.name, "--region", ACCOUNT["AWS_REGION"])

    @property
    def resources(self) -> Mapping[str, str]:
        """What AWS calls each resource, by its name in the template."""
        listed = self.client("cloudformation").describe_stack_resources(StackName=self.name)["StackResources"]

        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.sam.address,
            region_name=ACCOUNT["AWS_REGION"],
            aws_access_key_id=ACCOUNT["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=ACCOUNT["AWS_SECRET_ACCESS_KEY"],
        )

    @cached_property
    def master_key(self) -> str:
        secret = self.client("secretsmanager").get_secret_value(SecretId=self.resources["MasterKey"])
        text: str = secret["SecretString"]

        return text

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """What the version of *function* that is in force makes of *event*. Raises RuntimeError where it fails."""
        resources = self.resources
        # Not every function has versions.
        version = {"Qualifier": ALIAS} if f"{function}Alias{ALIAS}" in resources else {}
        reply = self.client("lambda").invoke(
            FunctionName=resources[function], Payload=json.dumps(event).encode(), **version
        )
        content = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise RuntimeError(f"{function}: {content}")

        return content
