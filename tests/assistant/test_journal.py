"""The run history: what it keeps, resuming from it, two processes, kill -9, full and read-only disks."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import pytest

from assistant.budget import Budget, Ledger
from assistant.errors import JournalError, UsageError
from assistant.journal import Journal
from assistant.journal_records import RunState, judgement_key, report_as_dict, report_from_dict
from assistant.journaled import JournaledGate, JournaledModel
from assistant.model.base import Completion, Model, Usage
from assistant.model.scripted import ScriptedModel
from assistant.prompt import Message, Prompt
from assistant.redact import REDACTED, Redactor
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.gate import Started
from evaluators.report import NotChecked, Reason, Report, Stage, StageResult, State

KEY = "very-secret-key-42"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """An empty history in a file."""
    with Journal.open(f"sqlite:///{tmp_path / 'deep' / 'history.sqlite'}", redactor=Redactor([KEY])) as opened:
        yield opened


def begin(journal: Journal, sentence: str = "Write a shop") -> str:
    """A run's id."""
    return journal.begin(sentence, brief={"kind": "service"}, recipe="service", project="here").id


def prompt(text: str, round: int = 0) -> Prompt:
    """A prompt with one message."""
    return Prompt((Message("user", text),), "service", "1", "design", round)


async def asked(model: Model, *prompts: Prompt) -> list[str]:
    """The answers' texts."""
    got: list[str] = []
    for each in prompts:
        got.extend([piece.text async for piece in model.stream(each) if isinstance(piece, Completion)])
    return got


FINDING = Finding(
    "some-rule", Severity.WARNING, Location("a.sql", 3, 1), "t.c", "m", "e", "r", "h", (Location("b.sql", 2),)
)
REPORT = Report(
    (Stage("sql", State.PASSED, None, "3 rules", 0.5), Stage("boot", State.UNVERIFIED, Reason.NO_STACK)),
    (FINDING,),
    (NotChecked("a", "b"),),
)


def test_a_run_is_kept_and_found_by_prefix(journal: Journal) -> None:
    run = journal.begin("Write a shop", brief={"kind": "service", "n": None}, recipe="r", options={"into": "x"})
    assert len(run.id) == 26
    assert run.state is RunState.RUNNING
    assert journal.get(run.id[:20].lower()) == run
    assert (run.brief, run.options) == ({"kind": "service", "n": None}, {"into": "x"})
    journal.set_state(run.id, RunState.FAILED, "no progress")
    assert (journal.get(run.id).state, journal.get(run.id).detail) == (RunState.FAILED, "no progress")


@pytest.mark.parametrize("prefix", ["", "%", "_", "ZZZZ", "'; drop table runs; --", "x" * 1000])
def test_an_unknown_prefix_is_one_line(journal: Journal, prefix: str) -> None:
    begin(journal)
    with pytest.raises(UsageError, match="no run") as caught:
        journal.get(prefix)
    assert "\n" not in str(caught.value)


def test_an_ambiguous_prefix_lists_the_runs(journal: Journal) -> None:
    ids = [begin(journal), begin(journal)]
    with pytest.raises(UsageError, match="several runs") as caught:
        journal.get("0")
    assert all(id in str(caught.value) for id in ids)


def test_search_reads_sentences_prompts_and_answers(journal: Journal) -> None:
    shop, bank, zoo = (begin(journal, f"Write a {name}") for name in ("shop", "Bank", "zoo"))
    journal.record_completion(shop, 0, prompt('say "ledger"\nplease'), Completion("an Elephant\nüber 100%", "m"))

    def found(text: str) -> list[str]:
        return [run.id for run in journal.runs(text)]

    assert [run.id for run in journal.runs()] == [zoo, bank, shop]
    assert [run.id for run in journal.runs(limit=1)] == [zoo]
    assert found("bank") == [bank]
    assert found('"LEDGER"\nplease') == [shop]
    assert found("elephant\nü") == [shop]
    assert found("100%") == [shop]
    assert found("1_0") == found("nothing like it") == []


def test_a_completion_comes_back_as_it_was(journal: Journal) -> None:
    run = begin(journal)
    given = Completion("text \U0001f642", "m", "length", Usage(1, None, 3, 0.5), 2.5, "live")
    journal.record_completion(run, 0, prompt("p", 2), given)
    (call,) = journal.completions(run)
    assert call.completion == given
    assert (call.turn, call.round, call.fingerprint) == ("design", 2, prompt("p").fingerprint)
    assert call.messages == ({"role": "user", "content": "p"},)


def test_secrets_and_odd_characters_are_not_written(journal: Journal, tmp_path: Path) -> None:
    run = begin(journal, f"use {KEY}\0\ud800")
    answer = f"{KEY} and sk-proj-abcdefghijklmnopqrstuvwx\0\udfff"
    journal.record_completion(run, 0, prompt(f"key {KEY}"), Completion(answer, "m"))
    draft = Draft.of({"a.py": f"KEY = '{KEY}'\n"})
    journal.record_report(run, "k", draft, Report((Stage("code", State.PASSED, detail=KEY),)), 1.0)
    journal.note(run, "odd", {KEY: [KEY, "\ud800"]})
    journal.close()
    raw = b"".join(path.read_bytes() for path in (tmp_path / "deep").iterdir())
    assert KEY.encode() not in raw
    assert b"sk-proj-" not in raw
    assert REDACTED.encode() in raw


def test_reports_round_trip(journal: Journal) -> None:
    assert report_from_dict(report_as_dict(REPORT)) == REPORT
    run = begin(journal)
    journal.record_report(run, "k", Draft.of({"a.py": "x"}), REPORT, 1.5)
    journal.record_report(run, "k", Draft.of({"a.py": "x"}), Report((Stage("sql", State.PASSED),)), 0.5)
    first, second = journal.reports(run)
    assert (first.seq, second.seq, first.report, first.files) == (0, 1, REPORT, {"a.py": "x"})
    assert journal.report(run, "k") == second.report
    assert journal.report(run, "other") is None
    assert journal.report(begin(journal), "k") is None


def test_a_row_that_cannot_be_read_keeps_nothing_open(journal: Journal, tmp_path: Path) -> None:
    run = begin(journal)
    for key in ("a", "b"):
        journal.record_report(run, key, Draft.of({"a.py": "x"}), Report(), 1.0)
    beside = sqlite3.connect(tmp_path / "deep" / "history.sqlite")
    beside.execute("UPDATE reports SET report = '{}'")
    beside.commit()
    # The error is held, and with it every frame that it went through.
    with pytest.raises(JournalError) as kept:
        journal.reports(run)
    busy = beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    beside.close()
    assert kept.value.message and not busy


def test_events_are_kept_in_order(journal: Journal) -> None:
    run = begin(journal)
    for number in range(3):
        journal.note(run, "step", {"number": number})
    assert [event.data["number"] for event in journal.events(run)] == [0, 1, 2]


def test_a_resumed_run_asks_only_what_is_new(journal: Journal) -> None:
    run = begin(journal)
    asyncio.run(asked(JournaledModel(ScriptedModel(["one", "two"]), journal, run), prompt("a"), prompt("b")))
    behind = ScriptedModel(["three"])
    model = JournaledModel(behind, journal, run)
    assert model.ahead()
    assert asyncio.run(asked(model, prompt("a"), prompt("b"))) == ["one", "two"]
    assert not model.ahead()
    assert asyncio.run(asked(model, prompt("c"))) == ["three"]
    assert [each.messages[0].content for each in behind.asked] == ["c"]
    assert [call.completion.text for call in journal.completions(run)] == ["one", "two", "three"]


def test_a_changed_prompt_is_asked_anew_and_the_old_answer_is_kept(journal: Journal) -> None:
    run = begin(journal)
    asyncio.run(asked(JournaledModel(ScriptedModel(["one", "two", "x"]), journal, run), *map(prompt, "abc")))
    model = JournaledModel(ScriptedModel(["new", "newer"]), journal, run)
    assert asyncio.run(asked(model, prompt("a"), prompt("B"))) == ["one", "new"]
    assert [call.completion.text for call in journal.completions(run)] == ["one", "new"]
    # The old third answer followed from the old second one: the same prompt does not bring it back.
    assert asyncio.run(asked(model, prompt("c"))) == ["newer"]
    everything = journal.completions(run, superseded=True)
    assert sorted((call.completion.text, call.superseded) for call in everything) == [
        ("new", False),
        ("newer", False),
        ("one", False),
        ("two", True),
        ("x", True),
    ]
    assert journal.spent(run).rounds == 5


def test_an_answer_is_stored_before_it_is_handed_on(journal: Journal) -> None:
    run = begin(journal)

    async def body() -> None:
        async for piece in JournaledModel(ScriptedModel(["one"]), journal, run).stream(prompt("a")):
            assert len(journal.completions(run)) == int(isinstance(piece, Completion))

    asyncio.run(body())


class CountingGate:
    """A gate that says the same each time."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.passes = 0

    async def judge(
        self, subject: Subject, before: Iterable[StageResult] = ()
    ) -> AsyncIterator[Started | StageResult | Report]:
        """Count the pass."""
        self.passes += 1
        yield Started("sql")
        for stage in self.report.stages:
            yield StageResult(stage)
        yield self.report


def judged(gate: JournaledGate, subject: Subject, before: tuple[StageResult, ...] = ()) -> list[object]:
    """All events of one pass."""

    async def body() -> list[object]:
        return [event async for event in gate.judge(subject, before)]

    return asyncio.run(body())


def test_the_same_draft_is_judged_once(journal: Journal) -> None:
    run, counting = begin(journal), CountingGate(Report((Stage("sql", State.PASSED),), (FINDING,)))
    gate = JournaledGate(counting, journal, run)
    subject = Subject(Draft.of({"a.sql": "x"}))
    assert judged(gate, subject)[-1] == counting.report
    again = judged(JournaledGate(counting, journal, run), subject)
    assert (counting.passes, again[-1]) == (1, counting.report)
    assert again[:-1] == [StageResult(Stage("sql", State.PASSED))]
    judged(gate, Subject(Draft.of({"a.sql": "y"})))
    judged(gate, Subject(Draft.of({"a.sql": "x"}), depth="deep"))
    judged(gate, subject, (StageResult(Stage("answer", State.FAILED), (FINDING,)),))
    judged(JournaledGate(counting, journal, run, version="next"), subject)
    assert counting.passes == 5


@pytest.mark.parametrize(("reason", "passes"), [(Reason.TIME_BOUND, 2), (Reason.NO_SANDBOX, 2), (Reason.NO_STACK, 1)])
def test_what_may_have_been_chance_is_judged_again(journal: Journal, reason: Reason, passes: int) -> None:
    counting = CountingGate(Report((Stage("fuzz", State.UNVERIFIED, reason),)))
    gate = JournaledGate(counting, journal, begin(journal))
    for _ in range(2):
        judged(gate, Subject(Draft.of({"a.sql": "x"})))
    assert counting.passes == passes


def test_the_key_is_the_same_in_every_process() -> None:
    subject = Subject(Draft.of({"a.sql": "x"}), required=frozenset({"sql", "boot", "fuzz"}))
    expected = judgement_key(subject, (), "1")
    code = (
        "from assistant.journal_records import judgement_key\nfrom evaluators.draft import Draft, Subject\n"
        "print(judgement_key(Subject(Draft.of({'a.sql': 'x'}), required=frozenset({'fuzz','sql','boot'})), (), '1'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_a_budget_spans_sessions_and_lets_a_resumed_run_catch_up(journal: Journal) -> None:
    run = begin(journal)
    asyncio.run(asked(JournaledModel(ScriptedModel(["one", "two"]), journal, run), prompt("a"), prompt("b")))
    model = JournaledModel(ScriptedModel([]), journal, run)
    ledger = Ledger(Budget(rounds=2), history=lambda: journal.spent(run), ahead=model.ahead)
    said = []
    for text in "ab":
        said.append(ledger.spent_out())
        asyncio.run(asked(model, prompt(text)))
    assert said == ["", ""]
    assert ledger.spent_out() == "the budget of 2 rounds is spent"


def test_the_times_of_proving_count(journal: Journal) -> None:
    run = begin(journal)
    journal.record_completion(run, 0, prompt("a"), Completion("x", "m", seconds=2.0))
    journal.record_report(run, "k", Draft(), Report((Stage("sql", State.PASSED),)), 3.0)
    assert journal.spent(run).seconds == 5.0


WRITER = """
import sys
from assistant.journal import Journal
from assistant.model.base import Completion
from assistant.prompt import Message, Prompt
with Journal.open(sys.argv[1]) as journal:
    run = sys.argv[2] if len(sys.argv) > 2 else journal.begin("s", brief={}, recipe="r").id
    print(run, flush=True)
    number = 0
    while number < 25 or len(sys.argv) > 2:
        prompt = Prompt((Message("user", str(number)),))
        journal.record_completion(run, number, prompt, Completion("x" * 2000, "m"))
        number += 1
"""


def test_two_processes_open_migrate_and_write_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'h.sqlite'}"
    started = [
        subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(process.communicate(timeout=60), process.returncode) for process in started]
    assert [code for _, code in ended] == [0, 0, 0], ended
    with Journal.open(url) as journal:
        assert [len(journal.completions(run.id)) for run in journal.runs()] == [25, 25, 25]


def test_kill_9_leaves_whole_answers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'h.sqlite'}"
    with Journal.open(url) as journal:
        run = begin(journal)
        process = subprocess.Popen([sys.executable, "-c", WRITER, url, run], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        while len(journal.completions(run)) < 3:
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        calls = journal.completions(run)
        assert [call.seq for call in calls] == list(range(len(calls)))
        assert {len(call.completion.text) for call in calls} == {2000}
        journal.record_completion(run, len(calls), prompt("after"), Completion("goes on", "m"))
    with sqlite3.connect(tmp_path / "h.sqlite") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


def failing(url: str, *, use: bool = False) -> str:
    """The one line that opening (and using) a history at `url` fails with."""
    with pytest.raises(JournalError) as caught, Journal.open(url) as journal:
        if use:
            begin(journal, "x" * 500_000)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_history_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "garbage.sqlite").write_text("this is no database, and long enough to be looked at" * 40)
    assert "folder cannot be made" in failing(f"sqlite:///{tmp_path / 'file' / 'h.sqlite'}")
    assert "unable to open" in failing(f"sqlite:///{tmp_path}")
    assert "not a database" in failing(f"sqlite:///{tmp_path / 'garbage.sqlite'}")
    assert "URL cannot be used" in failing("nonsense")
    assert "URL cannot be used" in failing("oracle+nothing://x/y")


def test_a_read_only_history_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "h.sqlite"
    Journal.open(f"sqlite:///{path}").close()
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    with Journal.open(url) as journal:
        assert journal.runs() == []
    assert "readonly" in failing(url, use=True)


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'h.sqlite'}"
    with Journal.open(url) as journal:
        run = begin(journal)
        with journal._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # never below what is used: full at once
        with pytest.raises(JournalError, match="full"):
            journal.record_completion(run, 0, prompt("p"), Completion("x" * 500_000, "m"))
        assert journal.completions(run) == []
        assert journal.get(run).state is RunState.RUNNING


def test_a_password_in_the_url_is_not_shown() -> None:
    line = failing("postgresql://someone:hunter2secret@127.0.0.1:1/none")
    assert "hunter2secret" not in line
    assert "someone" in line


def test_a_newer_history_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'h.sqlite'}"
    Journal.open(url).close()
    plain = sqlite3.connect(tmp_path / "h.sqlite")
    plain.execute("INSERT INTO backwright_version VALUES (99)")
    plain.commit()
    plain.close()
    assert "has version 99" in failing(url)


def test_opening_twice_migrates_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'h.sqlite'}"
    with Journal.open(url) as journal:
        run = begin(journal)
    with Journal.open(url) as journal:
        assert journal.get(run).sentence == "Write a shop"


def test_a_run_with_an_id_is_begun_once(journal: Journal) -> None:
    id = "01J0000000000000000000000A"
    told = [("note", {"text": "one"})]
    first = journal.begin("one", brief={}, recipe="crud", id=id, told=told)
    again = journal.begin("another", brief={}, recipe="service", id=id, told=told)
    assert first == again and (again.id, again.sentence) == (id, "one")
    assert len(journal.events_after(id)) == 1
