"""Every event as JSON and back, and what the history makes of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import HeldElsewhere, JournalError
from assistant.event_records import (
    KINDS,
    Advanced,
    Given,
    Happening,
    Rewound,
    Stopped,
    Waited,
    as_record,
    from_record,
)
from assistant.events import (
    Answered,
    Asked,
    Continued,
    Finished,
    Judged,
    Outcome,
    Read,
    Repairing,
    StageDone,
    StageStarted,
    Streamed,
    TurnStarted,
)
from assistant.journal import Journal
from assistant.journal_events import LONG
from assistant.journal_records import RunState
from assistant.model.base import Completion, Usage
from assistant.prompt import Message, Prompt
from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity
from evaluators.report import Means, NotChecked, Reason, Report, Stage, StageResult, State, Suppressed

DRAFT = Draft.of({"schema.sql": "SELECT 1;\n", "app/main.py": "app = 1\n" * LONG})
FINDING = Finding("r", Severity.ERROR, Location("a.sql", 3, 1), "t.c", "m", "e", "r", "h", (Location("b.sql", 2),))
STAGE = Stage("boot", State.UNVERIFIED, Reason.NO_STACK, "nothing", 0.5)
TAKEN = Suppressed(FINDING, Means.BASELINE, "known")
REPORT = Report((STAGE, Stage("sql", State.PASSED)), (FINDING,), (NotChecked("a", "b"),), (TAKEN,))
PROMPT = Prompt((Message("system", "be brief " * LONG), Message("user", "u")), "r", "1", "design", 2, ("a",), ("b",))

EVENTS: tuple[Happening, ...] = (
    TurnStarted("design", 1, 2),
    Asked(PROMPT, "m"),
    Streamed("piece", True),
    Answered(Completion("text \U0001f642", "m", "length", Usage(1, None, 3, 0.5), 2.5, "live")),
    Continued("a.py"),
    Read(DRAFT, ("schema.sql",)),
    StageStarted("sql"),
    StageDone(StageResult(STAGE, (FINDING,), (NotChecked("a", "b"),), Reason.RULE_CRASHED, (TAKEN,))),
    Judged("design", 2, REPORT, False),
    Repairing(2, 5),
    Finished(Outcome.UNVERIFIED, DRAFT, REPORT, "why"),
    Given(DRAFT),
    Advanced(2, "host:1"),
    Waited("busy", 1.5, 2, 4),
    Rewound(7),
    Stopped(RunState.ERROR, "why"),
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """An empty history."""
    with Journal.open(f"sqlite:///{tmp_path / 'h.sqlite'}") as opened:
        yield opened


def begin(journal: Journal) -> str:
    """A run's id."""
    return journal.begin("s", brief={}, recipe="r").id


def test_every_kind_of_event_is_in_the_table_below() -> None:
    assert {type(event) for event in EVENTS} == set(KINDS.values())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: Happening) -> None:
    kind, data = as_record(event)
    assert from_record(kind, json.loads(json.dumps(data))) == event


def test_events_come_back_from_the_history_and_go_out_as_json(journal: Journal) -> None:
    run = begin(journal)
    journal.tell(run, 1, [as_record(event) for event in EVENTS])
    stored = journal.events_after(run)
    assert [each.event for each in stored] == list(EVENTS)
    assert [each.seq for each in stored] == list(range(1, len(EVENTS) + 1))
    assert [from_record(**_kind(each.as_json())) for each in stored] == list(EVENTS)
    assert [each.seq for each in journal.events_after(run, stored[4].seq, limit=3)] == [6, 7, 8]


def _kind(given: dict[str, object]) -> dict[str, object]:
    """What a browser would get, read again."""
    read = json.loads(json.dumps(given))
    return {"kind": read["kind"], "data": read["data"]}


@pytest.mark.parametrize("kind", ["new-kind", "asked", "finished", "read", "stage-done", "judged", "stopped"])
def test_what_is_no_event_is_one_line(kind: str) -> None:
    with pytest.raises(JournalError) as caught:
        from_record(kind, {"state": "odd"})
    assert "\n" not in str(caught.value)


def test_a_file_of_any_name_is_told_as_it_is(journal: Journal) -> None:
    run, draft = begin(journal), Draft.of({"$text": "x", "sha": "y" * LONG})
    journal.tell(run, 1, [as_record(Given(draft))])
    assert journal.events_after(run)[0].event == Given(draft)


def test_long_texts_are_kept_once(journal: Journal, tmp_path: Path) -> None:
    runs = [begin(journal), begin(journal)]
    for run in runs:
        for _ in range(5):
            journal.tell(run, 1, [as_record(Read(DRAFT, ())), as_record(Asked(PROMPT, "m"))])
    journal.close()
    plain = sqlite3.connect(tmp_path / "h.sqlite")
    assert plain.execute("SELECT COUNT(*) FROM texts").fetchone() == (2,)
    assert plain.execute("SELECT MAX(LENGTH(data)) FROM events").fetchone()[0] < LONG
    plain.close()


def test_a_number_is_never_given_twice_and_pieces_go_with_the_answer(journal: Journal) -> None:
    run = begin(journal)
    journal.tell(run, 1, [as_record(Streamed("a")), as_record(Streamed("b"))])
    journal.record_completion(run, 0, PROMPT, Completion("ab", "m"))
    assert journal.events_after(run) == []
    journal.tell(run, 1, [as_record(Continued(""))])
    assert [each.seq for each in journal.events_after(run, 2)] == [3]


def test_what_is_taken_back_is_not_told_again_and_files_that_were_given_stay(journal: Journal) -> None:
    run = journal.begin("s", brief={}, recipe="r", told=[as_record(Given(DRAFT))]).id
    journal.tell(run, 1, [as_record(TurnStarted("a", 1, 1)), as_record(Continued("x"))])
    journal.tell(run, 2, [as_record(Rewound(0)), as_record(Continued("y"))], back_to=0)
    told = [each.event for each in journal.events_after(run)]
    assert told == [Given(DRAFT), Rewound(0), Continued("y")]
    assert journal.last(run, "continued") == journal.events_after(run)[-1]
    assert journal.last(run, "finished") is None


def test_who_lost_the_run_writes_nothing(journal: Journal) -> None:
    run = begin(journal)
    assert journal.claim(run, "one", 0, 60) == ""
    journal.tell(run, 1, [as_record(Continued("x"))], holder="one")
    assert journal.claim(run, "two", 61, 120) == ""
    with pytest.raises(HeldElsewhere):
        journal.tell(run, 1, [as_record(Continued("y"))], holder="one", state=RunState.FAILED)
    with pytest.raises(HeldElsewhere):
        journal.record_completion(run, 0, PROMPT, Completion("late", "m"), "one")
    assert (len(journal.events_after(run)), journal.completions(run)) == (1, [])
    assert journal.get(run).state is RunState.RUNNING
