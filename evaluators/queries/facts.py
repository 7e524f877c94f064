"""The queries of a project, parsed once: from code, from files of queries, from views and SQL functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlglot import exp

from evaluators.code.facts import Code
from evaluators.code.queries import Query
from evaluators.code.routes import Route
from evaluators.finding import Location
from evaluators.queries.placeholders import Placeholders
from evaluators.queries.scopes import Level, levels_of, target_of
from evaluators.rule import Flaw
from evaluators.sql.facts import Schema, Table


@dataclass(frozen=True, eq=False)
class Parsed:
    """One query."""

    text: str
    tree: exp.Expr
    at: Location
    origin: str
    """`code`, `file` (a file of queries), `view` or `function`."""
    name: str
    """Where it is, without its line: `app.store.find`, a query's or view's name."""
    schema: Schema
    placeholders: Placeholders
    dialect: str
    open: bool = False
    """Whether parts that are put in at run time may be clauses: then nothing is said to be missing."""
    cardinality: str = ""
    """`many`, `one` or `exec`, as sqlc has it; empty where nothing is said."""
    query: Query | None = None
    """What code says of it, where it stands in code."""
    routes: tuple[Route, ...] = ()
    """The routes that send it, as far as can be told."""
    others: tuple[exp.Expr, ...] = ()
    """What else it may be, where parts are chosen from known texts; `tree` is the fullest."""

    @property
    def kind(self) -> str:
        """`select`, `insert`, `update`, `delete` or `other`."""
        if isinstance(self.tree, exp.Query):
            return "select"
        kinds = ((exp.Insert, "insert"), (exp.Update, "update"), (exp.Delete, "delete"))
        return next((name for kind, name in kinds if isinstance(self.tree, kind)), "other")

    @property
    def built(self) -> bool:
        """Whether parts of it are put in at run time."""
        return self.query is not None and self.query.built

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """Each SELECT, UPDATE or DELETE in it with the tables that its names may mean, the outermost first."""
        return levels_of(self.tree, self.schema)

    @cached_property
    def target(self) -> Table | None:
        """The table that is written to, where the schema knows it."""
        return target_of(self.tree, self.schema)

    @cached_property
    def table(self) -> str:
        """The first table that it names, or empty."""
        found = target_name(self.tree) or next((each.name for each in self.tree.find_all(exp.Table)), "")
        return found.lower()

    @property
    def symbol(self) -> str:
        """`app.store.find: select users`: stable while lines move."""
        return f"{self.name}: {self.kind} {self.table}".rstrip()

    def place(self, node: exp.Expr | None = None) -> Location:
        """Where a part of it stands, as exact as can be told."""
        line = _line(node)
        if not line or self.query is None:
            return Location(self.at.path, self.at.line + line - 1, 0) if line > 1 else self.at
        if not self.query.source.exact or line == 1:
            return self.at
        return Location(self.at.path, self.at.line + line - 1, 0)

    def flaw(self, message: str, hint: str = "", node: exp.Expr | None = None, about: str = "") -> Flaw:
        """A flaw of this query, with its text as evidence."""
        symbol = f"{self.symbol} {about}".rstrip()
        return Flaw(symbol, self.place(node), message, shortened(self.text), hint)


def target_name(tree: exp.Expr) -> str:
    """The name of the table that a statement writes to, or empty."""
    if not isinstance(tree, (exp.Insert, exp.Update, exp.Delete)):
        return ""
    found = tree.this.find(exp.Table) if tree.this is not None else None
    return found.name if found is not None else ""


def _line(node: exp.Expr | None) -> int:
    """The line of a node in its text, from 1; 0 where the parser kept none."""
    for each in node.walk() if node is not None else ():
        line = each.meta.get("line")
        if isinstance(line, int):
            return line
    return 0


def shortened(text: str) -> str:
    """A text on one line, at most 200 characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 200 else flat[:197] + "..."


@dataclass(frozen=True)
class Unparsed:
    """A query that could not be read, and why."""

    name: str
    at: Location
    why: str


@dataclass(frozen=True, eq=False)
class Queries:
    """Every query of a project beside the schema that it asks."""

    schema: Schema
    code: Code
    parsed: tuple[Parsed, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()
    dialect: str = "postgres"

    @cached_property
    def certain(self) -> bool:
        """Whether the schema holds every table and column for sure: all of it was read and it has tables."""
        schema = self.schema
        telling = [each for each in schema.unread if _may_declare(each.statement.text)]
        return bool(schema.tables) and not telling and not any(table.opaque for table in schema.tables)

    def of_kind(self, *kinds: str) -> Iterator[Parsed]:
        """The queries of these kinds, in order."""
        return (each for each in self.parsed if each.kind in kinds)


def _may_declare(text: str) -> bool:
    """Whether a statement that was not understood may make tables or columns."""
    head = text.lstrip()[:400].upper()
    return any(word in head for word in ("TABLE", "VIEW", "INHERITS", "SCHEMA", "DO $", "FOREIGN"))
