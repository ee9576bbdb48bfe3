"""The page about a key."""

from __future__ import annotations

import json
from typing import Any

import httpx
from playwright.sync_api import expect

from tests.browser.providers import COHERE, FAILING, VOYAGE
from tests.browser.visits import Visit
from tests.local.conftest import Gateway

QUESTION = {"query": "q", "documents": ["a", "b"]}


def new_key(gateway: Gateway, **limits: Any) -> str:
    """The token of a key with these *limits*."""
    made = httpx.post(
        f"{gateway.url}/api/v1/keys",
        json={"name": "search team", **limits},
        headers=gateway.authorization,
        trust_env=False,
    )

    token: str = made.json()["key"]

    return token


def test_a_key_sees_what_it_may_and_has_spent(visited: Visit, gateway: Gateway) -> None:
    """
    Its own limits, and a bar and a line in the table for each model that it has asked.
    """
    visited.use_key(new_key(gateway, limit=5, limit_reset="monthly", requests_per_minute=90))
    visited.choose(COHERE, VOYAGE)
    visited.rank()
    visited.page.click("#tab-key")

    facts = visited.page.locator("#this-key-facts dl")
    expect(facts).to_contain_text("search team")
    expect(facts).to_contain_text("$5.00 monthly")
    expect(facts).to_contain_text("90")
    expect(visited.page.locator("svg.chart rect[height]:not([height='0'])")).to_have_count(2)
    assert "Spend by day and model" in visited.page.locator("figcaption").inner_text()
    visited.page.locator("#this-key-facts summary").click()
    assert {row.split("\t")[1] for row in visited.page.locator("details tbody tr").all_inner_texts()} == {
        COHERE,
        VOYAGE,
    }


def test_without_a_key_it_says_so(visited: Visit) -> None:
    """
    And asks nobody.
    """
    visited.page.click("#tab-key")

    expect(visited.page.locator("#this-key-state.error")).to_contain_text("key is needed")


def test_a_key_sees_its_jobs_come_to_an_end(visited: Visit, gateway: Gateway) -> None:
    """
    Without anybody's asking again: how each ended, and who answered. Other keys' jobs are not there.
    """
    token = new_key(gateway)
    visited.use_key(token)
    for model in ("local/bm25", FAILING):
        body = {"model": model, **QUESTION}
        headers = {"authorization": f"Bearer {token}"}
        httpx.post(f"{gateway.url}/v1/async/rerank", json=body, headers=headers, trust_env=False)
    visited.page.click("#tab-key")

    rows = visited.page.locator("[aria-label='Latest jobs'] tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("failed (400)")
    expect(rows.last).to_contain_text("completed")
    expect(rows.last).to_contain_text("bm25")


def test_a_key_sees_how_far_its_batches_have_come(visited: Visit, gateway: Gateway) -> None:
    """
    Up to their end, with what has failed.
    """
    token = new_key(gateway)
    lines = [
        {"custom_id": str(number), "method": "POST", "url": "/v1/rerank", "body": {"model": model, **QUESTION}}
        for number, model in enumerate(("local/bm25", "local/bm25", FAILING))
    ]
    with httpx.Client(base_url=gateway.url, headers={"authorization": f"Bearer {token}"}, trust_env=False) as client:
        content = "\n".join(map(json.dumps, lines)).encode()
        file = client.post("/v1/files", data={"purpose": "batch"}, files={"file": ("lines.jsonl", content)}).json()
        batch = {"input_file_id": file["id"], "endpoint": "/v1/rerank", "completion_window": "24h"}
        client.post("/v1/batches", json=batch).raise_for_status()
    visited.use_key(token)
    visited.page.click("#tab-key")

    row = visited.page.locator("[aria-label='Latest batches'] tbody tr")
    expect(row).to_contain_text("completed")
    expect(row).to_contain_text("3 of 3, 1 failed")
    expect(row.locator("progress")).to_have_attribute("value", "3")
