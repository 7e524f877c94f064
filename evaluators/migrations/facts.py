"""Migrations as typed facts: histories of files, each a sequence of steps with the table before it. Pure data."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from dataclasses import field as own

from evaluators.finding import Location
from evaluators.sql.facts import Column, Enum, ForeignKey, Schema, Table, Unread
from evaluators.sql.statements import Statement
from evaluators.sql.types import ColumnType

RECENT = 5
"""Migrations at the end of a history that may not have run everywhere yet."""


class Act(enum.StrEnum):
    """What a step does."""

    CREATE_TABLE = "create table"
    DROP_TABLE = "drop table"
    RENAME_TABLE = "rename table"
    TRUNCATE = "truncate"
    ADD_COLUMN = "add column"
    DROP_COLUMN = "drop column"
    RENAME_COLUMN = "rename column"
    RETYPE_COLUMN = "change the type of a column"
    SET_NOT_NULL = "set not null"
    ADD_FOREIGN_KEY = "add foreign key"
    ADD_CHECK = "add check"
    ADD_UNIQUE = "add unique key"
    ADD_PRIMARY_KEY = "add primary key"
    VALIDATE = "validate constraint"
    DROP_CONSTRAINT = "drop constraint"
    CREATE_INDEX = "create index"
    DROP_INDEX = "drop index"
    REFRESH = "refresh materialized view"
    DROP_OTHER = "drop"
    """A view, a type, a schema or a database; `name` says which."""
    CREATE_ENUM = "create enum"
    RENAME_TYPE = "rename type"
    ADD_ENUM_VALUE = "add enum value"
    WRITE_ROWS = "write rows"
    """INSERT, UPDATE, DELETE or MERGE."""
    SET = "set"
    BEGIN = "begin"
    COMMIT = "commit"
    OTHER = "other"


LOCKS = frozenset(
    {
        Act.DROP_TABLE, Act.RENAME_TABLE, Act.TRUNCATE, Act.ADD_COLUMN, Act.DROP_COLUMN, Act.RENAME_COLUMN,
        Act.RETYPE_COLUMN, Act.SET_NOT_NULL, Act.ADD_FOREIGN_KEY, Act.ADD_CHECK, Act.ADD_UNIQUE, Act.ADD_PRIMARY_KEY,
        Act.DROP_CONSTRAINT, Act.CREATE_INDEX, Act.DROP_INDEX,
    }
)  # fmt: skip
"""What keeps readers or writers of a table waiting until it ends."""


@dataclass(frozen=True)
class Step:
    """One operation of a statement. Fields that an act has no use for keep their defaults."""

    act: Act
    at: Location
    statement: Statement
    table: str = ""
    """The table's key; of CREATE TABLE and ADD FOREIGN KEY the one that gets it."""
    name: str = ""
    """The column, constraint, index, setting or type."""
    before: Table | None = None
    """The table as it stood before the statement; None where no migration has made it."""
    fresh: bool = False
    """The same migration made the table, so nobody uses it yet and it has no rows of its own."""
    columns: tuple[str, ...] = ()
    column: Column | None = None
    """The column that is added, with the constraints written on it."""
    type: ColumnType | None = None
    """The type that a column gets."""
    foreign_key: ForeignKey | None = None
    to: str = ""
    """The new name, or a setting's value."""
    unique: bool = False
    concurrently: bool = False
    valid: bool = True
    """False for NOT VALID."""
    ready: bool = False
    """A unique or primary key that takes over an index (USING INDEX)."""
    cascade: bool = False
    guarded: bool = False
    """IF EXISTS or IF NOT EXISTS."""
    using: str = ""
    """What a new type's values are computed by."""
    whole: bool = False
    """A DELETE or UPDATE without WHERE."""
    enum: Enum | None = None
    """The enumerated type of that name before the statement."""
    values: tuple[str, ...] = ()
    """An enumerated type's values after it."""
    transaction: str = ""
    """What opened the transaction that it runs in: `written`, the tool's name, or empty where none did."""

    @property
    def settled(self) -> bool:
        """Whether it works on a table that others use already."""
        return bool(self.table) and not self.fresh and not (self.before is not None and self.before.temporary)


@dataclass(frozen=True)
class Migration:
    """One version: its way up and, where there is one, its way down."""

    path: str
    version: str
    tool: str
    """flyway, golang-migrate, supabase, dbmate, goose, sqlx, prisma, alembic, or plain."""
    up: tuple[Step, ...] = ()
    down: tuple[Step, ...] = ()
    has_down: bool = False
    """A way down exists, be it empty."""
    parents: tuple[str, ...] = ()
    """Alembic's down_revision."""
    recent: bool = True
    """Among the last of its history."""
    statements: int = 0
    """Statements of the way up that change something."""
    at: Location = own(default_factory=lambda: Location(""))

    def earlier(self, step: Step) -> tuple[Step, ...]:
        """The steps of the way up before one of them."""
        for place, each in enumerate(self.up):
            if each is step:
                return self.up[:place]
        return self.up


@dataclass(frozen=True)
class History:
    """The migrations of one folder, in the order in which they run."""

    folder: str
    migrations: tuple[Migration, ...]

    def until(self, migration: Migration) -> tuple[Migration, ...]:
        """The migrations before one of them."""
        for place, each in enumerate(self.migrations):
            if each is migration:
                return self.migrations[:place]
        return self.migrations


@dataclass(frozen=True)
class Migrations:
    """All histories of a subject, what was not understood, and the schema after the last way up."""

    dialect: str = "postgres"
    histories: tuple[History, ...] = ()
    unread: tuple[Unread, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    """(what, why) of what was not looked at."""
    after: Schema = own(default_factory=Schema)

    @property
    def all(self) -> tuple[Migration, ...]:
        """Every migration of every history."""
        return tuple(each for history in self.histories for each in history.migrations)

    def steps(self, *acts: Act) -> tuple[tuple[Migration, Step], ...]:
        """The ways up, step by step; of the named acts only, if any is named."""
        return tuple((each, step) for each in self.all for step in each.up if not acts or step.act in acts)
