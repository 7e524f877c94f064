"""Runs SQL scripts in a database, statement by statement, and tells what was refused."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

from evaluators.report import NotChecked, Reason
from evaluators.service import launch
from evaluators.service.database import Database, NoDatabase
from evaluators.service.sandbox import Confined, Limits, python_binds, run
from evaluators.sql import loading_mysql
from evaluators.sql.refusal import Load, Refusal, named
from evaluators.sql.refusal import told as name_of
from evaluators.sql.statements import Kind, Statement, pieces, split

STATEMENT_SECONDS = 10.0
LOAD_SECONDS = 60.0
MOST_ROWS = 1000
"""Rows of an answer that are taken before it is cut off: nobody reads them."""

TRANSACTION = re.compile(r"(begin|commit|end|rollback|start\s+transaction|savepoint|release)\b", re.IGNORECASE)
"""What begins or ends a transaction. Each statement is run alone, so that one refusal does not hide the next."""

READS = re.compile(r"(select|with|values|table|show|explain|fetch|insert|update|delete|merge|call)\b", re.IGNORECASE)
EXTENSION = re.compile(r"create\s+extension\b(?:\s+if\s+not\s+exists)?\s+\"?([\w-]+)", re.IGNORECASE)
ROLES = re.compile(r"\bcreate\s+(?:role|user)\s+(?:if\s+not\s+exists\s+)?\"?(\w+)", re.IGNORECASE)
ADMINISTRATION = re.compile(
    r"(create|alter|drop)\s+(role|user|group|database|system|event\s+trigger|publication|tablespace|extension)\b"
    r"|comment\s+on\b|grant\b|revoke\b|set\b|alter\b.*\bowner\s+to\b|alter\s+default\s+privileges\b|do\b",
    re.IGNORECASE | re.DOTALL,
)
"""What an administrator of a server does; refused to the service's role, and no defect of a schema."""

UNAVAILABLE = {"0A000", "58P01", "42501", "42704"}
"""Codes of CREATE EXTENSION that say that this server has it not, or not for everybody."""

BOUNDED = {"57014", "53100", "53200", "53400"}
"""Codes that say that a statement was cut off: by time, disk, memory, temporary files."""

CASCADED = {"42P01", "42703", "42704", "42883", "3F000"}
"""Codes that may follow from an extension that is not there."""


async def load(database: Database, scripts: Sequence[tuple[str, str]]) -> Load:
    """Run (path, text) scripts in order, as the service's role. Raises NoDatabase when the server dies."""
    if database.dialect == "mysql":
        return await loading_mysql.load(database, scripts, LOAD_SECONDS, STATEMENT_SECONDS)
    return await (_postgres(database, scripts) if database.dialect == "postgres" else _sqlite(database, scripts))


async def _postgres(database: Database, scripts: Sequence[tuple[str, str]]) -> Load:
    """On PostgreSQL."""
    import psycopg

    told = Load()
    statements: list[Statement] = []
    for path, text in scripts:
        statements.extend(split(path, text))
        told.not_checked.extend(_commands(path, text))
    bound = f"-c statement_timeout={int(STATEMENT_SECONDS * 1000)}"
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            session = await psycopg.AsyncConnection.connect(**database.owner, autocommit=True, options=bound)
            async with session:
                for statement in statements:
                    await _one(database, session, statement, told)
                    if session.closed:
                        told.doubt(Reason.TIME_BOUND, f"{statement.path}: {name_of(statement)} ended the session")
                        told.skip(statement, "ended the session or the server; nothing after it was run")
                        break
    except TimeoutError:
        told.doubt(Reason.TIME_BOUND, "the schema did not load within the time bound")
    except psycopg.OperationalError as error:
        raise NoDatabase(f"the server ended the session ({error.sqlstate or 'connection lost'})") from error
    return told


def _commands(path: str, text: str) -> list[NotChecked]:
    """The lines for psql, which no server reads."""
    return [
        NotChecked(f"{path}:{text.count(chr(10), 0, each.start) + 1}: {text[each.start : each.end].split()[0]}", why)
        for why in ("a command of psql, not SQL",)
        for each in pieces(text)
        if each.kind is Kind.META
    ]


async def _one(database: Database, session: Any, statement: Statement, told: Load) -> None:
    """One statement. It may end the session."""
    import psycopg

    if TRANSACTION.match(statement.text):
        return
    try:
        await _execute(session, statement)
        told.ran += 1
    except psycopg.Error as error:
        if session.closed:
            return
        if await _with_roles(database, session, statement, error.sqlstate):
            told.ran += 1
            return
        _refused(statement, error, told)


async def _execute(session: Any, statement: Statement) -> None:
    """Run it and let its answer go."""
    cursor = session.cursor()
    if statement.data:
        async with cursor.copy(statement.text) as copy:
            await copy.write(_rows(statement.data))
    elif READS.match(statement.text):
        taken = 0
        async for _ in cursor.stream(statement.text):
            taken += 1
            if taken >= MOST_ROWS:
                break
    else:
        await cursor.execute(statement.text)


def _rows(data: str) -> str:
    """The rows of what follows a COPY: without the rest of its own line and without the end mark."""
    lines = data.split("\n")[1:]
    end = lines.index("\\.") if "\\." in lines else len(lines)
    return "".join(line + "\n" for line in lines[:end] if line or end < len(lines))


async def _with_roles(database: Database, session: Any, statement: Statement, code: str | None) -> bool:
    """A script that makes roles gets them, without any rights, so that what follows can name them."""
    import psycopg
    from psycopg import sql

    names = ROLES.findall(statement.text) if code == "42501" else []
    if not names:
        return False
    async with await psycopg.AsyncConnection.connect(**database.admin, autocommit=True) as admin:
        for name in names:
            try:
                await admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name.lower())))
            except psycopg.Error:
                continue
            await admin.execute(sql.SQL("GRANT {} TO CURRENT_USER, app").format(sql.Identifier(name.lower())))
    if not statement.head.startswith("DO "):
        return True
    try:
        await _execute(session, statement)
    except psycopg.Error:
        return False
    return True


def _refused(statement: Statement, error: Any, told: Load) -> None:
    """Sort a refusal: the draft's defect, the machine's lack, or an administrator's business."""
    code = error.sqlstate or ""
    primary = error.diag.message_primary or ""
    extension = EXTENSION.match(statement.text)
    if extension and code in UNAVAILABLE:
        told.doubt(Reason.NO_EXTENSION, f"the extension {extension.group(1).lower()} is not available here")
        told.skip(statement, "the extension is not available here")
    elif code in BOUNDED:
        told.doubt(Reason.TIME_BOUND, f"{statement.path}: {name_of(statement)} did not end within its bounds")
        told.skip(statement, "did not end within its bounds of time, memory and disk")
    elif told.unverified is Reason.NO_EXTENSION and code in CASCADED:
        told.skip(statement, "an extension that it may need is not available here")
    elif _administers(statement, code, primary):
        told.skip(statement, "needs rights or names that only the server's administrator has")
    elif not code:
        told.skip(statement, "needs a client that takes part")
    else:
        told.refusals.append(Refusal(statement, code, condition(code), _about(error), _position(error)))


def _administers(statement: Statement, code: str, primary: str) -> bool:
    """Whether a refusal is about the server's roles and databases, not about the schema."""
    if code == "42704" and primary.startswith("role "):
        return "OWNER TO" in " ".join(statement.text.upper().split())
    return code in ("42501", "3D000") and ADMINISTRATION.match(statement.text) is not None


def condition(code: str) -> str:
    """A SQLSTATE's name in words: `undefined table`."""
    from psycopg import errors

    try:
        name = errors.lookup(code).__name__
    except KeyError:
        return "refused"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _about(error: Any) -> str:
    """The object that a PostgreSQL error names: from its fields, else from its message in the locale C."""
    fields = error.diag
    told = named(fields.message_primary or "")
    if fields.table_name:
        inner = fields.constraint_name or fields.column_name
        return f"{fields.table_name}.{inner}" if inner else str(fields.table_name)
    return told or str(fields.datatype_name or "")


def _position(error: Any) -> int | None:
    """The character that the error points at."""
    given = error.diag.statement_position
    return int(given) if given else None


LOADER = """
import json, sqlite3, sys
statements = json.load(open("/app/statements"))
session = sqlite3.connect(sys.argv[1], isolation_level=None)
session.execute("PRAGMA foreign_keys = on")
for number, text in enumerate(statements):
    try:
        taken = session.execute(text).fetchmany(1000)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "") or type(error).__name__
        print(json.dumps([number, code, str(error)]), flush=True)
"""


async def _sqlite(database: Database, scripts: Sequence[tuple[str, str]]) -> Load:
    """On SQLite, in a sandbox."""
    statements = [each for path, text in scripts for each in split(path, text, "sqlite")]
    statements = [each for each in statements if not TRANSACTION.match(each.text)]
    python = launch.interpreter()
    path = database.service_url.removeprefix("sqlite:///")
    outcome = await run(
        Confined(
            (str(python), "-I", "-S", "-c", LOADER, path),
            binds=(*python_binds(python), *database.binds),
            files={"statements": json.dumps([each.text for each in statements])},
            limits=Limits(seconds=LOAD_SECONDS, memory=512 << 20),
        )
    )
    told = Load(ran=len(statements))
    if outcome.timed_out:
        told.doubt(Reason.TIME_BOUND, "the schema did not load within the time bound")
    elif outcome.returncode != 0:
        told.doubt(Reason.TOOL_FAILED, f"the schema did not load ({outcome.killed or 'the loader ended'})")
    for line in outcome.stdout.splitlines():
        if not line.startswith("["):
            continue
        number, code, message = json.loads(line)
        told.ran -= 1
        statement = statements[number]
        words = re.sub(r"^sqlite ", "", code.replace("_", " ").lower())
        told.refusals.append(Refusal(statement, code, _reason(message) or words, named(message)))
    return told


def _reason(message: str) -> str:
    """What an SQLite message says, without the object that it names."""
    return re.sub(r'^near ".*": ', "", message).split(":")[0].strip()
