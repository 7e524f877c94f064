"""A model's tables: created on the real database, their SQL linted, rows written and refused.

Rules of its own: `model-fails` (it cannot be imported, configured or created),
`model-without-tables`, `null-accepted`, `negative-amount-accepted`; besides, every rule of the family sql.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from typing import Any

from evaluators.bench import Bench
from evaluators.code.canonical import canonical
from evaluators.code.facts import Code, code_of
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Reason
from evaluators.service import harness, sandbox
from evaluators.service.rows import Filled, fill
from evaluators.service.testrun import Room
from evaluators.sql.facts import Schema

SECONDS = 60.0


@dataclass(frozen=True)
class Tabled:
    """What was seen; `reason` is set where something was not."""

    findings: tuple[Finding, ...] = ()
    reason: Reason | None = None
    detail: str = ""
    not_checked: tuple[NotChecked, ...] = ()


async def exercise(subject: Subject, room: Room, bench: Bench) -> Tabled:
    """Create, lint and fill the tables of the subject's part. Raises SandboxError."""
    module, symbol = subject.option("part.module"), subject.option("part.symbol")
    if room.database is None:
        return Tabled(reason=Reason.NO_DATABASE, detail="a model needs a database")
    files = {artifact.path: artifact.text for artifact in subject.draft}
    argv = ("-c", harness.source("tables"), module, symbol, room.database.service_url)
    outcome = await sandbox.run(room.confined(argv, files, SECONDS))
    if outcome.timed_out:
        return Tabled(reason=Reason.TIME_BOUND, detail=f"creating the tables took longer than {SECONDS:.0f} seconds")
    told = _told(outcome.stdout)
    if told is None:
        return Tabled(reason=Reason.TOOL_FAILED, detail="the model ends the process that creates its tables")
    code = subject.fact(code_of)
    if "kind" in told:
        return Tabled((_failed(code, module, symbol, told),))
    if not told["tables"]:
        path = next((each.path for each in code.modules if each.name == module), "")
        message = f"`{module}.{symbol}` has no table."
        return Tabled((Finding("model-without-tables", Severity.ERROR, Location(path), symbol, message),))
    return await _judge(subject, room, code, [str(each) for each in told["ddl"]])


async def _judge(subject: Subject, room: Room, code: Code, ddl: list[str]) -> Tabled:
    """Lint the SQL that the model makes, then write rows."""
    schema, linted, crashed = lint(subject, ddl)
    findings = [_moved(code, finding) for finding in linted]
    if room.database is None or room.database.dialect != "postgres":
        unwritten = (NotChecked("rows of the model's tables", "only on PostgreSQL"),)
        return Tabled(tuple(findings), Reason.RULE_CRASHED if crashed else None, crashed, unwritten)
    filled = await asyncio.to_thread(_fill, room.database.owner, schema)
    known = {finding.symbol for finding in linted}
    findings += [finding for finding in _refusals(code, filled) if finding.symbol not in known]
    missing = filled.unfilled.items()
    skipped = tuple(NotChecked(f"rows of {table}", f"no row was found that {why} accepts") for table, why in missing)
    detail = crashed or f"{len(schema.tables)} tables created, {len(filled.rows)} filled"
    return Tabled(tuple(findings), Reason.RULE_CRASHED if crashed else None, detail, skipped)


def lint(subject: Subject, ddl: list[str]) -> tuple[Schema, list[Finding], str]:
    """The schema that the statements make, the sql rules' findings on it, and what crashed."""
    import evaluators.sql.rules as package
    from evaluators.rule import load, rules_of, run_rules
    from evaluators.sql.schema import schema_of

    load(package)
    text = "".join(f"{statement.rstrip(';')};\n" for statement in ddl)
    made = Subject(Draft.of({"schema.sql": text}), dialect=subject.dialect, options=subject.options)
    schema = made.fact(schema_of)
    findings, crashed = run_rules(rules_of("sql"), schema)
    return schema, findings, "; ".join(crashed)


def _fill(owner: dict[str, Any], schema: Schema) -> Filled:
    """Fill the tables over a connection of the service's role."""
    import psycopg

    with psycopg.connect(**owner) as connection:
        return fill(connection, schema)


def _refusals(code: Code, filled: Filled) -> list[Finding]:
    """What the database accepted and should not have."""
    found = []
    for rule, places, what in (
        ("null-accepted", filled.nulls, "NULL"),
        ("negative-amount-accepted", filled.negatives, "-1"),
    ):
        for table, column in places:
            found.append(
                Finding(
                    rule,
                    Severity.ERROR,
                    place(code, table, column),
                    f"{table}.{column}",
                    f"The database accepts {what} for `{table}.{column}`.",
                    reproduce=f"INSERT INTO {table} (..., {column}) VALUES (..., {what})",  # noqa: S608  (a text to read)
                    hint=f"Add a CHECK on {column}." if what == "-1" else "",
                )
            )
    return found


def place(code: Code, table: str, column: str = "") -> Location:
    """Where the model declares a table or its column."""
    for each in code.tables:
        if each.name == table.rpartition(".")[2]:
            declared = each.column(column)
            return declared.at if declared else each.at
    return Location(code.own[0].path if code.own else "")


def _moved(code: Code, finding: Finding) -> Finding:
    """A finding on the emitted SQL, at the place of the model that makes it."""
    table, _, column = finding.symbol.partition(".")
    return replace(finding, location=place(code, table, column.partition(",")[0]), places=())


def _failed(code: Code, module: str, symbol: str, told: dict[str, Any]) -> Finding:
    """The finding of a model that cannot be imported, configured or created."""
    paths = {each.path: each for each in code.modules}
    frames = [(str(path), int(line)) for path, line in told.get("frames", []) if str(path) in paths]
    there = code.by_name.get(module)
    path, line = frames[-1] if frames else (there.path if there else "", 0)
    error = canonical(f"{told['kind']}: {told.get('message', '')}", 900)
    source = paths[path].line(line) if path in paths else ""
    return Finding(
        "model-fails",
        Severity.ERROR,
        Location(path, line),
        f"{module}.{symbol}",
        f"The tables of `{module}.{symbol}` cannot be created: {error.splitlines()[0][:200]}",
        f"{path}:{line}: {source}\n{error}" if source else error,
    )


def _told(stdout: str) -> dict[str, Any] | None:
    """The guest's line; None where there is none as the guest program writes it."""
    for line in reversed(stdout.splitlines()):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and ("kind" in entry or isinstance(entry.get("ddl"), list)):
            return entry
    return None
