"""A run's events are kept once: over streaming, kill and resume, and another way taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from assistant.event_keeper import PAUSE, Keeper
from assistant.event_records import Advanced, Happening, Rewound, Stopped, Stored, Waited
from assistant.events import (
    Answered,
    Asked,
    Event,
    Finished,
    Judged,
    Outcome,
    Read,
    StageDone,
    StageStarted,
    Streamed,
    TurnStarted,
)
from assistant.journal import Journal
from assistant.journal_records import RunState
from assistant.model.base import Completion, Delta
from assistant.model.retry import Waiting
from assistant.prompt import Message, Prompt
from assistant.run import Streamed as LoopsStreamed
from evaluators.draft import Draft
from evaluators.report import Report, Stage, StageResult, State

DRAFT = Draft.of({"a.sql": "SELECT 1;\n"})
REPORT = Report((Stage("sql", State.PASSED, seconds=0.25),))


def asked(text: str) -> Asked:
    """A request."""
    return Asked(Prompt((Message("user", text),), turn="design"), "m")


FIRST: tuple[Event, ...] = (TurnStarted("design", 1, 1), asked("a"), Answered(Completion("one", "m")))
JUDGED: tuple[Event, ...] = (Read(DRAFT, ("a.sql",)), StageStarted("sql"), StageDone(StageResult(REPORT.stages[0])))
LAST: tuple[Event, ...] = (Judged("design", 0, REPORT, True), Finished(Outcome.PASSED, DRAFT, REPORT, "done"))


class Told:
    """A history with one run, and attempts to advance it."""

    def __init__(self, journal: Journal) -> None:
        self.journal, self.run = journal, journal.begin("s", brief={}, recipe="r").id
        assert journal.claim(self.run, "me", 0, 1e12) == ""

    def attempt(self) -> Keeper:
        """The keeper of a new attempt."""
        number = self.journal.attempt(self.run, "me", revive=True)
        keeper = Keeper(self.journal, self.run, number, "me")
        keeper.begin()
        return keeper

    def play(self, *events: Event) -> None:
        """An attempt that comes so far, and is killed."""
        keeper = self.attempt()
        for event in events:
            keeper.keep(event)

    @property
    def stored(self) -> list[Stored]:
        """All that is told now."""
        return self.journal.events_after(self.run)

    @property
    def events(self) -> list[Happening]:
        """The same without who advanced it."""
        return [each.event for each in self.stored if not isinstance(each.event, Advanced)]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    """A run of an empty history."""
    with Journal.open(f"sqlite:///{tmp_path / 'h.sqlite'}") as journal:
        yield Told(journal)


WHOLE = (*FIRST, *JUDGED, *LAST)


@pytest.mark.parametrize("reached", range(len(WHOLE) + 1))
def test_a_resumed_run_tells_nothing_twice(told: Told, reached: int) -> None:
    told.play(*WHOLE[:reached])
    told.play(*WHOLE)
    assert told.events == list(WHOLE)
    assert [each.event.attempt for each in told.stored if isinstance(each.event, Advanced)] == [1, 2]
    seen = told.stored[-1].seq
    told.play(*WHOLE)
    assert [type(each.event) for each in told.journal.events_after(told.run, seen)] == [Advanced]


def test_a_stored_report_comes_without_the_begin_of_its_stages(told: Told) -> None:
    told.play(*FIRST, *JUDGED)
    # The report was stored, the process killed; seconds are not what makes a stage another one.
    again = StageDone(StageResult(Stage("sql", State.PASSED, seconds=9.0)))
    told.play(*FIRST, JUDGED[0], again, *LAST)
    assert told.events == list(WHOLE)


def test_another_way_takes_back_what_was_told_of_the_first(told: Told) -> None:
    told.play(*FIRST, *JUDGED)
    told.play(FIRST[0], asked("changed"), Answered(Completion("two", "m")))
    turn = next(each for each in told.stored if isinstance(each.event, TurnStarted))
    events = told.events
    assert events == [FIRST[0], Rewound(turn.seq), asked("changed"), Answered(Completion("two", "m"))]
    told.play(FIRST[0], asked("changed"), Answered(Completion("two", "m")), *JUDGED)
    assert told.events == [*events, *JUDGED]


def test_the_end_is_kept_with_evidence_and_state(told: Told) -> None:
    keeper = told.attempt()
    for event in WHOLE[:-1]:
        keeper.keep(event)
    keeper.keep(WHOLE[-1], {"evidence": {"verdict": "passed"}}, RunState.PASSED)
    record = told.journal.get(told.run)
    assert (record.state, record.detail) == (RunState.PASSED, "done")
    assert told.stored[-1].data["evidence"] == {"verdict": "passed"}
    # Resumed, and at its end again: the state is told, the event is not.
    told.journal.set_state(told.run, RunState.RUNNING)
    again = told.attempt()
    for event in WHOLE[:-1]:
        again.keep(event)
    again.keep(WHOLE[-1], {"evidence": {}}, RunState.PASSED)
    assert told.journal.get(told.run).state is RunState.PASSED
    assert told.events == list(WHOLE)


def test_waits_and_stops_are_told(told: Told) -> None:
    keeper = told.attempt()
    keeper.keep(FIRST[0])
    keeper.waited(Waiting("busy", 1.5, 1, 4))
    keeper.stopped(RunState.ERROR, "the endpoint is away")
    assert told.events == [FIRST[0], Waited("busy", 1.5, 1, 4), Stopped(RunState.ERROR, "the endpoint is away")]
    assert told.journal.get(told.run).state is RunState.ERROR
    told.play(*FIRST)
    assert told.events[-2:] == list(FIRST[1:])


async def streaming(keeper: Keeper, pieces: list[str], pause: float) -> None:
    """Tell pieces, with a pause between two."""
    for piece in pieces:
        keeper.keep(Streamed(piece))
        await asyncio.sleep(pause)


def test_a_stream_is_kept_in_batches_and_goes_with_the_answer(told: Told) -> None:
    async def body() -> None:
        keeper = told.attempt()
        for event in FIRST[:2]:
            keeper.keep(event)
        await streaming(keeper, list("0123456789" * 6), PAUSE / 10)
        kept = [event for event in told.events if isinstance(event, Streamed)]
        assert 3 <= len(kept) <= 20
        assert [event.fresh for event in kept] == [True] + [False] * (len(kept) - 1)
        # What came last before a silence is kept without another event.
        await asyncio.sleep(PAUSE * 2)
        kept = [event for event in told.events if isinstance(event, Streamed)]
        assert "".join(event.text for event in kept) == "0123456789" * 6
        keeper.keep(Streamed("not kept yet"))
        told.journal.record_completion(told.run, 0, FIRST[1].prompt, Completion("one", "m"))  # type: ignore[union-attr]
        keeper.keep(FIRST[2])
        await asyncio.sleep(PAUSE * 2)
        assert told.events == list(FIRST)

    asyncio.run(body())


def test_an_answer_that_is_begun_again_says_so(told: Told) -> None:
    async def body() -> None:
        keeper = told.attempt()
        await streaming(keeper, ["a"], 0)
        await streaming(keeper, ["lost"], 0)
        keeper.keep(Streamed("b", fresh=True))
        keeper.flush()
        assert told.events == [Streamed("a", True), Streamed("b", True)]
        # Killed, and another attempt asks again: its first piece empties what a page shows.
        again = told.attempt()
        await streaming(again, ["c"], 0)
        assert told.events == [Streamed("c", True)]

    asyncio.run(body())


def test_the_loop_says_when_an_answer_is_begun_again() -> None:
    from test_run import FakeGate  # the same double as for the loop

    from assistant.budget import Budget, Ledger
    from assistant.ordering import order_of
    from assistant.run import run

    class Fresh:
        name = "m"

        async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
            yield Delta("half")
            yield Delta("whole", fresh=True)
            yield Completion("whole", "m")

    async def body() -> list[bool]:
        order = order_of("Write a FastAPI route to transfer funds between two user accounts with JWT and PostgreSQL")
        events = run(order, Fresh(), FakeGate(), Ledger(Budget(rounds=1)))
        return [event.fresh async for event in events if isinstance(event, LoopsStreamed)][:2]

    assert asyncio.run(body()) == [False, True]
