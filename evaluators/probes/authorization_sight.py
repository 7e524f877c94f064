"""Whose row is whose, and which rows an answer shows: what every probe of authorization asks first.

All of it is seen, none of it is told by names: a row belongs to an identity
where a chain of its foreign keys ends at the row that the service made for
that identity, or where it holds what the service calls the identity.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evaluators.probes.atlas import bare
from evaluators.probes.tracing import normal, strong
from evaluators.probes.world import World
from evaluators.service.client import Answer
from evaluators.service.oracle import Changes, Row
from evaluators.service.seeding import plain
from evaluators.service.tables import ForeignKey, Table

Thing = tuple[str, str]
"""(table, key as text): one row of the sealed state."""
DEPTH = 6
"""Foreign keys that are followed one after another."""
LONG = 8
"""Characters of a text that chance would not bring into an answer that is no JSON."""
SUBJECT = 5
"""Characters of what the service calls an identity, below which equality says nothing."""


@dataclass
class Ownership:
    """The sealed rows, the rows that each belongs to, and the identities behind them."""

    world: World
    _reach: dict[Thing, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Every table by its name."""
        return {table.name: table for table in self.world.seeds.tables}

    @cached_property
    def rows(self) -> dict[Thing, Row]:
        """Every sealed row of a table with a key."""
        found: dict[Thing, Row] = {}
        for name, rows in self.world.sealed.items():
            for row in rows:
                thing = self.thing(name, row)
                if thing is not None:
                    found[thing] = row
        return found

    def thing(self, name: str, row: Row) -> Thing | None:
        """The name of a row."""
        table = self.tables.get(name)
        if table is None or not table.key:
            return None
        return name, "/".join(str(plain(row.get(column))) for column in table.key)

    @cached_property
    def people(self) -> dict[Thing, str]:
        """The rows that stand for identities."""
        found: dict[Thing, str] = {}
        for name, member in self.world.crew.members.items():
            thing = self.thing(member.table, member.row) if member.table and member.row else None
            if thing is not None:
                found[thing] = name
        return found

    @cached_property
    def _called(self) -> dict[str, str]:
        """What the service calls an identity -> its name."""
        called = [(m.subject, name) for name, m in self.world.crew.members.items()]
        called += [(m.email, name) for name, m in self.world.crew.members.items()]
        return {text: name for text, name in called if len(text) >= SUBJECT and not text.isdigit()}

    @cached_property
    def _targets(self) -> dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], Row]]:
        wanted = {(key.table, key.targets) for table in self.tables.values() for key in table.foreign_keys}
        return {
            (name, columns): {
                tuple(str(plain(row.get(each))) for each in columns): row for row in self.world.sealed.get(name, ())
            }
            for name, columns in wanted
        }

    def parent(self, key: ForeignKey, row: Row) -> Row | None:
        """The row that a foreign key of a row points to."""
        values = tuple(row.get(column) for column in key.columns)
        if any(value is None for value in values):
            return None
        return self._targets.get((key.table, key.targets), {}).get(tuple(str(plain(value)) for value in values))

    def above(self, name: str, row: Row, depth: int = DEPTH) -> Iterator[tuple[tuple[ForeignKey, ...], str, Row]]:
        """(way, table, row) of a row itself and of every row that it belongs to."""
        pending: list[tuple[tuple[ForeignKey, ...], str, Row]] = [((), name, row)]
        seen: set[Thing | None] = set()
        while pending:
            way, table, each = pending.pop(0)
            thing = self.thing(table, each)
            if thing in seen and thing is not None:
                continue
            seen.add(thing)
            yield way, table, each
            known = self.tables.get(table)
            for key in known.foreign_keys if known and len(way) < depth else ():
                parent = self.parent(key, each)
                if parent is not None:
                    pending.append(((*way, key), key.table, parent))

    def reach(self, name: str, row: Row) -> frozenset[str]:
        """The identities that a row belongs to, in any way."""
        thing = self.thing(name, row)
        if thing is not None and self.rows.get(thing) == row:
            if thing not in self._reach:
                self._reach[thing] = self._reached(name, row)
            return self._reach[thing]
        return self._reached(name, row)

    def _reached(self, name: str, row: Row) -> frozenset[str]:
        found = self._above(name, row)
        if found:
            return found
        # No column says whose it is: then those are near it whom a table in between joins with what is above it.
        return frozenset().union(*(self._joined(table, each) for _, table, each in self.above(name, row)))

    def _above(self, name: str, row: Row) -> frozenset[str]:
        found: set[str] = set()
        for _, table, each in self.above(name, row):
            person = self.people.get(self.thing(table, each) or ("", ""))
            if person is not None:
                found.add(person)
            found |= {self._called[text] for value in each.values() if (text := str(value)) in self._called}
        return frozenset(found)

    def _joined(self, name: str, row: Row) -> frozenset[str]:
        """The identities that rows of a table in between join with a row: the members of a room."""
        found: set[str] = set()
        for table in self.tables.values():
            pointing = [key for key in table.foreign_keys if key.table == name]
            columns = {column for key in table.foreign_keys for column in key.columns}
            if not pointing or len(table.foreign_keys) < 2 or not set(table.key) <= columns or len(table.key) < 2:
                continue
            for each in self.world.sealed.get(table.name, ()):
                if any(self.parent(key, each) == row for key in pointing):
                    others = [(k.table, self.parent(k, each)) for k in table.foreign_keys if k not in pointing]
                    found |= {
                        person
                        for target, parent in others
                        if parent is not None and (person := self.people.get(self.thing(target, parent) or ("", "")))
                    }
        return frozenset(found)

    def owner(self, name: str, row: Row) -> str | None:
        """The ordinary identity that a row belongs to, if it belongs to just one."""
        found = self.reach(name, row) & set(self.world.crew.ordinary)
        return next(iter(found)) if len(found) == 1 else None

    def strange(self, name: str, row: Row, who: str) -> bool:
        """Whether a row belongs to somebody else, and no row ties it to `who`."""
        owner = self.owner(name, row)
        if owner is None or owner == who:
            return False
        return not any(
            self.thing(table, each) in self._tied(who)
            for _, table, each in self.above(name, row)
            if self.owner(table, each) == owner and self.thing(table, each) not in self.people
        )

    def _tied(self, who: str) -> frozenset[Thing | None]:
        """Every row that some row of an identity belongs to: a room by its membership."""
        memo: dict[str, frozenset[Thing | None]] = self.__dict__.setdefault("_ties", {})
        if who not in memo:
            mine = [(name, row) for (name, _), row in self.rows.items() if who in self.reach(name, row)]
            memo[who] = frozenset(self.thing(t, r) for name, row in mine for _, t, r in self.above(name, row))
        return memo[who]

    def touched(self, changes: Changes, owner: str) -> list[str]:
        """Tables in which rows that belong to `owner` alone were changed or removed."""
        pairs = [(each.table, each.before) for each in changes.updated] + list(changes.removed)
        return sorted({table for table, row in pairs if self.owner(table, row) == owner})

    def hung(self, changes: Changes, table: str, row: Row) -> list[str]:
        """Tables with a new row that belongs to a certain row."""
        wanted = self.thing(table, row)
        found = set()
        for name, added in changes.added:
            if any(self.thing(t, r) == wanted for way, t, r in self.above(name, added) if way):
                found.add(name)
        return sorted(found)


@dataclass
class Shown:
    """Finds the sealed rows that an answer shows."""

    ownership: Ownership

    @cached_property
    def _by_value(self) -> dict[Any, list[Thing]]:
        found: dict[Any, list[Thing]] = {}
        for thing, row in self.ownership.rows.items():
            table = self.ownership.tables[thing[0]]
            for column in table.key:
                if row.get(column) is not None:
                    found.setdefault(normal(plain(row[column])), []).append(thing)
        return found

    @cached_property
    def _values(self) -> dict[Thing, tuple[frozenset[Any], frozenset[Any], frozenset[Any]]]:
        """(key, values of its own, values that point elsewhere) of every row, as far as they say something."""
        found = {}
        for thing, row in self.ownership.rows.items():
            table = self.ownership.tables[thing[0]]
            pointing = {column for key in table.foreign_keys for column in key.columns}
            told = {name: normal(plain(value)) for name, value in row.items() if strong(plain(value))}
            found[thing] = (
                frozenset(normal(plain(row.get(name))) for name in table.key),
                frozenset(v for name, v in told.items() if name not in pointing and name not in table.key),
                frozenset(v for name, v in told.items() if name in pointing),
            )
        return found

    @cached_property
    def _texts(self) -> dict[str, Thing]:
        """Long texts that stand in one row alone."""
        counted: dict[str, set[Thing]] = {}
        for thing, row in self.ownership.rows.items():
            table = self.ownership.tables[thing[0]]
            pointing = {column for key in table.foreign_keys for column in key.columns}
            for name, value in row.items():
                if isinstance(value, str) and len(value) >= LONG and name not in pointing:
                    counted.setdefault(value, set()).add(thing)
        return {text: next(iter(things)) for text, things in counted.items() if len(things) == 1}

    def rows(self, answer: Answer) -> frozenset[Thing]:
        """The rows that an answer shows: of JSON each object for itself, else long texts that only one row holds."""
        if not 200 <= answer.status < 300 or not answer.body:
            return frozenset()
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            text = answer.body.decode("utf-8", "replace")
            return frozenset(thing for long, thing in self._texts.items() if long in text)
        return frozenset(thing for each in _objects(said) if (thing := self._row(each)) is not None)

    def _row(self, held: Mapping[str, Any]) -> Thing | None:
        """The row that an object shows: its key, and something else of it. None where two would do."""
        scalars = {
            name: value for name, value in held.items() if value is not None and not isinstance(value, dict | list)
        }
        said = {normal(value) for value in scalars.values()}
        ranked: list[tuple[tuple[int, int], Thing]] = []
        for value in said:
            for thing in self._by_value.get(value, ()):
                key, own, pointing = self._values[thing]
                if not key <= said or not (own & said - key or pointing & said):
                    continue
                # Values first; of two tables that hold the same ones, the names tell.
                named = sum(self._equal(thing, name, each) for name, each in scalars.items())
                if self._certain(thing, key, own & said, named):
                    ranked.append(((2 * len(own & said) + len(pointing & said) + named, named), thing))
        ranked = sorted(set(ranked), reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return ranked[0][1]

    def _certain(self, thing: Thing, key: frozenset[Any], shared: frozenset[Any], named: int) -> bool:
        """Whether chance is ruled out: numbers that count rows are the same in every table."""
        row = self.ownership.rows[thing]
        columns = self.ownership.tables[thing[0]].key
        if not any(isinstance(each, float) for each in key):
            return True
        if named > len(columns):
            return True
        return any(
            self._texts.get(str(plain(value))) == thing for value in row.values() if normal(plain(value)) in shared
        )

    def _equal(self, thing: Thing, name: str, value: Any) -> bool:
        """Whether a row has a column of that name with that value."""
        row = self.ownership.rows[thing]
        column = next((each for each in row if bare(each) == bare(name)), None)
        return column is not None and normal(plain(row[column])) == normal(value)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in a JSON value."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            yield each
            pending += each.values()
        elif isinstance(each, list):
            pending += each
