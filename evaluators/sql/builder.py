"""Replays CREATE, ALTER and DROP: readers of a parser's tree tell the builder what was declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from evaluators.sql.facts import (
    Check,
    Column,
    Domain,
    Enum,
    ForeignKey,
    Function,
    Grant,
    Index,
    Insert,
    Key,
    Policy,
    Schema,
    Table,
    Trigger,
    Unread,
    View,
)
from evaluators.sql.statements import Statement
from evaluators.sql.types import ColumnType

DEFAULT_SCHEMA = {"postgres": "public", "sqlite": "main", "tsql": "dbo", "mysql": ""}
"""Dialect -> the schema that goes without saying."""

MAX_PARTS = 2_000
"""Most columns, keys, checks or indexes of a table that are kept: PostgreSQL allows 1,600 columns."""

_QUIET = re.compile(r"^(SET|RESET|BEGIN|COMMIT|ROLLBACK|START|END|USE|PRAGMA|SHOW|ANALYZE|VACUUM|LOCK|UNLOCK)\b")


@dataclass(frozen=True)
class NotRead:
    """A parser's refusal: the offset in the statement's text (0: unknown) and why, without machine detail."""

    offset: int
    why: str


class Builder:
    """The schema as it stands after the statements so far. Unknown names are let pass, not errors."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.tables: dict[str, Table] = {}
        self.enums: dict[str, Enum] = {}
        self.domains: dict[str, Domain] = {}
        self.views: dict[str, View] = {}
        self.functions: list[Function] = []
        self.inserts: list[Insert] = []
        self.grants: list[Grant] = []
        self.extensions: list[str] = []
        self.sequences: dict[str, int] = {}
        """Sequence -> bits, where its type was written."""
        self.statements: list[Statement] = []
        self.unread: list[Unread] = []
        self.default = DEFAULT_SCHEMA.get(dialect, "")

    def key(self, schema: str, name: str) -> str:
        """How a table, type or view is named here; only PostgreSQL tells cases apart."""
        if self.dialect != "postgres":
            schema, name = schema.lower(), name.lower()
        return name if schema in ("", self.default, "pg_catalog") else f"{schema}.{name}"

    def create_table(self, table: Table, *, keep: bool) -> None:
        """A table is created; with `keep` (IF NOT EXISTS) an earlier one stays."""
        if not (keep and table.key in self.tables):
            self.tables[table.key] = self._capped(table)

    def change(self, key: str, how: Callable[[Table], Table]) -> None:
        """Replace the table `key` by what `how` makes of it."""
        table = self.tables.get(key)
        if table is not None:
            self.tables[key] = self._capped(how(table))

    def drop_table(self, key: str) -> None:
        """A table or view goes. In PostgreSQL (by CASCADE, or it refuses) so do the foreign keys that point at it."""
        self.tables.pop(key, None)
        self.views.pop(key, None)
        if self.dialect == "postgres":
            for other in list(self.tables.values()):
                kept = tuple(fk for fk in other.foreign_keys if fk.target != key)
                self.tables[other.key] = replace(other, foreign_keys=kept)

    def rename_table(self, old: str, new: str) -> None:
        """A table gets another name, in its place in the order; what points at it follows."""
        if old not in self.tables:
            return
        fresh: dict[str, Table] = {}
        for key, table in self.tables.items():
            name = new.split(".")[-1]
            kept = replace(table, key=new, name=name) if key == old else table
            keys = tuple(replace(fk, target=new) if fk.target == old else fk for fk in kept.foreign_keys)
            fresh[kept.key] = replace(kept, foreign_keys=keys)
        self.tables = fresh

    def rename_column(self, key: str, old: str, new: str) -> None:
        """A column gets another name, and whatever names it follows."""
        table = self.tables.get(key)
        if table is None:
            return

        def named(columns: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(new if column == old else column for column in columns)

        def worded(text: str) -> str:
            return re.sub(rf"\b{re.escape(old)}\b", new, text)

        self.tables[key] = replace(
            table,
            columns=tuple(replace(c, name=new) if c.name == old else c for c in table.columns),
            keys=tuple(replace(k, columns=named(k.columns)) for k in table.keys),
            foreign_keys=tuple(replace(k, columns=named(k.columns)) for k in table.foreign_keys),
            checks=tuple(
                replace(c, columns=named(c.columns), expression=worded(c.expression)) if old in c.columns else c
                for c in table.checks
            ),
            indexes=tuple(replace(i, columns=named(i.columns), predicate=worded(i.predicate)) for i in table.indexes),
        )
        for other in list(self.tables.values()):
            keys = tuple(
                replace(fk, target_columns=named(fk.target_columns)) if fk.target == key else fk
                for fk in other.foreign_keys
            )
            self.tables[other.key] = replace(other, foreign_keys=keys)

    def drop_column(self, key: str, name: str) -> None:
        """A column goes, with its constraints and indexes."""

        def without(table: Table) -> Table:
            return replace(
                table,
                columns=tuple(c for c in table.columns if not self._same(c.name, name)),
                keys=tuple(k for k in table.keys if not self._among(name, k.columns)),
                foreign_keys=tuple(k for k in table.foreign_keys if not self._among(name, k.columns)),
                checks=tuple(c for c in table.checks if not self._among(name, c.columns)),
                indexes=tuple(i for i in table.indexes if not self._among(name, i.columns)),
            )

        self.change(key, without)

    def change_column(self, key: str, name: str, how: Callable[[Column], Column]) -> None:
        """Replace one column."""
        self.change(
            key,
            lambda table: replace(
                table, columns=tuple(how(c) if self._same(c.name, name) else c for c in table.columns)
            ),
        )

    def drop_constraint(self, key: str, name: str) -> None:
        """A constraint goes, by its own name or by the one that PostgreSQL gives where none was written."""

        def without(table: Table) -> Table:
            return replace(
                table,
                keys=tuple(k for k in table.keys if _constraint_name(table, k) != name),
                foreign_keys=tuple(k for k in table.foreign_keys if _constraint_name(table, k) != name),
                checks=tuple(c for c in table.checks if _constraint_name(table, c) != name),
            )

        self.change(key, without)

    def drop_index(self, name: str) -> None:
        """An index goes, whatever table it is on."""
        for table in list(self.tables.values()):
            kept = tuple(index for index in table.indexes if index.name != name)
            self.tables[table.key] = replace(table, indexes=kept)

    def drop_policy(self, key: str, name: str) -> None:
        """A policy goes."""
        self.change(key, lambda t: replace(t, policies=tuple(p for p in t.policies if p.name != name)))

    def drop_trigger(self, key: str, name: str) -> None:
        """A trigger goes."""
        self.change(key, lambda t: replace(t, triggers=tuple(g for g in t.triggers if g.name != name)))

    def add(
        self,
        key: str,
        *,
        columns: Iterable[Column] = (),
        keys: Iterable[Key] = (),
        foreign_keys: Iterable[ForeignKey] = (),
        checks: Iterable[Check] = (),
        indexes: Iterable[Index] = (),
        exclusions: Iterable[str] = (),
        policies: Iterable[Policy] = (),
        triggers: Iterable[Trigger] = (),
    ) -> None:
        """A table gets more of anything."""

        def grown(table: Table) -> Table:
            names = {column.name for column in table.columns}
            return replace(
                table,
                columns=(*table.columns, *(c for c in columns if c.name not in names)),
                keys=(*table.keys, *keys),
                foreign_keys=(*table.foreign_keys, *foreign_keys),
                checks=(*table.checks, *checks),
                indexes=(*table.indexes, *indexes),
                exclusions=(*table.exclusions, *exclusions),
                policies=(*table.policies, *policies),
                triggers=(*table.triggers, *triggers),
            )

        self.change(key, grown)

    def done(self) -> Schema:
        """The schema, with types resolved and foreign keys completed."""
        tables = tuple(self._finished(table) for table in self.tables.values())
        return Schema(
            self.dialect,
            tables,
            tuple(self.enums.values()),
            tuple(self.domains.values()),
            tuple(self.views.values()),
            tuple(self.functions),
            tuple(self.inserts),
            tuple(self.grants),
            tuple(self.extensions),
            tuple(self.statements),
            tuple(self.unread),
        )

    def _same(self, left: str, right: str) -> bool:
        """Whether two column names are one in this dialect."""
        return left == right if self.dialect == "postgres" else left.lower() == right.lower()

    def _among(self, name: str, columns: tuple[str, ...]) -> bool:
        """Whether the column is one of these."""
        return any(self._same(name, column) for column in columns)

    def _capped(self, table: Table) -> Table:
        """The table with as many parts as a database could hold; a larger one is listed as not read."""
        parts = ("columns", "keys", "foreign_keys", "checks", "indexes")
        if all(len(getattr(table, part)) <= MAX_PARTS for part in parts) or not self.statements:
            return table
        last = self.statements[-1]
        if not self.unread or self.unread[-1].statement is not last:
            self.unread.append(Unread(last, "its table has too many parts to be judged", last.at()))
        return replace(table, **{part: getattr(table, part)[:MAX_PARTS] for part in parts})

    def _spelled(self, table: Table) -> Table:
        """The table with every mention of a column spelled as the column is declared."""
        if self.dialect == "postgres":
            return table
        spelling = {column.name.lower(): column.name for column in table.columns}

        def named(columns: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(spelling.get(column.lower(), column) for column in columns)

        return replace(
            table,
            keys=tuple(replace(k, columns=named(k.columns)) for k in table.keys),
            foreign_keys=tuple(replace(k, columns=named(k.columns)) for k in table.foreign_keys),
            checks=tuple(replace(c, columns=named(c.columns)) for c in table.checks),
            indexes=tuple(replace(i, columns=named(i.columns)) for i in table.indexes),
        )

    def _finished(self, table: Table) -> Table:
        """A table with its columns' types and nullability settled and its foreign keys' targets filled in."""
        table = self._spelled(table)
        required = set(table.primary_columns)
        columns: list[Column] = []
        inherited: list[Check] = []
        for column in table.columns:
            known = self.resolved(column.type)
            made = column if known is column.type else replace(column, type=known)
            domain = self.domains.get(column.type.name)
            if domain is not None:
                made = replace(made, nullable=made.nullable and domain.nullable, default=made.default or domain.default)
                inherited.extend(_on_column(check, column) for check in domain.checks)
            bits = 0 if made.sequence_bits else self._sequence_bits(made.default)
            if bits:
                made = replace(made, sequence_bits=bits)
            if made.nullable and (column.name in required or column.identity in ("always", "by default", "serial")):
                made = replace(made, nullable=False)
            columns.append(made)
        keys = tuple(self._completed(fk) for fk in table.foreign_keys)
        return replace(table, columns=tuple(columns), foreign_keys=keys, checks=(*table.checks, *inherited))

    def _sequence_bits(self, default: str | None) -> int:
        """The width of the sequence that a default takes its number from; 0 where unknown."""
        found = re.match(r"nextval\('(?:\"?(\w+)\"?\.)?\"?(\w+)\"?'", default or "", re.IGNORECASE)
        return self.sequences.get(self.key(found[1] or "", found[2]), 0) if found else 0

    def resolved(self, given: ColumnType, seen: frozenset[str] = frozenset()) -> ColumnType:
        """A type with enums and domains looked up; domains that name each other in a ring stay unknown."""
        enum = self.enums.get(given.name)
        if enum is not None and given.family == "other":
            return replace(given, family="enum", values=enum.values)
        domain = self.domains.get(given.name)
        if domain is not None and given.family == "other" and given.name not in seen:
            base = self.resolved(domain.type, seen | {given.name})
            return replace(base, domain=given.name, array=given.array or base.array)
        return given

    def _completed(self, fk: ForeignKey) -> ForeignKey:
        """A foreign key with its target's columns: those of the primary key where none are written."""
        target = self.tables.get(fk.target)
        if target is None:
            return fk
        if not fk.target_columns:
            return replace(fk, target_columns=target.primary_columns)
        spelling = {column.name.lower(): column.name for column in target.columns}
        if self.dialect == "postgres":
            return fk
        return replace(fk, target_columns=tuple(spelling.get(name.lower(), name) for name in fk.target_columns))


def _on_column(check: Check, column: Column) -> Check:
    """A domain's check as one of the column that has the domain."""
    said = re.sub(r"\bvalue\b", column.name, check.expression, flags=re.IGNORECASE)
    return Check(said, (column.name,), column.at, check.name)


def _constraint_name(table: Table, constraint: Key | ForeignKey | Check) -> str:
    """A constraint's name, or what PostgreSQL calls it when none was given."""
    if constraint.name:
        return constraint.name
    if isinstance(constraint, Key) and constraint.primary:
        return f"{table.name}_pkey"
    ends = {Key: "key", ForeignKey: "fkey", Check: "check"}
    parts = [table.name, *constraint.columns, ends[type(constraint)]]
    if isinstance(constraint, Check) and len(constraint.columns) > 1:
        parts = [table.name, "check"]
    return "_".join(parts)


def quiet(statement: Statement) -> bool:
    """Whether a statement declares nothing that a rule could want, such as SET or COMMIT."""
    return bool(_QUIET.match(statement.head))
