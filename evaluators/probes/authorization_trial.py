"""The same request of somebody else: what strangers are let do, and what shows that they should not be.

A public catalogue and a private drawer look alike as long as only one request
is seen. So a thing counts as private only where the service itself says so: it
refuses this stranger at another door, its list leaves the thing out for him,
or the contract speaks of its owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.probes.authorization_sight import Ownership, Shown, Thing
from evaluators.probes.forms import in_path
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row
from evaluators.service.request import Request, leaves, placed
from evaluators.service.seeding import plain
from evaluators.service.step import Step
from evaluators.service.values import labels_of

REFUSED = frozenset({403, 404})
STATES = 6
"""Rows of one table that are tried: they differ in their states."""
OWN = re.compile(
    r"\bonly (the|its|their|an?) (owner|author|creator|writer|sender|holder)|\b(owner|author|creator)s? only\b"
    r"|\b(your|caller'?s|user'?s|one'?s) own\b|\bown(ed)? by (the caller|you|the user)\b|\bnot yours\b"
    r"|\b(someone|somebody) else'?s?\b|\b(belongs?|belonging) to (the caller|you|(an)?other|some)"
    r"|\b(other|another) (user|customer|person|member|account|owner|tenant)'?s?\b",
    re.IGNORECASE,
)
"""How a contract says that a thing is its owner's."""


def trials_of(world: World) -> Trials:
    """The trials of a world; what one probe has asked, another need not."""
    known = world.__dict__.get("_authorization")
    if not isinstance(known, Trials):
        known = world.__dict__["_authorization"] = Trials(world)
    return known


@dataclass
class Trials:
    """Requests of strangers, each sent once."""

    world: World
    _asked: dict[tuple[Any, ...], Step] = field(default_factory=dict)
    _subjects: dict[str, tuple[str, Row] | None] = field(default_factory=dict)
    _private: dict[tuple[Thing | None, str], list[Step]] = field(default_factory=dict)

    @cached_property
    def ownership(self) -> Ownership:
        """Whose row is whose."""
        return Ownership(self.world)

    @cached_property
    def shown(self) -> Shown:
        """Which rows an answer shows."""
        return Shown(self.ownership)

    async def step(self, request: Request) -> Step:
        """The answer to a request from the sealed rows, and what it changed."""
        mark = (request.symbol, request.who, request.target, repr(request.headers), repr(request.body),
                request.media, repr(request.credential))  # fmt: skip
        if mark not in self._asked:
            self._asked[mark] = await self.world.once(request)
        return self._asked[mark]

    def other(self, who: str | None) -> str | None:
        """The other ordinary identity."""
        names = self.world.crew.ordinary
        return next((name for name in names if name != who), None) if who in names and len(names) > 1 else None

    def plays(self, *methods: str) -> list[Play]:
        """The plays of ordinary identities at operations that ask who it is."""
        found = (play for play in self.world.plays.values() if play.operation.secured)
        return [play for play in found if play.operation.method in methods and self.other(play.request.who)]

    def subject(self, play: Play) -> tuple[str, Row] | None:
        """The sealed row that the last place of a play's path names: what it did and showed says it best."""
        if play.operation.symbol not in self._subjects:
            self._subjects[play.operation.symbol] = self._subject(play)
        return self._subjects[play.operation.symbol]

    def _subject(self, play: Play) -> tuple[str, Row] | None:
        parameters = in_path(play.operation)
        if not parameters:
            return None
        value = str(play.request.path.get(parameters[-1].name))
        changes = play.step.known
        near = [*changes.removed, *((each.table, each.before) for each in changes.updated)]
        shown = [(thing[0], self.ownership.rows[thing]) for thing in sorted(self.shown.rows(play.step.answer))]
        if is_item(play.operation):
            near += shown
        guess = play.subject[0] if play.subject is not None else ""
        for table, row in sorted(near, key=lambda pair: pair[0] != guess):
            if self.ownership.thing(table, row) in self.ownership.rows and self._named_by(table, row, value):
                return table, row
        above = self._parent([*changes.added, *(() if is_item(play.operation) else shown)], value, guess)
        if above is not None or play.subject is None:
            return above
        table, key = play.subject
        text = "/".join(str(each) for each in key) if isinstance(key, tuple) else str(key)
        row_or_none = self.ownership.rows.get((table, text))
        return (table, row_or_none) if row_or_none is not None else None

    def _named_by(self, table: str, row: Row, value: str) -> bool:
        """Whether a value is the row's key, or another column of it that points nowhere."""
        known = self.ownership.tables[table]
        pointing = {column for key in known.foreign_keys for column in key.columns}
        return any(str(plain(each)) == value for name, each in row.items() if name not in pointing)

    def _parent(self, rows: Sequence[tuple[str, Row]], value: str, guess: str) -> tuple[str, Row] | None:
        """The sealed row with that key that one of these rows belongs to: of the likeliest table, people last."""
        found: list[tuple[str, Row]] = []
        for table, row in rows:
            for way, name, each in self.ownership.above(table, row):
                thing = self.ownership.thing(name, each)
                if way and thing in self.ownership.rows and self._named_by(name, each, value):
                    found.append((name, each))
        found.sort(key=lambda pair: (pair[0] != guess, self.ownership.thing(*pair) in self.ownership.people))
        return found[0] if found else None

    def named(self, play: Play, row: Row) -> list[tuple[str, Row]]:
        """The rows that the path's places name, for a row in the place of the last."""
        found = self.subject(play)
        if found is None:
            return []
        rows: list[tuple[str, Row]] = [(found[0], row)]
        for parameter in in_path(play.operation)[:-1]:
            place = self.place(*found, str(play.request.path.get(parameter.name)))
            rows += [
                (name, each) for way, name, each in self.ownership.above(found[0], row) if place and way == place[0]
            ]
        return [(name, each) for name, each in rows if self.ownership.thing(name, each) not in self.ownership.people]

    def pointed(self, play: Play, row: Row) -> Request | None:
        """A play's request with its path at another row of its subject's table, parents included."""
        found = self.subject(play)
        if found is None:
            return None
        table, own = found
        values: dict[str, Any] = {}
        parameters = in_path(play.operation)
        for parameter in parameters:
            value_now = str(play.request.path.get(parameter.name))
            place = self.place(table, own, value_now, own=parameter is parameters[-1])
            value = self._at(table, row, *place) if place else None
            if value is None:
                return None
            values[parameter.name] = value
        return play.request.at(**values)

    def place(self, table: str, row: Row, value: str, *, own: bool = False) -> tuple[tuple[Any, ...], str] | None:
        """Where a path's value stands: in the row itself (`own`), or in one that it belongs to, people last."""
        rows = [each for each in self.ownership.above(table, row) if (not each[0]) == own]
        rows.sort(key=lambda each: (self.ownership.thing(each[1], each[2]) in self.ownership.people, len(each[0])))
        for way, name, each in rows:
            known = self.ownership.tables.get(name)
            pointing = {column for key in known.foreign_keys for column in key.columns} if known else set()
            columns = [column for column in each if column not in pointing or (known and column in known.key)]
            for column in sorted(columns, key=lambda column: (known is not None and column not in known.key, column)):
                if each[column] is not None and str(plain(each[column])) == value:
                    return way, column
        return None

    def _at(self, table: str, row: Row, way: tuple[Any, ...], column: str) -> Any:
        for found, _, each in self.ownership.above(table, row):
            if found == way:
                return plain(each.get(column))
        return None

    def states(self, table: str, row: Row) -> list[Row]:
        """A row, and further rows of its table that belong to its owner and differ in what state they are in."""
        known = self.ownership.tables[table]
        names = [column.name for column in known.columns if labels_of(column, known)]
        found = {tuple(str(row.get(name)) for name in names): row}
        owner = self.ownership.owner(table, row) or next(iter(self.world.crew.ordinary), None)
        if self.ownership.owner(table, row) is None:
            found = {}
        for (name, _), each in self.ownership.rows.items():
            if name == table and owner is not None and self.ownership.owner(table, each) == owner:
                found.setdefault(tuple(str(each.get(column)) for column in names), each)
        return list(found.values())[:STATES]

    async def refusals(self, table: str, row: Row, who: str) -> list[Step]:
        """What shows that a row is kept from a stranger; empty where nothing does, or where he may read it."""
        mark = (self.ownership.thing(table, row), who)
        if mark not in self._private:
            self._private[mark] = []
            self._private[mark] = await self._refusals(table, row, who)
        return self._private[mark]

    async def _refusals(self, table: str, row: Row, who: str) -> list[Step]:
        owner = self.ownership.owner(table, row)
        if owner is None or owner == who:
            return []
        readable, refused = await self._read(table, row, owner, who)
        if readable or refused:
            return refused
        return await self.above_refused(table, row, who) or await self.unlisted(table, row, who)

    async def _read(self, table: str, row: Row, owner: str, who: str) -> tuple[bool, list[Step]]:
        """Whether a stranger reads the row at its own path, and the answers that refuse him."""
        reads = [play for play in self.world.plays.values() if self._reads(play, table)]
        items = [play for play in reads if play.operation.path.rstrip("/").endswith("}")]
        for play in items or reads:
            request = self.pointed(play, row)
            if request is None:
                continue
            theirs = await self.step(request.as_(who))
            if theirs.ok:
                return True, []
            if theirs.status in REFUSED and (await self.step(request.as_(owner))).ok:
                return False, [theirs]
        return False, []

    def _reads(self, play: Play, table: str) -> bool:
        if play.operation.method != "GET":
            return False
        found = self.subject(play)
        return found is not None and found[0] == table

    async def above_refused(self, table: str, row: Row, who: str) -> list[Step]:
        """The refusal of something that the row belongs to; whoever may not see an order may not see its lines."""
        owner = self.ownership.owner(table, row)
        for way, name, each in self.ownership.above(table, row, 2):
            thing = self.ownership.thing(name, each)
            if not way or thing in self.ownership.people or self.ownership.owner(name, each) != owner or owner is None:
                continue
            _, refused = await self._read(name, each, owner, who)
            if refused:
                return refused
        return []

    async def unlisted(self, table: str, row: Row, who: str) -> list[Step]:
        """The list that leaves a row out for a stranger, shows him his own, and shows the row to its owner."""
        owner = self.ownership.owner(table, row)
        for play in self.world.plays.values():
            if play.operation.method != "GET" or in_path(play.operation) or not play.operation.secured:
                continue
            if owner is None or (table, None) not in {(cell[0], None) for cell in play.shown.values()}:
                continue
            theirs = await self.step(play.request.as_(who))
            listed = [thing for thing in self.shown.rows(theirs.answer) if thing[0] == table]
            whose = {self.ownership.owner(table, self.ownership.rows[thing]) for thing in listed}
            if not theirs.ok or owner in whose or who not in whose:
                continue
            own = await self.step(play.request.as_(owner))
            if self.ownership.thing(table, row) in self.shown.rows(own.answer):
                return [theirs]
        return []

    def own_body(self, request: Request, play: Play, who: str) -> Request:
        """The request as `who`, where its body names rows of somebody else with rows of his own in their place."""
        body = request.body
        for place, table in self.naming(play):
            row = self.row_named(table, body, place)
            if row is not None and self.ownership.owner(table, row) not in (None, who):
                own = self.row_of(table, who)
                if own is not None:
                    body = placed(body, place, plain(own[self.ownership.tables[table].key[0]]))
        return replace(request.as_(who), body=body)

    def naming(self, play: Play) -> Iterator[tuple[Place, str]]:
        """(place of the body, table): the value there went to a column that points to a row of the table."""
        for place, (table, column) in play.columns.items():
            known = self.ownership.tables.get(table)
            for key in known.foreign_keys if known else ():
                target = self.ownership.tables.get(key.table)
                if key.columns == (column,) and target is not None and len(target.key) == 1:
                    yield place, key.table

    def row_named(self, table: str, body: Any, place: Place) -> Row | None:
        """The sealed row of a table whose key stands at a place of a body."""
        value = dict(leaves(body)).get(place) if isinstance(body, dict | list) else None
        return self.ownership.rows.get((table, str(value)))

    def row_of(self, table: str, who: str) -> Row | None:
        """A row of an identity in a table."""
        rows = (row for (name, _), row in self.ownership.rows.items() if name == table)
        return next((row for row in rows if self.ownership.owner(table, row) == who), None)

    def forbids(self, operation: Operation) -> bool:
        """Whether the contract declares 403 here, and not at every operation of the kind."""
        safe = operation.method == "GET"
        kind = [each for each in self.world.contract.operations if each.secured and (each.method == "GET") == safe]
        declared = [each for each in kind if "403" in {response.status for response in each.responses}]
        return operation in declared and len(declared) < len(kind)


def speaks_of_owner(operation: Operation) -> bool:
    """Whether the contract says in words that the operation is for the owner."""
    texts = [operation.node.text("summary"), operation.node.text("description")]
    texts += [each.node.text("description") for each in operation.responses if each.status in ("403", "404")]
    return any(OWN.search(text) for text in texts)


def is_item(operation: Operation) -> bool:
    """Whether the path ends with the thing itself."""
    return operation.path.rstrip("/").endswith("}")
