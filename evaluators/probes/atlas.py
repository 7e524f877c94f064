"""Which place of a request names rows of which table: by the contract's words, by names, by what was seen.

Nothing here is certain. `picks` and `offer` order what to try; `rehearsal` tries it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import Facets, facets
from evaluators.service.identities import table_named
from evaluators.service.oracle import Row
from evaluators.service.scalars import FRESH, examples_of
from evaluators.service.seeding import Seeds, plain
from evaluators.service.tables import Table

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
CODED = re.compile(r"token|code|key|otp|pin|secret|nonce|^t$|hash|signature", re.IGNORECASE)
NAMED = re.compile(r"user_?name|login|user$|identifier|client_?(id|key)", re.IGNORECASE)
SECRET = re.compile(r"passw|secret|pwd", re.IGNORECASE)


@dataclass(frozen=True)
class Pick:
    """A value for a place, and the row it comes from."""

    value: Any
    table: str = ""
    row: Row = field(default_factory=dict)
    who: str = ""


@dataclass(frozen=True)
class Source:
    """Values that belong together: what was sent and answered in one request, or what an identity logs in with."""

    values: Mapping[str, tuple[Any, ...]]
    """Name of a property, as `bare` writes it -> values."""
    drawn: tuple[str, ...] = ()
    """Texts that the service drew: in its log, or in the answer."""

    def of(self, name: str) -> tuple[Any, ...]:
        """What it has for a place of that name."""
        known = self.values.get(bare(name), ())
        if known or FRESH.search(name):
            return known
        if NAMED.search(name):
            return self.values.get("email", ()) or self.values.get("username", ()) or self.drawn
        if SECRET.search(name) and "password" in self.values:
            return self.values["password"]
        return tuple(self.drawn) if CODED.search(name) else ()


@dataclass
class Atlas:
    """What is known of places and tables; it grows while operations are rehearsed."""

    seeds: Seeds
    learned: dict[str, str] = field(default_factory=dict)
    """`/orders/{}` (names of parameters left out) -> table."""
    columns: dict[str, str] = field(default_factory=dict)
    """`/orders/{}` -> the column that the value is of, where it is not the key."""
    sources: list[Source] = field(default_factory=list)
    """What may have to be sent back, newest first."""

    def table_of(self, operation: Operation, parameter: Parameter) -> str | None:
        """The table whose rows a path parameter names."""
        place = place_of(operation.path, parameter.name)
        if place in self.learned:
            return self.learned[place]
        name = re.sub(r"(_?(id|uuid|key))$", "", parameter.name, flags=re.IGNORECASE)
        before = operation.path.split("{" + parameter.name + "}")[0].rstrip("/").rpartition("/")[2]
        own = operation.table if operation.path.rstrip("/").endswith("{" + parameter.name + "}") else None
        named = (self.exact(own), table_named(name, self.seeds), table_named(before, self.seeds))
        return next((table for table in named if table), None)

    def exact(self, name: str | None) -> str | None:
        """The table of just that name."""
        return next((t.name for t in self.seeds.tables if name and t.name in (name, f"public.{name}")), None)

    def picks(self, operation: Operation, parameter: Parameter, who: str) -> list[Pick]:
        """Values for a path parameter, likeliest first: rows of its table, else the contract's examples, what earlier
        answers told, and rows of every table whose key looks so.
        """
        table = self.table_of(operation, parameter)
        kind = facets(parameter.schema) if parameter.schema is not None else Facets()
        if table:
            column = self.column_of(table, operation, parameter)
            found = list(self.rows(table, column, who))
            if found:
                return found
        # What lies in no table (a library in files) has no rows to name it by.
        stated = [Pick(each) for each in (examples_of(parameter.schema) if parameter.schema is not None else ())]
        told = [Pick(each) for source in self.sources for each in source.of(parameter.name) if fits(each, kind)]
        others = [each for each in self.seeds.tables if each.name != table]
        lists = [[pick for pick in self.rows(t.name, key_of(t), who) if fits(pick.value, kind)] for t in others]
        # A row of each table before the second of any.
        turns = [pick for row in itertools.zip_longest(*lists) for pick in row if pick is not None]
        return [*stated, *told, *turns]

    def rows(self, table: str, column: str | None, who: str) -> Iterator[Pick]:
        """The rows of an identity, then the others'."""
        if column is None:
            return
        held = self.seeds.rows.get(table, {})
        for name in dict.fromkeys((who, *held)):
            for row in held.get(name, ()):
                if row.get(column) is not None:
                    yield Pick(plain(row[column]), table, row, name)

    def column_of(self, table: str, operation: Operation, parameter: Parameter) -> str | None:
        """The column that a path parameter is of: one of its own name, else the key."""
        found = self.seeds.table(table)
        if found is None:
            return None
        place = place_of(operation.path, parameter.name)
        if place in self.columns:
            return self.columns[place]
        name = snake(parameter.name)
        return name if found.column(name) and name != "id" else key_of(found)

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

    def joined(self, tables: Sequence[str | None], who: str) -> Iterator[list[Pick]]:
        """Rows of these tables that one row of some table connects: an order and a product by the line of the order."""
        for table in self.seeds.tables:
            for row in itertools.chain.from_iterable(
                self.seeds.rows.get(table.name, {}).get(w, ()) for w in (who, "a")
            ):
                found = [self._through(table, row, goal, who) for goal in tables]
                if all(pick is not None for pick in found):
                    yield [pick for pick in found if pick is not None]

    def _through(self, table: Table, row: Row, goal: str | None, who: str) -> Pick | None:
        if goal == table.name and key_of(table) is not None:
            return Pick(plain(row.get(key_of(table) or "")), goal, row, who)
        names = dict.fromkeys(name for key in table.foreign_keys for name in key.columns)
        for name in names:
            if row.get(name) is not None and goal is not None and self.goal(table, name) == goal:
                target = self.seeds.table(goal)
                parent = self._row(goal, target.key, [row[name]]) if target else None
                return Pick(plain(row[name]), goal, parent or {}, who)
        return None

    def body_table(self, name: str, shape_table: str | None, column: str | None) -> str | None:
        """The table that a property of a body points to: by its column's foreign key, else by name."""
        own = self.seeds.table(self.exact(shape_table) or "")
        name = snake(column or name)
        if own is not None and (goal := self.goal(own, name)):
            return goal
        pointing = {goal for table in self.seeds.tables if (goal := self.goal(table, name))}
        if len(pointing) == 1:
            return pointing.pop()
        if not re.search(r"_(id|uuid|ref)s?$", name):
            return None
        named = re.sub(r"_(id|uuid|ref)s?$", "", name)
        singular = re.sub(r"s$", "", name)
        pointing = {key.table for t in self.seeds.tables for key in t.foreign_keys if key.columns == (singular,)}
        if len(pointing) == 1:
            return pointing.pop()
        return table_named(named, self.seeds) or table_named(named.rpartition("_")[2], self.seeds)

    def goal(self, table: Table, column: str, depth: int = 0) -> str | None:
        """The table whose key a column holds: by a foreign key of its own, else through one of several columns."""
        keys = sorted((key for key in table.foreign_keys if column in key.columns), key=lambda key: len(key.columns))
        for key in keys:
            target = self.seeds.table(key.table)
            if target is None or depth > 4:
                continue
            held = key.targets[key.columns.index(column)]
            if len(key.columns) == 1:
                return key.table
            if held == key_of(target):
                return key.table
            if further := self.goal(target, held, depth + 1):
                return further
        return None

    def named_values(self, name: str, who: str) -> list[Pick]:
        """Values of columns of that name: an account's number, an article's code. Strangers' first, one's own after."""
        found: list[Pick] = []
        for table in self.seeds.tables:
            column = table.column(snake(name))
            # What is unique is a name for a row; a key called `id` would be one of every table.
            if column is None or column.name not in table.unique or column.name == "id":
                continue
            found += [pick for pick in self.rows(table.name, column.name, who) if pick.value not in (None, "")]
        thing = self.thing(name) if not found else None
        if thing is not None:
            found = [pick for pick in self.rows(*thing, who) if pick.value not in (None, "")]
        return [*[pick for pick in found if pick.who != who], *[pick for pick in found if pick.who == who]]

    def thing(self, name: str) -> tuple[str, str] | None:
        """(table, column) that a property names by a text of the row's own: `coupon_code` by `coupons.code`."""
        head, _, tail = snake(name).rpartition("_")
        table = self.seeds.table(table_named(head, self.seeds) or "") if head else None
        unique = table is not None and tail in table.unique and tail not in table.key
        return (table.name, tail) if table is not None and unique else None


def place_of(path: str, parameter: str) -> str:
    """The path up to a parameter, names of parameters left out: `/orders/{}/items/{}`."""
    head = path.split("{" + parameter + "}")[0]
    return re.sub(r"\{[^{}]*\}", "{}", head) + "{}"


def key_of(table: Table) -> str | None:
    """The one column of a table's key."""
    return table.key[0] if len(table.key) == 1 else None


def snake(name: str) -> str:
    """`lineItemId` -> `line_item_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").lower()


def bare(name: str) -> str:
    """A name without case and marks: `refreshToken` and `refresh_token` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def fits(value: Any, kind: Facets) -> bool:
    """Whether a value can stand where the contract says so: its type, a UUID's form, its length and pattern."""
    if "integer" in kind.types:
        return isinstance(value, int) or (isinstance(value, str) and value.lstrip("-").isdigit())
    if kind.format == "uuid":
        return UUID.fullmatch(str(value)) is not None
    if kind.types and "string" not in kind.types:
        return False
    long = kind.max_length is not None and len(str(value)) > kind.max_length
    short = kind.min_length is not None and len(str(value)) < kind.min_length
    try:
        formed = kind.pattern is None or re.search(kind.pattern, str(value)) is not None
    except re.error:
        formed = True
    return formed and not long and not short
