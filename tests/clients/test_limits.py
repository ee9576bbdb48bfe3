"""Clients of keys that have used up a rate or a budget: each gets its own typed error, and asks no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import cohere
import httpx
import litellm
import openrouter
import orq_ai_sdk
import pytest
import voyageai
from cohere.core import ApiError

DOCUMENTS = ["red pears", "green apples"]
QUERY = "green apples"
PRICED = "vllm/priced"
COHERE_OPTIONS: dict[str, Any] = {}
"""By default it waits for as long as a 429 says."""
Ask = Callable[[str, str, str], Any]
CONFIG = '[providers.vllm]\nurl = "{url}"\n[prices."vllm/*"]\nper_search = 1.0'


@dataclass
class Counter:
    """An address in front of the gateway's that counts what comes."""

    gateway: str
    url: str = ""
    statuses: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def gateway(busy_provider: str, start_gateway: Callable[..., str]) -> str:
    """A gateway with a provider whose searches cost a dollar."""
    return start_gateway(GATEWAY_CONFIG=CONFIG.format(url=busy_provider))


@pytest.fixture
def counter(gateway: str) -> Iterator[Counter]:
    counted = Counter(gateway)

    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name: self.headers[name] for name in ("authorization", "content-type")}
            response = httpx.post(gateway + self.path, headers=headers, content=body, timeout=30)
            counted.statuses.append(response.status_code)
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)

        def log_message(self, *_: Any) -> None:
            """Nobody reads along."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Forward) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        counted.url = f"http://127.0.0.1:{server.server_port}"
        yield counted
        server.shutdown()


def key(gateway: str, **limits: Any) -> str:
    made = httpx.post(
        f"{gateway}/api/v1/keys", json={"name": "limited", **limits}, headers={"authorization": "Bearer sk-local"}
    )

    return str(made.raise_for_status().json()["key"])


def ask_openrouter(url: str, secret: str, model: str) -> Any:
    client = openrouter.OpenRouter(server_url=f"{url}/api/v1", api_key=secret)

    return client.rerank.rerank(model=model, query=QUERY, documents=DOCUMENTS)


def ask_orq(url: str, secret: str, model: str) -> Any:
    client = orq_ai_sdk.Orq(server_url=url, api_key=secret)

    return client.router.rerank.create(model=model, query=QUERY, documents=DOCUMENTS)


def ask_cohere(url: str, secret: str, model: str) -> Any:
    client = cohere.ClientV2(base_url=url, api_key=secret)

    return client.rerank(model=model, query=QUERY, documents=DOCUMENTS, request_options=COHERE_OPTIONS)


def ask_litellm(url: str, secret: str, model: str) -> Any:
    return litellm.rerank(model=f"cohere/{model}", query=QUERY, documents=DOCUMENTS, api_base=url, api_key=secret)


def ask_voyage(url: str, secret: str, model: str) -> Any:
    client = voyageai.Client(base_url=f"{url}/voyage/v1", api_key=secret)

    return client.rerank(model=model, query=QUERY, documents=DOCUMENTS)


def use_up(ask: Ask, url: str, secret: str) -> None:
    """Ask until it is too often: the minute of the calendar may end between two of them."""
    for _ in range(3):
        ask(url, secret, "local/bm25")


BUDGET_ERRORS = [
    pytest.param(ask_openrouter, openrouter.errors.ForbiddenResponseError, id="openrouter"),
    pytest.param(ask_orq, orq_ai_sdk.models.APIDefaultError, id="orq"),
    pytest.param(ask_cohere, ApiError, id="cohere"),
    pytest.param(ask_litellm, litellm.exceptions.PaymentRequiredError, id="litellm"),
    pytest.param(ask_voyage, voyageai.error.APIError, id="voyage"),
]
RATE_ERRORS = [
    pytest.param(ask_openrouter, openrouter.errors.TooManyRequestsResponseError, id="openrouter"),
    pytest.param(ask_orq, orq_ai_sdk.models.APIDefaultError, id="orq"),
    pytest.param(ask_cohere, cohere.TooManyRequestsError, id="cohere"),
    pytest.param(ask_litellm, litellm.exceptions.RateLimitError, id="litellm"),
    pytest.param(ask_voyage, voyageai.error.RateLimitError, id="voyage"),
]


@pytest.mark.parametrize(("ask", "error"), BUDGET_ERRORS)
def test_a_spent_budget_is_the_clients_own_error(counter: Counter, ask: Ask, error: type[Exception]) -> None:
    """
    It says what is spent, and the client, with the retries that it has by default, does not come back for more.
    """
    secret = key(counter.gateway, limit=0.5)

    with pytest.raises(error, match=r"\$0 of \$0.5 spent"):
        ask(counter.url, secret, PRICED)

    assert len(counter.statuses) == 1


@pytest.mark.parametrize(("ask", "error"), RATE_ERRORS)
def test_a_rate_that_is_used_up_is_the_clients_own_error(
    counter: Counter, ask: Ask, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Even of a client that would come back when it is told to, and then be served: here it is told not to.
    """
    monkeypatch.setitem(COHERE_OPTIONS, "max_retries", 0)
    secret = key(counter.gateway, requests_per_minute=1)

    with pytest.raises(error, match="1 request a minute"):
        use_up(ask, counter.url, secret)

    assert counter.statuses[-1] == 429
