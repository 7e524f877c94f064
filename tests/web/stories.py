"""Runs that are told into a history directly, event by event: no model, no gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.event_records import Advanced, Given, Happening, as_record
from assistant.events import (
    Answered,
    Asked,
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
from assistant.journal_records import RunState
from assistant.model.base import Completion, Usage
from assistant.prompt import Message, Prompt
from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Report, Stage, StageResult, State

SCHEMA = """-- Users.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE
);
CREATE TABLE notes (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    parent_id uuid REFERENCES notes (id),
    body text
);
"""

CONTRACT = """openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    get:
      operationId: listNotes
      summary: List the notes
      tags: [notes]
      responses:
        "200":
          description: The notes.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Note"}}
components:
  schemas:
    Note:
      type: object
      required: [id]
      properties:
        id: {type: string, format: uuid}
        replies: {type: array, items: {$ref: "#/components/schemas/Note"}}
"""

FILES = {
    "architecture.md": "# Notes\n\nOne service, one database.\n",
    "schema.sql": SCHEMA,
    "openapi.yaml": CONTRACT,
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
}


def finding(
    rule: str = "missing-primary-key",
    path: str = "schema.sql",
    line: int = 2,
    message: str = "It is wrong.",
    **more: str,
) -> Finding:
    """An error."""
    return Finding(rule, Severity.ERROR, Location(path, line), more.pop("symbol", "users"), message, **more)


def report(*findings: Finding, seconds: float = 0.5) -> Report:
    """A report of two stages, the second one failed where there is a finding."""
    state = State.FAILED if findings else State.PASSED
    stages = (Stage("answer", State.PASSED, None, "4 files"), Stage("sql", state, None, "2 statements", seconds))
    return Report(stages, findings, (NotChecked("stage fuzz", "the contract has no operation"),))


@dataclass
class Story:
    """A run that a test tells."""

    journal: Journal
    id: str
    attempt: int = 1

    @classmethod
    def begin(cls, journal: Journal, sentence: str = "Write FastAPI code for notes", **more: object) -> Story:
        """A new run that is at work."""
        given = {"brief": {}, "recipe": "service", "options": {"settings": {"model": "double"}}} | more
        record = journal.begin(sentence, **given)  # type: ignore[arg-type]
        return cls(journal, record.id)

    def tell(self, *events: Happening, state: RunState | None = None, detail: str = "", **more: object) -> int:
        """Keep events; the last one's number."""
        told = [as_record(event) for event in events]
        if more:
            told[-1][1].update(more)
        return self.journal.tell(self.id, self.attempt, told, state=state, detail=detail)

    def ask(self, turn: str = "code", round: int = 0, text: str = "Please.") -> int:
        """A prompt goes out."""
        return self.tell(Asked(prompt(text, turn, round), "double"))

    def stream(self, text: str, fresh: bool = False) -> int:
        """A piece of the answer."""
        return self.tell(Streamed(text, fresh))

    def answer(self, text: str = "Here.", turn: str = "code", round: int = 0, asked: str = "Please.") -> int:
        """The whole answer, kept as a call too."""
        completion = Completion(text, "double", "stop", Usage(10, 20, None), 1.5, "live")
        seq = len(self.journal.completions(self.id))
        self.journal.record_completion(self.id, seq, prompt(asked, turn, round), completion)
        return self.tell(Answered(completion))

    def round(
        self, files: Mapping[str, str], *findings: Finding, turn: str = "code", number: int = 0, asked: str = "Please."
    ) -> int:
        """A whole round: asked, answered, read, judged."""
        self.ask(turn, number, asked)
        self.answer("Here it is.", turn, number, asked)
        draft = Draft.of(dict(files))
        self.tell(Read(draft, tuple(files)), StageStarted("answer"))
        made = report(*findings)
        self.tell(StageDone(StageResult(made.stages[0])), StageStarted("sql"))
        self.tell(StageDone(StageResult(made.stages[1], findings)))
        return self.tell(Judged(turn, number, made, True))

    def finish(
        self, files: Mapping[str, str], *findings: Finding, reason: str = "everything that was required passed"
    ) -> int:
        """The end, with its evidence."""
        outcome = Outcome.FAILED if findings else Outcome.PASSED
        draft = Draft.of(dict(files))
        evidence = {"run": self.id, "verdict": outcome.value, "reason": reason, "files": {p: "0" * 64 for p in files}}
        event = Finished(outcome, draft, report(*findings), reason)
        return self.tell(event, state=RunState(outcome.value), detail=reason, evidence=evidence)


def prompt(text: str = "Please.", turn: str = "code", round: int = 0) -> Prompt:
    """What is sent."""
    return Prompt((Message("system", "You write services."), Message("user", text)), "service", "1", turn, round)


def told(journal: Journal, sentence: str = "Write FastAPI code for notes", **more: object) -> Story:
    """A run of one turn that was repaired once and passed."""
    story = Story.begin(journal, sentence, **more)
    story.tell(Advanced(1, "here:1"), TurnStarted("code", 1, 1))
    broken = FILES | {"schema.sql": SCHEMA.replace("email text NOT NULL UNIQUE", "email text")}
    story.round(broken, finding(evidence="line 2", reproduce="curl -s $BASE_URL/notes", hint="Add a key."))
    story.tell(Repairing(1, 1))
    story.round(FILES, number=1, asked="Repair it.")
    story.finish(FILES)
    return story


def checked(journal: Journal, files: Mapping[str, str], title: str = "shop.zip", *findings: Finding) -> Story:
    """A check that has ended."""
    given = [as_record(Given(Draft.of(dict(files))))]
    record = journal.begin(title, brief={}, recipe="", options={"dialect": "postgres"}, kind="check", told=given)
    story = Story(journal, record.id)
    made = report(*findings)
    story.tell(Advanced(1, "here:1"), StageStarted("answer"), StageDone(StageResult(made.stages[0])))
    story.tell(StageStarted("sql"), StageDone(StageResult(made.stages[1], findings)), Judged("check", 0, made, True))
    story.finish(files, *findings)
    return story
