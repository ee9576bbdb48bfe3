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
INDEXED = 1.0
"""Writes to the index of a key's jobs, which belong to the first of these and are no call of their own."""
RUN: Calls = {"DynamoDB.UpdateItem": 2.0}
"""In a batch of ten: claimed, and ended."""
TOLD: Calls = {"AWSEvents.PutEvents": 1.0, "DynamoDB.UpdateItem": 1.0}
"""And an event about its end, with a note that it was sent."""
POLL: Calls = {"DynamoDB.GetItem": 1.0}

CHUNKED: Calls = {"AmazonSQS.SendMessageBatch": 0.1}
"""For a chunk of a batch: queued with nine others,"""
CHUNK: Calls = {
    "AmazonSQS.ChangeMessageVisibilityBatch": 0.1,
    "DynamoDB.GetItem": 2.0,
    "DynamoDB.TransactWriteItems": 1.0,
    "DynamoDB.UpdateItem": 1.0,
    "S3.GET": 2.0,
    "S3.PUT": 1.0,
}
"""worked on beside them within five seconds, after each of which it would be recorded once more,"""
MERGED: Calls = {"S3.GET": 1.0}
"""and put among the results."""
RESERVED: Calls = {"DynamoDB.UpdateItem": 0.1}
"""For a line whose key has limits, by a worker that has done hundreds of them: it reserves for many at a time."""
RECORDED: Calls = {"DynamoDB.GetItem": 1.0, "DynamoDB.TransactWriteItems": 1.0, "S3.GET": 1.0, "S3.PUT": 1.0}
"""What it takes to record a chunk once more, and to read that again."""

QUEUES = 5
"""Those that Lambda looks into, whether there is a message or not."""
WATCHED, MAILED = 4, 31
"""Metrics that the alarm looks at which is always there, and all those that write to `AlarmEmail`."""
LOOKS_A_SECOND = 5 / 20
"""Into each: five at a time, and each waits 20 seconds for a message (AWS's guide, "Using Lambda with SQS")."""
COLD: Calls = {"AmazonSSM.GetParameter": 1, "secretsmanager.GetSecretValue": 2}
"""A new environment's first request, with the master key."""

SYNC_LINE, SUBMIT_LINE, RUN_LINE, POLL_LINE, BATCH_LINE = "sync", "submit", "run", "poll", "batch"
WHOLE: Mapping[str, int] = {SYNC_LINE: 1_100, SUBMIT_LINE: 790, RUN_LINE: 1_280, POLL_LINE: 660, BATCH_LINE: 560}
"""
Bytes at the most of a line of the log about what went well, by what it tells of: a batch's line with its share of the
metrics that are told of all together.
"""
BRIEF: Mapping[str, int] = {SYNC_LINE: 840, SUBMIT_LINE: 590, RUN_LINE: 1_020, POLL_LINE: 490, BATCH_LINE: 200}
"""The same of those that `LoggedSuccesses` has made brief."""
NAME_BYTES = 40
"""By which the names of a stack and its function are longer than those in the tests."""
ENDPOINT_LINE = 130
"""Bytes of API Gateway's own line, by its format in the template. Lambda writes none about what went well."""
