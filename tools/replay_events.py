"""
What every event of `events/` is answered, for comparing two versions of the gateway:

    python tools/replay_events.py > after.json
    (cd OTHER_CHECKOUT && python THIS_CHECKOUT/tools/replay_events.py > before.json) && diff before.json after.json

It plays them against the functions in the folder that it is run in, with an AWS of its own, and imports nothing of the
gateway by name. Ids, times and durations are masked, as no two runs have the same.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

HERE = Path.cwd()
ORDER = ("submit", "worker", "poll", "dead_letter", "cancel")
"""Jobs go through the functions in this order; all other events are the sync function's."""
FUNCTIONS = {"submit": "submit", "poll": "status", "cancel": "status", "worker": "worker", "dead_letter": "worker"}
TABLES = {"JOBS_TABLE": "id", "KEYS_TABLE": "key_hash", "CACHE_TABLE": "cache_key"}
MASKS = (
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3}(Z|\+00:?00)", "TIME"),
    (r'(latency|created)(\\*": ?)[\d.]+', r"\1\g<2>0"),
)


class Context:
    function_name = "replay"
    memory_limit_in_mb = "1024"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:replay"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


def main() -> None:
    sys.path[:0] = [str(HERE / "layers/gateway/python"), str(HERE)]
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    prepare("http://{}:{}".format(*server.get_host_and_port()))
    answers = dict(replayed())
    sys.stdout.write(json.dumps(answers, indent=1, sort_keys=True) + "\n")
    sys.stdout.flush()
    os._exit(0)


def prepare(url: str) -> None:
    """Point the functions' environment at an AWS with everything that they need in it."""
    os.environ |= {
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "MASTER_KEY": "sk-local",
        **{name: name for name in TABLES},
        "PAYLOAD_BUCKET": "payloads",
        "DEAD_LETTER_QUEUE_ARN": "arn:aws:sqs:eu-west-1:123456789012:DeadLetterQueue",
    }
    os.environ["JOBS_QUEUE_URL"] = boto3.client("sqs").create_queue(QueueName="JobsQueue")["QueueUrl"]
    place = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket="payloads", CreateBucketConfiguration=place)
    for name, key in TABLES.items():
        boto3.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )


def replayed() -> Iterator[tuple[str, Any]]:
    """The name of each event and its masked answer."""
    names = sorted(path.stem for path in (HERE / "events").glob("*.json"))
    with redirect_stdout(StringIO()):
        handlers = {name: load(name) for name in ("rerank", "submit", "status", "worker")}
    for name in sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else -1):
        event = json.loads((HERE / "events" / f"{name}.json").read_text("utf-8"))
        with redirect_stdout(StringIO()):
            answer = handlers[FUNCTIONS.get(name, "rerank")](event, Context())
        yield name, masked(json.dumps(answer))


def load(name: str) -> Any:
    """The handler of the function called *name*."""
    spec = spec_from_file_location(f"function_{name}", HERE / "functions" / name / "app.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    return module.handler


def masked(text: str) -> str:
    for pattern, mask in MASKS:
        text = re.sub(pattern, mask, text)

    return text


if __name__ == "__main__":
    main()
