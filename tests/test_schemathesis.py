"""The running gateway against its own OpenAPI document: no 5xx, and no answer that the document does not have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.documented import CLOSED
from tests.functions.gateway import LEAST
from tests.local.conftest import Gateway, run_gateway

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    # What the document forbids is refused.
    negative_data_rejection,
]
CONFIG = schemathesis.Config.from_dict(
    {
        "generation": {
            "deterministic": True,
            "max-examples": 15,
            "database": "none",
            # Headers and parameters that nobody knows are nobody's mistake.
            "allow-extra-parameters": False,
        },
        # Methods that the document does not have are API Gateway's to refuse.
        "phases": {"coverage": {"unexpected-methods": []}},
    }
)
SCHEMA = schemathesis.openapi.from_dict(CLOSED, config=CONFIG)
JOBS = "/v1/async/rerank"
MAX_NAME_CHARS = 500


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with run_gateway() as gateway, _heard(gateway):
        yield gateway


@contextmanager
def _heard(gateway: Gateway) -> Iterator[None]:
    """Read what *gateway* prints: so many requests fill the pipe, and it would stand still."""
    listener = Thread(target=gateway.process.communicate)
    listener.start()
    try:
        yield
    finally:
        gateway.process.kill()
        listener.join()


@SCHEMA.parametrize()
def test_whatever_is_sent_the_answer_is_documented(case: schemathesis.Case[Any], gateway: Gateway) -> None:
    """
    Requests right and wrong are answered as the document says, and none with a 5xx.
    """
    _ask_somebody(case.body)

    case.call_and_validate(base_url=gateway.url, headers=gateway.authorization, checks=CHECKS)


def _ask_somebody(body: Any) -> None:
    """Have requests that are right ranked: no model is called what comes to Schemathesis's mind."""
    model = body.get("model") if isinstance(body, dict) else None
    if isinstance(model, str) and model.strip() and len(model) <= MAX_NAME_CHARS:
        body["model"] = "local/bm25"


def test_jobs_are_as_documented(gateway: Gateway) -> None:
    """
    A job is taken on, waited for and too late to cancel, each time as the document says.
    """
    with httpx.Client(base_url=gateway.url, headers=gateway.authorization) as client:
        submitted = client.post(JOBS, json=LEAST)
        polled = client.get(submitted.headers["location"], params={"wait": 20}, timeout=30)
        cancelled = client.delete(submitted.headers["location"])

    assert (submitted.status_code, polled.status_code, cancelled.status_code) == (202, 200, 200)
    SCHEMA[JOBS]["POST"].validate_response(submitted)
    SCHEMA[f"{JOBS}/{{id}}"]["GET"].validate_response(polled)
    SCHEMA[f"{JOBS}/{{id}}"]["DELETE"].validate_response(cancelled)
