"""Runs scripts of MySQL's dialect on MariaDB, as the service's role, and tells what was refused."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from typing import Any

from evaluators.report import Reason
from evaluators.service.database import Database, NoDatabase
from evaluators.sql.mysql_only import INCOMPLETE_KEY, NEAR, SYNTAX, mysql_only, nearest
from evaluators.sql.refusal import Load, Refusal
from evaluators.sql.refusal import told as name_of
from evaluators.sql.statements import Statement, split

MOST_ROWS = 1000
"""Rows of an answer that the server sends: nobody reads them."""

PASSED_OVER = re.compile(
    r"(?:begin|commit|rollback|start\s+transaction|savepoint|release|(?:un)?lock\s+tables?)\b", re.IGNORECASE
)
"""What begins or ends a transaction or a lock. Each statement is run alone, so that one refusal hides no other."""

ADMINISTRATION = re.compile(
    r"(?:create|alter|drop|rename)\s+(?:role|user|database|schema|server|tablespace)\b|use\b|grant\b|revoke\b|set\b"
    r"|flush\b|reset\b|purge\b|change\b|install\b|(?:create|alter)\b.*\bdefiner\s*=",
    re.IGNORECASE | re.DOTALL,
)
"""What an administrator of a server does; refused to the service's role, and no defect of a schema."""

DENIED = {1044, 1045, 1049, 1142, 1143, 1193, 1227, 1231, 1285, 1370, 1396, 1410, 1524}
"""Codes about rights, other databases and the server's settings."""

FOREIGN = {1044, 1142}
"""Codes of a table in another database."""

BOUNDED = {1021, 1038, 1041, 1114, 1205, 1317, 1969, 3024}
"""Codes that say that a statement was cut off: by time, disk, memory."""

CASCADED = {1005, 1051, 1054, 1072, 1091, 1146, 1176, 1215, 1305}
"""Codes that may follow from a statement that was not judged."""

GONE = {2003, 2006, 2013, 2055, 1927, 1053}
LOCAL_FILE = {1148, 4166}


async def load(database: Database, scripts: Sequence[tuple[str, str]], seconds: float, each: float) -> Load:
    """Run (path, text) scripts in order; all may take `seconds`, one statement `each`. Raises NoDatabase."""
    return await asyncio.to_thread(_load, database, scripts, seconds, each)


def _load(database: Database, scripts: Sequence[tuple[str, str]], seconds: float, each: float) -> Load:
    import pymysql

    from evaluators.service.mariadb_session import connect

    told = Load()
    statements = [one for path, text in scripts for one in split(path, text, "mysql")]
    first = f"SET max_statement_time = {each}, sql_select_limit = {MOST_ROWS}"
    until = time.monotonic() + seconds
    # A script may lift its own bounds, so the client has one too.
    try:
        session = connect(database.owner, first=first, one=True, seconds=int(each) + 2)
    except pymysql.Error as error:
        raise NoDatabase(f"the server takes no session ({error.args[0]})") from error
    try:
        for statement in statements:
            if PASSED_OVER.match(statement.text):
                continue
            if time.monotonic() > until:
                told.doubt(Reason.TIME_BOUND, "the schema did not load within the time bound")
                break
            _one(session, statement, told)
            if not session.open:
                told.doubt(Reason.TIME_BOUND, f"{statement.path}: {name_of(statement)} ended the session")
                told.skip(statement, "ended the session or the server; nothing after it was run")
                break
    finally:
        if session.open:
            session.close()
    return told


def _one(session: Any, statement: Statement, told: Load) -> None:
    """One statement. It may end the session."""
    import pymysql

    try:
        _execute(session, statement.text)
        told.ran += 1
    except pymysql.Error as error:
        if error.args[0] in GONE:
            session._force_close()
            return
        if nearest(statement.text) != statement.text:
            try:
                _execute(session, nearest(statement.text))
                told.ran += 1
                return
            except pymysql.Error as second:
                error = second
        _refused(session, statement, error, told)


def _execute(session: Any, text: str) -> None:
    """Run it and let its answer go."""
    with session.cursor() as cursor:
        cursor.execute(text)


def _refused(session: Any, statement: Statement, error: Any, told: Load) -> None:
    """Sort a refusal: the draft's defect, what only MySQL knows, or an administrator's business."""
    code = error.args[0] if isinstance(error.args[0], int) else 0
    message = str(error.args[-1])
    alone = mysql_only(code, message, statement.text)
    if code in BOUNDED:
        told.doubt(Reason.TIME_BOUND, f"{statement.path}: {name_of(statement)} did not end within its bounds")
        told.skip(statement, "did not end within its bounds of time, memory and disk")
    elif code in LOCAL_FILE or not code:
        told.skip(statement, "needs a client that takes part")
    elif code in DENIED and (ADMINISTRATION.match(statement.text) or code in FOREIGN):
        told.skip(statement, "needs rights or names that only the server's administrator has")
    elif alone:
        told.doubt(Reason.NOT_SUPPORTED, f"MariaDB, which stands for MySQL here, does not know {alone}")
        told.skip(statement, f"MySQL knows {alone}, MariaDB does not")
    elif told.unverified is Reason.NOT_SUPPORTED and code in CASCADED:
        told.skip(statement, "needs what MariaDB does not know")
    else:
        about = _about(code, message, _warnings(session) if code == INCOMPLETE_KEY else "")
        position = _position(code, message, about, statement.text)
        told.refusals.append(Refusal(statement, str(code), condition(code), about, position))


def _warnings(session: Any) -> str:
    """What the server says beside its last error."""
    with session.cursor() as cursor:
        cursor.execute("SHOW WARNINGS")
        return " ".join(str(row[2]) for row in cursor.fetchall())


def condition(code: int) -> str:
    """A code's name in words: `no such table`."""
    from pymysql.constants import ER

    name = next((name for name, value in vars(ER).items() if value == code and name.isupper()), "REFUSED")
    return MORE.get(code, name.replace("_", " ").lower())


MORE = {
    1005: "foreign key incorrectly formed",
    1064: "syntax error",
    1072: "key column does not exist",
    1091: "not there to be dropped",
    1215: "foreign key incorrectly formed",
    1265: "value does not fit",
    1364: "no default for field",
    1366: "value does not fit",
    1452: "foreign key violated",
    1451: "foreign key violated",
    4025: "check violated",
    4161: "unknown data type",
}
"""Where the client's name of a code says little, or nothing."""

ABOUT = (
    r"^Duplicate entry .* for key '([^']+)'",
    r"^CONSTRAINT `([^`]+)` failed",
    r"\bCONSTRAINT `([^`]+)` FOREIGN KEY",
    r"[Rr]eferenced table [`\"](?:[^`\"]*[`\"]\.[`\"])?([^`\"]+)[`\"]",
    r"\bwith foreign key [`\"(]*([^`\")\s]+)",
    r"(?:FUNCTION|PROCEDURE) (?:\w+\.)?(\w+) does not exist",
    r"for column [`\"']?(?:[^`]*`\.`)?([^`'\"]+)[`\"']",
    r"'([^']+)'",
    r"`([^`]+)`",
)


def _about(code: int, message: str, more: str) -> str:
    """The object that an error names, without its database."""
    if code == SYNTAX:
        near = NEAR.search(message)
        word = re.match(r"\w+|\S", near.group(1)) if near else None
        return word.group() if word else ""
    for text in (more, message) if code not in DENIED else ():
        for pattern in ABOUT:
            found = re.search(pattern, text)
            if found:
                return found.group(1).rpartition(".")[2]
    return ""


def _position(code: int, message: str, about: str, text: str) -> int | None:
    """The character that an error is about, from 1: where reading stopped, else where its object is named first."""
    near = NEAR.search(message) if code == SYNTAX else None
    if near:
        line = int(near.group(2)) - 1
        begin = sum(len(each) + 1 for each in text.split("\n")[:line])
        # The server says where its token ends up: what precedes the rest it quotes.
        rest = text.rfind(near.group(1)) if near.group(1) else len(text.rstrip()) - 1
        return (rest if rest >= 0 else begin) + 1
    found = re.search(rf"(?<![\w$]){re.escape(about)}(?![\w$])", text) if about else None
    return found.start() + 1 if found else None
