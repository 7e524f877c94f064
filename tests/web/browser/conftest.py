"""A real server, a real browser: `backwright web` in a process of its own, and Chromium."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

AXE = Path(__file__).with_name("axe.js")
"""axe-core 4.14.1, as published."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Server:
    """`backwright web` over a history of its own."""

    folder: Path
    workers: int = 1
    process: subprocess.Popen[str] | None = None
    url: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str, text: str = "") -> str:
        """Run another `backwright` command over the same history; its output."""
        ran = subprocess.run(
            [sys.executable, "-m", "assistant.cli.app", *arguments],
            cwd=self.folder,
            env=self._environment(),
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self) -> None:
        """Start it at a free port, and wait until it says where it serves."""
        port = self.url.rpartition(":")[2] or "0"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant.cli.app", "web", "--port", port, "--workers", str(self.workers)],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"no address in {line!r}"
        self.url = found[0]

    def kill(self) -> None:
        """End it and its workers at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process.stdout.close() if self.process.stdout else None
            self.process = None

    def _environment(self) -> dict[str, str]:
        """What it sees: its history, no key, no endpoint."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "BACKWRIGHT_"))}
        history = {"BACKWRIGHT_JOURNAL_URL": f"sqlite:///{self.folder / 'history.sqlite'}"}
        return {**kept, **history, "PYTHONUNBUFFERED": "1", **self.environment}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, without a head.

    For a module and no longer: while it is there an event loop runs in this thread, and
    tests elsewhere run loops of their own.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "the browser tests need Chromium: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        # Root has no user namespaces of Chromium's own to fall back on.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without accounts, with one worker."""
    served = Server(tmp_path_factory.mktemp("web"))
    served.start()
    yield served
    served.kill()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own; what a page complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(width: int = 1280, scheme: str = "light", **more: object) -> Page:
        viewport = {"width": width, "height": 900}
        context = chromium.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce", **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A server that a test kills breaks the streams of its pages; what a 404 shows is looked at too, and a
    # stream that is refused once.
    meant = ("ERR_", "(Not Found)", "(Too Many Requests)")
    assert [each for each in complaints if not any(word in each for word in meant)] == []


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it stands: rule, impact and the first elements."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async tags => (await axe.run(document, {runOnly: {type: "tag", values: tags}})).violations.map(
            each => `${each.id} (${each.impact}): ` + each.nodes.slice(0, 3).map(
                node => `${node.target} ${node.failureSummary}`).join(" | "))""",
        TAGS,
    )
    return [str(each) for each in found]


def shoot(page: Page, name: str) -> None:
    """A screenshot of what is in view; with BACKWRIGHT_SCREENSHOTS it is kept there (`make screenshots`)."""
    folder = os.environ.get("BACKWRIGHT_SCREENSHOTS")
    taken = page.screenshot(path=Path(folder) / f"{name}.png" if folder else None, animations="disabled")
    assert taken.startswith(b"\x89PNG")
