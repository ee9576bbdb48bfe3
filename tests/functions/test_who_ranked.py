"""Whoever asks is told who ranked, and whom that was instead of."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest

from rerank_gateway.entry import observability
from tests.fakes import FakeContext
from tests.functions.apis import NAMES, post
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event, invoke, rerank
from tests.functions.rankers import ranker
from tests.metrics import emitted
from tests.upstream import says, upstream

FAILURES_THAT_OPEN = 5


def configuration(first: str, second: str, more: str = "") -> str:
    return f"""
        [aliases.default]
        targets = ["vllm/m", "tei/m"]
        {more}
        [providers.vllm]
        url = "{first}"
        [providers.tei]
        url = "{second}"
    """


def ask(name: str) -> Any:
    """The API's own event, for the alias `default` and no fallback of its own; TEI's names no model."""
    return post(name) if name == "tei" else post(name, model="default", orq=None)


@pytest.mark.parametrize("name", NAMES)
def test_a_fallback_and_why_it_answered_is_seen_in_every_api(configure: Configure, name: str) -> None:
    """
    First the one that failed, and once its circuit is open that it was skipped, and until when.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(broken.url, ready.url))
        first, *_, last = [ask(name) for _ in range(FAILURES_THAT_OPEN + 1)]

    assert {answer.status for answer in (first, last)} == {200}
    assert {answer.headers["x-gateway-target"] for answer in (first, last)} == {"tei/m"}
    assert {answer.headers["x-gateway-degraded"] for answer in (first, last)} == {"fallback"}
    assert first.headers["x-gateway-attempts"] == "vllm/m 500 provider_failed, tei/m 200"
    assert last.headers["x-gateway-attempts"].startswith("vllm/m skipped (circuit open until 2")
    assert last.headers["x-gateway-attempts"].endswith("), tei/m 200")


@pytest.mark.parametrize("name", NAMES)
def test_when_all_is_well_nothing_is_degraded(configure: Configure, name: str) -> None:
    """
    The header is absent.
    """
    with ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(ready.url, ready.url))
        answer = ask(name)

    assert (answer.headers["x-gateway-target"], answer.headers["x-gateway-attempts"]) == ("vllm/m", "vllm/m 200")
    assert "x-gateway-degraded" not in answer.headers


@pytest.mark.parametrize("name", NAMES)
def test_an_error_tells_who_was_asked(configure: Configure, name: str) -> None:
    """
    And whose failure it tells.
    """
    with upstream(says({}, 500)) as broken:
        configure(GATEWAY_CONFIG=configuration(broken.url, broken.url))
        answer = ask(name)

    assert answer.status >= 424
    assert answer.headers["x-gateway-target"] == "vllm/m"
    assert answer.headers["x-gateway-attempts"] == "vllm/m 500 provider_failed, tei/m 500 provider_failed"


def test_a_last_resort_is_called_one(configure: Configure) -> None:
    """
    BM25 does not pass for the model that somebody pays for, nor does a target without a key go unseen.
    """
    configure(GATEWAY_CONFIG='last_resort = "local/bm25"')

    answer = rerank(model="cohere/rerank-v3.5")

    assert answer.headers["x-gateway-degraded"] == "last_resort"
    assert answer.headers["x-gateway-attempts"] == "cohere/rerank-v3.5 skipped (no key), local/bm25 200"
    assert answer.json["extra_fields"]["degraded"] == ["last_resort"]
    assert answer.json["extra_fields"]["attempts"][0] == {
        "target": "cohere/rerank-v3.5",
        "latency": 0,
        "error": "model_not_available",
        "skipped": "no key",
    }


def test_whom_a_constraint_excludes_is_told(configure: Configure) -> None:
    """
    With the name of the constraint.
    """
    with ranker() as ready:
        config = configuration(ready.url, ready.url).replace("[providers.tei]", "[providers.tei]\nzdr = true")
        configure(GATEWAY_CONFIG=config)
        answer = rerank(model="default", provider={"zdr": True})

    assert answer.headers["x-gateway-attempts"] == "vllm/m skipped (constraint zdr), tei/m 200"


def test_a_member_of_a_fusion_that_is_skipped_is_seen(configure: Configure) -> None:
    """
    Also where it comes behind those that were asked.
    """
    with ranker() as ready, upstream(says({}, 500)) as broken:
        configure(GATEWAY_CONFIG=configuration(ready.url, broken.url, 'fuse = "rrf"'))
        answers = [rerank(model="default") for _ in range(FAILURES_THAT_OPEN + 1)]

    assert answers[-1].headers["x-gateway-attempts"].startswith("tei/m skipped (circuit open until ")
    assert answers[-1].headers["x-gateway-degraded"] == "fallback"


def test_a_name_from_outside_does_no_harm_in_a_header(configure: Configure) -> None:
    """
    What cannot be printed is masked, and the length has a bound.
    """
    configure(GATEWAY_CONFIG='last_resort = "local/bm25"')

    answer = rerank(model="cohere/\u00e9\r\n" + "x" * 400, fallbacks=[f"cohere/{n}" for n in range(40)])

    assert answer.headers["x-gateway-attempts"].isascii()
    assert answer.headers["x-gateway-attempts"].endswith("22 more")
    assert len(answer.headers["x-gateway-attempts"]) < 4_000


def test_vllm_fails_and_tei_answers(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The failure is counted under vLLM, the header names TEI, the log says why; the circuit's opening is counted once.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    with upstream() as gone, ranker() as ready:
        dead = gone.url
    with ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(dead, ready.url), STACK_NAME="a-stack")
        answers = [rerank(model="default") for _ in range(FAILURES_THAT_OPEN + 1)]

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    counted = emitted(lines)
    here = {"stack": "a-stack", "function": FakeContext().function_name}
    vllm, tei = ({**here, "provider": name, "target": f"{name}/m"} for name in ("vllm", "tei"))
    assert {answer.headers["x-gateway-target"] for answer in answers} == {"tei/m"}
    assert counted["AttemptFailures", frozenset({**vllm, "reason": "failed"}.items())] == [1] * FAILURES_THAT_OPEN
    assert counted["BreakerOpenings", frozenset(vllm.items())] == [1]
    assert sum(counted["Attempts", frozenset(tei.items())]) == FAILURES_THAT_OPEN + 1
    assert sum(counted["Fallbacks", frozenset(here.items())]) == FAILURES_THAT_OPEN + 1
    assert not any(name == "AttemptFailures" and dict(by).get("provider") == "tei" for name, by in counted)
    answered = [line for line in lines if line["message"] == "request_answered"]
    assert answered[0]["attempts"][0]["reason"] == "connection_refused"
    assert (answered[0]["model"], answered[0]["target"], answered[0]["degraded"]) == ("default", "tei/m", ["fallback"])
    assert "circuit open until" in answered[-1]["attempts"][0]["skipped"]


def test_waiting_for_a_place_is_in_no_provider_s_latency(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Three parts go one after the other, and what two of them wait is a metric of its own.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    with ranker(_slowly) as slow:
        config = f'[providers.vllm]\nurl = "{slow.url}"\nmax_documents = 1\nmax_parallel = 1'
        configure(GATEWAY_CONFIG=config)
        rerank(model="vllm/m")

    line = json.loads(log.getvalue())
    assert line["PlaceWait"] >= 95
    assert line["ProviderLatency"] + line["PlaceWait"] <= line["ms"]
    assert (line["attempts"][0]["ms"], line["attempts"][0]["waited_ms"]) == (
        pytest.approx(line["ProviderLatency"], abs=0.1),
        pytest.approx(line["PlaceWait"], abs=0.1),
    )


def _slowly(text: str) -> float:
    time.sleep(0.05)

    return float(len(text))


def test_an_unknown_model_is_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    By its name, of which there is a bound.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    request = event("rerank")
    request["body"] = json.dumps(LEAST | {"model": "defualt" + "x" * 190})
    response = invoke(request)

    assert response.status == 404
    assert json.loads(log.getvalue())["model"] == "defualt" + "x" * 190
