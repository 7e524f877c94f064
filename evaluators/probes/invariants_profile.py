"""What a working request does when it is sent once, and when it is sent again: the ground of all invariants.

A play that is refused the second time is a thing to be done once. One that
does the same again has effects that add up. Either can then be tried with
many at once, with odd amounts, from other states.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, cast

from evaluators.contract.facts import Parameter
from evaluators.probes.world import Play, Scene, World
from evaluators.service.database import NoDatabase
from evaluators.service.inserting import quoted
from evaluators.service.oracle import Changes, Row
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step
from evaluators.service.tables import Table

WRITES = ("POST", "PUT", "PATCH", "DELETE")
KEYED = re.compile(r"idempot|nonce|dedup|replay|client.?token", re.IGNORECASE)
"""What a place that makes a repetition harmless is called, or described as."""
TOLD = re.compile(r"idempot|same key|deduplicat", re.IGNORECASE)
NO_KEY = re.compile(
    r"^(if-|accept|content-|prefer|authorization|cookie|user-agent|origin|x-csrf|x-xsrf)", re.IGNORECASE
)
VERSION = re.compile(r"version|revision|(^|_)rev$|etag|lock", re.IGNORECASE)
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")

DAY = 86400

Cell = tuple[str, tuple[Any, ...], str]
"""(table, key of the row, column)."""


@dataclass(frozen=True)
class Move:
    """A number of a row that a request raised or lowered; no number that the request itself names."""

    table: str
    key: tuple[Any, ...]
    column: str
    before: Decimal
    after: Decimal
    row: Row = field(default_factory=dict, compare=False)
    """The row before."""

    @property
    def by(self) -> Decimal:
        """The difference."""
        return self.after - self.before

    @property
    def cell(self) -> Cell:
        """Where it stands."""
        return self.table, self.key, self.column

    @property
    def name(self) -> str:
        """`accounts.balance`."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Profile:
    """A play, sent twice in one scene with everything fresh that makes a repetition harmless."""

    play: Play
    first: Step
    second: Step
    moves: tuple[Move, ...]
    """What the first one moved."""
    key: tuple[str | int, ...] | None = None
    """Where its idempotency key stands: `("header", NAME)`, or a place of the body."""
    request: Request | None = None
    """What is sent: the play's request, with a key where it has none."""

    @property
    def sent(self) -> Request:
        """The request that is sent."""
        return self.request or self.play.request

    @property
    def symbol(self) -> str:
        """`METHOD /path`."""
        return self.play.operation.symbol

    @property
    def once(self) -> bool:
        """Whether the second one is refused, for reasons other than a limit of rates, and adds no such row."""
        return (
            400 <= self.second.status < 500
            and self.second.status not in (401, 403, 408, 425, 429)
            and not (self.second.changes.tables & self.tables)
        )

    @property
    def again(self) -> bool:
        """Whether the second one does something again."""
        return self.second.ok and bool(self.second.changes.tables & self.tables)

    @property
    def tables(self) -> frozenset[str]:
        """The tables that the first one changes."""
        return self.first.changes.tables

    def fresh(self, number: int) -> Request:
        """The request with the key number `number`."""
        return keyed(self.sent, self.key, number)

    def several(self, count: int, first: int = 20) -> list[Request]:
        """Equal requests but for their keys."""
        return [self.fresh(first + number) for number in range(count)]


@dataclass
class Known:
    """What was observed so far, kept with the world."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    whole: bool = False
    results: dict[str, Any] = field(default_factory=dict)
    """What one probe found out that another uses too."""


def known(world: World) -> Known:
    """What is known of a world's invariants."""
    return cast(Known, world.__dict__.setdefault("_invariants", Known()))


async def profiles(world: World) -> tuple[Profile, ...]:
    """Every play that changes rows, sent twice; once a world."""
    held = known(world)
    if not held.whole:
        held.whole = True
        for symbol, play in sorted(world.plays.items()):
            if play.operation.method in WRITES and play.changes and play.repeats:
                made = await _profiled(world, play)
                if made is not None:
                    held.profiles[symbol] = made
    return tuple(held.profiles.values())


async def _profiled(world: World, play: Play) -> Profile | None:
    key, request = key_of(play), play.request
    if key is not None and key[0] == "header" and str(key[1]) not in request.headers:
        request = request.saying(**{str(key[1]): "00000000-0000-4000-8000-0000000000e1"})
    async with world.scene() as scene:
        first = await scene.send(keyed(request, key, 1))
        if not first.ok and request is not play.request:
            key, request = None, play.request
            first = await scene.send(request)
        if not first.ok or not first.changes:
            return None
        second = await scene.send(keyed(request, key, 2))
    moved = moves(world, first.changes, play)
    return Profile(play, first, second, moved, key, request)


def key_of(play: Play) -> tuple[str | int, ...] | None:
    """The place of a request that makes its repetition harmless, by its name or by what the contract says of it."""
    for parameter in play.operation.parameters_in("header"):
        if not NO_KEY.match(parameter.name) and _tells(parameter):
            return "header", parameter.name
    for place, value in leaves(play.request.body) if isinstance(play.request.body, dict) else ():
        if isinstance(value, str) and place and KEYED.search(str(place[-1])):
            return place
    return None


def _tells(parameter: Parameter) -> bool:
    text = parameter.node.text("description")
    return bool(KEYED.search(parameter.name) or TOLD.search(text))


def keyed(request: Request, key: tuple[str | int, ...] | None, number: int) -> Request:
    """The request with another key of the same form."""
    if key is None:
        return request
    if key[0] == "header":
        name = str(key[1])
        return replace(request, headers={**request.headers, name: varied(request.headers.get(name, ""), number)})
    held = dict(leaves(request.body)).get(key)
    return request.having(key, varied(str(held or ""), number))


def varied(text: str, number: int) -> str:
    """Another text of the same form: a UUID stays one, digits stay digits, the length stays."""
    try:
        return str(uuid.UUID(int=uuid.UUID(text).int ^ (number << 16)))
    except ValueError:
        tail = f"{number:02d}"
    return text[: -len(tail)] + tail if len(text) > len(tail) + 2 else text + tail


def number(value: Any) -> Decimal | None:
    """A number of a row, exactly; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    made = Decimal(str(value))
    return made if made.is_finite() else None


def moves(world: World, changes: Changes, play: Play) -> tuple[Move, ...]:
    """The numbers that a step raised or lowered, without those it set and without versions."""
    named = set(play.columns.values())
    found = []
    for each in changes.updated:
        table = world.seeds.table(each.table)
        fixed = fixed_columns(table)
        others = [name for name in each.columns if not TIME.match(str(each.after.get(name)))]
        for name in each.columns:
            before, after = number(each.before.get(name)), number(each.after.get(name))
            if before is None or after is None or name in fixed or (each.table, name) in named or is_clock(after):
                continue
            counted = after - before == 1 and (len(others) > 1 or VERSION.search(name))
            if not counted:
                key = world.keys.of(each.table, each.after)
                found.append(Move(each.table, key, name, before, after, each.before))
    return tuple(found)


def is_clock(value: Decimal) -> bool:
    """Whether a number is the time of now, in seconds or milliseconds since 1970: no amount is just that."""
    now = Decimal(time.time())
    return any(abs(value - now * unit) < DAY * unit for unit in (1, 1000))


def fixed_columns(table: Table | None) -> frozenset[str]:
    """The columns of keys, one's own and others'."""
    if table is None:
        return frozenset()
    return frozenset({*table.key, *(name for key in table.foreign_keys for name in key.columns)})


def parents(world: World, table: str, row: Row) -> Iterator[tuple[str, Row, tuple[str, ...]]]:
    """(table, row, columns that point to it) of the sealed rows that a row points to."""
    found = world.seeds.table(table)
    for key in found.foreign_keys if found else ():
        wanted = [str(row.get(name)) for name in key.columns]
        for other in world.sealed.get(key.table, ()):
            if [str(other.get(name)) for name in key.targets] == wanted:
                yield key.table, other, key.columns


def used(world: World, play: Play) -> set[tuple[str, str]]:
    """(table, key) of the rows that a play is about, changes, or lets a new row point to; none of the users."""
    found = {(play.subject[0], str(play.subject[1]))} if play.subject is not None else set()
    rows = [(each.table, each.before) for each in play.changes.updated]
    for table, row in play.changes.added:
        rows += [(parent, other) for parent, other, _ in parents(world, table, row)]
    for table, row in rows:
        key = world.keys.of(table, row)
        found |= {(table, str(key[0]))} if len(key) == 1 else set()
    return {each for each in found if each[0] != world.seeds.users}


async def set_cell(scene: Scene, cell: Cell, value: Any, besides: Mapping[str, Any] | None = None) -> bool:
    """Put a value into a cell with the gate's rights, and others into its row; False where the schema forbids it."""
    table, key, column = cell
    found = scene.world.seeds.table(table)
    if found is None or not found.key:
        return False
    given = {column: value, **(besides or {})}
    names = ", ".join(f"{quoted(name)} = ?" for name in given)
    where = " AND ".join(f"{quoted(name)} = ?" for name in found.key)
    text = f"UPDATE {quoted(table)} SET {names} WHERE {where}"  # noqa: S608 - quoted
    return await changed(scene, text, *(plain(each) for each in given.values()), *key) == 1


async def changed(scene: Scene, statement: str, *values: Any) -> int:
    """Change rows with the gate's own rights; 0 where the schema does not allow it."""
    import psycopg

    try:
        return await scene.set(statement, *values)
    except (psycopg.Error, NoDatabase):
        return 0


def plain(value: Any) -> Any:
    """A number as a driver takes it; anything else as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def sums(found: Sequence[Move]) -> Mapping[Cell, Decimal]:
    """Cell -> by how much it was moved."""
    return {each.cell: each.by for each in found}
