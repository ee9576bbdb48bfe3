"""What docs/cost.md and docs/scale.md count on is what the gateway does."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from local.aws.embedded_aws import OneRequestAtATime
from local.cloudformation.template import TEMPLATE_PATH, Template
from rerank_gateway.domain.batches.chunks import MAX_CHUNK_LINES
from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.functions.account import Account
from tests.functions.batch_account import BatchAccount, jsonl, line
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.provider import pointed_at
from tests.tables import usage_table
from tests.upstream import says, upstream
from tools.cost import cost_page, scale_page
from tools.cost.counted import (
    BATCH_LINE,
    BRIEF,
    CHUNK,
    CHUNKED,
    COLD,
    LIMITED,
    MAILED,
    MASTER,
    MERGED,
    NAME_BYTES,
    POLL,
    POLL_LINE,
    QUEUES,
    RESERVED,
    RUN,
    RUN_LINE,
    SUBMIT,
    SUBMIT_LINE,
    SYNC_LINE,
    TOLD,
    VIRTUAL,
    WATCHED,
    WHOLE,
    Calls,
)
from tools.cost.prices import CALLS

TIMES = 10
ASKED: Any = {"model": "tei/m", "documents": ["red pears", "green apples"]}
RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]


@dataclass
class CallCounter:
    """An AWS that counts how often it is called."""

    app: Any
    calls: Counter[str] = field(default_factory=Counter)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        target = environ.get("HTTP_X_AMZ_TARGET", f"S3.{environ['REQUEST_METHOD']}")
        self.calls[target.replace("_20120810", "")] += 1

        return self.app(environ, start_response)

    def each(self) -> dict[str, float]:
        """The calls since the last time, for one of so many `TIMES`."""
        counted = {call: times / TIMES for call, times in sorted(self.calls.items())}
        self.calls.clear()

        return counted


COUNTER = CallCounter(DomainDispatcherApplication(create_backend_app))


@pytest.fixture(scope="module")
def aws_url() -> Iterator[str]:
    # A table of moto's that is written to from two sides breaks a call off, which is made again and counted twice.
    server = make_server("127.0.0.1", 0, OneRequestAtATime(COUNTER), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def priced() -> Iterator[str]:
    """The configuration of a gateway with a provider who has a price: something to count against a limit."""
    with upstream(says(RANKING)) as provider:
        yield f'[providers.tei]\nurl = "{provider.url}"\n[prices."tei/*"]\nper_search = 0.001'


@pytest.fixture
def counted(account: Account, embedded_aws: Any, configure: Configure, priced: str) -> Account:
    """The account, with a table of usage, whose functions have all that lasts."""
    usage_table(embedded_aws)
    configure(USAGE_TABLE="usage", GATEWAY_CONFIG=priced, EVENT_BUS="")
    account.submit()
    account.work()
    COUNTER.calls.clear()

    return account


@pytest.mark.parametrize(("bus", "told"), [("default", TOLD), ("", {})], ids=["with events", "without"])
def test_a_job(counted: Account, configure: Configure, priced: str, bus: str, told: Calls) -> None:
    """
    Submitted, done in a batch of ten, and polled once.
    """
    configure(USAGE_TABLE="usage", GATEWAY_CONFIG=priced, EVENT_BUS=bus)
    jobs = [counted.submit().json["id"] for _ in range(TIMES)]
    submitted = COUNTER.each()
    messages = counted.messages()
    COUNTER.each()

    counted.work(messages)
    run = COUNTER.each()
    for job in jobs:
        counted.poll(job)

    assert (submitted, run, COUNTER.each()) == (SUBMIT, dict(Counter(RUN) + Counter(told)), POLL)


def test_the_chunks_of_a_batch(batches: BatchAccount, configure: Configure) -> None:
    """
    Queued by tens, worked on by tens while there are others, and put together at the end.
    """
    configure(EVENT_BUS="")
    batches.submit(jsonl(line(number) for number in range(2 * TIMES * MAX_CHUNK_LINES)))
    COUNTER.each()

    batches.work()
    queued = COUNTER.each()
    chunks = batches.messages()
    COUNTER.each()
    batches.work(chunks)
    worked = COUNTER.each()
    batches.work()
    end = batches.messages()
    COUNTER.each()
    batches.work(end)

    assert {name: queued[name] / 2 for name in CHUNKED} == CHUNKED
    assert {name: times for name, times in worked.items() if name in CALLS} == CHUNK
    assert COUNTER.each()["S3.GET"] / 2 == MERGED["S3.GET"]


def test_the_lines_of_a_key_with_limits(batches: BatchAccount, configure: Configure, priced: str) -> None:
    """
    A worker that has done hundreds of them reserves for many at a time.
    """
    batches.give_key("a", limit={"N": "1000000"}, limit_reset={"S": "monthly"}, requests_per_minute={"N": "1000000"})
    configure(EVENT_BUS="", USAGE_TABLE="usage", GATEWAY_CONFIG=priced)
    lines = jsonl(line(number, model="tei/m") for number in range(2 * TIMES * MAX_CHUNK_LINES))
    batches.submit(lines, owner="a")
    batches.work()
    batches.work()
    chunks = batches.messages()
    COUNTER.each()
    batches.work(chunks)

    reserved = COUNTER.each()["DynamoDB.UpdateItem"] - CHUNK["DynamoDB.UpdateItem"]
    assert 0 < reserved / MAX_CHUNK_LINES <= RESERVED["DynamoDB.UpdateItem"]


def test_a_job_of_a_key_without_limits(counted: Account) -> None:
    """
    Its submission writes the job, and nothing besides; so does its work.
    """
    item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": ["*"]}}
    counted.client("dynamodb").put_item(TableName="keys", Item=item)
    headers = {"x-bf-vk": "sk-a"}
    counted.submit(headers=headers)
    counted.work()
    COUNTER.each()

    for _ in range(TIMES):
        counted.submit(headers=headers)
    submitted = COUNTER.each()
    messages = counted.messages()
    COUNTER.each()
    counted.work(messages)

    assert (submitted, COUNTER.each()) == (SUBMIT, RUN)


@pytest.mark.parametrize(
    ("attributes", "calls"),
    [(None, MASTER), ({}, VIRTUAL), ({"limit": {"N": "100"}}, LIMITED)],
    ids=["master", "virtual", "limited"],
)
def test_a_request(counted: Account, attributes: dict[str, Any] | None, calls: Calls) -> None:
    """
    By whose key it is, once the environment has seen it.
    """
    headers = {} if attributes is None else {"x-bf-vk": "sk-a"}
    item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": ["*"]}, **(attributes or {})}
    counted.client("dynamodb").put_item(TableName="keys", Item=item)
    rerank(headers=headers, **ASKED)
    COUNTER.each()

    answers = [rerank(headers=headers, **ASKED) for _ in range(TIMES)]

    assert [(each.status, each.json["usage"]["cost"]) for each in answers] == [(200, 0.001)] * TIMES
    assert COUNTER.each() == calls


def test_a_cold_start(embedded_aws: Any, configure: Configure) -> None:
    """
    A new environment's first request, as deployed: with the master key, and a provider's.
    """
    secrets = embedded_aws("secretsmanager")
    master = secrets.create_secret(Name="master", SecretString="sk-local")["ARN"]
    providers = secrets.create_secret(Name="providers", SecretString='{"cohere": "k"}')["ARN"]
    with upstream(says({"results": [{"index": 0, "relevance_score": 0.5}]})) as provider:
        embedded_aws("ssm").put_parameter(
            Name="/gateway/config", Type="String", Value=pointed_at(provider), Overwrite=True
        )
        configure(
            MASTER_KEY="", MASTER_KEY_ARN=master, PROVIDER_SECRETS_ARN=providers, GATEWAY_CONFIG="ssm:/gateway/config"
        )
        COUNTER.calls.clear()

        answer = rerank(model="cohere/rerank-v3.5", documents=["a"])

    assert answer.status == 200
    assert dict(COUNTER.calls) == COLD


def test_the_queues_that_lambda_looks_into_are_counted() -> None:
    """
    They cost something as long as the stack is there.
    """
    mappings = Template.read(TEMPLATE_PATH).resources("AWS::Lambda::EventSourceMapping")

    assert len(mappings) == QUEUES


def test_the_numbers_of_the_template_are_counted_with() -> None:
    """
    The memory of the functions, how many messages a worker gets at once, and how many workers there are.
    """
    template = Template.read(TEMPLATE_PATH)
    memory = {function.name: function.memory_mb for function in template.functions}
    workers = template.content["Parameters"]["WorkerConcurrency"]
    batches = {facts["BatchSize"] for facts in template.resources("AWS::Lambda::EventSourceMapping").values()}

    assert (memory["RerankFunction"], memory["SubmitFunction"]) == (cost_page.SYNC_MB, cost_page.SYNC_MB)
    assert memory["StatusFunction"] == cost_page.STATUS_MB
    assert (memory["WorkerFunction"], memory["BatchWorkerFunction"]) == (cost_page.WORKER_MB, cost_page.WORKER_MB)
    assert batches == {cost_page.BATCH}
    assert (workers["Default"], workers["MaxValue"]) == (scale_page.WORKERS, scale_page.MAX_WORKERS)


def test_the_metrics_that_alarms_watch_are_counted() -> None:
    """
    Each costs something, by whichever alarm it is watched.
    """
    resources = Template.read(TEMPLATE_PATH).content["Resources"].items()
    alarms = {name: facts["Properties"] for name, facts in resources if facts["Type"] == "AWS::CloudWatch::Alarm"}
    metrics = {
        name: sum("MetricStat" in each for each in alarm.get("Metrics", ())) or 1 for name, alarm in alarms.items()
    }

    assert (metrics.pop("Crashes"), sum(metrics.values())) == (WATCHED, MAILED)


@pytest.mark.parametrize("page", [cost_page, scale_page])
def test_the_pages_are_up_to_date(page: Any) -> None:
    """
    What is checked in is what `make docs` writes.
    """
    assert page.PAGE.read_text("utf-8") == page.text()


@pytest.mark.parametrize(("share", "allowed"), [("1", WHOLE), ("0", BRIEF)], ids=["whole", "brief"])
def test_the_lines_of_the_log_are_as_long_as_counted(
    counted: Account,
    configure: Configure,
    priced: str,
    monkeypatch: pytest.MonkeyPatch,
    share: str,
    allowed: Mapping[str, int],
) -> None:
    """
    With what an application sends, and one attempt.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    configure(USAGE_TABLE="usage", GATEWAY_CONFIG=priced, LOGGED_SUCCESSES=share)

    rerank()
    job = counted.submit().json["id"]
    counted.work(counted.messages())
    counted.poll(job)

    lines = [len(line.encode()) + 1 + NAME_BYTES for line in log.getvalue().splitlines()]
    names = (SYNC_LINE, SUBMIT_LINE, RUN_LINE, POLL_LINE)
    assert {name: allowed[name] * 0.9 < line <= allowed[name] for name, line in zip(names, lines, strict=True)} == (
        dict.fromkeys(names, True)
    ), lines


@pytest.mark.parametrize(("share", "allowed"), [("1", WHOLE), ("0", BRIEF)], ids=["whole", "brief"])
def test_what_a_batch_logs_is_as_long_as_counted(
    batches: BatchAccount, configure: Configure, monkeypatch: pytest.MonkeyPatch, share: str, allowed: Mapping[str, int]
) -> None:
    """
    Divided by its lines, with an id as batches have it. What an environment writes first is whole in any case.
    """
    configure(EVENT_BUS="", LOGGED_SUCCESSES=share)
    batches.submit(jsonl([line(0)]))
    batches.work_off()
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    batches.submit(jsonl(line(number) for number in range(TIMES * MAX_CHUNK_LINES)), id=f"batch_{0:032}")
    batches.work_off()

    lines = [len(text.encode()) + 1 + NAME_BYTES * ("function" in text) for text in log.getvalue().splitlines()]
    each = sum(lines) / (TIMES * MAX_CHUNK_LINES)
    assert allowed[BATCH_LINE] * 0.9 < each <= allowed[BATCH_LINE]
