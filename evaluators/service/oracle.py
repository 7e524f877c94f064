"""What the database holds, and what has changed between two looks: the oracle of every probe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]
State = Mapping[str, Sequence[Row]]
"""Table -> its rows, values as JSON holds them."""


@dataclass(frozen=True)
class Update:
    """A row that changed: the same key before and after."""

    table: str
    before: Row
    after: Row

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose value differs, sorted."""
        return tuple(sorted(name for name in self.after if self.before.get(name) != self.after[name]))


@dataclass(frozen=True)
class Changes:
    """The difference of two states."""

    added: tuple[tuple[str, Row], ...] = ()
    """(table, row) of the rows that are new."""
    removed: tuple[tuple[str, Row], ...] = ()
    updated: tuple[Update, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.updated)

    @property
    def tables(self) -> frozenset[str]:
        """Every table with a difference."""
        pairs = (*self.added, *self.removed)
        return frozenset(table for table, _ in pairs) | {each.table for each in self.updated}

    def without(self, tables: frozenset[str]) -> Changes:
        """The difference with some tables left out."""
        return Changes(
            tuple(each for each in self.added if each[0] not in tables),
            tuple(each for each in self.removed if each[0] not in tables),
            tuple(each for each in self.updated if each.table not in tables),
        )

    def rows_added(self, table: str) -> tuple[Row, ...]:
        """The new rows of one table."""
        return tuple(row for name, row in self.added if name == table)

    def told(self) -> str:
        """One line a table, canonical: `accounts: 1 added, 1 changed (balance)`."""
        return "\n".join(f"{table}: {', '.join(self._told(table))}" for table in sorted(self.tables))

    def _told(self, table: str) -> Iterator[str]:
        added = len(self.rows_added(table))
        removed = sum(name == table for name, _ in self.removed)
        updates = [each for each in self.updated if each.table == table]
        if added:
            yield f"{added} added"
        if removed:
            yield f"{removed} removed"
        if updates:
            columns = sorted({name for each in updates for name in each.columns})
            yield f"{len(updates)} changed ({', '.join(columns)})"


class Unseen(Exception):
    """Something was asked for that the gate has no hand on; one line says what."""


class Unknown(Changes):
    """What a request did, where nobody could look: whoever asks for it learns that. Raises Unseen."""

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        raise Unseen("what a request did to the rows: name the database with --database")

    def __bool__(self) -> bool:
        return bool(self.added)


@dataclass(frozen=True)
class Keys:
    """The primary keys of the tables: table -> columns; a table without one is compared by whole rows."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, table: str, row: Row) -> tuple[Any, ...]:
        """What makes a row the same row."""
        names = self.columns.get(table) or tuple(sorted(row))
        return tuple(_hashable(row.get(name)) for name in names)


def _hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, dict | list) else value


def changes(before: State, after: State, keys: Keys) -> Changes:
    """What `after` has that `before` had not, and the other way round. Equal rows without a key are counted."""
    added: list[tuple[str, Row]] = []
    removed: list[tuple[str, Row]] = []
    updated: list[Update] = []
    for table in sorted(before.keys() | after.keys()):
        old_rows, new_rows = before.get(table, ()), after.get(table, ())
        if old_rows == new_rows:
            continue
        old, new = _by_key(table, old_rows, keys), _by_key(table, new_rows, keys)
        added += [(table, new[key]) for key in new if key not in old]
        removed += [(table, old[key]) for key in old if key not in new]
        updated += [Update(table, old[key], new[key]) for key in new if key in old and old[key] != new[key]]
    return Changes(tuple(added), tuple(removed), tuple(updated))


def _by_key(table: str, rows: Sequence[Row], keys: Keys) -> dict[Any, Row]:
    """Rows by their keys; of equal keys the second and later ones get a number."""
    found: dict[Any, Row] = {}
    for row in rows:
        key: Any = keys.of(table, row)
        number = 1
        while key in found:
            key, number = (keys.of(table, row), number), number + 1
        found[key] = row
    return found
