"""Which place of a request names rows of which table: by the contract's words, by names, by what was seen.

Nothing here is certain. `values_for` orders what to try; `rehearsal` tries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import Facets, facets
from evaluators.service.identities import table_named
from evaluators.service.oracle import Row
from evaluators.service.seeding import Seeds, plain
from evaluators.service.tables import Table

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Pick:
    """A value for a place, and the row it comes from."""

    value: Any
    table: str = ""
    row: Row = field(default_factory=dict)
    who: str = ""


@dataclass
class Atlas:
    """What is known of places and tables; `learned` grows while operations are rehearsed."""

    seeds: Seeds
    learned: dict[str, str] = field(default_factory=dict)
    """`/orders/{}` (names of parameters left out) -> table."""
    columns: dict[str, str] = field(default_factory=dict)
    """`/orders/{}` -> the column that the value is of, where it is not the key."""

    def table_of(self, operation: Operation, parameter: Parameter) -> str | None:
        """The table whose rows a path parameter names."""
        place = place_of(operation.path, parameter.name)
        if place in self.learned:
            return self.learned[place]
        bare = re.sub(r"(_?(id|uuid|key))$", "", parameter.name, flags=re.IGNORECASE)
        before = operation.path.split("{" + parameter.name + "}")[0].rstrip("/").rpartition("/")[2]
        own = operation.table if operation.path.rstrip("/").endswith("{" + parameter.name + "}") else None
        named = (self.exact(own), table_named(bare, self.seeds), table_named(before, self.seeds))
        return next((table for table in named if table), None)

    def exact(self, name: str | None) -> str | None:
        """The table of just that name."""
        return next((t.name for t in self.seeds.tables if name and t.name in (name, f"public.{name}")), None)

    def picks(self, operation: Operation, parameter: Parameter, who: str) -> list[Pick]:
        """Values for a path parameter, likeliest first: rows of its table, else of every table whose key looks so."""
        table = self.table_of(operation, parameter)
        kind = facets(parameter.schema) if parameter.schema is not None else Facets()
        if table:
            column = self._column(table, operation, parameter)
            found = list(self.rows(table, column, who))
            if found:
                return found
        others = [each for each in self.seeds.tables if each.name != table]
        return [pick for each in others for pick in self.rows(each.name, _key(each), who) if fits(pick.value, kind)]

    def rows(self, table: str, column: str | None, who: str) -> Iterator[Pick]:
        """The rows of an identity, then the others'."""
        if column is None:
            return
        held = self.seeds.rows.get(table, {})
        for name in dict.fromkeys((who, *held)):
            for row in held.get(name, ()):
                if row.get(column) is not None:
                    yield Pick(plain(row[column]), table, row, name)

    def _column(self, table: str, operation: Operation, parameter: Parameter) -> str | None:
        """The column that a path parameter is of: one of its own name, else the key."""
        found = self.seeds.table(table)
        if found is None:
            return None
        place = place_of(operation.path, parameter.name)
        if place in self.columns:
            return self.columns[place]
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", parameter.name).lower()
        return snake if found.column(snake) and snake != "id" else _key(found)

    def lineage(self, pick: Pick) -> dict[str, Row]:
        """The row and the rows that it belongs to, by their tables."""
        found: dict[str, Row] = {pick.table: pick.row}
        pending = [(pick.table, pick.row)]
        while pending:
            table, row = pending.pop()
            known = self.seeds.table(table)
            for key in known.foreign_keys if known else ():
                if key.table in found:
                    continue
                parent = self._row(key.table, key.targets, [row.get(name) for name in key.columns])
                if parent is not None:
                    found[key.table] = parent
                    pending.append((key.table, parent))
        return found

    def _row(self, table: str, columns: Sequence[str], values: Sequence[Any]) -> Row | None:
        wanted = [str(value) for value in values]
        for rows in self.seeds.rows.get(table, {}).values():
            for row in rows:
                if [str(row.get(name)) for name in columns] == wanted:
                    return row
        return None

    def body_table(self, name: str, shape_table: str | None, column: str | None) -> str | None:
        """The table that a property of a body points to: by its column's foreign key, else by name."""
        own = self.seeds.table(self.exact(shape_table) or "")
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column or name).lower()
        for key in own.foreign_keys if own else ():
            if key.columns == (snake,):
                return key.table
        if not re.search(r"_(id|uuid|ref)s?$", snake):
            return None
        pointing = {key.table for table in self.seeds.tables for key in table.foreign_keys if key.columns == (snake,)}
        if len(pointing) == 1:
            return pointing.pop()
        bare = re.sub(r"_(id|uuid|ref)s?$", "", snake)
        return table_named(bare, self.seeds) or table_named(bare.rpartition("_")[2], self.seeds)


def place_of(path: str, parameter: str) -> str:
    """The path up to a parameter, names of parameters left out: `/orders/{}/items/{}`."""
    head = path.split("{" + parameter + "}")[0]
    return re.sub(r"\{[^{}]*\}", "{}", head) + "{}"


def _key(table: Table) -> str | None:
    return table.key[0] if len(table.key) == 1 else None


def fits(value: Any, kind: Facets) -> bool:
    """Whether a value can stand where the contract says so: its type, and a UUID's form."""
    if "integer" in kind.types:
        return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdigit())
    if kind.format == "uuid":
        return UUID.fullmatch(str(value)) is not None
    if kind.types and "string" not in kind.types:
        return False
    long = kind.max_length is not None and len(str(value)) > kind.max_length
    short = kind.min_length is not None and len(str(value)) < kind.min_length
    return not long and not short
