"""POST /v1/rerank from the event to the reply."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rerank_gateway.apis import native
from rerank_gateway.entry import observability
from rerank_gateway.entry.http import handler
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event, invoke, rerank
from tests.upstream import Upstream, says, upstream

COHERE = {"results": [{"index": i, "relevance_score": 0.9 - i / 10} for i in (2, 0, 1)], "meta": {}}


def pointed_at(provider: Upstream, more: str = "") -> str:
    return f'{more}\n[providers.cohere]\nurl = "{provider.url}"\n[providers.tei]\nurl = "{provider.url}"\n'


def test_the_event_that_sam_invokes_is_answered() -> None:
    """
    events/rerank.json gives a ranking with the caller's own documents, and nothing else is needed.
    """
    answered = invoke(event("rerank"))

    assert answered.status == 200
    assert [row["index"] for row in answered.json["results"]] == [1, 2]
    assert answered.json["results"][0]["document"]["id"] == "eiffel"
    assert answered.headers["x-request-id"] == event("rerank")["requestContext"]["requestId"]
    assert answered.headers["content-type"] == "application/json"


def test_the_answer_has_every_field_that_clients_read() -> None:
    """
    The union of what Bifrost, Jina, Cohere v1 and the plain API return, and no null anywhere.
    """
    answered = rerank()

    body = answered.json
    assert body["object"] == "list"
    assert body["model"] == "bm25"
    assert body["id"].startswith("rerank-")
    assert list(body["results"][0]) == ["index", "relevance_score"]
    assert body["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0, "cost": 0.0}
    assert set(body["meta"]) == {"api_version", "billed_units"}
    extra = body["extra_fields"]
    assert {"request_type": "rerank", "provider": "local", "model_requested": "local/bm25"}.items() <= extra.items()
    assert {"chunk_index": 0, "cache_hit": False}.items() <= extra.items()
    assert isinstance(extra["latency"], int)
    assert [attempt["target"] for attempt in extra["attempts"]] == ["local/bm25"]
    assert "null" not in answered.text


def test_documents_come_back_as_they_were_sent() -> None:
    """
    Strings as objects, objects with their own keys, text to the byte, and no null in them.
    """
    text = 'Größe\t\n\u2028 😀 \\ " </script>'
    documents = [{"text": text, "id": "a", "meta": {"n": 1.0}, "image": None}, text]

    answered = rerank(documents=documents, return_documents=True)

    shown = {row["index"]: row["document"] for row in answered.json["results"]}
    assert shown == {0: {"text": text, "id": "a", "meta": {"n": 1.0}}, 1: {"text": text}}


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer sk-local"},
        {"authorization": "bearer  sk-local "},
        {"authorization": "sk-local"},
        {"authorization": "", "x-api-key": "sk-local"},
        {"authorization": "", "api-key": "sk-local"},
        {"authorization": "Bearer unused", "x-bf-vk": "sk-local"},
    ],
)
def test_a_key_may_stand_in_any_of_its_headers(headers: dict[str, str]) -> None:
    """
    Every client's way to send a key is understood.
    """
    assert rerank(headers=headers).status == 200


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"authorization": ""}, "virtual_key_required"),
        ({"authorization": "Bearer "}, "virtual_key_required"),
        ({"authorization": "Bearer wrong"}, "virtual_key_not_found"),
        ({"authorization": "Basic c2stbG9jYWw="}, "virtual_key_not_found"),
    ],
)
def test_a_missing_or_wrong_key_is_401(headers: dict[str, str], kind: str) -> None:
    """
    The body is Bifrost's, with the message where other clients of this path look for it.
    """
    answered = rerank(headers=headers)

    body = answered.json
    assert (answered.status, body["status_code"], body["type"]) == (401, 401, kind)
    assert body["is_bifrost_error"] is False
    assert body["message"] == body["detail"] == body["error"]["message"]
    assert body["error"]["type"] == "authentication_error"
    assert body["event_id"] == body["error"]["event_id"] == answered.headers["x-request-id"]


def test_a_bad_request_is_400_and_names_the_field() -> None:
    """
    The field stands in `error.param`, the agreed message in `error.message`.
    """
    answered = rerank(top_n=0)

    assert answered.status == 400
    assert answered.json["error"]["param"] == "top_n"
    assert answered.json["error"]["message"] == "top_n must be at least 1"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"model": "nobody/m"}, 404, "unknown_model"),
        ({"model": "gpt"}, 404, "unknown_model"),
        ({"model": "local/bm42"}, 404, "model_not_available"),
        ({"model": "cohere/rerank-v3.5"}, 404, "model_not_available"),
        ({"model": "vllm/m"}, 404, "model_not_available"),
        ({"fallbacks": ["nobody/m"]}, 404, "unknown_model"),
        ({"documents": ["d"] * 10_001}, 413, "too_large"),
    ],
)
def test_what_cannot_be_had_here_is_a_4xx(changes: dict[str, Any], status: int, code: str) -> None:
    """
    Some clients repeat a 5xx for an hour, so what waiting will not mend is none.
    """
    answered = rerank(**changes)

    assert (answered.status, answered.json["error"]["code"]) == (status, code)


def test_a_content_type_other_than_json_is_415() -> None:
    """
    What `curl -d` sends by default is told apart from broken JSON.
    """
    answered = rerank(headers={"content-type": "application/x-www-form-urlencoded"})

    assert (answered.status, answered.json["error"]["code"]) == (415, "unsupported_media_type")


def test_ignored_fields_are_named_in_a_header() -> None:
    """
    A typo is seen, and nothing is said when there is none.
    """
    assert rerank(tpo_n=1).headers["x-gateway-warnings"] == "ignored: tpo_n"
    assert "x-gateway-warnings" not in rerank().headers


def test_an_answer_that_lambda_would_refuse_is_413() -> None:
    """
    6 MB of documents going back are too large, which the caller is told while there is still a way out.
    """
    answered = rerank(documents=['quote " ' * 700_000, "b"], return_documents=True)

    assert answered.status == 413
    assert "return_documents" in answered.json["error"]["message"]


def test_a_fallback_answers_for_a_failing_provider(configure: Configure) -> None:
    """
    The attempts tell what happened, the answer names who gave it.
    """
    with upstream(says({"message": "down"}, 500)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")

        answered = rerank(model="cohere/rerank-v3.5", fallbacks=["local/bm25"])

    extra = answered.json["extra_fields"]
    assert answered.status == 200
    assert (extra["provider"], extra["model_requested"]) == ("local", "cohere/rerank-v3.5")
    assert [(a["target"], a["status_code"], a.get("error")) for a in extra["attempts"]] == [
        ("cohere/rerank-v3.5", 500, "provider_failed"),
        ("local/bm25", 200, None),
    ]


@pytest.mark.parametrize(
    ("upstream_status", "headers", "status", "retry_after"),
    [
        (400, {}, 400, None),
        (401, {}, 502, None),
        (404, {}, 404, None),
        (422, {}, 400, None),
        (429, {"retry-after": "7"}, 429, "7"),
        (429, {}, 429, "1"),
        (500, {}, 502, None),
        (503, {"retry-after": "0.2"}, 503, "1"),
        (503, {"retry-after": "9" * 400}, 503, "86400"),
        (503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 503, "1"),
        (503, {"retry-after": "soon"}, 503, "1"),
        (529, {}, 503, "1"),
        (504, {}, 504, None),
    ],
)
def test_a_providers_failure_is_told_in_our_words(
    configure: Configure, upstream_status: int, headers: dict[str, str], status: int, retry_after: str | None
) -> None:
    """
    A provider's status is translated: its 401 is not the caller's, and a wait goes with every 429 and 503.
    """
    with upstream(says({"message": "no"}, upstream_status, headers)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")

        answered = rerank(model="cohere/rerank-v3.5")

    assert (answered.status, answered.headers.get("retry-after")) == (status, retry_after)
    assert answered.json["extra_fields"]["provider"] == "cohere"
    assert answered.json["extra_fields"]["attempts"][0]["status_code"] == upstream_status


def test_garbage_from_a_provider_is_502(configure: Configure) -> None:
    """
    A 200 without a ranking is the provider's failure.
    """
    with upstream(says(b"<html>")) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")

        answered = rerank(model="cohere/rerank-v3.5")

    assert (answered.status, answered.json["error"]["code"]) == (502, "provider_bad_reply")


def test_a_rejected_key_gives_way_to_the_next(configure: Configure) -> None:
    """
    With two keys, the one that is turned down costs an attempt, and is not drawn again for a while.
    """
    with upstream(says({}, 401), says(COHERE), says(COHERE), says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k1, k2")

        first = rerank(model="cohere/rerank-v3.5")
        rerank(model="cohere/rerank-v3.5")
        rerank(model="cohere/rerank-v3.5")

    used = [question.headers["authorization"] for question in provider.questions]
    assert [attempt["status_code"] for attempt in first.json["extra_fields"]["attempts"]] == [401, 200]
    assert used[1] == used[2] == used[3] != used[0]


def test_a_strange_number_in_a_document_is_not_passed_on(configure: Configure) -> None:
    """
    NaN is no JSON: neither the provider nor the caller gets to see one.
    """
    with upstream(says([{"index": 0, "score": 0.5}])) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        body = '{"model": "tei/m", "query": "q", "documents": [{"text": "a", "meta": NaN}], "return_documents": true,'

        answered = rerank(body + ' "extra_body": {"x": Infinity}}')

    assert answered.status == 200
    assert "NaN" not in answered.text
    assert provider.questions[0].json["x"] is None


def test_the_deadline_is_lambdas(configure: Configure) -> None:
    """
    A provider that is silent is given up in time for a typed answer.
    """
    with upstream(lambda connection: None) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        sent = event("rerank")
        sent["body"] = json.dumps(LEAST | {"model": "cohere/rerank-v3.5"})

        answered = invoke(sent, milliseconds=700)

    assert (answered.status, answered.json["error"]["code"]) == (504, "provider_timed_out")


def test_a_bug_is_a_500_that_says_nothing(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """
    Our own mistakes get a request id and a log line with their place, and quote nobody.
    """

    def broken(*_: Any) -> None:
        raise RuntimeError("green apples")

    monkeypatch.setattr(handler, "require_response_size", broken)
    with caplog.at_level(logging.ERROR):
        answered = rerank()

    assert answered.status == 500
    assert "apples" not in answered.text
    assert "apples" not in str([vars(record) for record in caplog.records])


def test_nothing_that_was_sent_is_logged(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Neither query nor document nor key nor the metadata's values are in the log, whatever happens.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    secrets: dict[str, Any] = {"query": "secret-q", "documents": ["secret-d", {"text": "secret-e", "id": "secret-f"}]}

    with upstream(says({"message": "secret-d is bad"}, 400)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="secret-k")
        rerank(**secrets, metadata={"team": "secret-m"}, user="secret-u")
        rerank(**secrets, model="cohere/rerank-v3.5")
        rerank(**secrets, top_n="secret-n")
        rerank(headers={"authorization": "Bearer secret-t"})

    logged = log.getvalue()
    assert '"team"' in logged
    assert logged.count("request_answered") == 4
    assert "secret" not in logged


def test_an_application_that_names_itself_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    OpenRouter's clients say which application they are: that is a dimension of the metrics, for so many and no more.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    monkeypatch.setattr(observability, "_apps", set())
    monkeypatch.setattr(observability, "MAX_APPS", 1)

    for app in ("https://a.example", "https://b.example", ""):
        rerank(headers={"http-referer": app, "x-title": "A"})

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    dimensions = [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in lines]
    assert dimensions == [
        [["service", "provider"], ["service", "app"]],
        [["service", "provider"]],
        [["service", "provider"]],
    ]
    assert [line.get("app") for line in lines] == ["https://a.example", "https://b.example", None]


def test_ranking_locally_needs_no_aws() -> None:
    """
    With a literal master key, local/bm25 answers without boto3 ever being loaded.
    """
    script = (
        "import json, sys; from tests.functions.gateway import event, invoke;"
        "assert invoke(event('rerank')).status == 200; print('boto3' in sys.modules, 'httpx' in sys.modules)"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        | {"MASTER_KEY": "sk-local"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.splitlines()[-1] == "False False"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(sorted(native.RerankBody.model_fields))
bodies = json_values | st.dictionaries(fields, json_values).map(lambda wild: LEAST | wild)


@given(body=bodies)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_whatsoever_is_a_5xx(body: Any) -> None:
    """
    Whatever stands in the body, the answer is a ranking or the caller's own mistake, in JSON.
    """
    answered = rerank(body if body is not None else "null")

    assert answered.status in (200, 400, 404, 413)
    assert answered.status == 200 or answered.json["error"]["message"]


@given(body=st.text(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_whatsoever_is_a_5xx(body: str) -> None:
    """
    Neither is anything that is no JSON at all.
    """
    assert rerank(body).status in (200, 400)
