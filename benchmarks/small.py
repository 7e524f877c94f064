"""What somebody waits for with a small service, warm: the first verdict on one that does not boot, probes, fuzz.

Printed beside what is aimed at, and never a reason to fail: they are seconds of this machine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from benchmarks.static import project
from evaluators.draft import Draft, Subject
from evaluators.gate import STAGES, Gate
from evaluators.report import Report, StageResult

CODE = """
import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"])


class Note(BaseModel):
    text: str = Field(min_length=1, max_length=200, pattern="^[^\\x00]*$")


@app.post("/notes", status_code=201)
def write(note: Note) -> int:
    with engine.begin() as session:
        return session.execute(text("INSERT INTO notes (text) VALUES (:text) RETURNING id"), note.model_dump()).scalar()


@app.get("/notes/{note_id}", responses={404: {}})
def read(note_id: int) -> Note:
    with engine.connect() as session:
        found = session.execute(text("SELECT text FROM notes WHERE id = :id"), {"id": note_id % 2**31}).scalar()
    if found is None:
        raise HTTPException(404)
    return Note(text=found)
"""
SCHEMA = "CREATE TABLE notes (id integer PRIMARY KEY, text varchar(200) NOT NULL);\n"


@dataclass(frozen=True)
class Figure:
    """Seconds, and about how many are aimed at."""

    what: str
    seconds: float
    about: float


async def measure() -> list[Figure]:
    """Each after one run that warms up."""
    broken = _subject(CODE.replace("import os", "import no_such_module", 1))
    good = _subject(CODE)
    for _ in range(2):
        verdict, _ = await _judged(broken, frozenset({"database", "boot"}))
        _, stages = await _judged(good, frozenset(STAGES))
    first, again = project()
    return [
        Figure("static check of 47 Python files", first, 0.5),
        Figure("the same, nothing changed", again, 0.5),
        Figure("first verdict, it does not boot", verdict, 2.0),
        Figure("all probes of a small service", stages["probes"], 1.0),
        Figure("fast fuzz of a small service", stages["fuzz"], 2.0),
    ]


def _subject(code: str) -> Subject:
    draft = Draft.of({"app/main.py": code, "schema.sql": SCHEMA})
    return Subject(draft, stack="fastapi", dialect="sqlite", hostile=True, depth="fast")


async def _judged(subject: Subject, stages: frozenset[str]) -> tuple[float, dict[str, float]]:
    """Seconds until the first finding, or the end; and those of each stage."""
    began = time.perf_counter()
    first = 0.0
    report = None
    async for event in Gate(stages).judge(subject):
        if isinstance(event, StageResult) and event.findings and not first:
            first = time.perf_counter() - began
        report = event if isinstance(event, Report) else report
    spent = {each.name: each.seconds for each in report.stages} if report is not None else {}
    return first or time.perf_counter() - began, spent
