"""What the gateway does for one request or job, as tests/functions/test_cost.py counts it in the running code."""

from __future__ import annotations

from collections.abc import Mapping

Calls = Mapping[str, float]

MASTER: Calls = {}
"""A request with the master key, in an environment that has answered before."""
VIRTUAL: Calls = {}
"""With a virtual key that has no limits."""
LIMITED: Calls = {"DynamoDB.UpdateItem": 1.0}
"""With one that has a limit in dollars: reserved before, and settled once more only where it cost something else."""
SUBMIT: Calls = {"AmazonSQS.SendMessage": 1.0, "DynamoDB.PutItem": 1.0}
RUN: Calls = {"AWSEvents.PutEvents": 1.0, "DynamoDB.UpdateItem": 3.0}
"""In a batch of ten."""
POLL: Calls = {"DynamoDB.GetItem": 1.0}

COLD: Calls = {"AmazonSSM.GetParameter": 1, "secretsmanager.GetSecretValue": 2}
"""A new environment's first request, with the master key."""

LINE_BYTES = 1_300
"""A request's line in the log at the most."""
PLATFORM_BYTES = 500
"""Lambda's own three lines about an invocation, and API Gateway's one. From AWS's examples, not measured."""
