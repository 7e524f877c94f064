"""One row of a table, found by asking the database: values are changed where it says that they are wrong."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.service.inserting import Refused, Row, Session
from evaluators.service.tables import Column, Table
from evaluators.service.values import NUMERIC, candidates, is_ordinary, is_spent, labels_of

LEFT: Any = object()
"""A column that is left to its default."""
ATTEMPTS = 400
"""Inserts tried for one row."""
CHOICES = (16, 10, 6, 5, 4, 4)
"""Values of each column that are combined, by the number of columns; 3 of each for more."""


@dataclass
class Filling:
    """The search for one row.

    Args:
        who: its identity's letter, which goes into values.
        number: goes into values too, so that rows differ.
        rows: table -> the rows that foreign keys may point to.
        users: the table of users.
        given: values that the row is to have.
    """

    session: Session
    table: Table
    who: str
    number: int
    rows: Mapping[str, Sequence[Row]]
    users: str | None = None
    given: Row = field(default_factory=dict)
    near: Row = field(default_factory=dict)
    """A row that points to where this one may point too."""

    def row(self) -> Row:
        """Insert it. Raises Refused with the last reason."""
        choices = self._choices()
        values = {name: options[0] for name, options in choices.items()}
        varied: list[str] = []
        turns: Iterator[tuple[Any, ...]] = iter(())
        refused = Refused((), "no value fits")
        for _ in range(ATTEMPTS):
            try:
                return self.session.insert(self.table, {k: v for k, v in values.items() if v is not LEFT})
            except Refused as error:
                refused = error
            named = [name for name in refused.columns if name in choices and name not in self.given]
            fresh = [name for name in named or self._suspects(choices) if name not in varied]
            if fresh:
                # What is at fault now varies fastest, a state slowest; what was found so far comes first again.
                varied = sorted([*varied, *fresh], key=lambda name: not self._is_state(name))
                most = CHOICES[len(varied) - 1] if len(varied) <= len(CHOICES) else 3
                turns = itertools.product(*(_first(values[name], choices[name])[:most] for name in varied))
                next(turns)
            following = next(turns, None)
            if following is None:
                break
            values.update(zip(varied, following, strict=True))
        raise refused

    def _suspects(self, choices: Mapping[str, list[Any]]) -> list[str]:
        """Where the database does not say which column is wrong: what points somewhere, and what was given a value."""
        pointing = {name for key in self.table.foreign_keys for name in key.columns}
        return [name for name, values in choices.items() if name in pointing or values[0] is not LEFT]

    def _is_state(self, name: str) -> bool:
        column = self.table.column(name)
        return column is not None and bool(labels_of(column, self.table))

    def _choices(self) -> dict[str, list[Any]]:
        """What each column may hold, likeliest first. Raises Refused where a needed row is not there."""
        pointing = self._pointing()
        found: dict[str, list[Any]] = {}
        for column in self.table.columns:
            if column.name in self.given:
                found[column.name] = [self.given[column.name]]
            elif column.computed:
                continue
            elif column.name in pointing:
                first, *others = pointing[column.name]
                found[column.name] = [first, *([None] if column.nullable else []), *others]
            else:
                values = self._ranked(column, candidates(column, self.table, self.who, self.number))
                if wanted(column, self.table, self.users):
                    found[column.name] = [*values, *([None] if column.nullable else [])]
                else:
                    found[column.name] = [LEFT, *values]
        return found

    def _ranked(self, column: Column, values: list[Any]) -> list[Any]:
        """The labels of a user, or of what gives a user rights, with those of ordinary people first.

        A row that made an identity an administrator would blind every probe of rights.
        """
        if not labels_of(column, self.table):
            return values
        if self.table.name == self.users:
            return sorted(values, key=lambda label: not is_ordinary(label))
        keys = {name for key in self.table.foreign_keys for name in key.columns}
        if set(self.table.key) == {column.name, *keys} and any(k.table == self.users for k in self.table.foreign_keys):
            return [label for label in values if is_ordinary(label)] or values
        return values

    def _pointing(self) -> dict[str, list[Any]]:
        """Column -> the values that its foreign keys allow, the row's own first."""
        found: dict[str, list[Any]] = {}
        used: dict[str, int] = {}
        for key in self.table.foreign_keys:
            rows = self.rows.get(key.table, [])
            if not rows or key.table == self.table.name:
                if not optional(self.table, key.columns) and any(_required(self.table, name) for name in key.columns):
                    raise Refused(key.columns, f"needs a row of {key.table}")
                continue
            # Two keys to one table (from and to) take different rows; the last of several is left without children.
            start = (self.number + used.get(key.table, 0)) % (len(rows) - 1 if len(rows) > 2 else len(rows))
            used[key.table] = used.get(key.table, 0) + 1
            turned = [*rows[start:], *rows[:start]]
            for name, target in zip(key.columns, key.targets, strict=True):
                known = found.get(name, [])
                # The second key of a column decides: it is the one that is bound to other columns.
                near = [self.near[name]] if self.near.get(name) is not None else []
                found[name] = list(dict.fromkeys([*near, *(row[target] for row in turned), *known]))
        return found


def _first(value: Any, values: list[Any]) -> list[Any]:
    return [value, *(each for each in values if each is not value)]


def optional(table: Table, columns: tuple[str, ...]) -> bool:
    """Whether a foreign key may point nowhere."""
    return any((column := table.column(name)) is not None and column.nullable for name in columns)


def _required(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and not column.has_default


def wanted(column: Column, table: Table, users: str | None = None) -> bool:
    """Whether a value is given: what must have one, amounts, which a default of zero would keep useless, and states."""
    if column.computed:
        return False
    if not column.nullable and not column.has_default:
        return True
    if column.type == "uuid" and column.name in table.key:
        # A key that the database draws would differ from run to run.
        return True
    if labels_of(column, table) and table.name != users:
        return not column.nullable
    return NUMERIC.match(column.type) is not None and column.name not in table.key and is_spent(column, table)
