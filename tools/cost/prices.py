"""What AWS asks, in USD: list prices of us-east-1. None is checked against a bill."""

from __future__ import annotations

MILLION = 1_000_000
HOURS = 730
"""In a month."""

HTTP_API = 1.00
"""API Gateway, for a million requests."""
LAMBDA_REQUESTS = 0.20
LAMBDA_GB_SECOND = 0.0000133334
"""On arm64."""
LOG_GB = 0.50
"""Taken in by CloudWatch."""
METRIC = 0.30
"""One of one's own, for a month in which it is sent all the time."""
ALARM_METRIC = 0.10
"""Each metric that an alarm looks at, for a month."""
TRACES = 5.00
"""X-Ray, for a million that are recorded."""
TRACED = 0.05
"""Which share Lambda records, beside one a second."""
SECRET = 0.40
"""For a month."""
SQS = 0.40
"""For a million calls, of up to 64 KB each."""
EVENT = 1.00
"""EventBridge, for a million, however many a call."""
WRITE, READ = 0.625, 0.125
"""DynamoDB, on demand, for a million: a write of up to a kilobyte, and a consistent read of up to four."""

IN_TRANSACTION = 2
"""What a write costs in one, beside one that is none."""
S3_PUT, S3_GET, S3_GB = 5.00, 0.40, 0.023
"""For a million; and a GB, for a month."""

CALLS = {
    "AWSEvents.PutEvents": EVENT,
    "AmazonSQS.ChangeMessageVisibilityBatch": SQS,
    "AmazonSQS.SendMessage": SQS,
    "AmazonSQS.SendMessageBatch": SQS,
    "DynamoDB.GetItem": READ,
    "DynamoDB.PutItem": WRITE,
    "DynamoDB.TransactWriteItems": 2 * IN_TRANSACTION * WRITE,
    "DynamoDB.UpdateItem": WRITE,
    "S3.GET": S3_GET,
    "S3.PUT": S3_PUT,
}
"""For a million of each, of which a transaction has two items."""

FARGATE_VCPU_HOUR, FARGATE_GB_HOUR = 0.04048, 0.004445
LOAD_BALANCER_HOUR, LOAD_BALANCER_UNIT_HOUR = 0.0225, 0.008
POSTGRES_HOUR, POSTGRES_GB = 0.016, 0.115
"""RDS, db.t4g.micro in one zone, and a GB of gp3 for a month."""

NOBODY = "from memory, November 2026"
SOURCES = {
    f"API Gateway, HTTP API: {HTTP_API:.2f} a million": "second-hand, November 2026",
    f"Lambda: {LAMBDA_REQUESTS:.2f} a million, {LAMBDA_GB_SECOND:.10f} a GB-second (arm64)": (
        "cloudchipr.com/blog/aws-lambda-pricing (2024)"
    ),
    f"CloudWatch: {LOG_GB:.2f} a GB of log": "duckbillgroup.com, on Lambda's log tiers (May 2025)",
    f"CloudWatch: {METRIC:.2f} a metric, {ALARM_METRIC:.2f} a metric of an alarm": NOBODY,
    f"X-Ray: {TRACES:.2f} a million traces": "aws.amazon.com/xray/pricing (as stored, 2025)",
    f"Secrets Manager: {SECRET:.2f} a secret": NOBODY,
    f"SQS: {SQS:.2f} a million": "cloudburn.io/blog/amazon-sqs-pricing (March 2026)",
    f"EventBridge: {EVENT:.2f} a million": "blog.awsfundamentals.com/aws-eventbridge-pricing-guide",
    f"DynamoDB: {WRITE} a million writes, {READ} reads": (
        "airbyte.com/data-engineering-resources/dynamodb-pricing (July 2025)"
    ),
    f"S3: {S3_PUT:.2f} a million writes, {S3_GET:.2f} reads, {S3_GB} a GB and month": NOBODY,
    f"Fargate: {FARGATE_VCPU_HOUR} a vCPU-hour, {FARGATE_GB_HOUR} a GB-hour": (
        "fortem.dev/blog/aws-fargate-pricing-real-costs (2026)"
    ),
    "the load balancer, RDS": NOBODY,
}
"""Where each of them was read, and when."""
