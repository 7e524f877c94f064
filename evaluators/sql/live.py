"""The stage `database`: the schema runs on a real database, statement by statement."""

from __future__ import annotations

from evaluators.bench import Bench
from evaluators.draft import Subject
from evaluators.report import StageResult
from evaluators.service.database import Database

NAME = "database"


def applies(subject: Subject) -> bool:
    """Whether the draft has a schema or a migration in SQL."""
    raise NotImplementedError


async def loaded_database(subject: Subject, bench: Bench) -> Database:
    """The database with the draft's schema in it, loaded once a bench and draft; boot uses the same one.

    Statements that fail are left out (the stage `database` reports them).
    A draft without SQL gets an empty database. Raises NoDatabase and SandboxError.
    """
    raise NotImplementedError


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Every statement that fails is one finding."""
    raise NotImplementedError
