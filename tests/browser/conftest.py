"""
A real browser at the gateway of `make run`, with two providers on loopback. Machines without Chromium do without these
tests, unless NEEDS_BROWSER is set, as it is in CI.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.browser.providers import running_providers
from tests.browser.visits import Visit, chromium, running_browser, visit
from tests.local.conftest import Gateway, run_gateway


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Of a module only: while it runs, the main thread counts as one with an event loop, which other tests would mind.
    if not chromium():
        if os.environ.get("NEEDS_BROWSER"):
            pytest.fail("there is no Chromium")
        pytest.skip("needs Chromium")
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    with running_providers() as settings, run_gateway(**settings) as running:
        # Its lines are read, or it would wait in the end for somebody who does.
        reader = Thread(target=running.process.communicate, daemon=True)
        reader.start()
        yield running
        running.process.kill()
        reader.join()


@pytest.fixture
def visited(browser: Browser, gateway: Gateway) -> Iterator[Visit]:
    """The page, just opened. In the end nothing was wrong that its browser knows of, and nobody else was asked."""
    with visit(browser, f"{gateway.url}/") as visited:
        yield visited
        assert visited.problems == []
        assert visited.origins == {gateway.url}
