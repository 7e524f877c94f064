"""The HTML report in a real browser: narrow and wide, light and dark, from a file and without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, sync_playwright
from stories import drawn, results, trial

from assistant.experiment.comparing import compare
from assistant.experiment.reports import render
from assistant.experiment.results import Status

AXE = Path(__file__).parents[2] / "web" / "browser" / "axe.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RATES = {"readable": 1.0, "sql": 0.7, "schema": 0.8, "part": 0.5, "fuzz": 0.3}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, for this module and no longer: an event loop runs in this thread while it is there."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "the browser tests need Chromium: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with both charts, held-out cases, two arms, and names that no line has room for."""
    draw = Random(5)
    before, after = drawn(draw, RATES, 12, 2), drawn(draw, {**RATES, "sql": 0.1}, 12, 2)
    long = trial("a" * 120, arm="b" * 90, status=Status.STALE, why="w" * 300)
    made = results([*after.trials, *drawn(draw, RATES, 12, arm="an-arm-with-a-long-name").trials, long])
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(render("html", made, compare(before, made)), encoding="utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_accessible_and_as_wide_as_the_screen(
    chromium: Browser, page_file: Path, width: int, scheme: str
) -> None:
    # axe is put in by the test; the page's own policy would refuse it.
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Nothing of a chart lies outside of it: every text and bar ends within the picture.
    cut = page.evaluate(
        """() => [...document.querySelectorAll("svg")].flatMap(chart => {
            const frame = chart.getBoundingClientRect();
            return [...chart.querySelectorAll("text, rect, circle")].filter(each => {
                const box = each.getBoundingClientRect();
                return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
            }).map(each => each.textContent || each.tagName);
        })"""
    )
    assert cut == []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async tags => (await axe.run(document, {runOnly: {type: "tag", values: tags}})).violations.map(
            each => `${each.id}: ` + each.nodes.slice(0, 3).map(node => node.target).join(" | "))""",
        TAGS,
    )
    context.close()
    assert found == []
