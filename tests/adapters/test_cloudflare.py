"""Cloudflare's responses are in an envelope, which says whether they are errors."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
)
from tests.adapters.providers import reranker
from tests.fakes import request, within
from tests.upstream import says, upstream

MODEL = "@cf/baai/bge-reranker-base"


def envelope(*codes: Any) -> dict[str, Any]:
    errors = [{"code": code, "message": "what it says"} for code in codes]

    return {"result": None, "success": False, "errors": errors, "messages": []}


def failure(transport: HttpsTransport, body: Any, status: int = 200) -> TargetError:
    with upstream(says(body, status)) as provider:
        asking = reranker(transport, "cloudflare", provider.url, "k", settings={"account": "a"})
        with pytest.raises(TargetError) as failed:
            asking.rerank(request(), MODEL, within(5.0))

    return failed.value


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (5004, TargetRefused),
        (3023, TargetRejectedKey),
        (5007, TargetMissing),
        (3042, TargetMissing),
        (3006, TargetRequestTooLarge),
        (3007, TargetTimedOut),
        (3036, TargetBusy),
        (3040, TargetBusy),
        (9999, TargetFailed),
    ],
)
def test_an_envelope_without_success_is_a_typed_failure(
    transport: HttpsTransport, code: int, kind: type[TargetError]
) -> None:
    """
    `success: false` is an error though the status is 200; its code says which.
    """
    failed = failure(transport, envelope(code))

    assert type(failed) is kind


def test_a_code_goes_before_the_status(transport: HttpsTransport) -> None:
    """
    A model that does not exist is a 400 there; the next target may have it.
    """
    failed = failure(transport, envelope(5007), status=400)

    assert isinstance(failed, TargetMissing)


def test_the_first_code_that_is_known_counts(transport: HttpsTransport) -> None:
    """
    Several errors may come at once.
    """
    failed = failure(transport, envelope(1, 3036))

    assert isinstance(failed, TargetBusy)


@pytest.mark.parametrize("errors", [[], None, {}, [None], [{}], [{"code": "5007"}], [{"code": 10_000}]])
def test_without_a_known_code_the_status_counts(transport: HttpsTransport, errors: Any) -> None:
    """
    The code of a key that is not accepted is in no table.
    """
    body = envelope() | {"errors": errors}

    assert isinstance(failure(transport, body, status=401), TargetRejectedKey)
    assert type(failure(transport, body)) is TargetFailed


@pytest.mark.parametrize("body", [b"false", b"[false]", b'{"success": false', {"success": "false"}])
def test_what_is_no_envelope_is_a_bad_reply(transport: HttpsTransport, body: Any) -> None:
    """
    Only an envelope can be an error.
    """
    assert isinstance(failure(transport, body), BadReply)


def test_a_model_cannot_lead_elsewhere() -> None:
    """
    `@` stays what it is in the address; steps upwards and queries do not.
    """
    address = registry.provider("cloudflare").address

    assert str(address("@cf/a?b", None, None, {"account": "1"})).endswith("/accounts/1/ai/run/@cf/a%3Fb")
    with pytest.raises(TargetMissing):
        address("@cf/../../d1", None, None, {"account": "1"})
