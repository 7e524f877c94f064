"""The gate's own sessions on MariaDB, where names stand in double quotes as everywhere else.

with connected(database.admin) as session:
    rows = fetched(session, "SELECT * FROM \\"orders\\" WHERE id = %s", (1,))
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pymysql
from pymysql.constants import CLIENT, FIELD_TYPE
from pymysql.converters import conversions

QUIET = "@backwright_quiet"
"""The session's variable at which guarded triggers do nothing; see `mariadb_rows`."""
OWN = (
    "SET sql_mode = 'ANSI_QUOTES,STRICT_TRANS_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', "
    "lock_wait_timeout = 5, innodb_lock_wait_timeout = 5"
)
FREE = f"SET foreign_key_checks = 0, check_constraint_checks = 0, {QUIET} = 1"
"""Nothing looks: rows are set back that were whole together."""
BOUND = f"SET foreign_key_checks = 1, check_constraint_checks = 1, {QUIET} = NULL"
ZONE = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|\+00(?::?00)?)")
"""An instant with a zone, which MariaDB's columns do not hold."""
WRONG_VALUE = 1292
NOBODY = 2003


def _number(text: str) -> int | float:
    """A decimal as JSON holds it."""
    return float(text) if "." in text else int(text)


def _text(value: str | bytes) -> str:
    """Text as it is, bytes in hexadecimal."""
    return value.hex() if isinstance(value, bytes) else value


def _bits(value: bytes) -> int:
    return int.from_bytes(value, "big")


PLAIN: dict[Any, Any] = {
    **conversions,
    FIELD_TYPE.DECIMAL: _number,
    FIELD_TYPE.NEWDECIMAL: _number,
    FIELD_TYPE.BIT: _bits,
    FIELD_TYPE.DATETIME: lambda text: text.replace(" ", "T"),
    FIELD_TYPE.TIMESTAMP: lambda text: text.replace(" ", "T"),
    FIELD_TYPE.DATE: str,
    FIELD_TYPE.TIME: str,
    **dict.fromkeys(
        (
            FIELD_TYPE.STRING,
            FIELD_TYPE.VAR_STRING,
            FIELD_TYPE.VARCHAR,
            FIELD_TYPE.TINY_BLOB,
            FIELD_TYPE.BLOB,
            FIELD_TYPE.MEDIUM_BLOB,
            FIELD_TYPE.LONG_BLOB,
            FIELD_TYPE.GEOMETRY,
        ),
        _text,
    ),
}
"""Values as JSON holds them."""


def connect(
    parameters: dict[str, Any], *, first: str = OWN, plain: bool = False, one: bool = False, seconds: int = 120
) -> pymysql.Connection[Any]:
    """A session, each statement its own transaction. Raises pymysql.Error.

    Args:
        parameters: `admin` or `owner` of a database.
        first: what is said first of all; an empty text leaves the server's settings.
        plain: values as JSON holds them, not as Python does.
        one: a text is one statement, whatever stands in it.
        seconds: how long an answer may take.
    """
    session = pymysql.connect(
        **parameters,
        charset="utf8mb4",
        autocommit=True,
        init_command=first or None,
        client_flag=CLIENT.FOUND_ROWS | (0 if one else CLIENT.MULTI_STATEMENTS),
        conv=PLAIN if plain else conversions,
        read_timeout=seconds,
        defer_connect=True,
    )
    # The client would leave a socket open where nobody listens.
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.connect(parameters["unix_socket"])
    except OSError as error:
        made.close()
        raise pymysql.OperationalError(NOBODY, "nobody listens") from error
    session.connect(made)
    return session


@contextmanager
def connected(
    parameters: dict[str, Any], *, first: str = OWN, plain: bool = False
) -> Iterator[pymysql.Connection[Any]]:
    """The same, closed at the end."""
    session = connect(parameters, first=first, plain=plain)
    try:
        yield session
    finally:
        session.close()


def fetched(session: pymysql.Connection[Any], text: str, values: Sequence[Any] | None = None) -> list[dict[str, Any]]:
    """The rows of one statement. Raises pymysql.Error."""
    with session.cursor(pymysql.cursors.DictCursor) as cursor:
        _sent(cursor, text, values)
        return list(cursor.fetchall())


def changed(session: pymysql.Connection[Any], text: str, values: Sequence[Any] | None = None) -> int:
    """Run one statement; the number of rows that it found. Raises pymysql.Error."""
    with session.cursor() as cursor:
        _sent(cursor, text, values)
        return int(cursor.rowcount)


def several(session: pymysql.Connection[Any], statements: Sequence[str]) -> list[list[dict[str, Any]]]:
    """The rows of each of several statements, in one round trip. Raises pymysql.Error."""
    if not statements:
        return []
    with session.cursor(pymysql.cursors.DictCursor) as cursor:
        cursor.execute("; ".join(statements))
        found = [list(cursor.fetchall())]
        while cursor.nextset():
            found.append(list(cursor.fetchall()))
        return found


def _sent(cursor: Any, text: str, values: Sequence[Any] | None) -> None:
    """Run a statement, and where a value was refused as no time, again without zones: the server keeps UTC."""
    try:
        cursor.execute(text, values)
    except pymysql.Error as error:
        bare = [_zoneless(value) for value in values or ()]
        if error.args[0] != WRONG_VALUE or bare == list(values or ()):
            raise
        cursor.execute(text, bare)


def _zoneless(value: Any) -> Any:
    found = ZONE.fullmatch(value) if isinstance(value, str) else None
    return found.group(1) if found else value
