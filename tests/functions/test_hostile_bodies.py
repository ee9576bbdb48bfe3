"""Bodies that are small on the wire and large in memory, or that take long: all of them are clear refusals."""

from __future__ import annotations

import json
from base64 import b64encode
from gzip import compress
from typing import Any

import pytest

from benchmarks import memory
from tests.functions.gateway import LEAST, event, invoke, rerank
from tests.functions.gateway import Response as Answered


def post(body: bytes) -> Answered:
    """Post *body* as it is."""
    sent = event("rerank")
    sent["headers"]["content-encoding"] = "gzip"

    return invoke(sent | {"body": b64encode(body).decode(), "isBase64Encoded": True})


@pytest.mark.parametrize("name", ["wrong elements", "nested empties", "half a million names"])
def test_little_on_the_wire_is_never_much_in_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Within the function's memory, in a process that can have no more of it.
    """
    monkeypatch.setenv("MASTER_KEY", "sk-local")

    status, peak_kib, _ = memory.measure(name)

    assert status in (400, 413)
    assert peak_kib < 512 * 1024


def test_the_first_wrong_element_is_told() -> None:
    """
    By its place; nobody counts the others.
    """
    response = rerank(documents=["a", 1, 2, 3])

    assert (response.status, response.json["error"]["param"]) == (400, "documents[1]")


def test_too_many_values_are_too_large() -> None:
    """
    However little each of them is.
    """
    response = rerank(documents=["a", {"text": "b", "x": [[]] * 300_000}])

    assert (response.status, response.json["error"]["code"]) == (413, "too_large")


def test_commas_in_texts_are_no_values() -> None:
    """
    A document may be a table.
    """
    assert rerank(documents=["1,2,3," * 120_000, 'green apples, "quoted", and so on,' * 20_000]).status == 200


def test_many_gzip_members_are_refused() -> None:
    """
    A file may have several, and nobody needs a hundred.
    """
    body = json.dumps(LEAST).encode()

    assert post(b"".join(compress(body[i : i + 20]) for i in range(0, len(body), 20))).status == 200
    response = post(compress(b"") * 1000)
    assert (response.status, response.json["error"]["message"]) == (400, "the gzip body has more than 100 members")


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"model": "m/" + "x" * 500}, "model"),
        ({"fallbacks": ["local/bm25", "m/" + "x" * 500]}, "fallbacks[1]"),
        ({"user": "x" * 501}, "user"),
        ({"rank_fields": ["x" * 501]}, "rank_fields[0]"),
        ({"rank_fields": ["x"] * 101}, "rank_fields"),
        ({"metadata": {"x" * 501: 1}}, "metadata"),
        ({"metadata": {str(n): 1 for n in range(101)}}, "metadata"),
        ({"provider": {"order": ["x" * 501]}}, "provider.order[0]"),
        ({"load_balancer": {"models": [{"model": "m/" + "x" * 500}]}}, "load_balancer.models[0].model"),
        ({"retry": {"on_codes": [500] * 201}}, "retry.on_codes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_names_are_bounded(changes: dict[str, Any], param: str) -> None:
    """
    They stand in caches, log lines and errors, each of which would have all of it.
    """
    response = rerank(**changes)

    assert (response.status, response.json["error"]["param"]) == (400, param)
    assert len(response.text) < 2_000
