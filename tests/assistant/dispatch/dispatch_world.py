"""A folder with a small recipe, a model double, a history of its own, and workers as processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from assistant.dispatch.queue import Queue
from assistant.journal_records import RunRecord
from assistant.session import Wish
from assistant.settings import Settings, load

DOUBLES = Path(__file__).parent / "doubles"
BACKWRIGHT = str(Path(sys.executable).with_name("backwright"))
SENTENCE = "Write FastAPI code to create an endpoint for notes with PostgreSQL"
RECIPE = """
id = "small"
version = "1"
title = "A small one"
summary = "Two turns that the static gate judges."
needs = ["action"]

[matches]
kind = ["endpoint"]
action_words = ["small notes"]

[[turns]]
name = "design"
template = "design.md.j2"
delivers = ["schema"]
expects = ["schema.sql"]
stages = ["sql"]

[[turns]]
name = "code"
template = "code.md.j2"
delivers = ["document"]
expects = ["notes.txt"]
stages = ["sql"]
"""
DESIGN = "{% block system %}Be brief.{% endblock %}\n{% block user %}{{ brief.sentence }}{% endblock %}\n"
CODE = '{% extends "recipes/small/design.md.j2" %}\n{% block user %}{{ proved | fences }}{% endblock %}\n'


class World:
    """One history, and whoever works on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.log = folder / "double.log"
        self.settings: Settings = load({"journal_url": url}, environ={}, user=folder / "none.toml")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            # As an installed package has it; a worker's start is most of a test's time.
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "backwright-bench-bytecode"),
            "BACKWRIGHT_JOURNAL_URL": url,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PYTHONPATH": str(DOUBLES),
            "DOUBLE_LOG": str(self.log),
        }
        recipe = folder / ".backwright/prompts/recipes/small"
        recipe.mkdir(parents=True)
        for name, text in (("recipe.toml", RECIPE), ("design.md.j2", DESIGN), ("code.md.j2", CODE)):
            (recipe / name).write_text(text, encoding="utf-8")
        self.queue = Queue.open(self.settings)
        self.journal = self.queue.journal
        self._workers: list[subprocess.Popen[str]] = []

    def wish(self) -> Wish:
        """A wish for the small recipe by the model double."""
        return Wish(SENTENCE, recipe="small", settings={"backend": "small_world:open_model", "model": "double"})

    def worker(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        """`backwright worker` as a process."""
        argv = [BACKWRIGHT, "worker", *options]
        process = subprocess.Popen(
            argv, cwd=self.folder, env=self.environment | environment, stdout=subprocess.PIPE, text=True
        )
        self._workers.append(process)
        return process

    def until(self, what: Callable[[], object], seconds: float = 30) -> None:
        """Wait for something."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, "it does not happen"
            time.sleep(0.02)

    def over(self, run: str, seconds: float = 40) -> RunRecord:
        """The run when it has ended."""
        self.until(lambda: self.journal.get(run).state.over, seconds)
        return self.journal.get(run)

    def reached(self, *places: str) -> None:
        """Wait until processes are at the places where they stop."""
        self.until(lambda: all(self.log.with_suffix(f".{place}").exists() for place in places), 60)

    def lines(self, verb: str) -> Counter[str]:
        """What the double noted, and how often."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        return Counter(line.split()[1] for line in text.splitlines() if line.startswith(verb))

    def close(self) -> None:
        """End what is left."""
        for process in self._workers:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            if process.stdout is not None and not process.stdout.closed:
                process.communicate()
        self.queue.close()
