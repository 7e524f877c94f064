"""A model double for workers of their own process, and places where such a process can be stopped.

DOUBLE_LOG names a file that gets a line for each request and each whole answer. DOUBLE_STOP
names a place: the first process that comes there says so in a file and waits to be killed.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from assistant.journal import Journal
from assistant.model.base import Completion, Delta
from assistant.prompt import Prompt
from evaluators import gate

ANSWERS = {
    "design": "````sql schema.sql\nCREATE TABLE notes (id integer PRIMARY KEY, text varchar(200) NOT NULL);\n````\n",
    "code": "````text notes.txt\nThe table is as it should be.\n````\n",
}


def log(line: str) -> None:
    """One line, by whom and about what."""
    with Path(os.environ["DOUBLE_LOG"]).open("a", encoding="utf-8") as file:
        file.write(f"{line} {os.getpid()}\n")


def stop_at(place: str) -> None:
    """Say that the process is there, and wait for the end, if this is the place and nobody was there before."""
    if os.environ.get("DOUBLE_STOP") != place:
        return
    reached = Path(os.environ["DOUBLE_LOG"]).with_suffix(f".{place}")
    try:
        with reached.open("x", encoding="utf-8") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return
    time.sleep(120)


class SlowModel:
    """Answers by the turn, in pieces, within DOUBLE_SECONDS."""

    name = "double"

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model."""
        seconds = float(os.environ.get("DOUBLE_SECONDS", "0.1"))
        log(f"asked {prompt.fingerprint}")
        text = ANSWERS[prompt.turn]
        for start in range(0, len(text), 20):
            yield Delta(text[start : start + 20])
            await asyncio.sleep(seconds / (len(text) / 20))
            if start:
                stop_at(f"asking-{prompt.turn}")
        log(f"answered {prompt.fingerprint}")
        yield Completion(text, "double", seconds=seconds, origin="scripted")


def open_model(settings: object, context: object) -> SlowModel:
    """The double; from now on this process can be stopped anywhere."""
    _hook()
    return SlowModel()


def _hook() -> None:
    """Put the places into what a run passes."""
    if getattr(Journal, "hooked", False):
        return
    Journal.hooked = True  # type: ignore[attr-defined]
    record, judge, tell = Journal.record_completion, gate.Gate.judge, Journal.tell

    def recorded(self: Journal, *args: Any, **kwargs: Any) -> None:
        record(self, *args, **kwargs)
        stop_at("answered")

    async def judged(self: gate.Gate, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        async for event in judge(self, *args, **kwargs):
            yield event
            if isinstance(event, gate.Started):
                log("judging x")
                stop_at("judging")

    def told(self: Journal, run: str, attempt: int, events: Any, **kwargs: Any) -> int:
        last = any(kind == "finished" for kind, _ in events)
        if last:
            stop_at("finishing")
        number = tell(self, run, attempt, events, **kwargs)
        if last:
            stop_at("finished")
        return number

    Journal.record_completion = recorded  # type: ignore[method-assign]
    gate.Gate.judge = judged  # type: ignore[method-assign,assignment]
    Journal.tell = told  # type: ignore[method-assign]
