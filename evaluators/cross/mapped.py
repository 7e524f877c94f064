"""Which class of the code maps which table of the schema, and how their columns' types compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.column_types import Kind
from evaluators.code.models import Column as Attribute
from evaluators.code.models import Table as Model
from evaluators.sql.facts import Column, Schema, Table

_FAMILIES = {
    "integer": "integer", "bigint": "integer", "smallint": "integer", "numeric": "decimal", "float": "float",
    "real": "float", "double precision": "float", "text": "text", "varchar": "text", "char": "text", "citext": "text",
    "timestamp": "timestamp", "timestamptz": "timestamp", "date": "date", "time": "time", "interval": "interval",
    "boolean": "boolean", "uuid": "uuid", "json": "json", "jsonb": "json", "bytea": "bytes", "inet": "network",
}  # fmt: skip
_ALIKE = (
    frozenset(("text", "enum", "network", "search", "other")),
    frozenset(("decimal", "float")),
    frozenset(("boolean", "integer")),
)
"""Families that a driver or the mapper turns into each other without loss in ordinary use."""


@dataclass(frozen=True)
class Mapped:
    """A class and its table."""

    model: Model
    table: Table

    def columns(self) -> Iterator[tuple[Attribute, Column]]:
        """Each attribute with its column."""
        for attribute in self.model.columns:
            column = column_of(self.table, attribute.name)
            if column is not None:
                yield attribute, column


def mapped(models: tuple[Model, ...], schema: Schema) -> tuple[Mapped, ...]:
    """The classes whose table the schema has."""
    found = ((model, table_of(model, schema)) for model in models)
    return tuple(Mapped(model, table) for model, table in found if table is not None and not table.opaque)


def table_of(model: Model, schema: Schema) -> Table | None:
    """The table that a class maps, or None."""
    wanted = model.name.lower()
    exact = [table for table in schema.tables if table.name.lower() == wanted]
    same = [table for table in exact if not model.schema or table.schema.lower() == model.schema.lower()]
    chosen = same or exact
    return chosen[0] if len(chosen) == 1 else None


def column_of(table: Table, name: str) -> Column | None:
    """The column of that name, without case, or None."""
    return table.column(name) or next((c for c in table.columns if c.name.lower() == name.lower()), None)


def family_of(kind: Kind) -> str:
    """The family of a type that the code names, in the schema's words; empty where it cannot be told."""
    return _FAMILIES.get(kind.name, "")


def compatible(said: str, held: str, dialect: str) -> bool:
    """Whether a type of the family `said` can be kept in a column of the family `held`."""
    if not said or held in ("", "other") or said == held:
        return True
    if dialect == "sqlite":
        # SQLite keeps times, decimals, documents and identifiers as text or numbers.
        return not (said in ("integer", "boolean") and held == "text")
    if dialect in ("mysql", "tsql") and (said, held) in (("uuid", "text"), ("uuid", "bytes"), ("json", "text")):
        return True
    return any({said, held} <= alike for alike in _ALIKE)
