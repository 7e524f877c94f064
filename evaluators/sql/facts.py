"""What a schema says, as typed values with their places. Pure data: nothing here parses."""

from __future__ import annotations

from dataclasses import dataclass, field

from evaluators.finding import Location
from evaluators.sql.statements import Statement
from evaluators.sql.types import ColumnType


@dataclass(frozen=True)
class Column:
    """One column. `nullable` is False for NOT NULL, identity and primary key columns."""

    name: str
    type: ColumnType
    at: Location
    nullable: bool = True
    default: str | None = None
    """The default's SQL text, or None."""
    identity: str = ""
    """`always`, `by default`, `serial`, `auto` (AUTO_INCREMENT, IDENTITY, SQLite's rowid), or empty."""
    generated: str | None = None
    """The SQL text that the column is computed from, or None."""
    comment: str = ""
    on_update: bool = False
    """MySQL's ON UPDATE CURRENT_TIMESTAMP."""
    sequence_bits: int = 0
    """Width of the sequence that fills it: a serial's own, or the one that its default names; 0 where unknown."""


@dataclass(frozen=True)
class Key:
    """A primary key or a UNIQUE constraint."""

    columns: tuple[str, ...]
    at: Location
    primary: bool = False
    name: str = ""
    nulls_distinct: bool = True


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key. `target` is a table's key in the schema; `target_columns` are filled in from its primary key."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    at: Location
    name: str = ""
    on_delete: str = ""
    """`cascade`, `restrict`, `set null`, `set default`, `no action`, or empty where nothing was said."""
    on_update: str = ""
    deferrable: bool = False


@dataclass(frozen=True)
class Check:
    """A CHECK constraint. A domain's are repeated on its columns, with VALUE replaced by the column."""

    expression: str
    """SQL text, in the parser's canonical form."""
    columns: tuple[str, ...]
    """The columns that the expression names, sorted."""
    at: Location
    name: str = ""


@dataclass(frozen=True)
class Index:
    """An index that was created as such; keys have their own, see `Table.indexed`."""

    name: str
    columns: tuple[str, ...]
    """Column names in order; an expression stands as its SQL text."""
    at: Location
    unique: bool = False
    method: str = "btree"
    predicate: str = ""
    include: tuple[str, ...] = ()
    expressions: tuple[str, ...] = ()
    """Those of `columns` that are expressions."""
    opclasses: tuple[str, ...] = ()
    """Operator classes that were named, in order; empty where none was."""


@dataclass(frozen=True)
class Policy:
    """A row-level security policy; expressions are SQL text, empty where left out."""

    name: str
    table: str
    at: Location
    command: str = "all"
    roles: tuple[str, ...] = ()
    permissive: bool = True
    using: str = ""
    check: str = ""


@dataclass(frozen=True)
class Trigger:
    """A trigger on a table."""

    name: str
    table: str
    at: Location
    function: str = ""
    timing: str = ""
    """`before`, `after` or `instead of`."""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table. `key` is how foreign keys and rules name it: schema-qualified outside the default schema."""

    key: str
    name: str
    schema: str
    at: Location
    columns: tuple[Column, ...] = ()
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    exclusions: tuple[str, ...] = ()
    """EXCLUDE constraints, as SQL text or the names of their columns."""
    policies: tuple[Policy, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    row_security: bool = False
    row_security_forced: bool = False
    comment: str = ""
    partition_of: str = ""
    partitioned_by: tuple[str, ...] = ()
    temporary: bool = False
    opaque: bool = False
    """True where columns are not written out (CREATE TABLE AS): rules on missing things keep silent."""
    options: tuple[tuple[str, str], ...] = ()
    """MySQL's engine and charset, SQLite's strict, and `clustered` = `other` where rows lie in another order than the
    primary key's (SQL Server)."""

    def column(self, name: str) -> Column | None:
        """The column called `name` (folded already), or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def primary_key(self) -> Key | None:
        """The primary key, or None."""
        return next((key for key in self.keys if key.primary), None)

    @property
    def primary_columns(self) -> tuple[str, ...]:
        """The primary key's columns, empty where there is none."""
        return self.primary_key.columns if self.primary_key else ()

    @property
    def indexed(self) -> tuple[tuple[str, ...], ...]:
        """Column lists of everything that a lookup by equality can use: keys and whole-table btree or hash indexes.

        A partial index counts when its predicate only leaves NULLs of its first column out.
        """
        lists = [key.columns for key in self.keys]
        for index in self.indexes:
            whole = not index.predicate or _only_skips_nulls(index)
            if whole and index.method in ("btree", "hash", ""):
                lists.append(index.columns)
        return tuple(lists)

    @property
    def unique_sets(self) -> tuple[frozenset[str], ...]:
        """Sets of columns that are unique together over the whole table."""
        keys = [frozenset(key.columns) for key in self.keys]
        return tuple(keys + [frozenset(i.columns) for i in self.indexes if i.unique and not i.predicate])

    def foreign_key_of(self, column: str) -> ForeignKey | None:
        """A foreign key that the column takes part in, or None."""
        return next((key for key in self.foreign_keys if column in key.columns), None)

    def checks_of(self, column: str) -> tuple[Check, ...]:
        """The CHECKs that name the column."""
        return tuple(check for check in self.checks if column in check.columns)


def _only_skips_nulls(index: Index) -> bool:
    """Whether a partial index holds every row whose first column is set."""
    said = index.predicate.lower().replace('"', "").strip("() ")
    return bool(index.columns) and said in (
        f"{index.columns[0].lower()} is not null",
        f"not {index.columns[0].lower()} is null",
    )


@dataclass(frozen=True)
class Enum:
    """An enumerated type; `values` in order."""

    name: str
    values: tuple[str, ...]
    at: Location


@dataclass(frozen=True)
class Domain:
    """A domain: a named base type with constraints. Its checks speak of VALUE."""

    name: str
    type: ColumnType
    at: Location
    nullable: bool = True
    default: str | None = None
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class View:
    """A view; `reads` are the keys of the tables that it names."""

    name: str
    at: Location
    sql: str = ""
    reads: tuple[str, ...] = ()
    materialized: bool = False
    security_invoker: bool = False


@dataclass(frozen=True)
class Function:
    """A function or procedure. Its body is not read, only kept."""

    name: str
    at: Location
    language: str = ""
    returns: str = ""
    body: str = ""
    security_definer: bool = False
    settings: tuple[str, ...] = ()
    """Names of what `SET name = ...` fixes, such as search_path."""


@dataclass(frozen=True)
class Insert:
    """Seed rows. `rows` holds SQL text a value, or is empty where rows come from a query."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    at: Location


@dataclass(frozen=True)
class Grant:
    """What was granted on what to whom, all in lower case; `all` for ALL PRIVILEGES."""

    privileges: tuple[str, ...]
    objects: tuple[str, ...]
    roles: tuple[str, ...]
    at: Location


@dataclass(frozen=True)
class Unread:
    """A statement whose facts are missing: `broken` where no parser reads it, else merely not understood."""

    statement: Statement
    why: str
    at: Location
    broken: bool = False


@dataclass(frozen=True)
class Schema:
    """Everything that the SQL artifacts declare, after all ALTERs and DROPs."""

    dialect: str = "postgres"
    tables: tuple[Table, ...] = ()
    """In the order of their creation."""
    enums: tuple[Enum, ...] = ()
    domains: tuple[Domain, ...] = ()
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    inserts: tuple[Insert, ...] = ()
    grants: tuple[Grant, ...] = ()
    extensions: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    unread: tuple[Unread, ...] = ()
    _by_key: dict[str, Table] = field(default_factory=dict, compare=False, repr=False)

    def table(self, key: str) -> Table | None:
        """The table of that key (`users`, `billing.invoices`), or None."""
        if not self._by_key and self.tables:
            self._by_key.update({table.key: table for table in self.tables})
        return self._by_key.get(key)

    def references_to(self, key: str) -> tuple[tuple[Table, ForeignKey], ...]:
        """Every foreign key that points at the table, with the table that has it."""
        return tuple((table, fk) for table in self.tables for fk in table.foreign_keys if fk.target == key)

    @property
    def ordered(self) -> tuple[Table, ...]:
        """Tables so that each follows those it references; cycles are broken at nullable keys, then by order."""
        done: dict[str, Table] = {}
        waiting = list(self.tables)
        for strict in (True, False):
            moved = True
            while moved:
                ready = [table for table in waiting if self._needs(table, strict) <= done.keys()]
                done.update({table.key: table for table in ready})
                waiting = [table for table in waiting if table.key not in done]
                moved = bool(ready)
        return (*done.values(), *waiting)

    def _needs(self, table: Table, strict: bool) -> set[str]:
        """The tables to fill before `table`; without `strict`, only those that a NOT NULL column needs."""
        return {
            fk.target
            for fk in table.foreign_keys
            if fk.target != table.key
            and self.table(fk.target) is not None
            and (strict or not any(c.nullable for c in table.columns if c.name in fk.columns))
        }
