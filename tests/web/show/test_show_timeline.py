"""The fold of a run's events into steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.event_records import Advanced, Stopped, Stored, Waited
from assistant.events import StageStarted
from assistant.journal import Journal
from assistant.journal_records import RunState
from tests.web.stories import FILES, Story, finding, told
from web.show.timeline import Note, Round, Timeline


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A fresh history."""
    return Journal.open(f"sqlite:///{tmp_path / 'h.sqlite'}")


def fold(journal: Journal, run: str) -> Timeline:
    """The run as it stands."""
    made = Timeline()
    for event in journal.events_after(run, 0, None):
        made.apply(event)
    return made


def test_a_run_is_its_rounds_and_its_end(journal: Journal) -> None:
    made = fold(journal, told(journal).id)
    first, second, end = made.steps
    assert isinstance(first, Round) and isinstance(second, Round) and isinstance(end, Note)
    assert (first.state, first.number, first.words) == ("failed", 0, "1 error, 0 warnings")
    assert first.findings[0].rule == "missing-primary-key" and "goes back" in first.then
    assert (second.state, second.number, second.files) == ("passed", 1, tuple(FILES))
    assert [stage.name for stage in second.stages] == ["answer", "sql"]
    assert "20 tokens" in first.answers[0].words and end.state == "passed"


def test_an_answer_streams_and_what_streamed_before_can_be_void(journal: Journal) -> None:
    story = Story.begin(journal)
    story.ask()
    story.stream("one ", fresh=True)
    story.stream("two")
    made = fold(journal, story.id)
    assert made.text == "one two" and made.streaming is not None and made.streaming[1].state == "streaming"
    story.stream("again", fresh=True)
    assert fold(journal, story.id).text == "again"
    story.answer()
    made = fold(journal, story.id)
    assert made.text == "" and made.streaming is None


def test_stages_and_findings_come_as_they_happen(journal: Journal) -> None:
    story = Story.begin(journal)
    story.ask()
    story.answer()
    story.tell(StageStarted("sql"))
    (step,) = fold(journal, story.id).steps
    assert isinstance(step, Round) and [(s.name, s.state) for s in step.stages] == [("sql", "running")]


def test_an_event_that_is_known_changes_nothing(journal: Journal) -> None:
    run = told(journal).id
    made = fold(journal, run)
    before = list(made.steps)
    for event in journal.events_after(run, 0, None):
        made.apply(event)
    assert made.steps == before


def test_waits_new_attempts_and_stops_are_told(journal: Journal) -> None:
    story = Story.begin(journal)
    story.ask()
    story.tell(Waited("the endpoint is busy", 3.0, 1, 5), Advanced(2, "there:2"))
    story.tell(StageStarted("sql"), Stopped(RunState.CANCELLED, ""))
    made = fold(journal, story.id)
    assert isinstance(made.steps[0], Round)
    assert (
        made.steps[0].notes[0] == "the endpoint is busy; again in 3 s (1 of 5)"
        and "attempt 2" in made.steps[0].notes[1]
    )
    assert made.steps[0].stages[0].state == made.steps[0].state == "cancelled"
    assert isinstance(made.steps[1], Note) and made.steps[1].state == "cancelled"


def test_a_round_that_was_stopped_goes_on_with_the_next_attempt(journal: Journal) -> None:
    story = Story.begin(journal)
    story.ask()
    story.tell(StageStarted("sql"), Stopped(RunState.ERROR, "gone"), Advanced(2, "there:2"), StageStarted("sql"))
    story.stream("again", fresh=True)
    (step, _) = fold(journal, story.id).steps
    assert isinstance(step, Round) and step.state == "running" and [s.state for s in step.stages] == ["running"]


def test_what_is_taken_back_is_noticed(journal: Journal) -> None:
    story = Story.begin(journal)
    story.ask()
    seq = story.answer()
    story.round(FILES, finding())
    made = fold(journal, story.id)
    story.journal.tell(story.id, 2, [("rewound", {"after": seq})], back_to=seq)
    for event in journal.events_after(story.id, made.seq):
        made.apply(event)
    assert made.rewound
    again = fold(journal, story.id)
    assert len(again.steps) == 1


@pytest.mark.parametrize("kind", ["asked", "judged", "finished", "stage-done", "answered", "no-such-kind", "given"])
def test_an_event_that_cannot_be_read_does_no_harm(kind: str) -> None:
    made = Timeline()
    made.apply(Stored(1, 1, "2026-01-01T00:00:00Z", kind, {"nothing": "of this"}))
    assert len(made.steps) == (kind != "no-such-kind") and made.seq == 1
