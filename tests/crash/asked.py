"""Requests that can be told from each other, a provider for them, and what callers and other producers do with them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping
from random import Random
from time import sleep
from typing import Any

from tests.crash.account import Account
from tests.crash.processes import ROOT, FunctionProcess, function_process, running
from tests.upstream import Answer, Upstream, says

RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]
"""What TEI replies to any of these requests."""


def request(number: int) -> str:
    texts = [f"red pears {number}", f"green apples {number}"]

    return json.dumps({"model": "tei/m", "query": "apples", "documents": texts, "return_documents": True})


def best(number: int) -> dict[str, Any]:
    """The first result in the answer to such a request."""
    return {"index": 1, "relevance_score": 0.9, "document": {"text": f"green apples {number}"}}


def asking(provider: Upstream) -> str:
    """The configuration of a gateway that asks *provider*."""
    return f'[providers.tei]\nurl = "{provider.url}"'


def slowly(rng: Random, ranking: Any = RANKING) -> Answer:
    """The *ranking*, after a time that leaves room for accidents."""

    def answer(connection: socket.socket) -> None:
        sleep(rng.uniform(0.05, 0.15))
        says(ranking)(connection)

    return answer


def sent(account: Account, numbers: Iterable[int]) -> dict[str, int]:
    """Send these requests as other producers do; which job is which."""
    return {account.send(request(number)): number for number in numbers}


def submitted(account: Account, provider: Upstream, numbers: Iterable[int]) -> dict[str, int]:
    """Submit these requests to *provider* as callers do; which job is which."""
    function = function_process("submit", account.variables(asking(provider)), seconds=15)
    with running(function):
        replies = {number: submit(function, request(number), key=str(number)) for number in numbers}

    return {reply["id"]: number for number, reply in replies.items()}


def submit(function: FunctionProcess, body: str, key: str) -> Any:
    """What is said to a caller with this Idempotency-Key; None when the function died first."""
    event = _event("submit")

    return _said(function, event | {"headers": event["headers"] | {"idempotency-key": key}, "body": body})


def poll(function: FunctionProcess, job_id: str) -> Any:
    """What is said to a caller who asks for this job."""
    return _said(function, _event("poll") | {"pathParameters": {"id": job_id}})


def cancel(function: FunctionProcess, job_id: str) -> Any:
    """What is said to a caller who calls this job off."""
    return _said(function, _event("cancel") | {"pathParameters": {"id": job_id}})


def _event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text("utf-8"))

    return loaded


def _said(function: FunctionProcess, event: Mapping[str, Any]) -> Any:
    reply = function.invoke(event)

    return reply and json.loads(reply["body"])
