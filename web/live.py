"""Who watches a run gets what changed: one poller a run and process, however many watch.

A channel holds the run as it stands (web/show/timeline.py), not a list of messages. A
watcher knows the number of the last event it was told of and is told everything that
changed since. So a slow one needs no queue and loses nothing: it is told less often.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from anyio import CapacityLimiter, to_thread

from assistant.event_records import Stored
from assistant.journal import Journal
from assistant.journal_records import RunRecord
from web.show.timeline import LONGEST_STREAM, Step, Timeline

_LOG = logging.getLogger(__name__)

PAUSE = 0.1
"""Seconds between two looks into the history while a run is advanced."""

IDLE = 0.4
"""The same while it waits for a worker."""

BEAT = 15.0
"""Seconds of silence after which a watcher gets a sign of life."""

LIFE = 600.0
"""Seconds after which a watcher must connect again, and show again who it is."""

BATCH = 500
"""Events that are read at once."""

TELLING = frozenset({"advanced", "asked", "answered", "judged", "finished", "stopped"})
"""Kinds of events after which the run's status may read differently."""

Render = Callable[[Step], str]
RenderStatus = Callable[[RunRecord], str]


@dataclass
class Watcher:
    """How far one watcher has been told."""

    sent: int
    """The number of the last event it knows."""
    generation: int = -1
    status: str = ""


class Channel:
    """One run that is watched."""

    def __init__(self, journal: Journal, run: str, render: Render, render_status: RenderStatus) -> None:
        self.run, self.watchers, self.over, self.failed = run, 0, False, False
        self._journal, self._render, self._render_status = journal, render, render_status
        self.timeline = Timeline()
        self.generation = 0
        """Rises when earlier events were taken back: then everything is told anew."""
        self._rewound = 0
        self._status = ""
        self._state: dict[str, Any] = {}
        self._fragments: dict[str, tuple[int, str]] = {}
        self._news = asyncio.Event()
        self._limit = CapacityLimiter(1)

    async def poll(self) -> None:
        """Look into the history until the run is over and everything of it is told."""
        try:
            await self._follow()
        except Exception:
            # The history cannot be read now: whoever watches connects again.
            _LOG.exception("run %s cannot be followed; who watches it must connect again", self.run)
            self.failed = self.over = True
            self._tell()

    async def _follow(self) -> None:
        """The same, raising what a look raises."""
        while not self.over:
            record, events, status = await to_thread.run_sync(self._look, limiter=self._limit)
            changed = bool(events) or status != self._status
            for event in events:
                self.timeline.apply(event)
                if event.kind == "rewound":
                    self._rewound = event.seq
            if self.timeline.rewound:
                await self._again()
            self._status = status or self._status
            self._state = {"state": record.state.value, "over": record.state.over, "cancel": record.cancel}
            # The record was read before the events: a full batch may have more behind it.
            self.over = record.state.over and len(events) < BATCH
            if changed or self.over:
                self._tell()
            if not self.over and len(events) < BATCH:
                await asyncio.sleep(IDLE if record.state.value == "queued" else PAUSE)

    async def _again(self) -> None:
        """Read the run from its beginning: some of what was told is void."""
        timeline = Timeline()
        while True:
            events = await to_thread.run_sync(
                self._journal.events_after, self.run, timeline.seq, BATCH, limiter=self._limit
            )
            for event in events:
                timeline.apply(event)
            if len(events) < BATCH:
                break
        timeline.rewound = False
        self.timeline, self._fragments = timeline, {}
        self.generation += 1

    def _look(self) -> tuple[RunRecord, list[Stored], str]:
        """The run's row, new events, and the status where it may have changed. In a thread."""
        record = self._journal.get(self.run)
        events = self._journal.events_after(self.run, self.timeline.seq, BATCH)
        told = any(event.kind in TELLING for event in events)
        state = {"state": record.state.value, "over": record.state.over, "cancel": record.cancel}
        stale = told or not self._status or state != self._state
        return record, events, self._render_status(record) if stale else self._status

    def _tell(self) -> None:
        """Wake whoever waits."""
        self._news.set()
        self._news = asyncio.Event()

    async def watch(self, watcher: Watcher) -> AsyncIterator[str]:
        """What is sent to one watcher, as server-sent events, until the run is over."""
        until = time.monotonic() + LIFE
        yield "retry: 1500\n\n"
        while True:
            # Before looking, so that news during a slow send are not missed.
            news = self._news
            over = self.over
            batch = self.since(watcher) if self._state else ""
            if batch:
                yield batch
            if over:
                yield "" if self.failed else _message("end", {"state": self._state.get("state", "")})
                return
            if time.monotonic() > until:
                return
            try:
                async with asyncio.timeout(BEAT):
                    await news.wait()
            except TimeoutError:
                yield ": beat\n\n"

    def since(self, watcher: Watcher) -> str:
        """Everything that changed since the watcher was last told; it then knows it."""
        parts: list[str] = []
        if watcher.sent > self.timeline.seq or watcher.sent < self._rewound:
            watcher.sent = 0
        if watcher.generation != self.generation:
            if watcher.generation >= 0:
                watcher.sent = 0
            watcher.generation = self.generation
            parts.append(_message("steps", {"ids": [step.id for step in self.timeline.steps]}))
        if watcher.status != self._status:
            watcher.status = self._status
            parts.append(_message("put", {"id": "run-status", "html": self._status}))
            parts.append(_message("state", self._state))
        streaming = self.timeline.streaming
        changed = [step for step in self.timeline.steps if step.seq > watcher.sent]
        for step in sorted(changed, key=lambda each: each.seq):
            # A pane comes empty: who got it and not yet its text must get both again.
            id = 0 if streaming and streaming[0] is step and self.timeline.pieces else step.seq
            parts.append(_message("put", {"id": step.id, "html": self._fragment(step)}, id))
        parts += self._text({step.id for step in changed}, watcher.sent)
        watcher.sent = self.timeline.seq
        return "".join(parts)

    def _text(self, put: set[str], sent: int) -> list[str]:
        """The streaming answer: all of it where its step was put anew, else the pieces that are new."""
        streaming, pieces = self.timeline.streaming, self.timeline.pieces
        if streaming is None or not pieces:
            return []
        step, answer = streaming
        fresh, last = step.id in put, pieces[-1][0]
        if not fresh and last <= sent:
            return []
        text = self.timeline.text if fresh else "".join(piece for seq, piece in pieces if seq > sent)
        shown = text[-LONGEST_STREAM:]
        return [_message("text", {"id": f"answer-{answer.seq}", "text": shown, "fresh": fresh}, last)]

    def _fragment(self, step: Step) -> str:
        """A step's HTML, rendered once for everybody."""
        known = self._fragments.get(step.id)
        if known is None or known[0] != step.seq:
            known = self._fragments[step.id] = (step.seq, self._render(step))
        return known[1]


class Hub:
    """The channels of one process."""

    def __init__(self) -> None:
        self._channels: dict[str, tuple[Channel, asyncio.Task[None]]] = {}

    async def watch(
        self, journal: Journal, run: str, sent: int, render: Render, render_status: RenderStatus
    ) -> AsyncIterator[str]:
        """Watch a run from event number `sent` on; the last watcher to go ends the poller."""
        if run not in self._channels or self._channels[run][0].over:
            made = Channel(journal, run, render, render_status)
            self._channels[run] = (made, asyncio.create_task(made.poll()))
        channel, task = self._channels[run]
        channel.watchers += 1
        try:
            async with contextlib.aclosing(channel.watch(Watcher(sent))) as messages:  # type: ignore[type-var]
                async for message in messages:
                    if message:
                        yield message
        finally:
            channel.watchers -= 1
            if not channel.watchers:
                task.cancel()
                if self._channels.get(run, (None,))[0] is channel:
                    del self._channels[run]

    @property
    def watched(self) -> int:
        """How many runs are watched."""
        return len(self._channels)


def _message(event: str, data: object, id: int = 0) -> str:
    """One server-sent event; JSON has no line ends of its own."""
    head = f"id: {id}\n" if id else ""
    return f"{head}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
