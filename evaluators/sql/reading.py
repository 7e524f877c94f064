"""Reads statements into a schema: the dialect's parser, another where it fails, and an honest list of the rest."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from evaluators.draft import Artifact
from evaluators.sql.builder import Builder, NotRead
from evaluators.sql.facts import Schema, Table, Unread
from evaluators.sql.grants import read_grant
from evaluators.sql.statements import FRESH, Statement, split, tokens

MAX_DEPTH = 2_000
"""Deepest expression that is handed to a parser: deeper ones would overflow its stack and end the process."""

MAX_GUESSES = 200
"""Broken statements whose facts are guessed; a text with more of them is no schema."""

_TOKEN = re.compile(r"[(\[)\],;]|'[^']*'|\"[^\"]*\"|--[^\n]*|\$(\w*)\$.*?\$\1\$|[\w.$]+|\S", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_EMPTY = re.compile(r"[,(]\s*(?:,|--|/\*|#)")
_CREATES = re.compile(
    r"CREATE\s+(?:\w+\s+){0,2}TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"(?:[\"`\[]?(?P<schema>\w+)[\"`\]]?\.)?[\"`\[]?(?P<name>\w+)",
    re.IGNORECASE,
)


def read(artifacts: Iterable[Artifact], dialect: str) -> Schema:
    """The schema that the artifacts build up, one after the other. Never raises."""
    builder = Builder(dialect)
    for artifact in artifacts:
        for statement in split(artifact.path, artifact.text, dialect):
            builder.statements.append(statement)
            read_statement(statement, builder)
    return builder.done()


def read_statement(statement: Statement, builder: Builder) -> None:
    """Read one statement; a broken one is taken apart where a line plainly begins another."""
    if statement.flaw:
        why = f"{statement.flaw[0].upper()}{statement.flaw[1:]}."
        _broken(statement, NotRead(statement.flaw_at, why), builder)
        return
    # A tree is no higher than its text is long.
    if len(statement.text) > MAX_DEPTH and depth(statement.text) > MAX_DEPTH:
        builder.unread.append(Unread(statement, "it is nested too deeply to be read", statement.at()))
        return
    refused = _understood(statement, builder)
    if refused is None:
        return
    parts = _apart(statement)
    if len(parts) == 1:
        _broken(statement, refused, builder)
        return
    failed = [(part, again) for part in parts if (again := _understood(part, builder)) is not None]
    for part, again in failed:
        _broken(part, again, builder)
    if not failed:
        missing = "A semicolon is missing before this line."
        builder.unread.append(Unread(parts[0], missing, parts[1].at(), broken=True))


_PROCEDURAL = re.compile(
    r"\s*(?:(?:create|alter)(?:\s+or\s+(?:alter|replace))?(?:\s+definer\s*=\s*\S+)?\s+(?:proc|procedure|function|trigger|event)"
    r"|deny|exec|execute|print|declare|if|while|begin|signal|call|delimiter)\b",
    re.IGNORECASE,
)
"""How a statement begins that is a program: a routine, or a batch's control flow. No parser of ours knows them all."""


def _broken(statement: Statement, refused: NotRead, builder: Builder) -> None:
    """List a statement that no parser of its dialect reads.

    Its facts are guessed as far as possible (by sqlglot, which is lenient, else
    at least the table's name), so that one typing error does not make every
    later mention of the table look wrong.
    """
    if builder.dialect in ("tsql", "mysql") and not statement.flaw and _PROCEDURAL.match(statement.text):
        why = "the server's own language, which only the server reads"
        builder.unread.append(Unread(statement, why, statement.at()))
        return
    known = len(builder.unread)
    if builder.dialect == "postgres" and not statement.flaw and known < MAX_GUESSES:
        from evaluators.sql.generic import read_generic

        read_generic(statement, builder)
    del builder.unread[known:]
    found = _CREATES.match(statement.text)
    if found:
        schema, name = (found.group(part) or "" for part in ("schema", "name"))
        if builder.dialect == "postgres":
            schema, name = schema.lower(), name.lower()
        key = builder.key(schema, name)
        builder.create_table(Table(key, name, schema, statement.at(), opaque=True), keep=True)
    builder.unread.append(Unread(statement, refused.why, statement.at(refused.offset), broken=True))


def _apart(statement: Statement) -> list[Statement]:
    """The statement cut at each line that plainly begins another."""
    cuts = sorted({0, *(found.start() for found in FRESH.finditer(statement.text))})
    parts: list[Statement] = []
    for start, end in zip(cuts, [*cuts[1:], len(statement.text)], strict=True):
        at = statement.at(start)
        parts.append(replace(statement, text=statement.text[start:end].rstrip(), line=at.line, column=at.column))
    return parts


def unprintable(text: str) -> bool:
    """Whether a text holds a character that no SQL text can hold."""
    return "\0" in text or (not text.isascii() and _SURROGATE.search(text) is not None)


def _understood(statement: Statement, builder: Builder) -> NotRead | None:
    """Read a statement with the dialect's parsers; None where it was read or at least accepted."""
    if unprintable(statement.text):
        return NotRead(0, "It holds a character that no SQL text can hold.")
    if builder.dialect == "postgres":
        from evaluators.sql.postgres import read_postgres

        return read_postgres(statement, builder)
    from evaluators.sql.generic import read_generic

    known = len(builder.unread)
    refused = read_generic(statement, builder)
    if builder.dialect != "sqlite":
        read_grant(statement, builder)
        return refused if refused is not None else _lone_comma(statement, builder.dialect)
    said = sqlite_syntax_error(statement.text)
    if said:
        del builder.unread[known:]
        return NotRead(refused.offset if refused else 0, said)
    if refused is not None:
        builder.unread.append(Unread(statement, "only the database reads it", statement.at()))
    return None


def _lone_comma(statement: Statement, dialect: str) -> NotRead | None:
    """A comma with nothing before it, which sqlglot passes over and no database does."""
    if not _EMPTY.search(statement.text):
        return None
    position = 0
    before = ""
    for found in tokens(dialect).finditer(statement.text):
        kind, word = found.lastgroup, found.group()
        if found.start() < position or kind in ("space", "comment"):
            continue
        if kind == "block":
            closing = statement.text.find("*/", found.end())
            position = closing + 2 if closing >= 0 else len(statement.text)
            continue
        if word == "," and before in (",", "("):
            return NotRead(found.start(), "A comma has nothing before it.")
        before = word
    return None


def sqlite_syntax_error(text: str) -> str:
    """What SQLite's own parser says against a statement's syntax; empty where it accepts it.

    The statement is compiled under EXPLAIN in an empty database, never run. Some
    PRAGMAs act when they are compiled, so those are not asked about.
    """
    if text[:6].upper() == "PRAGMA":
        return ""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute(f"EXPLAIN {text}")
        except (sqlite3.Error, sqlite3.Warning) as error:
            said = str(error)
            if "syntax error" in said or "unrecognized token" in said or "incomplete input" in said:
                return f"SQLite refuses it: {said}."
    return ""


def depth(text: str) -> int:
    """An upper bound of the height of the statement's syntax tree, in tokens.

    A run of tokens without a comma may become a tree as high as the run; a
    parenthesis stands on whatever is highest inside it.
    """
    run = inner = best = 0
    outer: list[tuple[int, int, int]] = []
    for found in _TOKEN.finditer(text):
        word = found.group()
        if word in "([":
            outer.append((run, inner, best))
            run = inner = best = 0
        elif word in ")]" and outer:
            height = max(best, run + inner) + 1
            run, inner, best = outer.pop()
            inner = max(inner, height)
        elif word in ",;":
            best = max(best, run + inner)
            run = inner = 0
        else:
            run += 1
    height = max(best, run + inner)
    for run, inner, best in reversed(outer):
        height = max(best, run + max(inner, height + 1))
    return height
