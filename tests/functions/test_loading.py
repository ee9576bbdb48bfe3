"""What it takes to load a function, and what its first event leaves behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

import functions.admin.app
import functions.rerank.app
import functions.status.app
import functions.submit.app
import functions.worker.app
from rerank_gateway.domain.keys import hash_of_token
from tests.adapters.providers import Recorded
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import event, invoke
from tests.functions.webhooks import Webhooks
from tests.tables import cache_table, keys_table
from tests.upstream import says, upstream

NAMES = ("rerank", "submit", "status", "admin", "worker")
FIRST_EVENTS: Mapping[str, tuple[Callable[..., Any], Mapping[str, Any]]] = {
    "rerank": (functions.rerank.app.handler, event("health")),
    "submit": (functions.submit.app.handler, event("submit") | {"headers": {}}),
    "status": (functions.status.app.handler, event("poll") | {"headers": {}}),
    "admin": (functions.admin.app.handler, event("key_current") | {"headers": {}}),
    "worker": (functions.worker.app.handler, {"Records": []}),
}
DEPLOYED = """
import sys
from tests.functions.gateway import rerank
answer = rerank(
    model="cohere/rerank-v3.5",
    top_n=2,
    cache={"type": "exact_match", "ttl": 60},
    headers={"authorization": "Bearer sk-team"},
)
assert answer.status == 200, answer.text
print("loaded:", *(name for name in ("boto3", "botocore.session", "botocore.auth", "urllib3") if name in sys.modules))
"""
JOB = """
import json, sys, time
from functions.status.app import handler as status
from functions.submit.app import handler as submit
from functions.webhooks.app import handler as webhooks
from functions.worker.app import handler as worker
from tests.fakes import FakeContext
from tests.functions.account import for_job
from tests.functions.gateway import event, to_response
submitted = event("submit") | {"body": '{"model": "local/bm25", "query": "a", "documents": ["a"]}'}
submitted["headers"] |= {"x-bf-async-webhook": "crm"}
job = to_response(submit(submitted, FakeContext())).json["id"]
assert to_response(status(for_job(event("poll"), job, "sk-local"), FakeContext())).status == 202
assert worker({"Records": event("worker")["Records"][1:2]}, FakeContext()) == {"batchItemFailures": []}
told = event("webhook_delivery")
told["Records"][0]["body"] = json.dumps(json.loads(told["Records"][0]["body"]) | {"at": time.time()})
assert webhooks(told, FakeContext()) == {"batchItemFailures": []}
print("loaded:", *(name for name in ("boto3", "botocore.session", "botocore.auth", "urllib3") if name in sys.modules))
"""
ALIASES = "aliases.a.targets = ['jina/m', 'own/m']\nproviders.own = {like = 'vllm', url = 'https://own'}\n"
BROKEN = {"GATEWAY_CONFIG": "[aliases", "MASTER_KEY_ARN": "no such secret"}


def said_by(script: str, **variables: str) -> list[str]:
    """The words that *script* prints in an interpreter of its own."""
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    finished = subprocess.run(
        [sys.executable, "-c", script], env=inherited | variables, capture_output=True, text=True, check=True
    )

    return finished.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("name", NAMES)
def test_loading_a_function_reads_no_configuration_and_needs_no_aws(name: str) -> None:
    """
    A mistake in the configuration or a secret out of reach shows in responses, not in a function that cannot start.
    """
    script = f"import sys; import functions.{name}.app; print('boto3' in sys.modules, 'tomllib' in sys.modules)"

    assert said_by(script, **BROKEN) == ["False", "False"]


def test_the_description_needs_no_configuration(configure: Configure) -> None:
    """
    Whoever asks how to use the gateway is answered however little else works.
    """
    configure(**BROKEN, MASTER_KEY="")

    assert invoke(event("health") | {"routeKey": "GET /openapi.json"}).status == 200


def test_ranking_locally_needs_no_aws() -> None:
    """
    With a literal master key, local/bm25 answers without boto3 ever being loaded.
    """
    script = (
        "import sys; from tests.functions.gateway import event, invoke;"
        "assert invoke(event('rerank')).status == 200; print('boto3' in sys.modules, 'httpx' in sys.modules)"
    )

    assert said_by(script, MASTER_KEY="sk-local") == ["False", "False"]


def test_no_provider_is_loaded_that_the_configuration_only_names() -> None:
    """
    A configuration is checked at a start, and that needs none of the descriptions that its aliases lead to.
    """
    script = (
        "import sys; from tests.functions.gateway import event, invoke; assert invoke(event('rerank')).status == 200;"
        "print('loaded:', *(name for name in sys.modules if '.providers.catalogue.' in name))"
    )

    assert said_by(script, MASTER_KEY="sk-local", GATEWAY_CONFIG=ALIASES) == ["loaded:"]


def test_secrets_and_tables_need_no_sdk_of_awss(embedded_aws: Any) -> None:
    """
    A first answer does not wait for boto3 either where everything is as deployed: both secrets, a virtual key in the
    table, the shared cache.
    """
    keys_table(embedded_aws)
    cache_table(embedded_aws)
    record = {"id": {"S": "team"}, "models": {"SS": ["*"]}, "key_hash": {"S": hash_of_token("sk-team")}}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=record)
    with upstream(says(Recorded.of("cohere").response["body"])) as cohere:
        deployed = {
            **{name: value for name, value in os.environ.items() if name.startswith("AWS_")},
            "MASTER_KEY_ARN": secret(embedded_aws, "master", "sk-master"),
            "PROVIDER_SECRETS_ARN": secret(embedded_aws, "providers", '{"cohere": "co-key"}'),
            "KEYS_TABLE": "keys",
            "CACHE_TABLE": "cache",
            "GATEWAY_CONFIG": f'[providers.cohere]\nurl = "{cohere.url}"',
        }

        loaded = said_by(DEPLOYED, **deployed)

    assert loaded == ["loaded:"]
    assert cohere.questions[0].headers["authorization"] == "Bearer co-key"
    assert len(embedded_aws("dynamodb").scan(TableName="cache")["Items"]) == 1


def secret(client: Any, name: str, text: str) -> str:
    arn: str = client("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]

    return arn


@pytest.mark.parametrize("name", NAMES)
def test_a_function_loads_without_the_garbage_collector(name: str) -> None:
    """
    The function switches it off, and not the package that others import too.
    """
    script = f"import gc, rerank_gateway; print(gc.isenabled()); import functions.{name}.app; print(gc.isenabled())"

    assert said_by("import gc, rerank_gateway; print(gc.isenabled())") == ["True"]
    assert said_by(script) == ["False"]


@pytest.fixture
def collector() -> Iterator[None]:
    """The garbage collector, off as when a function has been loaded."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("name", NAMES)
def test_the_garbage_collector_is_on_after_the_first_event(name: str) -> None:
    """
    An environment lives for hours, and must not keep all that it ever made.
    """
    handler, first = FIRST_EVENTS[name]

    handler(first, FakeContext())

    assert gc.isenabled()


def test_jobs_need_no_sdk_of_awss(webhooks: Webhooks) -> None:
    """
    Unless what they rank or come to lies in the bucket; whoever is told of their end needs none either.
    """
    known = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "JOBS_", "WEBHOOKS_"))}

    with upstream(says({})) as receiver:
        webhooks.register(receiver.url, "crm")
        loaded = said_by(JOB, **known, MASTER_KEY="sk-local", EVENT_BUS="default")

    assert (loaded, len(receiver.questions)) == (["loaded:"], 1)
