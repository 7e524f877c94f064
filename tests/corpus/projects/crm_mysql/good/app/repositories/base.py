from __future__ import annotations

import re

import pymysql
from pymysql.constants import ER


class DuplicateKey(Exception):
    def __init__(self, key: str):
        super().__init__(key)
        self.key = key


class MissingReference(Exception):
    def __init__(self, constraint: str):
        super().__init__(constraint)
        self.constraint = constraint


class Repository:
    def __init__(self, cursor):
        self._cursor = cursor

    def _execute(self, sql: str, parameters=()) -> int:
        try:
            return self._cursor.execute(sql, parameters)
        except pymysql.err.IntegrityError as error:
            raise _translate(error) from error

    def _execute_many(self, sql: str, rows: list[tuple]) -> None:
        try:
            self._cursor.executemany(sql, rows)
        except pymysql.err.IntegrityError as error:
            raise _translate(error) from error

    def _insert(self, sql: str, parameters=()) -> int:
        self._execute(sql, parameters)
        return self._cursor.lastrowid

    def _one(self, sql: str, parameters=()) -> dict | None:
        self._execute(sql, parameters)
        return self._cursor.fetchone()

    def _all(self, sql: str, parameters=()) -> list[dict]:
        self._execute(sql, parameters)
        return list(self._cursor.fetchall())


def placeholders(values) -> str:
    return ", ".join(["%s"] * len(values))


def like_prefix(text: str) -> str:
    """Escapes the wildcards of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def assignments(changes: dict, allowed: tuple[str, ...]) -> tuple[str, list]:
    """SET clause for the columns in allowed, which are constants of the code."""
    columns = [column for column in allowed if column in changes]
    return ", ".join(f"{column} = %s" for column in columns), [changes[column] for column in columns]


def _translate(error: pymysql.err.IntegrityError) -> Exception:
    code, message = error.args[0], str(error.args[1])
    if code == ER.DUP_ENTRY:
        found = re.search(r"for key '(?:[^'.]*\.)?([^'.]+)'$", message)
        return DuplicateKey(found.group(1) if found else "")
    if code == ER.NO_REFERENCED_ROW_2:
        found = re.search(r"CONSTRAINT `([^`]+)` FOREIGN KEY", message)
        return MissingReference(found.group(1) if found else "")
    return error
