"""Every page, light and dark, narrow and wide: no violation of WCAG 2.2 AA that axe can see, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.web.browser.conftest import Server, violations

SENTENCE = "Write%20FastAPI%20code%20for%20renting%20boats%20with%20JWT"
PAGES = (
    "/",
    f"/?sentence={SENTENCE}",
    "/?sentence=Write%20code%20with%20JWT%20and%20sessions%20for%20x",
    "/check",
    "/recipes",
    f"/recipes/service?sentence={SENTENCE}",
    "/rules",
    "/rules?q=nothing-like-it",
    "/rules/missing-primary-key",
    "/rules/sql-injection",
    "/account",
    "/people",
    "/setup",
    "/runs",
    "/runs/compare",
    "/nothing-here",
)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_every_page_is_accessible_and_fits(
    server: Server, opened: Callable[..., Page], width: int, scheme: str
) -> None:
    page = opened(width, scheme)
    for path in PAGES:
        page.goto(server.url + path)
        assert violations(page) == [], f"{path} at {width}, {scheme}"
        assert_fits(page, path)


def test_the_keyboard_reaches_everything(server: Server, opened: Callable[..., Page]) -> None:
    page = opened()
    page.goto(server.url + "/check")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        box = page.evaluate("(e => { const s = getComputedStyle(e); return s.outlineStyle; })(document.activeElement)")
        assert box != "none", f"no focus ring at {sorted(reached)[-1]}"
        if "Check it" in reached:
            break
    assert {"archive", "path-1", "text-1", "depth", "dialect", "stack", "Check it"} <= reached


def assert_fits(page: Page, path: str) -> None:
    """Nothing makes the page scroll sideways."""
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room, f"{path} is {wide} wide in {room}"
