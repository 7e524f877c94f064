"""What the API takes and answers about runs."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from assistant.brief.slots import MAX_SENTENCE
from assistant.journal_records import RunRecord, RunState
from evaluators.draft import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS
from evaluators.finding import Severity
from evaluators.report import Reason, State
from web.api.paging import MOST, Next
from web.api.slots import Slots

ULID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
PLAIN = r"^[^\x00]*$"
"""Databases refuse NUL."""

EXAMPLE_ID = "01K7Q3V0N8S5Z2X4Y6W8R0T1B3"
EXAMPLE_SENTENCE = "Write FastAPI code to create an endpoint for booking rooms with JWT and PostgreSQL"

Id = Annotated[str, Field(pattern=ULID, description="A ULID.", examples=[EXAMPLE_ID])]
RunId = Annotated[str, Path(pattern=ULID, description="The run's id.", examples=[EXAMPLE_ID])]
Sentence = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_SENTENCE,
        pattern=PLAIN,
        description="The request, in the formula or in your own words.",
        examples=[EXAMPLE_SENTENCE],
    ),
]
RecipeId = Annotated[
    str,
    Field(
        min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$", description="A recipe's id.", examples=["transfer-funds"]
    ),
]
Kind = Literal["write", "check"]


class Sent(BaseModel):
    """A body: nothing but what it names, and nothing that only looks like it (no `1` for true)."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Budget(Sent):
    """What a run may use; what is left out is as the server is set."""

    answers: int | None = Field(default=None, ge=1, le=1000, description="Most answers of the model, over all turns.")
    tokens: int | None = Field(default=None, ge=1, le=1_000_000_000, description="Most tokens, asked and answered.")
    usd: float | None = Field(default=None, ge=0, le=1_000_000, allow_inf_nan=False, description="Most US dollars.")
    seconds: float | None = Field(default=None, gt=0, le=1_000_000, allow_inf_nan=False, description="Most seconds.")


class NewRun(Sent):
    """A run to be queued."""

    sentence: Sentence
    slots: Slots | None = Field(default=None, description="Slots that win over what the sentence says.")
    recipe: RecipeId | None = Field(default=None, description="The recipe to use; null for the one that fits best.")
    model: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The model to ask, by its name at the server's endpoint; null for the server's own choice. "
        "`recorded` plays recorded answers.",
        examples=["recorded"],
    )
    budget: Budget = Field(default_factory=Budget, description="What the run may use.")


class File(Sent):
    """A file, by its path in the project."""

    path: str = Field(min_length=1, max_length=512, pattern=PLAIN, description="Relative.", examples=["openapi.yaml"])
    text: str = Field(max_length=MAX_ARTIFACT_BYTES, pattern=PLAIN, description="The content.", examples=["SELECT 1;"])


class NewCheck(Sent):
    """Files to be judged."""

    title: str | None = Field(
        default=None, min_length=1, max_length=200, pattern=PLAIN, description="What lists show.", examples=["shop"]
    )
    files: list[File] = Field(min_length=1, max_length=MAX_ARTIFACTS, description="Each path once.")
    dialect: Literal["postgres", "mysql", "sqlite", "tsql"] | None = Field(
        default=None, description="The SQL dialect; null: by the files."
    )
    stack: str | None = Field(
        default=None,
        min_length=1,
        max_length=40,
        pattern=r"^[a-z0-9-]+$",
        description="The stack; null: by the files.",
        examples=["fastapi"],
    )
    deep: bool = Field(default=False, description="Whether the fuzzer takes its time.")
    static: bool = Field(default=False, description="Whether only the stages that run nothing are wanted.")


class Run(BaseModel):
    """One run, or one check."""

    id: Id
    kind: Kind = Field(description="`write`: a model is asked; `check`: given files are judged.")
    state: RunState = Field(description="Where it stands.")
    detail: str = Field(description="Why it stands there, in words; may be empty.")
    sentence: str = Field(description="What was asked; of a check, its title.")
    recipe: str = Field(description="The recipe's id; of a check, empty.")
    owner: str = Field(description="Who began it; empty for the command line.")
    created: datetime.datetime = Field(description="When it was begun.")
    updated: datetime.datetime = Field(description="When something was last kept of it.")
    over: bool = Field(description="Whether it has ended.")
    cancel_asked: bool = Field(description="Whether somebody asked for its end.")

    @classmethod
    def of(cls, record: RunRecord) -> Run:
        """From the history."""
        return cls(
            id=record.id,
            kind="check" if record.kind == "check" else "write",
            state=record.state,
            detail=record.detail,
            sentence=record.sentence,
            recipe=record.recipe,
            owner=record.owner,
            created=datetime.datetime.fromisoformat(record.created),
            updated=datetime.datetime.fromisoformat(record.updated),
            over=record.state.over,
            cancel_asked=record.cancel,
        )


class Runs(BaseModel):
    """A page of runs, the latest first."""

    items: list[Run] = Field(max_length=MOST, description="The runs.")
    next: Next


class Event(BaseModel):
    """Something that happened in a run."""

    seq: int = Field(ge=1, description="Its number; rises within the run, with gaps.")
    attempt: int = Field(ge=0, description="The attempt to advance the run in which it happened; 0 before the first.")
    at: datetime.datetime = Field(description="When.")
    kind: str = Field(description="What: `turn-started`, `asked`, `answered`, `stage-done`, `finished`, ...")
    data: dict[str, Any] = Field(description="More, by kind.")


class Events(BaseModel):
    """A page of a run's events, in their order."""

    items: list[Event] = Field(max_length=MOST, description="The events.")
    next: Next
    later: str = Field(max_length=120, description="The `cursor` for what will happen after these events.")
    over: bool = Field(description="Whether the run has ended.")


class Part(BaseModel):
    """What one place of a finding for several is about."""

    symbol: str = Field(description="`table.column`, `METHOD /path`, a module or name.")
    fingerprint: str = Field(description="The same for the same defect, wherever its lines move.")


class Place(BaseModel):
    """A place in a file; line and column count from 1, and 0 means unknown."""

    path: str = Field(description="The file.")
    line: int = Field(ge=0, description="The line.")
    column: int = Field(ge=0, description="The column.")
    symbol: str | None = Field(default=None, description="What it is about, where that differs between places.")
    fingerprint: str | None = Field(default=None, description="The place's own fingerprint.")


class Finding(Part):
    """A defect."""

    rule: str = Field(description="The rule's id.", examples=["missing-primary-key"])
    severity: Severity = Field(description="Only errors fail.")
    path: str = Field(description="The file.")
    line: int = Field(ge=0, description="The line; 0 means unknown.")
    column: int = Field(ge=0, description="The column; 0 means unknown.")
    first: Part | None = Field(default=None, description="What the first place is about, of a finding for several.")
    places: list[Place] = Field(max_length=1000, description="The other places.")
    message: str = Field(description="What is wrong.")
    evidence: str = Field(description="What was observed.")
    reproduce: str = Field(description="Shell lines that show it again; may be empty.")
    hint: str = Field(description="How to mend it.")


class Stage(BaseModel):
    """A stage of the gate."""

    name: str = Field(description="Its name.", examples=["contract"])
    state: State = Field(description="How it ended.")
    reason: Reason | None = Field(description="Why it is unverified; else null.")
    seconds: float = Field(ge=0, description="Wall time.")
    detail: str = Field(description="What it looked at.")


class NotChecked(BaseModel):
    """Something that nobody judged."""

    what: str = Field(description="What.")
    why: str = Field(description="Why not.")


class Suppressed(BaseModel):
    """A finding that was allowed."""

    means: str = Field(description="How: a comment, a level, a baseline.")
    reason: str = Field(description="Why.")
    finding: Finding = Field(description="The finding.")


class Report(BaseModel):
    """What the gate says of a run's files."""

    version: int = Field(description="Of this form.")
    verdict: State = Field(description="`failed` goes before `unverified`, `unverified` before `passed`.")
    stages: list[Stage] = Field(max_length=100, description="Every stage.")
    findings: list[Finding] = Field(max_length=100_000, description="Every defect, worst first.")
    not_checked: list[NotChecked] = Field(max_length=100_000, description="What nobody judged, and why.")
    suppressed: list[Suppressed] = Field(max_length=100_000, description="What was allowed.")


class Written(BaseModel):
    """A file of a run's result."""

    path: str = Field(description="Relative to the project.")
    size: int = Field(ge=0, description="Bytes in UTF-8.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of these bytes.")
    text: str = Field(description="The content.")


class Files(BaseModel):
    """The files that a run ended with."""

    items: list[Written] = Field(max_length=MAX_ARTIFACTS, description="By path.")
