"""What AWS asks, in USD: list prices of us-east-1 as known in November 2026, not checked against a bill."""

from __future__ import annotations

MILLION = 1_000_000
HOURS = 730
"""In a month."""

HTTP_API = 1.00
"""API Gateway, for a million requests (aws.amazon.com/api-gateway/pricing)."""
LAMBDA_REQUESTS = 0.20
LAMBDA_GB_SECOND = 0.0000133334
"""On arm64 (aws.amazon.com/lambda/pricing)."""
LOG_GB = 0.50
"""Taken in by CloudWatch (aws.amazon.com/cloudwatch/pricing)."""
METRIC = 0.30
"""One of one's own, for a month in which it is sent all the time."""
ALARM_METRIC = 0.10
"""Each metric that an alarm looks at, for a month."""
TRACES = 5.00
"""X-Ray, for a million that are recorded; Lambda records every twentieth (aws.amazon.com/xray/pricing)."""
TRACED = 0.05
SECRET = 0.40
"""For a month (aws.amazon.com/secrets-manager/pricing)."""

CALLS = {
    "AWSEvents.PutEvents": 1.00,
    "AmazonSQS.SendMessage": 0.40,
    "DynamoDB.GetItem": 0.125,
    "DynamoDB.PutItem": 0.625,
    "DynamoDB.UpdateItem": 0.625,
}
"""For a million: a read or write of up to a kilobyte (aws.amazon.com/dynamodb/pricing/on-demand, …)."""

FARGATE_VCPU_HOUR, FARGATE_GB_HOUR = 0.04048, 0.004445
LOAD_BALANCER_HOUR, LOAD_BALANCER_UNIT_HOUR = 0.0225, 0.008
POSTGRES_HOUR, POSTGRES_GB = 0.016, 0.115
"""RDS, db.t4g.micro in one zone, and a GB of gp3 for a month (aws.amazon.com/rds/postgresql/pricing)."""
