"""The gateway under evaluation: its models with their prices, and one question's answer."""

from __future__ import annotations

from collections.abc import Sequence, Set
from time import perf_counter, sleep
from typing import Any
from urllib.parse import quote

import httpx

from cli.client import json_of, refusal
from cli.errors import CommandError, ExitCode, exit_code_of
from cli.evaluation.answers import Answer
from cli.evaluation.questions import Model, Question

MAX_WAITS, MAX_WAIT_S = 5, 60.0
"""For whoever says Retry-After: how often, and how long at most."""
STAND_INS = {"fallback", "last_resort"}
"""`x-gateway-degraded`: somebody else answered, or somebody is missing in a fusion."""


def find_models(client: httpx.Client, names: Sequence[str]) -> list[Model]:
    """Raises CommandError for a model that the key may not ask."""
    return [_model(_get(client, f"/v1/models/{quote(name, safe='')}"), client) for name in names]


def ask(client: httpx.Client, question: Question) -> Answer:
    """
    The answer, or what went wrong as its error. Raises CommandError where all further questions would go wrong too: the
    key is refused, or its budget used up.
    """
    for _ in range(MAX_WAITS):
        started = perf_counter()
        try:
            response = client.post("/v1/rerank", json=question.body)
        except httpx.HTTPError as error:
            return Answer(error=f"no answer: {type(error).__name__}")
        elapsed_ms = (perf_counter() - started) * 1e3
        if (wait := _wait_s(response)) is None:
            break
        sleep(wait)
    if response.is_success:
        return _answer(response, question, elapsed_ms)
    if response.status_code in (401, 402):
        raise CommandError(refusal(response), exit_code_of(response.status_code))

    return Answer(error=refusal(response).partition(" (request ")[0])


def _answer(response: httpx.Response, question: Question, elapsed_ms: float) -> Answer:
    degraded = set(response.headers.get("x-gateway-degraded", "").split(", "))

    return answer_of(json_of(response), question, degraded, elapsed_ms)


def answer_of(answer: dict[str, Any], question: Question, degraded: Set[str], elapsed_ms: float) -> Answer:
    """What the gateway's *answer* to *question* comes to, which is *degraded* in these ways."""
    if stand_ins := STAND_INS & degraded:
        return Answer(error=f"{question.model.name} did not answer by itself ({', '.join(sorted(stand_ins))})")
    ranking = [row["index"] for row in answer["results"]]

    return Answer(ranking, elapsed_ms, answer.get("usage", {}).get("cost"), "truncated" in degraded)


def _wait_s(response: httpx.Response) -> float | None:
    """How long the gateway asks to wait before the same question is asked again; None where it does not."""
    told = response.headers.get("retry-after", "")
    if response.status_code not in (429, 503) or not told.isdecimal() or float(told) > MAX_WAIT_S:
        return None

    return float(told)


def _get(client: httpx.Client, path: str) -> Any:
    try:
        response = client.get(path)
    except httpx.HTTPError as error:
        raise CommandError(f"{client.base_url} cannot be reached: {error}", ExitCode.UNREACHABLE) from None
    if not response.is_success:
        raise CommandError(refusal(response), exit_code_of(response.status_code))

    return json_of(response)


def _model(told: dict[str, Any], client: httpx.Client) -> Model:
    """An alias without a price of its own costs what all of its targets do, as a fusion would."""
    targets = told.get("targets", [])
    prices = [told["pricing"]] if told.get("pricing") else [_price(client, target) for target in targets]
    known = [price for price in prices if price]

    return Model(
        told["id"],
        targets,
        sum(price["per_search"] for price in known),
        sum(price["per_million_tokens"] for price in known),
        price_known=bool(prices) and len(known) == len(prices),
    )


def _price(client: httpx.Client, target: str) -> dict[str, float] | None:
    price: dict[str, float] | None = _get(client, f"/v1/models/{quote(target, safe='')}").get("pricing")

    return price
