"""The stage `database`: the schema runs on a real database, statement by statement.

Later stages ask `await loaded_database(subject, bench)` and get the same
database, with whatever of the schema ran.
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluators.bench import Bench
from evaluators.draft import Artifact, Role, Subject
from evaluators.finding import Finding
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.service.database import Database, NoDatabase, Server, mariadb, postgres, sqlite
from evaluators.service.sandbox import SandboxError, available
from evaluators.sql import migrations
from evaluators.sql.loading import load
from evaluators.sql.refusal import Load, findings
from evaluators.sql.versions import is_flyway

NAME = "database"
SERVERS = {"postgres": postgres, "mysql": mariadb, "sqlite": sqlite}
"""Dialect -> what makes databases that speak it."""


@dataclass(frozen=True)
class Loaded:
    """A database and what happened when the draft's SQL was run in it."""

    database: Database
    load: Load


def applies(subject: Subject) -> bool:
    """Whether the draft has a schema or a migration in SQL."""
    return bool(_scripts(subject) or migrations.scripts(subject))


def _scripts(subject: Subject) -> list[Artifact]:
    """The schema's files in the order in which they run: `schema.sql` first, then by path."""
    found = [e for e in subject.draft.having(Role.SCHEMA) if e.path.endswith(".sql") and not is_flyway(e)]
    return sorted(found, key=lambda each: (each.path.rpartition("/")[2] != "schema.sql", each.path))


async def loaded_database(subject: Subject, bench: Bench) -> Database:
    """The database with the draft's schema in it, loaded once a bench and draft; boot uses the same one.

    Without a schema the SQL migrations are run instead. Statements that fail
    are left out (the stage `database` reports them). A draft without SQL gets
    an empty database.

    Raises:
        NoDatabase: no server, none for the subject's dialect, or one that does not know what the schema needs.
        SandboxError: the server's sandbox does not start.
    """
    loaded = await _loaded(subject, bench)
    if loaded.load.unverified is Reason.NOT_SUPPORTED:
        # A service on half of its tables would fail for what is no fault of its own.
        raise NoDatabase(loaded.load.detail)
    return loaded.database


async def _loaded(subject: Subject, bench: Bench) -> Loaded:
    """Load once; see `loaded_database`."""
    key = (Loaded, subject.draft, subject.dialect, subject.option("supabase"))
    known = bench.kept(key)
    if isinstance(known, Loaded):
        return known
    database = await fresh_database(subject, bench)
    scripts = _scripts(subject) or migrations.upward(subject)
    made = Loaded(database, await load(database, [(each.path, each.text) for each in scripts]))
    bench.keep(key, made)
    return made


async def fresh_database(subject: Subject, bench: Bench) -> Database:
    """An empty database of the subject's dialect. Raises NoDatabase and SandboxError."""
    if subject.dialect not in SERVERS:
        raise NoDatabase(f"databases of the dialect {subject.dialect} cannot be run")
    count = (bench.kept(NAME) or 0) + 1
    bench.keep(NAME, count)
    server: Server = await bench.the(SERVERS[subject.dialect])
    name = "app" if count == 1 else f"app_{count}"
    return await server.create(name, supabase=subject.option("supabase") == "yes")


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Every statement that fails is one finding, unless it only follows from another."""
    if subject.dialect not in SERVERS:
        detail = f"the dialect {subject.dialect} cannot be run"
        return judged(NAME, [], detail=detail, unverified=Reason.NOT_SUPPORTED)
    why = available()
    if why is not None:
        return judged(NAME, [], detail=why, unverified=Reason.NO_SANDBOX)
    try:
        loaded = await _loaded(subject, bench)
        moved = await _moved(subject, bench)
    except NoDatabase as error:
        return judged(NAME, [], detail=str(error), unverified=Reason.NO_DATABASE)
    except SandboxError as error:
        return judged(NAME, [], detail=str(error), unverified=Reason.NO_SANDBOX)
    # Without a schema the migrations were loaded, and their own run tells all there is.
    schema = loaded.load if _scripts(subject) or not moved else Load()
    return _result(schema, moved, subject.dialect)


async def _moved(subject: Subject, bench: Bench) -> list[tuple[str, Load]]:
    """The migrations run in a database of their own: up, and where there is a way down, down and up again.

    What comes after a way that failed would only repeat it.
    """
    runs = migrations.runs(subject)
    if not runs:
        return []
    database = await fresh_database(subject, bench)
    moved: list[tuple[str, Load]] = []
    for phase, scripts in runs:
        if any(each.refusals for _, each in moved):
            skipped = Load(not_checked=[NotChecked(f"migrations, {phase}", "an earlier way failed")])
            moved.append((phase, skipped))
        else:
            moved.append((phase, await load(database, scripts)))
    return moved


def _result(loaded: Load, moved: list[tuple[str, Load]], dialect: str) -> StageResult:
    """All loads as one stage's result."""
    found: list[Finding] = findings(list(loaded.refusals), dialect)
    loads = [loaded]
    for phase, each in moved:
        loads.append(each)
        found.extend(migrations.told(phase, finding) for finding in findings(list(each.refusals), dialect))
    skipped: list[NotChecked] = [each for one in loads for each in one.not_checked]
    reasons = [one.unverified for one in loads if one.unverified is not None]
    ran = sum(one.ran for one in loads)
    detail = next((one.detail for one in loads if one.unverified is not None), f"{ran} statements ran")
    return judged(
        NAME,
        found,
        detail=detail,
        not_checked=sorted(set(skipped), key=lambda each: (each.what, each.why)),
        unverified=reasons[0] if reasons else None,
    )
