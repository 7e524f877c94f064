"""From the first sign-in to a landed change, over recorded answers; several watchers; a server that dies."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import Server, shoot, violations
from tests.web.browser.test_accessible import assert_fits

MODEL = "Write SQLAlchemy model for loan repayments"
TRANSFER = (
    "Write a FastAPI route to transfer funds between two user accounts. "
    "Use Pydantic for validation and Supabase (PostgreSQL) for storage. Require JWT auth."
)
PASSWORD = "correct horse battery staple"
TABS = ("", "/files", "/changes", "/design", "/contract", "/report", "/evidence", "/take")
ENOUGH = 240_000
"""Milliseconds that a run may take on a busy machine."""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one account."""
    served = Server(tmp_path_factory.mktemp("guarded"))
    served.command("web", "user", "add", "ann", "--role", "admin", text=PASSWORD + "\n")
    served.start()
    yield served
    served.kill()


def test_from_sign_in_to_a_landed_change(guarded: Server, opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened(accept_downloads=True)
    page.goto(guarded.url)
    expect(page).to_have_url(f"{guarded.url}/signin?next=%2F")
    assert violations(page) == []
    page.get_by_label("Name").fill("Ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What shall be built?")).to_be_visible()

    page.get_by_role("textbox", name="The sentence").fill(MODEL)
    expect(page.locator("#prompt")).to_contain_text("sqlalchemy-model")
    expect(page.locator("#slot-kind")).to_have_value("model")
    page.locator("#model").fill("recorded")
    shoot(page, "compose")
    page.keyboard.press("Control+Enter")

    # Nothing is reloaded: what follows arrives by itself.
    page.wait_for_url("**/runs/*")
    state = page.locator("#run-bar")
    expect(state).to_contain_text("passed", timeout=ENOUGH)
    expect(page.locator("#steps")).to_contain_text("answer")
    run = page.url.rpartition("/")[2]
    for tab in TABS:
        page.goto(f"{guarded.url}/runs/{run}{tab}")
        assert violations(page) == [], tab

    for path in ("/account", "/people"):
        page.goto(guarded.url + path)
        assert violations(page) == [], path
    page.goto(f"{guarded.url}/runs/{run}/take")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download zip").click()
    packed = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())).namelist()
    line = page.locator("#take-apply").inner_text()
    assert line == f"backwright apply {run} --into DIR"
    project = tmp_path / "project"
    project.mkdir()
    said = guarded.command(*line.replace("DIR", str(project)).split()[1:], "--yes")
    landed = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert "landed" in said and {name.partition("/")[2] for name in packed} <= landed

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{guarded.url}/runs/{run}")
    expect(page).to_have_url(f"{guarded.url}/signin?next=%2Fruns%2F{run}")


def test_two_watch_one_run_through_the_death_of_its_server(server: Server, opened: Callable[..., Page]) -> None:
    one, other = opened(), opened(360, "dark")
    one.goto(server.url)
    one.get_by_role("textbox", name="The sentence").fill(TRANSFER)
    one.locator("#model").fill("recorded")
    one.get_by_role("button", name="Start the run").click()
    one.wait_for_url("**/runs/*")
    run = one.url.rpartition("/")[2]
    # A limit or a proxy refuses the stream once: the page must ask again by itself.
    other.route("**/events?*", lambda route: route.fulfill(status=429), times=1)
    with other.expect_response(lambda response: response.status == 429):
        other.goto(one.url)
    for page in (one, other):
        expect(page.locator("#steps")).to_contain_text("app.main:app answers", timeout=ENOUGH)
    shoot(one, "run-live")
    answered = asked(server, run)
    assert answered == 2

    server.kill()
    expect(one.locator("#connection")).to_be_visible(timeout=30_000)
    server.start()
    for page in (one, other):
        expect(page.locator("#run-bar")).to_contain_text("passed", timeout=ENOUGH)
    assert asked(server, run) == answered, "what was answered is not asked again"
    # Both saw the same, and a page that is opened now shows it too.
    shown = [steps(page) for page in (one, other)]
    other.reload()
    assert shown[0] == shown[1] == steps(other)

    for tab in (*TABS, "/compare"):
        other.goto(
            f"{server.url}/runs/{run}{tab}" if tab != "/compare" else f"{server.url}/runs/compare?a={run}&b={run}"
        )
        assert violations(other) == [], tab
        assert_fits(other, tab)
        if tab in ("/files", "/design", "/report"):
            one.goto(f"{server.url}/runs/{run}{tab}")
            shoot(one, "run" + tab.replace("/", "-"))


def test_a_check_runs_on_the_same_pages(server: Server, opened: Callable[..., Page], tmp_path: Path) -> None:
    archive = tmp_path / "shop.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("schema.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, total real NOT NULL);\n")
    page = opened()
    page.goto(server.url + "/check")
    page.get_by_label("Zip file").set_input_files(archive)
    page.get_by_label("Depth").select_option("static")
    page.get_by_role("button", name="Check it").click()
    page.wait_for_url("**/runs/*")
    expect(page.locator("#run-bar")).to_contain_text("failed", timeout=ENOUGH)
    page.goto(page.url + "/report")
    expect(page.get_by_role("main")).to_contain_text("float-money")
    assert violations(page) == []
    page.goto(server.url + "/runs?kind=check")
    expect(page.get_by_role("main")).to_contain_text("shop.zip")
    assert violations(page) == []


def asked(server: Server, run: str) -> int:
    """How many answers were paid for, replaced ones too."""
    with sqlite3.connect(server.folder / "history.sqlite") as connection:
        return int(connection.execute("SELECT count(*) FROM calls WHERE run = ?", (run,)).fetchone()[0])


def steps(page: Page) -> list[str]:
    """The steps of a run's page as a reader sees them, without times of the clock."""
    return [" ".join(text.split()) for text in page.locator("#steps > li").all_inner_texts()]
