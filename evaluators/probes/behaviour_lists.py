"""Lists of a service: where an answer holds its items, what tells them apart, and which parameter pages them."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, facets, flattened, shape_of
from evaluators.probes.atlas import bare
from evaluators.probes.world import World
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row
from evaluators.service.request import ABSENT, Request, leaves
from evaluators.service.step import Step

SIZE = re.compile(
    r"^(page)?limit$|^(per|page)page$|^(page)?size$|^perpage$|^pagesize$|^(page)?count$|^take$|^top$|^first$"
)
OFFSET = re.compile(r"^(page)?offset$|^skip$|^from$|^start(index)?$")
PAGE = re.compile(r"^page(number|no|index)?$")
CURSOR = re.compile(r"cursor|^(page)?token$|continuation|^(starting)?after$|^before(id)?$|^afterid$|^since(id)?$")
SORT = re.compile(r"^(sort|order|ordering)(by|key|field)?$")
DIRECTION = re.compile(r"^(sort)?(dir|direction|order|sortorder|orderdir)$")
SIGNED = re.compile(r"^([-+]?)(.*?)(?:[_:. -](asc|desc)(?:ending)?)?$", re.IGNORECASE)
WAYS = re.compile(r"(asc|desc)(ending)?", re.IGNORECASE)
ORDERED = re.compile(r"\b(sort|order)", re.IGNORECASE)
WHOLE = 100
"""Items that are asked for, where the contract bounds them no tighter."""


@dataclass(frozen=True)
class Listing:
    """A list that is read, and the names of its parameters."""

    request: Request
    place: Place
    """Where the answer holds the items."""
    item: Node
    """The schema of one item."""
    size: str = ""
    offset: str = ""
    page: str = ""
    cursor: str = ""
    sort: str = ""
    direction: str = ""
    filters: tuple[Parameter, ...] = ()
    table: str = ""
    """The table of the items, where it is known."""
    total: Place | None = None
    """Where an answer tells how many items there are, where its name does not say so."""
    next: Place | None = None
    """Where an answer tells the cursor of the next page, where its name does not say so."""

    @property
    def operation(self) -> Operation:
        """Its operation."""
        return self.request.operation

    def bounds(self, name: str) -> Facets:
        """The bounds of a query parameter."""
        return bounds(self.operation, name)

    def whole(self, request: Request | None = None) -> Request:
        """The request for as many items as may be had at once."""
        request = request or self.request
        return request.asking(**{self.size: self.most}) if self.size else request

    @property
    def most(self) -> int:
        """How many items may be had at once."""
        top = self.bounds(self.size).maximum if self.size else None
        return min(int(top), WHOLE) if top is not None else WHOLE


@dataclass(frozen=True)
class Found:
    """What came of one list: a kind of defect, the steps that show it, and the sentence."""

    kind: str
    steps: tuple[Step, ...]
    message: str
    seen: str = ""
    symbol: str = ""


@dataclass
class Reading:
    """A list as it is: its items, all of them, in the order in which they came."""

    listing: Listing
    step: Step
    items: Sequence[Mapping[str, Any]] = field(default_factory=list)
    rows: Mapping[str, Row] = field(default_factory=dict)
    """Identity of an item -> its row, where it is known."""
    key: str = ""
    """The property that tells items apart; empty: the whole item does."""
    said: str = ""
    """What the gate did before, for the evidence."""

    def identity(self, item: Mapping[str, Any]) -> str:
        """What tells an item from another."""
        return str(item.get(self.key)) if self.key else json.dumps(item, sort_keys=True, default=str)

    @property
    def complete(self) -> bool:
        """Whether these are all items: fewer than were asked for, and told apart."""
        distinct = len({self.identity(item) for item in self.items}) == len(self.items)
        listing = self.listing
        unpaged = not (listing.size or listing.offset or listing.page or listing.cursor)
        return distinct and len(self.items) < listing.most and (unpaged or bool(listing.size))

    def known(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The values of an item by bare names: what it shows, then what its row holds."""
        row = self.rows.get(self.identity(item), {})
        return {**{bare(k): v for k, v in row.items()}, **{bare(str(k)): v for k, v in item.items()}}


def bounds(operation: Operation, name: str) -> Facets:
    """The bounds of a query parameter."""
    found = (each for each in operation.parameters_in("query") if each.name == name)
    known = next(found, None)
    return facets(known.schema) if known is not None and known.schema is not None else Facets()


def orders_in(kind: Facets) -> list[str]:
    """The orders that the bounds of a parameter name: its enumeration, else the words of its pattern."""
    if kind.enum or not kind.pattern:
        return [each for each in kind.enum or () if isinstance(each, str)]
    words = dict.fromkeys(re.findall(r"[A-Za-z]\w+", kind.pattern))
    stems = [word for word in words if not WAYS.fullmatch(word)]
    forms = [form for stem in stems for form in (stem, f"-{stem}", f"{stem}:asc", f"{stem}:desc")]
    try:
        return [form for form in forms if re.search(kind.pattern, form)]
    except re.error:
        return []


def ordering(parameter: Parameter, shown: Collection[str]) -> str:
    """`sort` where the values of a parameter are names that items show, `direction` where they are ways; else empty.

    Names without a sign are the values of many a parameter: those need a word that says so.
    """
    kind = facets(parameter.schema) if parameter.schema is not None else Facets()
    values = orders_in(kind)
    if "array" in kind.types or not values:
        return ""
    if kind.enum and all(WAYS.fullmatch(each) for each in values):
        return "direction"
    parts = [SIGNED.fullmatch(each).groups() for each in values]  # type: ignore[union-attr]  # matches every text
    stems = {bare(stem) for _, stem, _ in parts}
    known = len(stems & set(shown)) > len(stems) / 2
    said = any(sign or way for sign, _, way in parts) or ORDERED.search(parameter.node.text("description"))
    return "sort" if known and said else ""


def listings(world: World) -> Iterator[Listing]:
    """Every list that was read."""
    for operation in world.operations("GET"):
        play = world.plays.get(operation.symbol)
        if play is None or not play.step.ok or operation.answered is None:
            continue
        found = array_in(operation.answered)
        if found is not None:
            yield _listing(world, play.request, *found)


def array_in(schema: Node) -> tuple[Place, Node] | None:
    """Where a schema holds its list of objects: the outermost array, at most two steps down."""
    pending: deque[tuple[Place, Node]] = deque([((), schema)])
    while pending:
        place, node = pending.popleft()
        kind = facets(node)
        if "array" in kind.types:
            item = next((i for part in flattened(node)[0] if (i := part.get("items")) is not None), None)
            if item is not None and shape_of(item).properties:
                return place, item
            continue
        # An object with a key of its own is a thing, and its arrays are parts of it.
        names = shape_of(node).names
        if len(place) < 2 and "id" not in names:
            pending += [((*place, each.name), each.node) for each in shape_of(node).properties]
    return None


def _listing(world: World, request: Request, place: Place, item: Node) -> Listing:
    names: dict[str, Any] = {}
    filters = []
    shown = {bare(each) for each in shape_of(item).names}
    for each in request.operation.parameters_in("query"):
        name = bare(each.name)
        kinds = (("size", SIZE), ("offset", OFFSET), ("page", PAGE), ("cursor", CURSOR), ("sort", SORT),
                 ("direction", DIRECTION))  # fmt: skip
        kind: str | None = ordering(each, shown)
        if not kind or kind in names:
            kind = next((kind for kind, form in kinds if form.search(name) and kind not in names), None)
        schema = facets(each.schema) if each.schema is not None else Facets()
        if kind == "offset" and "string" in schema.types:
            kind = None
        if kind is None:
            filters.append(each)
        else:
            names[kind] = each.name
    lean = request.asking(**{name: ABSENT for name in request.query if not _required(request.operation, name)})
    return Listing(lean, place, item, filters=tuple(filters), table=_table(world, request.operation, item), **names)


def _required(operation: Operation, name: str) -> bool:
    return any(each.name == name and each.required for each in operation.parameters_in("query"))


def _table(world: World, operation: Operation, item: Node) -> str:
    """The table of the items: what the contract says, what a creation of the same path made, else what was shown."""
    named = shape_of(item).table
    tables = {each.name for each in world.seeds.tables}
    if named in tables:
        return str(named)
    made = world.plays.get(f"POST {operation.path}")
    if made is not None and made.subject is not None and made.changes.rows_added(made.subject[0]):
        return made.subject[0]
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        for symbol, play in world.plays.items():
            below = symbol.startswith(f"{method} {operation.path.rstrip('/')}/{{") and symbol.endswith("}")
            if below and play.subject is not None:
                return play.subject[0]
    play = world.plays[operation.symbol]
    shown = [cell[0] for place, cell in play.shown.items() if any(isinstance(part, int) for part in place)]
    return max(sorted(set(shown)), key=shown.count) if shown else ""


def items_in(step: Step, place: Place) -> list[Mapping[str, Any]]:
    """The items of an answer; empty where there are none."""
    value = step.json
    for part in place:
        value = value.get(part) if isinstance(value, dict) else None
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def outside(step: Step, listing: Listing) -> list[tuple[Place, Any]]:
    """(place, value) of each scalar of an answer that stands beside the items."""
    held = listing.place
    found = [
        (place, value) for place, value in leaves(step.json) if place and not any(isinstance(p, int) for p in place)
    ]
    return [(place, value) for place, value in found if not held or place[: len(held)] != held]


async def read(world: World, listing: Listing, request: Request | None = None) -> Reading | None:
    """The whole list, or None where it was refused."""
    step = await world.unlooked(listing.whole(request))
    if not step.ok:
        return None
    items = items_in(step, listing.place)
    reading = Reading(listing, step, items)
    reading.key = _key(items)
    if listing.table:
        columns = world.keys.columns.get(listing.table, ())
        there = {_named(row, columns): row for row in world.watch.now.get(listing.table, ())} if columns else {}
        names = [reading.key] if len(columns) == 1 and reading.key else _shown(items, columns)
        found = {reading.identity(each): there.get(_named(each, names)) for each in items} if names else {}
        reading.rows = {name: row for name, row in found.items() if row is not None}
    return reading


def _named(held: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(held.get(name)) for name in names)


def _shown(items: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """The properties that show a key of several columns; empty where one of them is not shown."""
    names = {bare(str(name)): str(name) for item in items for name in item}
    return [names[bare(each)] for each in columns] if all(bare(each) in names for each in columns) else []


def _key(items: Sequence[Mapping[str, Any]]) -> str:
    """The property that tells items apart: `id`, else the first whose values are all there and differ."""
    names = list(dict.fromkeys(str(name) for item in items for name in item))
    for name in sorted(names, key=lambda each: (bare(each) != "id", not bare(each).endswith("id"))):
        values = [item.get(name) for item in items]
        plain = all(isinstance(value, str | int) and not isinstance(value, bool) for value in values)
        if plain and len(set(map(str, values))) == len(values):
            return name
    return ""


def as_member(listing: Listing, who: str | None) -> Listing:
    """The same list of somebody else."""
    return replace(listing, request=listing.request.as_(who))
