"""Where queries come from: code, files of queries, views and SQL functions; read into facts once."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from evaluators.code.facts import code_of
from evaluators.code.queries import STATEMENT, Query
from evaluators.code.routes import Route
from evaluators.code.texts import HOLE
from evaluators.draft import Artifact, Role, Subject
from evaluators.finding import Location
from evaluators.queries.facts import Parsed, Queries, Unparsed
from evaluators.queries.placeholders import find
from evaluators.sql.facts import Schema
from evaluators.sql.schema import schema_of
from evaluators.sql.statements import split

MAX_QUERY = 20_000
"""Longest query that is parsed, in characters."""

MAX_DEPTH = 300
"""Deepest nesting of parentheses that is parsed: deeper ones would overflow the parser's stack."""

MAX_QUERIES = 5_000
"""Most queries of one project that are parsed; the rest are listed as not checked."""

_NAME = re.compile(r"--\s*name:\s*(\w+)\s*:?(\w*)", re.IGNORECASE)
_VALUE_BEFORE = re.compile(
    r"(?:[=<>(,+*/|.\-]|\b(?:like|ilike|limit|offset|in|between|values|then|else|when|select|from|join|into|update|by|set"
    r"|and|or|where|not|any|interval|table|top|on|is|distinct|returning|having|as|desc|asc))\s*['%\"`]?$",
    re.IGNORECASE,
)
_CONDITION_BEFORE = re.compile(r"\b(?:where|and|or|having|not)\s*\(?\s*$", re.IGNORECASE)
_MANY = {"many": "many", "one": "one", "exec": "exec", "execrows": "exec", "execresult": "exec", "execlastid": "exec"}


def queries_of(subject: Subject) -> Queries:
    """Every query of the subject: `subject.fact(queries_of)`. Never raises."""
    schema, code = subject.fact(schema_of), subject.fact(code_of)
    parsed: list[Parsed] = []
    unparsed: list[Unparsed] = []
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    for made in (*_in_code(subject, schema), *_in_files(subject, schema), *_in_schema(schema)):
        if isinstance(made, Unparsed):
            unparsed.append(made)
        else:
            parsed.append(made)
    return Queries(schema, code, tuple(parsed), tuple(unparsed), subject.dialect)


def files_of(subject: Subject) -> list[Artifact]:
    """The files of queries: sqlc's, and those in a folder `queries`."""
    return [each for each in subject.draft.having(Role.CODE, Role.SCHEMA) if _is_queries(each)]


def _in_code(subject: Subject, schema: Schema) -> Iterator[Parsed | Unparsed]:
    """The queries that code sends."""
    code = subject.fact(code_of)
    for number, query in enumerate(code.queries):
        if number >= MAX_QUERIES:
            yield Unparsed(query.function, query.at, "there are more queries than are read")
            return
        yield _of_query(query, schema, subject.dialect, code.routes_of.get(query.function, ()))


def dialect_of(query: Query, dialect: str) -> str:
    """The dialect that a query is written in: its driver's, else the project's."""
    for drivers, named in (
        ({"sqlite3", "aiosqlite"}, "sqlite"),
        ({"psycopg", "psycopg2", "asyncpg", "psycopg_pool"}, "postgres"),
        ({"pymysql", "MySQLdb", "mysql", "aiomysql"}, "mysql"),
        ({"pyodbc", "pymssql"}, "tsql"),
    ):
        if query.drivers & drivers:
            return named
    return dialect


def _of_query(query: Query, schema: Schema, dialect: str, routes: tuple[Route, ...]) -> Parsed | Unparsed:
    """One query of code, parsed."""
    named = dialect_of(query, dialect)
    made = _parse(query.text, named)
    readings = [each for text in query.source.others if not isinstance(each := _parse(text, named), str)]
    if isinstance(made, str):
        why = "it is put together at run time" if query.built else made
        return Unparsed(query.function, query.at, why)
    _, placeholders = find(query.text, named)
    return Parsed(
        query.text, made, query.at, "code", query.function, schema, placeholders, named, _is_open(query.text),
        query=query, routes=routes, others=tuple(readings),
    )  # fmt: skip


def _is_open(text: str) -> bool:
    """Whether a part that is put in at run time may be a clause or a condition."""
    for match in re.finditer(rf"{HOLE}\d+", text):
        before = text[: match.start()]
        if not _VALUE_BEFORE.search(before[-40:]) or _CONDITION_BEFORE.search(before[-40:]):
            return True
    return False


def _parse(text: str, dialect: str) -> exp.Expr | str:
    """The tree of one statement, or why there is none."""
    if len(text) > MAX_QUERY or _depth(text) > MAX_DEPTH:
        return "it is too long or nested too deeply to be read"
    readable, _ = find(text, dialect)
    try:
        trees = [tree for tree in sqlglot.parse(readable, dialect=dialect) if tree is not None]
    except SqlglotError:
        return "it could not be parsed"
    except (RecursionError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return "it is too unusual to be read"
    if len(trees) != 1:
        return "it holds several statements" if trees else "it is empty"
    tree = trees[0]
    return tree if isinstance(tree, exp.Expr) and not isinstance(tree, exp.Command) else "it could not be parsed"


def _depth(text: str) -> int:
    """The deepest nesting of parentheses."""
    depth = deepest = 0
    for character in text:
        if character == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif character == ")":
            depth -= 1
    return deepest


def _is_queries(artifact: Artifact) -> bool:
    """Whether a file holds queries and no schema."""
    if not artifact.path.endswith(".sql"):
        return False
    return "queries" in PurePosixPath(artifact.path).parts[:-1] or bool(_NAME.search(artifact.text[:2_000]))


def _in_files(subject: Subject, schema: Schema) -> Iterator[Parsed | Unparsed]:
    """The queries of files: sqlc's, and those in a folder `queries`."""
    for artifact in subject.draft.having(Role.SCHEMA):
        if not _is_queries(artifact):
            continue
        stem, end = PurePosixPath(artifact.path).stem, 0
        offsets = _line_starts(artifact.text)
        for number, statement in enumerate(split(artifact.path, artifact.text, subject.dialect)):
            begin = offsets[min(statement.line, len(offsets)) - 1]
            heads = _NAME.findall(artifact.text[end : begin + len(statement.text)])
            end = begin + len(statement.text)
            name, how = heads[-1] if heads else (f"{stem}.{number + 1}", "")
            at = Location(artifact.path, statement.line, statement.column)
            text = re.sub(r"\bsqlc\.n?arg\(\s*'?(\w+)'?\s*\)", r":\1", statement.text)
            text = re.sub(r"(?<![\w@])@(\w+)", r":\1", text) if subject.dialect != "tsql" else text
            if not STATEMENT.match(text):
                continue
            made = _parse(text, subject.dialect)
            if isinstance(made, str):
                yield Unparsed(name, at, made)
                continue
            _, placeholders = find(text, subject.dialect)
            yield Parsed(
                text, made, at, "file", name, schema, placeholders, subject.dialect,
                cardinality=_MANY.get(how.lower(), ""),
            )  # fmt: skip


def _line_starts(text: str) -> list[int]:
    """The offset of each line's begin."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _in_schema(schema: Schema) -> Iterator[Parsed | Unparsed]:
    """The queries of views, and of functions whose language is SQL."""
    for view in schema.views:
        if view.sql:
            made = _parse(re.sub(r"(?is)^\s*create\b.*?\bas\b", "", view.sql, count=1), schema.dialect)
            if not isinstance(made, str) and isinstance(made, exp.Query):
                yield Parsed(view.sql, made, view.at, "view", view.name, schema, find("", "")[1], schema.dialect)
            else:
                yield Unparsed(f"view {view.name}", view.at, made if isinstance(made, str) else "it is no query")
    for function in schema.functions:
        if function.language != "sql" or not function.body:
            continue
        for statement in split(function.at.path, function.body, schema.dialect):
            if not STATEMENT.match(statement.text):
                continue
            made = _parse(statement.text, schema.dialect)
            if isinstance(made, str):
                yield Unparsed(f"function {function.name}", function.at, made)
            else:
                _, placeholders = find(statement.text, schema.dialect)
                yield Parsed(
                    statement.text, made, function.at, "function", function.name, schema, placeholders, schema.dialect
                )
