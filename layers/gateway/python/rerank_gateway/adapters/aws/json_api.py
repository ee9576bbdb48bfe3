"""
Those services of AWS's that speak JSON (the protocols AWS JSON 1.0 and 1.1), over the gateway's own transport.

boto3 takes a fifth of a second to load, which a caller waits for in a cold start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json

from rerank_gateway.adapters.aws.error_names import REFUSALS, THROTTLING, TRANSIENT, error_name
from rerank_gateway.adapters.aws.patience import BACKOFF, PATIENT, Patience
from rerank_gateway.adapters.aws.session import AwsSession
from rerank_gateway.adapters.aws.signature import Scope, sign
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetError, Unavailable


@dataclass(frozen=True, slots=True)
class JsonService:
    """*name* is that of its host and in its signature, *variable* that in AWS_ENDPOINT_URL_VARIABLE."""

    name: str
    variable: str
    target: str
    version: str


DYNAMODB = JsonService("dynamodb", "DYNAMODB", "DynamoDB_20120810", "1.0")
EVENTBRIDGE = JsonService("events", "EVENTBRIDGE", "AWSEvents", "1.1")
SECRETS_MANAGER = JsonService("secretsmanager", "SECRETS_MANAGER", "secretsmanager", "1.1")
SQS = JsonService("sqs", "SQS", "AmazonSQS", "1.0")
SSM = JsonService("ssm", "SSM", "AmazonSSM", "1.1")


class AwsError(Unavailable):
    """A call that came to nothing. *name* is AWS's word for that, "" if it said none; *reply* is all that it said."""

    def __init__(self, what: str, cause: str, name: str = "", reply: Mapping[str, Any] | None = None) -> None:
        is_outage = name not in REFUSALS
        super().__init__(f"{what} cannot be reached at the moment", cause=cause, is_outage=is_outage)
        self.name, self.reply = name, reply or {}


class TransientError(AwsError):
    """Another try may succeed."""


@dataclass(frozen=True, slots=True)
class AwsJsonApi:
    """
    The API of a *service*, for *what* of the gateway's own lies there, as callers are told when it is out of reach.
    Values are as boto3's clients have them, except that bytes are base64 text.
    """

    session: AwsSession
    service: JsonService
    what: str
    patience: Patience = PATIENT

    def call(self, operation: str, parameters: Mapping[str, Any], deadline: Deadline | None = None) -> dict[str, Any]:
        """
        The service's reply, all of it, before *deadline*. What it has done when there is none is not known.

        Raises AwsError, or Unavailable where there is nothing to sign with.
        """
        failures = 0
        while True:
            try:
                return self._try(operation, parameters, deadline)
            except TransientError as error:
                if not self.patience.allows(failures + 1, throttled=error.name in THROTTLING):
                    raise
                self.session.clock.sleep(BACKOFF.pause(failures, self.session.rng))
                failures += 1

    def _try(self, operation: str, parameters: Mapping[str, Any], deadline: Deadline | None) -> dict[str, Any]:
        call, seconds = f"{self.service.name}.{operation}", self.patience.seconds
        limit = deadline or Deadline.after(self.session.clock, seconds)
        # A write that is cut off halfway may have happened.
        if deadline and deadline.remaining() < seconds:
            raise AwsError(self.what, f"{call} DeadlineTooNear")
        try:
            response = self.session.transport().send(self.signed(operation, parameters), limit.within(seconds))
        except TargetError as error:
            raise TransientError(self.what, f"{call} {type(error.__cause__ or error).__name__}") from error

        return self.understood(call, response)

    def signed(self, operation: str, parameters: Mapping[str, Any]) -> ProviderRequest:
        """A call as it is sent, for a few minutes."""
        body, service, session = to_json(parameters), self.service, self.session
        url = session.endpoint(service.name, service.variable)
        headers = {
            "content-type": f"application/x-amz-json-{service.version}",
            "x-amz-target": f"{service.target}.{operation}",
        }
        scope, credentials = Scope(service.name, session.region), session.credentials.current()
        signed = sign(ProviderRequest(url, headers, body), scope, credentials, session.clock.epoch())

        return ProviderRequest(url, signed, body)

    def understood(self, call: str, response: ProviderResponse) -> dict[str, Any]:
        """
        What *response* to a *call* says. One that is empty or broken off is no reply: what is there would not be found.

        Raises AwsError.
        """
        reply = _object(response.body)
        if response.status == 200 and reply is not None:
            return reply
        if response.status == 200:
            raise TransientError(self.what, f"{call} BrokenReply")
        name = error_name(response)
        kind = TransientError if response.status >= 500 or name in TRANSIENT else AwsError
        raise kind(self.what, f"{call} {name or response.status}", name, reply)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = from_json(body)
    except ValueError:
        return None

    return found if isinstance(found, dict) else None
