"""What became of the jobs of an account, by its own records."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tests.crash.account import Account

Item = Mapping[str, Mapping[str, Any]]


def job(account: Account, job_id: str) -> Item:
    item: Item = account.clients["dynamodb"].get_item(TableName=account.name, Key={"id": {"S": job_id}})["Item"]

    return item


def statuses(account: Account) -> dict[str, str]:
    return {item["id"]["S"]: item["status"]["S"] for item in items(account)}


def best(account: Account) -> dict[str, Any]:
    """For each job the first result of the answer that was recorded."""
    answers = {item["id"]["S"]: json.loads(zlib.decompress(item["outcome"]["B"])) for item in items(account)}

    return {job_id: answer["results"][0] for job_id, answer in answers.items()}


def endings(account: Account) -> dict[str, list[str]]:
    """For each job the status of each end that was written. A second one has overwritten the first."""
    finished: dict[str, dict[str, str]] = defaultdict(dict)
    for item in _changes(account):
        # One end may be written to several times, as when it is told of. Another one has another time.
        if "completed_at" in item:
            finished[item["id"]["S"]][item["completed_at"]["N"]] = item["status"]["S"]

    return {job_id: list(ends.values()) for job_id, ends in finished.items()}


def holders(account: Account) -> dict[str, set[str]]:
    """For each job all who ever had its lease."""
    held = defaultdict(set)
    for item in _changes(account):
        if "lease_holder" in item:
            held[item["id"]["S"]].add(item["lease_holder"]["S"])

    return dict(held)


def announced(account: Account) -> dict[str, list[str]]:
    """For each job the kinds of events that told of it."""
    sqs, told = account.clients["sqs"], defaultdict(list)
    while messages := sqs.receive_message(QueueUrl=account.told, MaxNumberOfMessages=10).get("Messages"):
        for event in (json.loads(message["Body"]) for message in messages):
            told[event["detail"]["id"]].append(event["detail-type"])

    return dict(told)


def items(account: Account) -> Iterator[Item]:
    pages = account.clients["dynamodb"].get_paginator("scan").paginate(TableName=account.name, ConsistentRead=True)
    for page in pages:
        yield from page["Items"]


def _changes(account: Account) -> Iterator[Item]:
    """Every item of the table after every write, in order."""
    streams = account.clients["dynamodbstreams"]
    (shard,) = streams.describe_stream(StreamArn=account.stream)["StreamDescription"]["Shards"]
    start = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    place = streams.get_shard_iterator(StreamArn=account.stream, **start)["ShardIterator"]
    while records := (page := streams.get_records(ShardIterator=place))["Records"]:
        yield from (record["dynamodb"]["NewImage"] for record in records)
        place = page["NextShardIterator"]
