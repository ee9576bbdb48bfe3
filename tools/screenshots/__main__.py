"""
`python -m tools.screenshots`: the pictures in docs/images, of the pages for browsers and of an evaluation's report. It
needs Chromium.

The gateway is that of `make run`. Its two models on vLLM are played on this machine (`played_models.py`): what the
pictures show says nothing of any vendor's model.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from cli.evaluation.sample import write_sample
from tests.browser.visits import PHONE, TABLET, WIDE, running_browser, visit
from tests.local.conftest import Gateway, run_gateway
from tools.screenshots.played_models import CONFIG, LARGE, SMALL, PlayedModels, example_grades, sample_grades

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"
PAGES: Mapping[str, tuple[int, str]] = {
    "playground.png": (WIDE, "light"),
    "playground-tablet.png": (TABLET, "light"),
    "playground-phone.png": (PHONE, "dark"),
}
"""Each with the width of its window, in pixels, and the color scheme."""
REPORT_HEIGHT = 1200
BELOW = 24
"""Pixels of what stands below the rankings."""


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, running_browser() as browser:
        write_sample(Path(folder, "cranfield"))
        models = PlayedModels({**example_grades(), **sample_grades(Path(folder, "cranfield"))})
        with models.served() as url, run_gateway(GATEWAY_CONFIG=CONFIG.format(url=url)) as gateway:
            for name, (width, scheme) in PAGES.items():
                picture_page(browser, gateway, IMAGES / name, (width, scheme))
            report = evaluate(gateway, Path(folder))
        picture_report(browser, report, IMAGES / "report.png")


def picture_page(browser: Browser, gateway: Gateway, file: Path, look: tuple[int, str]) -> None:
    """The first page with its example ranked, down to the end of the rankings."""
    with visit(browser, f"{gateway.url}/", *look) as visited:
        visited.use_key()
        visited.choose("local/bm25", SMALL, LARGE)
        visited.rank()
        visited.page.locator(".column >> nth=1 >> .card >> nth=0").click()
        visited.page.evaluate("document.activeElement.blur(), rankings.scrollTo(0, 0), scrollTo(0, 0)")
        box = visited.page.locator("#rankings-section").bounding_box()
        height = box["y"] + box["height"] + BELOW if box else REPORT_HEIGHT
        picture(visited.page, file, look[0], height)


def evaluate(gateway: Gateway, folder: Path) -> Path:
    """The report on the sample."""
    models = f"local/bm25,{SMALL},{LARGE}"
    known = {**os.environ, "RERANK_GATEWAY_URL": gateway.url, "RERANK_GATEWAY_KEY": "sk-local"}
    command = [sys.executable, "-m", "cli", "evaluate", str(folder / "cranfield"), "--models", models, "--limit", "50"]
    subprocess.run([*command, "--out", str(folder / "out")], cwd=ROOT, env=known, check=True)  # noqa: S603

    return folder / "out/report.html"


def picture_report(browser: Browser, report: Path, file: Path) -> None:
    with visit(browser, report.as_uri()) as visited:
        picture(visited.page, file, WIDE, REPORT_HEIGHT)


def picture(page: Page, file: Path, width: int, height: float) -> None:
    page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")  # noqa: T201


if __name__ == "__main__":
    main()
