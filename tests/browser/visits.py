"""A browser, as people have it, and what it says of a page that nobody sees."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, TABLET, PHONE = 1280, 820, 390
HEIGHT = 900
UNDECIDED = re.compile("^(Stays|Looking)")
PATIENCE_MS = 60_000
"""Machines that run tests may be busy with others."""


def chromium() -> str | None:
    """Where this machine's own Chromium is, if it has one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # In a container nobody has the rights that its sandbox needs.
        browser = playwright.chromium.launch(executable_path=chromium(), chromium_sandbox=False)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A *page* of the gateway at *url*; the *problems* that its browser has told, and every origin that was asked."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)
    origins: set[str] = field(default_factory=set)

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", self._request)

    def use_key(self, key: str = "sk-local") -> None:
        """Type *key* in, and wait until the page has shown what the gateway says to it."""
        self.page.fill("#key", key)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#key-state")).not_to_have_text(UNDECIDED)

    def choose(self, *models: str) -> None:
        """Compare these and no others."""
        while self.page.locator("#chosen button").count():
            self.page.locator("#chosen button").first.click()
        for model in models:
            self.page.fill("#model", model)
            self.page.click("#add-model")

    def rank(self) -> None:
        """Have them ranked, and wait until they are."""
        self.page.click("#rank")
        self.page.wait_for_selector("#rank-state:not(:empty) >> text=/^(?!Ranking)/")

    def column(self, title: str) -> list[str]:
        """The documents in the column of this *title*, best first."""
        return self.page.locator(f'.column[aria-label="{title}"] .text').all_inner_texts()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data":
            self.origins.add(f"{address.scheme}://{address.netloc}")


@contextmanager
def visit(browser: Browser, url: str, width: int = WIDE, scheme: str = "light") -> Iterator[Visit]:
    """The page at *url*, in a window of its own that is *width* pixels wide, for who likes that color *scheme*."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    visited = Visit(context.new_page(), url)
    visited.watch()
    visited.page.goto(url)
    yield visited
    context.close()
