"""axe, which looks at a page for those who cannot: by Deque's rules, WCAG 2.2 A and AA."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.providers import COHERE, VOYAGE
from tests.browser.visits import PHONE, WIDE, Visit, visit
from tests.local.conftest import Gateway

HERE = Path(__file__).parent
AXE = HERE / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def axe() -> str:
    """Its code, as the lock file names it, installed unless it is."""
    if not shutil.which("npm"):
        if os.environ.get("NEEDS_BROWSER"):
            pytest.fail("there is no npm")
        pytest.skip("needs npm")
    if not AXE.exists() or AXE.stat().st_ctime < (HERE / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)

    return AXE.read_text("utf-8")


def faults(visited: Visit, axe: str) -> list[tuple[str, str, list[Any]]]:
    """What is wrong: the rule, how bad it is, and where."""
    # By the browser's debugger, as the page's policy would not have it.
    visited.page.evaluate(axe)
    found = visited.page.evaluate("axe.run(document)")["violations"]

    return [(each["id"], each["impact"], [node["target"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_nothing_stands_in_anybodys_way(browser: Browser, gateway: Gateway, axe: str, width: int, scheme: str) -> None:
    """
    Neither before nor after ranking, with an error among the models, nor on the second page.
    """
    with visit(browser, f"{gateway.url}/", width, scheme) as visited:
        found = faults(visited, axe)
        visited.use_key()
        visited.choose(COHERE, VOYAGE, "nobody/x")
        visited.page.locator("summary").click()
        visited.rank()
        found += faults(visited, axe)
        visited.page.click("#tab-key")
        visited.page.wait_for_selector("#this-key-facts h2")
        found += faults(visited, axe)

    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reference_has_no_serious_fault(browser: Browser, gateway: Gateway, axe: str, scheme: str) -> None:
    """
    Not all of its page is ours.
    """
    with visit(browser, f"{gateway.url}/docs", scheme=scheme) as visited:
        visited.page.wait_for_selector(".opblock-tag")
        found = faults(visited, axe)

    assert [fault for fault in found if fault[1] in ("serious", "critical")] == []
