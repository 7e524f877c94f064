"""A run that asks no model: files that somebody gave are judged, in the same history, with the same events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from assistant.errors import BackwrightError, UsageError
from assistant.event_records import Given, as_record
from assistant.events import Event, Finished, Judged, Outcome, StageDone, StageStarted
from assistant.evidence import proved
from assistant.journal import Journal
from assistant.journal_records import RunRecord
from assistant.journaled import JournaledGate
from assistant.playing import Play
from evaluators.draft import Draft, Subject, UnsafePath
from evaluators.report import Report, State

if TYPE_CHECKING:
    from assistant.checking import Case

TURN = "check"
"""The turn that the one report of a check belongs to."""


@dataclass(frozen=True)
class Check:
    """Files that are to be judged, and how."""

    files: Mapping[str, str]
    """Path -> text."""
    title: str = ""
    """What lists show in place of a sentence."""
    dialect: str = ""
    """Empty: by the files."""
    stack: str = ""
    """Empty: by the files."""
    deep: bool = False
    static: bool = False
    """Only the stages that run nothing."""

    def as_options(self) -> dict[str, Any]:
        """What the history keeps beside the files."""
        return {"dialect": self.dialect, "stack": self.stack, "deep": self.deep, "static": self.static}


def case_of_files(files: Mapping[str, str], dialect: str = "", stack: str = "") -> Case:
    """Files that are in no folder, as what `check` judges. Raises UsageError for a path that is unsafe."""
    from assistant.checking import Case
    from evaluators.configuration import Configuration
    from evaluators.folder import Found, guess_dialect, guess_stack, on_supabase
    from evaluators.terms import terms_of

    try:
        draft = Draft.of(dict(files))
    except UnsafePath as error:
        raise UsageError(str(error), "use paths relative to the project") from error
    options = (("supabase", "yes"),) if on_supabase(draft) else ()
    subject = Subject(draft, dialect or guess_dialect(draft), stack or guess_stack(draft), options=options)
    return Case(Found(subject), terms_of(subject, Configuration()), ())


class CheckSession(Play):
    """One check. `events` plays it; afterwards `finished` and `evidence` tell how it ended."""

    async def _steps(self, holder: str) -> AsyncGenerator[Event]:
        """The journaled gate, told as a run of one turn and one round."""
        from evaluators.gate import STAGES, STATIC, Gate, Started

        case = self._case()
        only = STATIC & frozenset(STAGES) if self.record.options.get("static") else None
        gate = JournaledGate(Gate(only, case.terms), self.journal, self.record.id)
        report: Report | None = None
        async with aclosing(gate.judge(case.found.subject, case.before)) as events:
            async for event in events:
                if isinstance(event, Started):
                    yield StageStarted(event.stage)
                elif isinstance(event, Report):
                    report = event
                else:
                    yield StageDone(event)
        if report is None:
            raise BackwrightError("the gate ended without a report")
        left_out = (*case.found.left_out, *case.terms.not_checked)
        report = replace(report, not_checked=(*report.not_checked, *left_out))
        yield Judged(TURN, 0, report, True)
        yield Finished(Outcome(report.verdict.value), case.found.subject.draft, report, _reason(report))

    def _case(self) -> Case:
        """What is judged: the files that were given when the run began."""
        given = self.journal.last(self.record.id, "given")
        if given is None:
            raise BackwrightError(f"run {self.record.id} has no files", "begin it anew")
        options = self.record.options
        case = case_of_files(given.data["files"], str(options.get("dialect", "")), str(options.get("stack", "")))
        depth = "deep" if options.get("deep") else "fast"
        return replace(case, found=replace(case.found, subject=replace(case.found.subject, depth=depth)))

    def evidence(self) -> dict[str, Any]:
        """What was judged and found, as JSON can hold it."""
        if self.finished is None:
            raise BackwrightError("the check has not ended", "resume it first")
        head = {"backwright": version("backwright"), "run": self.record.id, "title": self.record.sentence}
        return {**head, **proved(self.finished)}


def queued_check(check: Check, journal: Journal, owner: str = "", id: str = "") -> RunRecord:
    """A new check that waits for a worker; with an `id` it is begun once.

    Raises UsageError for files that cannot be judged.
    """
    draft = case_of_files(check.files, check.dialect, check.stack).found.subject.draft
    if not len(draft):
        raise UsageError("there is no file to judge", "name at least one")
    return journal.begin(
        check.title or f"{len(draft)} file{'s' * (len(draft) != 1)}",
        brief={},
        recipe="",
        options=check.as_options(),
        owner=owner,
        kind="check",
        queued=True,
        id=id,
        told=[as_record(Given(draft))],
    )


def _reason(report: Report) -> str:
    """The verdict in words."""
    if report.verdict is State.PASSED:
        return "everything that was judged passed"
    if report.errors:
        return f"{len(report.errors)} error{'s' * (len(report.errors) != 1)}"
    lacking = [f"{stage.name} ({stage.reason})" for stage in report.stages if stage.reason]
    return "nothing failed, but not everything could be proved: " + ", ".join(lacking)
