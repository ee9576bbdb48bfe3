"""The page that shows the API."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.visits import Visit, visit
from tests.local.conftest import Gateway


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


def test_it_is_dark_for_who_likes_that(browser: Browser, gateway: Gateway) -> None:
    """
    As the other page is.
    """
    with visit(browser, f"{gateway.url}/docs", scheme="dark") as visited:
        assert visited.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_an_address_can_be_tried(visited: Visit) -> None:
    """
    With a key that is typed in, at the gateway itself.
    """
    page = visited.page
    page.goto(f"{visited.url}docs")
    page.get_by_role("button", name="Authorize").click()
    page.locator(".auth-container input").first.fill("sk-local")
    page.locator(".auth-btn-wrapper .authorize").first.click()
    page.locator(".btn-done").first.click()
    page.locator("#operations-tag-Gateway").click()
    page.locator("#operations-Gateway-get_v1_models .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.locator("button.execute").click()

    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
