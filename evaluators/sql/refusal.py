"""A database's refusal of a statement, in words that are the same on every machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Reason
from evaluators.sql.statements import Statement

RULE = "schema-does-not-run"

HINTS = {
    "42P01": "Create the table before the statement that names it, or mend the name.",
    "42703": "Mend the column's name, or add the column.",
    "42P07": "Define it once.",
    "42710": "Define it once.",
    "42883": "No such function or operator for these types: mend the name, the types, or add the extension.",
    "42704": "Define the type or role before the statement that names it.",
    "42830": "A foreign key needs a unique constraint or primary key on exactly the columns that it references.",
    "42501": "The service's role owns its database and has no superuser rights: do without.",
    "42804": "Make the types agree.",
    "42P17": "Functions in an index, a generated column or a partition key must be immutable.",
    "1005": "A foreign key needs a table that is there, columns of the same types, and an index on what it references.",
    "1050": "Define it once.",
    "1054": "Mend the column's name, or add the column.",
    "1072": "Mend the column's name, or add the column.",
    "1146": "Create the table before the statement that names it, or mend the name.",
    "4161": "MySQL has no such type.",
}
"""SQLSTATE, or MariaDB's number of the error -> what mends it."""

MISSING = {"42P01", "42704", "42883", "42703", "3F000", "SQLITE_ERROR", "1005", "1054", "1146", "1305"}
"""Codes that say that something is not there; it may be what an earlier statement failed to make."""

CREATED = re.compile(
    r"^CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|TEMP(?:ORARY)?\s+|UNLOGGED\s+|MATERIALIZED\s+)*"
    r"(?:TABLE|TYPE|DOMAIN|VIEW|FUNCTION|PROCEDURE|SEQUENCE|SCHEMA|INDEX|ROLE|USER)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"([\w.\"`$]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Refusal:
    """Why one statement did not run."""

    statement: Statement
    code: str
    """SQLSTATE, SQLite's name of the error, or MariaDB's number of it."""
    condition: str
    """The code in words: `undefined table`."""
    about: str = ""
    """The object that the error names."""
    position: int | None = None
    """The character of the statement that the error points at, from 1."""


@dataclass
class Load:
    """What happened when scripts were run."""

    ran: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    unverified: Reason | None = None
    detail: str = ""

    def doubt(self, reason: Reason, detail: str) -> None:
        """Say that the whole is unverified; the first reason stays."""
        if self.unverified is None:
            self.unverified, self.detail = reason, detail

    def skip(self, statement: Statement, why: str) -> None:
        """Say that one statement was not judged."""
        self.not_checked.append(NotChecked(f"{statement.path}:{statement.line}: {told(statement)}", why))


def told(statement: Statement) -> str:
    """What a statement does to what, stable under edits: `CREATE TABLE accounts`."""
    head = " ".join(statement.text[:400].split())
    words = re.sub(r"\b(?:IF (?:NOT )?EXISTS|OR REPLACE|ONLY|CONCURRENTLY) ", "", head, flags=re.IGNORECASE).split(" ")
    verbs = [word.upper() for word in words[:2]]
    long = verbs in (["CREATE", "UNIQUE"], ["CREATE", "MATERIALIZED"], ["ALTER", "DEFAULT"])
    names = [word.split("(")[0].replace('"', "").replace("`", "").lower() for word in words[2 : 4 if long else 3]]
    return " ".join((*verbs, *names)).rstrip(" ;,")


def place(statement: Statement, position: int | None) -> Location:
    """The place of character `position` (from 1) of a statement, or of its begin."""
    return replace(statement.at((position or 1) - 1), column=0)


def created(statement: Statement) -> str | None:
    """The bare name of what a CREATE statement makes, lower case unless quoted."""
    found = CREATED.match(statement.text)
    if not found:
        return None
    name = found.group(1).split(".")[-1].replace("`", '"')
    return name.strip('"') if name.startswith('"') else name.lower()


def named(message: str) -> str:
    """The object that an error's message (in the locale C) names, or an empty text."""
    for pattern in (
        r'"([^"]+)"',
        r"\b(?:function|operator|procedure|aggregate) ([\w.]+)\(",
        r"(?:no such \w+|duplicate column name|unknown column): ([\w.]+)",
        r"^\w+ (\w+) already exists",
        r"failed: (\w+\.\w+)",
    ):
        found = re.search(pattern, message)
        if found:
            return found.group(1)
    return ""


def findings(refusals: list[Refusal], dialect: str) -> list[Finding]:
    """One finding a refusal; refusals that only follow from another become its further places."""
    server = {"postgres": "PostgreSQL", "mysql": "MariaDB"}.get(dialect, "SQLite")
    makers: dict[str, int] = {}
    found: list[tuple[Refusal, list[Location]]] = []
    for refusal in refusals:
        where = place(refusal.statement, refusal.position)
        root = makers.get(refusal.about.split(".")[-1]) if refusal.code in MISSING else None
        made = created(refusal.statement)
        if root is not None:
            found[root][1].append(where)
        else:
            found.append((refusal, []))
        if made:
            makers.setdefault(made, root if root is not None else len(found) - 1)
    return [_finding(refusal, tuple(sorted(set(places))), server) for refusal, places in found]


def _finding(refusal: Refusal, places: tuple[Location, ...], server: str) -> Finding:
    """A refusal as a finding."""
    statement = refusal.statement
    about = f": {refusal.about}" if refusal.about else ""
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        location=place(statement, refusal.position),
        symbol=" ".join(filter(None, (told(statement), refusal.code, refusal.about))),
        message=f"{server} refuses this statement: {refusal.condition} ({refusal.code}){about}",
        evidence=_excerpt(statement, place(statement, refusal.position).line),
        hint=HINTS.get(refusal.code, ""),
        places=places,
    )


def _excerpt(statement: Statement, line: int) -> str:
    """Up to nine lines of the statement around `line`, numbered as in the file."""
    lines = statement.text.split("\n")
    middle = line - statement.line
    first = max(0, middle - 4)
    return "\n".join(f"{statement.line + i}: {lines[i][:200]}" for i in range(first, min(len(lines), first + 9)))
