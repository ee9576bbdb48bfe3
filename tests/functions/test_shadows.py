"""A second model that is asked after the answer, from the event to the report."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic, time
from typing import Any

import pytest

import functions.rerank.app
from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.fakes import FakeContext
from tests.functions.account import Account
from tests.functions.admin import Admin
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, event, rerank
from tests.functions.replies import let_replies_arrive
from tests.metrics import emitted
from tests.tables import cache_table, usage_table
from tests.upstream import Upstream, says, upstream

CONFIG = """
[aliases.live]
targets = ["cohere/rerank-v3.5", "local/bm25"]
shadow = "voyage/rerank-2.5"
shadow_share = {share}
[providers.cohere]
url = "{model}"
[providers.voyage]
url = "{shadow}"
"""
SECRETS: dict[str, Any] = {"query": "secret query", "documents": ["secret a", {"text": "secret b"}, "secret c"]}
FIRST = {
    "results": [{"index": index, "relevance_score": 0.9 - place / 10} for place, index in enumerate((2, 0, 1))],
    "meta": {},
}
SECOND = {"data": [{"index": i, "relevance_score": 0.5 - i / 10} for i in (0, 1, 2)], "usage": {"total_tokens": 1000}}


@dataclass(frozen=True)
class Shadowed:
    """A gateway whose alias `live` has a *model* and a *shadow*, both of them on loopback."""

    account: Account
    admin: Admin
    configure: Configure
    model: Upstream
    shadow: Upstream
    log: io.StringIO

    def set(self, share: float = 1, **variables: str) -> None:
        config = CONFIG.format(share=share, model=self.model.url, shadow=self.shadow.url)
        self.configure(GATEWAY_CONFIG=config, COHERE_API_KEY="k", VOYAGE_API_KEY="k", **variables)

    def ask(self, headers: dict[str, str] | None = None, **changes: Any) -> Response:
        return rerank(SECRETS | {"model": "live"} | changes, headers)

    def give_key(self, *models: str, **numbers: int) -> dict[str, str]:
        """The header of a new key for *models*."""
        limits = {name: {"N": str(number)} for name, number in numbers.items()}
        item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": list(models)}, **limits}
        self.account.client("dynamodb").put_item(TableName="keys", Item=item)

        return {"x-bf-vk": "sk-a"}

    def lines(self, message: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.log.getvalue().splitlines()]

        return [line for line in found if line["message"] == message]

    def metrics(self, message: str) -> dict[str, list[float]]:
        """Those in the lines with this *message* that begin with Shadow, of the whole function."""
        counted = emitted(self.lines(message)).items()

        return {name: values for (name, by), values in counted if len(by) == 2 and name.startswith("Shadow")}

    def report(self, key: str = "sk-local") -> Response:
        return self.admin.ask("shadow", key=key)


@pytest.fixture
def shadowed(account: Account, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shadowed]:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    usage_table(account.client)
    cache_table(account.client)
    with upstream(says(FIRST)) as model, upstream(says(SECOND)) as shadow:
        gateway = Shadowed(account, Admin(account.client), configure, model, shadow, log)
        gateway.set(USAGE_TABLE="usage", CACHE_TABLE="cache")
        yield gateway


def test_a_shadow_is_asked_after_the_answer(shadowed: Shadowed) -> None:
    """
    The same question, by the worker; the caller has the model's ranking, and the operator a comparison.
    """
    answered = shadowed.ask(top_n=2)
    before = len(shadowed.shadow.questions)
    again = shadowed.account.work()

    [row] = shadowed.report().json["data"]
    [question] = shadowed.shadow.questions
    assert ([result["index"] for result in answered.json["results"]], before, again) == ([2, 0], 0, [])
    assert [attempt["target"] for attempt in answered.json["extra_fields"]["attempts"]] == ["cohere/rerank-v3.5"]
    assert (question.json["query"], question.json["documents"]) == (
        "secret query",
        ["secret a", "secret b", "secret c"],
    )
    assert (question.json["model"], question.json["top_k"]) == ("rerank-2.5", 2)
    assert (row["alias"], row["model"], row["shadow"]) == ("live", "cohere/rerank-v3.5", "voyage/rerank-2.5")
    assert (row["compared"], row["failed"], row["top_changed"], row["overlap_at_10"]) == (1, 0, 1.0, 0.5)
    assert row["rbo"] == pytest.approx(0.5 * 0.81 + (0.1 / 0.9) * 0.5 * 0.81, abs=1e-4)
    assert row["shadow_cost_per_1000"] == pytest.approx(0.05)
    assert 0 < row["model_p50_ms"] < 1000
    assert 0 < row["shadow_p95_ms"] < 1000


def test_no_text_is_kept(shadowed: Shadowed) -> None:
    """
    Neither in a table nor in the log nor in the bucket, though both models were asked; and the queue is empty.
    """
    shadowed.ask(headers=shadowed.give_key("live"))
    shadowed.account.work()

    client = shadowed.account.client
    tables = [client("dynamodb").scan(TableName=name)["Items"] for name in ("usage", "keys", "jobs", "cache")]
    kept = json.dumps([*tables, shadowed.account.messages()], default=str) + shadowed.log.getvalue()
    assert len(shadowed.shadow.questions) == 1
    assert "shadow_compared" in kept
    assert "secret" not in kept
    assert "Contents" not in client("s3").list_objects_v2(Bucket="payloads")


def test_its_cost_is_nobodys(shadowed: Shadowed) -> None:
    """
    The key pays for its answer alone, and the metrics of cost and of attempts know nothing of shadows either.
    """
    answered = shadowed.ask(headers=shadowed.give_key("*", rpm=100, documents_per_minute=100))
    shadowed.account.work()

    items = shadowed.account.client("dynamodb").scan(TableName="usage")["Items"]
    balance = json.dumps([item for item in items if item["account"]["S"] == "key#a"])
    [compared] = shadowed.lines("shadow_compared")
    assert answered.status == 200
    assert "voyage" not in balance
    assert shadowed.metrics("shadow_compared") == {"Shadows": [1], "ShadowCost": [0.00005]}
    assert compared["shadow"] == "voyage/rerank-2.5"


@pytest.mark.parametrize(("models", "asked"), [(("live",), 1), (("cohere/*", "local/*"), 0), (("*/*",), 1)])
def test_a_keys_models_bind_shadows(shadowed: Shadowed, models: tuple[str, ...], asked: int) -> None:
    """
    Whoever may use the alias may use what is behind it; who may only ask its targets may not ask another one.
    """
    answered = shadowed.ask(headers=shadowed.give_key(*models))

    shadowed.account.work()
    assert answered.status == 200
    assert len(shadowed.shadow.questions) == asked


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "cohere/rerank-v3.5"},
        {"provider": {"ignore": ["voyage"]}},
        {"provider": {"data_collection": "deny"}, "model": "other"},
        {"load_balancer": {"type": "weight_based", "models": [{"model": "live"}]}},
        {"extra_body": {"secret": 1}},
        {"documents": ["only one"]},
    ],
    ids=["another model", "a provider is ruled out", "terms", "balanced", "for one provider", "nothing to compare"],
)
def test_a_question_that_is_not_the_shadows(shadowed: Shadowed, changes: dict[str, Any]) -> None:
    """
    What the caller has said of providers is not known to hold for the shadow, and what is another question is no
    comparison.
    """
    if "documents" in changes:
        shadowed.model.answers[:] = [says({"results": [{"index": 0, "relevance_score": 0.5}], "meta": {}})]

    shadowed.ask(**changes)

    assert shadowed.account.messages() == []


def test_an_answer_of_somebody_else_is_not_compared(shadowed: Shadowed) -> None:
    """
    Neither that of a fallback that the caller named, nor one out of the cache, which took nobody's time.
    """
    cached: dict[str, Any] = {"cache": {"type": "exact_match", "ttl": 60}}
    shadowed.ask(**cached)
    queued = len(shadowed.account.messages())

    hit = shadowed.ask(**cached)
    shadowed.model.answers[:] = [says({}, 500)]
    stood_in = shadowed.ask(query="another", fallbacks=["local/bm25"], provider={"only": ["cohere"]})

    assert (queued, hit.json["extra_fields"]["cache_hit"], stood_in.status) == (1, True, 502)
    assert shadowed.account.messages() == []


def test_only_a_share_is_asked(shadowed: Shadowed) -> None:
    """
    None of them where it is 0, which is how an operator pauses it.
    """
    shadowed.set(share=0)

    for _ in range(20):
        shadowed.ask()

    assert shadowed.account.messages() == []
    assert not any("shadow" in line for line in shadowed.lines("request_answered"))


def test_a_providers_own_key_is_never_spent_on_a_shadow(shadowed: Shadowed) -> None:
    """
    Nor is what its caller sends shown to another provider.
    """
    shadowed.set(ALLOW_DIRECT_KEYS="true")
    config = CONFIG.format(share=1, model=shadowed.model.url, shadow=shadowed.shadow.url).replace(', "local/bm25"', "")
    shadowed.configure(GATEWAY_CONFIG=config)

    answered = shadowed.ask(headers={"authorization": "Bearer callers-own-key"})

    assert answered.status == 200
    assert shadowed.account.messages() == []


def test_a_queue_that_is_silent_costs_nobody_an_answer(shadowed: Shadowed) -> None:
    """
    Nor much time, and only one of them in a while: it is left alone then. The log has it.
    """
    question = event("rerank") | {"body": json.dumps(SECRETS | {"model": "live"})}

    with upstream(lambda connection: None) as silent:
        shadowed.configure(AWS_ENDPOINT_URL_SQS=silent.url)
        started = monotonic()
        statuses = [functions.rerank.app.handler(question, FakeContext())["statusCode"] for _ in range(3)]
        seconds = monotonic() - started

    assert statuses == [200, 200, 200]
    assert seconds < 2
    assert len(silent.questions) == 1
    told = [line["shadow"] for line in shadowed.lines("request_answered")]
    assert told == ["queued", "unavailable", "unavailable"]
    assert shadowed.metrics("request_answered")["ShadowsSkipped"] == [1, 1]


@pytest.mark.parametrize("variables", [{"JOBS_QUEUE_URL": "http://127.0.0.1/gone"}, {"JOBS_QUEUE_URL": ""}])
def test_a_queue_that_is_not_there_costs_nobody_an_answer(shadowed: Shadowed, variables: dict[str, str]) -> None:
    """
    By the second question at the latest nobody tries any more.
    """
    shadowed.configure(**variables)

    statuses = [shadowed.ask().status for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert [line["shadow"] for line in shadowed.lines("request_answered")][1:] == ["unavailable", "unavailable"]


def test_a_question_that_no_message_holds_is_skipped(shadowed: Shadowed) -> None:
    """
    And counted.
    """
    shadowed.ask(documents=["a" * 100_000, "b" * 100_000, "c" * 10_000])

    [line] = shadowed.lines("request_answered")
    assert (line["status"], line["shadow"]) == (200, "too_large")
    assert shadowed.account.messages() == []


def test_a_shadow_that_fails_is_counted(shadowed: Shadowed) -> None:
    """
    It is asked once, and nobody answers in its place.
    """
    shadowed.shadow.answers[:] = [says({"detail": "secret busy"}, 429)]

    shadowed.ask()
    again = shadowed.account.work()

    [row] = shadowed.report().json["total"]
    assert (again, len(shadowed.shadow.questions)) == ([], 1)
    assert (row["compared"], row["failed"], row["rbo"], row["shadow_p50_ms"]) == (0, 1, None, None)
    assert [line["error"] for line in shadowed.lines("shadow_compared")] == ["provider_busy"]


def test_a_question_is_asked_once(shadowed: Shadowed) -> None:
    """
    What comes again has perhaps been asked and paid for; what is an hour old is not asked any more.
    """
    shadowed.ask()
    [record] = shadowed.account.messages()
    attributes = record["attributes"]
    late = {**attributes, "SentTimestamp": str(int((time() - 3700) * 1000))}

    again = shadowed.account.work(
        [
            record | {"attributes": attributes | {"ApproximateReceiveCount": "2"}},
            record | {"attributes": late, "messageId": "late"},
        ]
    )

    assert (again, shadowed.shadow.questions) == ([], [])
    assert sorted(line["reason"] for line in shadowed.lines("shadow_skipped")) == ["came_again", "too_old"]


def test_a_message_that_cannot_be_read_holds_nobody_up(shadowed: Shadowed) -> None:
    """
    The jobs beside it are done.
    """
    shadowed.ask()
    [record] = shadowed.account.messages()
    job = shadowed.account.submit().json["id"]

    again = shadowed.account.work([record | {"body": "[]"}, *shadowed.account.messages()])

    assert again == []
    assert shadowed.account.poll(job).json["status"] == "completed"
    assert shadowed.shadow.questions == []
    assert len(shadowed.lines("bug_found")) == 1


def test_jobs_have_shadows_too(shadowed: Shadowed) -> None:
    """
    Asked when the job is done, by another message.
    """
    job = shadowed.account.submit(SECRETS | {"model": "live"}).json["id"]

    shadowed.account.work()
    let_replies_arrive()
    shadowed.account.work()

    assert shadowed.account.poll(job).json["status"] == "completed"
    assert [row["compared"] for row in shadowed.report().json["total"]] == [1]


def test_days_add_up(shadowed: Shadowed) -> None:
    """
    A row for each day and pair, and one for all days.
    """
    # One after the other: moto does not add atomically, as DynamoDB does.
    for _ in range(3):
        shadowed.ask()
        shadowed.account.work()

    told = shadowed.report().json
    assert [row["compared"] for row in told["data"]] == [3]
    assert {"day": told["data"][0]["day"]} | told["total"][0] == told["data"][0]
    assert shadowed.admin.ask("shadow", **{"from": "2026-01-01", "to": "2026-01-31"}).json["data"] == []


def test_the_report_is_for_those_who_manage(shadowed: Shadowed) -> None:
    """
    It tells of everyone's requests.
    """
    shadowed.give_key("*")

    refused = shadowed.report(key="sk-a")

    assert (refused.status, refused.json["error"]["code"]) == (403, "admin_required")
