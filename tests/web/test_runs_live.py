"""Watching: what a watcher shows equals the page, whenever it came and however slow it is."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from assistant.event_records import Advanced, Stopped
from assistant.events import StageStarted, TurnStarted
from assistant.journal import Journal
from assistant.journal_records import RunRecord, RunState
from tests.web.stories import FILES, Story, finding, told
from web.live import Hub
from web.show.timeline import Note, Step, Timeline


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A fresh history."""
    return Journal.open(f"sqlite:///{tmp_path / 'h.sqlite'}")


def render(step: Step) -> str:
    """A step in words, for comparison; an answer that streams has its pane empty, as in the template."""
    if isinstance(step, Note):
        return f"{step.id} {step.state} {step.text}"
    panes = "".join(f"[answer-{a.seq}]" for a in step.answers if a.state != "answered")
    stages = ",".join(f"{stage.name}={stage.state}" for stage in step.stages)
    return f"{step.id} {step.state} {stages} {len(step.findings)} {step.words} {step.then} {panes}"


def status(record: RunRecord) -> str:
    """A run's status in a word."""
    return record.state.value


class Browser:
    """What live.js does with the messages."""

    def __init__(self) -> None:
        self.steps: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.status = ""
        self.last = 0
        self.ended = False
        self.texts_seen: list[str] = []

    def take(self, chunk: str) -> None:
        """Take what was sent."""
        for block in filter(None, chunk.split("\n\n")):
            fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
            if "id" in fields:
                self.last = int(fields["id"])
            if "event" in fields:
                self.act(fields["event"], json.loads(fields["data"]))

    def act(self, event: str, data: dict[str, Any]) -> None:
        """One message."""
        if event == "put" and data["id"] == "run-status":
            self.status = data["html"]
        elif event == "put":
            self.steps[data["id"]] = data["html"]
            for pane in re.findall(r"\[(answer-\d+)\]", data["html"]):
                self.texts[pane] = ""
        elif event == "text":
            self.texts[data["id"]] = ("" if data["fresh"] else self.texts[data["id"]]) + data["text"]
            self.texts_seen.append(data["text"])
        elif event == "steps":
            self.steps = {id: html for id, html in self.steps.items() if id in data["ids"]}
        elif event == "end":
            self.ended = True

    @classmethod
    def opened(cls, journal: Journal, run: str) -> Browser:
        """A page that was opened now."""
        made, fold = cls(), Timeline()
        for event in journal.events_after(run, 0, None):
            fold.apply(event)
        made.last = fold.seq
        made.steps = {step.id: render(step) for step in fold.steps}
        if fold.streaming is not None:
            made.texts[f"answer-{fold.streaming[1].seq}"] = fold.text
        return made


def same(browser: Browser, journal: Journal, run: str) -> None:
    """The browser shows what a page that is opened now shows."""
    page = Browser.opened(journal, run)
    assert browser.steps == page.steps
    for pane, text in page.texts.items():
        assert browser.texts.get(pane) == text


async def follow(hub: Hub, journal: Journal, run: str, browser: Browser, slow: float = 0.0) -> None:
    """Watch until the run ends."""
    async for chunk in hub.watch(journal, run, browser.last, render, status):
        browser.take(chunk)
        await asyncio.sleep(slow)


async def tell_slowly(story: Story, pause: float = 0.02) -> None:
    """A whole run, event by event, with a stream."""
    story.tell(Advanced(1, "here:1"), TurnStarted("code", 1, 1))
    await asyncio.sleep(pause)
    story.ask()
    for number in range(30):
        story.stream(f"piece {number} <b>\n", fresh=number == 0)
        await asyncio.sleep(pause)
    story.answer("whole")
    story.tell(StageStarted("answer"))
    await asyncio.sleep(pause)
    story.round(FILES, finding(), number=1)
    await asyncio.sleep(pause)
    story.finish(FILES, finding(), reason="no progress")


def test_two_watchers_and_a_late_one_see_what_the_page_shows(journal: Journal) -> None:
    async def play() -> None:
        story, hub = Story.begin(journal), Hub()
        first, second, late = Browser(), Browser(), Browser()

        async def come_late() -> None:
            await asyncio.sleep(0.35)
            await follow(hub, journal, story.id, late)

        await asyncio.gather(
            tell_slowly(story),
            follow(hub, journal, story.id, first),
            follow(hub, journal, story.id, second, slow=0.2),
            come_late(),
        )
        for browser in (first, second, late):
            assert browser.ended and browser.status == "failed"
            same(browser, journal, story.id)
        assert hub.watched == 0

    asyncio.run(play())


def test_pieces_of_an_answer_are_neither_lost_nor_doubled(journal: Journal) -> None:
    async def play() -> None:
        story, hub = Story.begin(journal), Hub()
        story.ask()
        story.stream("0,", fresh=True)
        browser = Browser.opened(journal, story.id)

        async def stream() -> None:
            for number in range(1, 60):
                story.stream(f"{number},")
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.4)

        watching = asyncio.create_task(follow(hub, journal, story.id, browser))
        await stream()
        (text,) = browser.texts.values()
        assert text == "".join(f"{number}," for number in range(60))
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(play())


def test_who_comes_back_with_the_last_id_misses_nothing(journal: Journal) -> None:
    async def play() -> None:
        story, hub, browser = Story.begin(journal), Hub(), Browser()
        telling = asyncio.create_task(tell_slowly(story))
        cuts = 0
        while not browser.ended:
            watch = hub.watch(journal, story.id, browser.last, render, status)
            taken = 0
            async for chunk in watch:
                browser.take(chunk)
                taken += 1
                if taken == 3 and cuts < 6:
                    cuts += 1
                    break
            await watch.aclose()  # type: ignore[attr-defined]
        await telling
        assert cuts == 6
        same(browser, journal, story.id)
        assert hub.watched == 0

    asyncio.run(play())


def test_a_connection_that_breaks_within_a_batch_doubles_nothing(journal: Journal) -> None:
    async def play() -> None:
        story, hub = Story.begin(journal), Hub()
        story.ask()
        for number in range(5):
            story.stream(f"{number},", fresh=number == 0)
        whole = ""
        async for chunk in hub.watch(journal, story.id, 0, render, status):
            whole += chunk
            if "event: text" in whole:
                break
        blocks = [f"{block}\n\n" for block in whole.split("\n\n") if block]
        for cut in range(len(blocks) + 1):
            browser = Browser()
            for block in blocks[:cut]:
                browser.take(block)
            async for chunk in hub.watch(journal, story.id, browser.last, render, status):
                browser.take(chunk)
                if browser.texts and next(iter(browser.texts.values())) == "0,1,2,3,4,":
                    break
            assert list(browser.texts.values()) == ["0,1,2,3,4,"]

    asyncio.run(play())


def test_what_is_taken_back_disappears(journal: Journal) -> None:
    async def play() -> None:
        story, hub, browser = Story.begin(journal), Hub(), Browser()
        story.ask()
        seq = story.answer()
        story.round(FILES, finding())
        watching = asyncio.create_task(follow(hub, journal, story.id, browser))
        await asyncio.sleep(0.3)
        assert any("failed" in html for html in browser.steps.values())
        journal.tell(story.id, 2, [("rewound", {"after": seq}), ("stage-started", {"stage": "sql"})], back_to=seq)
        await asyncio.sleep(0.4)
        same(browser, journal, story.id)
        assert not any("failed" in html for html in browser.steps.values())
        # Who was away meanwhile is brought to the same.
        away = Browser()
        away.steps, away.last = {"step-999": "gone"}, seq + 2
        late = asyncio.create_task(follow(hub, journal, story.id, away))
        await asyncio.sleep(0.3)
        same(away, journal, story.id)
        story.tell(Stopped(RunState.ERROR, "the endpoint is gone"), state=RunState.ERROR, detail="gone")
        await asyncio.wait_for(asyncio.gather(watching, late), 5)
        assert browser.ended and away.ended and browser.status == "error"

    asyncio.run(play())


def test_a_run_that_is_over_is_told_whole_and_at_once(journal: Journal) -> None:
    async def play() -> None:
        story, browser = told(journal), Browser()
        await asyncio.wait_for(follow(Hub(), journal, story.id, browser), 5)
        assert browser.ended and browser.status == "passed"
        same(browser, journal, story.id)

    asyncio.run(play())


def test_one_poller_serves_every_watcher_and_ends_with_the_last(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    read = Journal.events_after

    def counted(self: Journal, *given: Any) -> Any:
        nonlocal looks
        looks += 1
        return read(self, *given)

    monkeypatch.setattr(Journal, "events_after", counted)

    async def play() -> int:
        story, hub = Story.begin(journal), Hub()
        story.ask()
        tasks = [asyncio.create_task(follow(hub, journal, story.id, Browser())) for _ in range(20)]
        await asyncio.sleep(0.6)
        assert hub.watched == 1
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert hub.watched == 0
        before = looks
        await asyncio.sleep(0.3)
        assert looks == before
        return looks

    assert asyncio.run(play()) <= 8


def test_silence_is_told_as_a_sign_of_life(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.live.BEAT", 0.05)

    async def first_beat(messages: AsyncIterator[str]) -> str:
        async for message in messages:
            if message.startswith(":"):
                return message
        return ""

    async def play() -> None:
        story = Story.begin(journal)
        beat = await asyncio.wait_for(first_beat(Hub().watch(journal, story.id, 0, render, status)), 5)
        assert beat == ": beat\n\n"

    asyncio.run(play())


def test_a_watcher_must_show_again_who_it_is(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.live.LIFE", 0.1)
    monkeypatch.setattr("web.live.BEAT", 0.05)
    story, browser = Story.begin(journal), Browser()
    asyncio.run(asyncio.wait_for(follow(Hub(), journal, story.id, browser), 5))
    assert not browser.ended


def test_a_history_that_cannot_be_read_closes_the_stream_and_who_comes_back_misses_nothing(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the error is: a poller that dies silently would leave its watchers waiting."""

    async def play() -> None:
        story, hub = Story.begin(journal), Hub()
        browser = Browser()
        telling = asyncio.create_task(tell_slowly(story))
        await asyncio.sleep(0.3)
        whole = journal.events_after
        with monkeypatch.context() as broken:
            broken.setattr(journal, "events_after", lambda *given: whole(*given) and 1 / 0)
            async with asyncio.timeout(5):
                await follow(hub, journal, story.id, browser)
        assert not browser.ended
        await follow(hub, journal, story.id, browser)
        await telling
        assert browser.ended
        same(browser, journal, story.id)

    asyncio.run(play())
