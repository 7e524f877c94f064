"""The same history in a PostgreSQL: tables, search, resuming, and two openers at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from history_server import in_postgresql

from assistant.errors import JournalError
from assistant.journal import Journal
from assistant.journal_records import RunState
from assistant.model.base import Completion, Usage
from assistant.prompt import Message, Prompt
from evaluators.draft import Draft
from evaluators.report import Report, Stage, State


def use(url: str) -> None:
    """What a run does with its history."""
    with ThreadPoolExecutor(4) as pool:
        # Nothing is there yet: four openers make it at once.
        opened = list(pool.map(Journal.open, [url] * 4))
    for extra in opened[1:]:
        extra.close()
    with opened[0] as journal:
        run = journal.begin("Write a Shop\0", brief={"kind": "service"}, recipe="service").id
        prompt = Prompt((Message("user", 'an "Elephant"'),), "service", "1", "design")
        journal.record_completion(run, 0, prompt, Completion("first \0\ud800", "m", usage=Usage(1, 2)))
        journal.record_completion(run, 0, prompt, Completion("second 100%", "m"))
        assert [call.completion.text for call in journal.completions(run)] == ["second 100%"]
        assert journal.spent(run).rounds == 2
        report = Report((Stage("sql", State.PASSED),))
        for _ in range(2):
            journal.record_report(run, "k", Draft.of({"a.py": "x\0"}), report, 0.5)
        assert [each.seq for each in journal.reports(run)] == [0, 1]
        assert journal.report(run, "k") == report
        journal.note(run, "odd", {"text": "\0"})
        assert journal.events(run)[0].data == {"text": "\0"}
        journal.set_state(run, RunState.PASSED)
        for text, hits in (("shop", 1), ('"elephant"', 1), ("100%", 1), ("1_0", 0)):
            assert len(journal.runs(text)) == hits
        assert journal.get(run[:10]).state is RunState.PASSED
        with pytest.raises(JournalError) as caught:
            journal.note("no such run", "x", {})
        assert "\n" not in str(caught.value)


def test_a_history_in_postgresql() -> None:
    asyncio.run(in_postgresql(use))
