"""The page that shows the API."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visits import Visit


def test_it_shows_the_api_and_asks_nobody_else(visited: Visit) -> None:
    """
    By the same strict policy: each API by its name, and an address to try under the gateway's own.
    """
    visited.page.goto(f"{visited.url}docs")
    visited.page.locator("#operations-tag-Native").click()
    visited.page.locator("#operations-Native-post_v1_rerank .opblock-summary-control").click()

    expect(visited.page.get_by_role("heading", name="Rerank gateway")).to_be_visible()
    expect(visited.page.get_by_role("button", name="Try it out")).to_be_visible()
    expect(visited.page.locator(".servers option")).to_have_text(visited.url.rstrip("/"))
