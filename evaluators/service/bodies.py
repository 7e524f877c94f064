"""Bodies that a contract allows: for each place of a request a few values, likeliest first. Deterministic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, Property, facets, flattened, shape_of
from evaluators.service.encodings import Upload
from evaluators.service.request import ABSENT, placed
from evaluators.service.scalars import Clock, scalars

DEPTH = 6
MOST_ITEMS = 5
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Offer:
    """What rows and earlier answers offer for a place."""

    first: tuple[Any, ...] = ()
    """To be tried before what the contract allows."""
    also: tuple[Any, ...] = ()
    """To be tried after the first two values that the contract allows."""
    points: str = ""
    """The table whose rows the first ones name."""
    only: bool = False
    """Whether nothing but these can be right: the place names a row."""


Rows = Callable[[str, Property | None], "list[Any] | Offer"]
"""Name of a property -> what it may name; a list is all that can be right."""


@dataclass
class Slot:
    """One place of a request and what to try there."""

    place: Place
    choices: list[Any]
    """ABSENT among them where it may be left out."""
    required: bool
    name: str
    schema: Node
    points: str = ""
    """The table whose rows it names."""


@dataclass
class Draft:
    """A body in the making: slots, and which choice of each is taken."""

    slots: list[Slot]
    containers: list[tuple[Place, Any]] = field(default_factory=list)
    """Objects and arrays that must be there, in order."""
    turns: int = 1
    """How many alternatives the schema's choices (`oneOf`, `anyOf`) have at most."""

    def body(self, taken: dict[Place, int]) -> Any:
        """The body with the choice that `taken` names for each place."""
        made: Any = ABSENT
        for place, empty in self.containers:
            made = empty if not place else placed(made, place, empty)
        for slot in self.slots:
            value = slot.choices[taken.get(slot.place, 0) % len(slot.choices)] if slot.choices else ABSENT
            if value is not ABSENT:
                made = value if not slot.place else placed({} if made is ABSENT else made, slot.place, value)
        return made


def drafted(schema: Node, rows: Rows, unique: str = "a1", turn: int = 0, clock: Clock | None = None) -> Draft:
    """Every place of a body that a schema describes.

    Args:
        schema: the body's schema.
        rows: what a property may name.
        unique: goes into texts, so that two bodies need not be equal.
        turn: which alternative of the schema's choices to take.
        clock: brings times; one for all parts of a request, so that an end comes after its start.
    """
    walker = _Walker(Draft([]), rows, clock or Clock(), unique, turn)
    walker.walk(schema, (), required=True, name="", given=None)
    return walker.draft


@dataclass
class _Walker:
    """One walk over a schema."""

    draft: Draft
    rows: Rows
    clock: Clock
    unique: str
    turn: int

    def walk(self, schema: Node, place: Place, *, required: bool, name: str, given: Property | None) -> None:
        """Add what a schema describes at a place."""
        kind = facets(schema)
        shape = shape_of(schema) if len(place) <= DEPTH else None
        alternatives = _alternatives(schema)
        if alternatives and not kind.enum and (shape is None or not shape.properties):
            self.draft.turns = max(self.draft.turns, len(alternatives))
            self.walk(alternatives[self.turn % len(alternatives)], place, required=required, name=name, given=given)
            return
        if shape is not None and (shape.properties or "object" in kind.types) and not kind.enum:
            if shape.properties or required:
                self.draft.containers.append((place, {}))
            for each in shape.properties:
                if each.facets.read_only or (not each.required and not required and place):
                    continue
                self.walk(each.node, (*place, each.name), required=each.required, name=each.name, given=each)
            return
        if "array" in kind.types:
            self._list(schema, place, required=required, name=name, given=given)
            return
        self._scalar(schema, kind, place, required=required, name=name, given=given)

    def _scalar(
        self, schema: Node, kind: Facets, place: Place, *, required: bool, name: str, given: Property | None
    ) -> None:
        offer = self._offer(name, given)
        if is_file(schema, kind):
            choices: list[Any] = [Upload(f"example-{self.unique}.txt", f"example {self.unique}\n".encode())]
        elif offer.only:
            choices = list(offer.first)
        else:
            own = list(scalars(schema, kind, name, self.clock, self.unique))
            choices = [*offer.first, *own[:2], *offer.also, *own[2:]]
        choices = _once(choices)
        if not required:
            choices.append(ABSENT)
        self.draft.slots.append(Slot(place, choices, required, name, schema, offer.points))

    def _list(self, schema: Node, place: Place, *, required: bool, name: str, given: Property | None) -> None:
        """An array gets as many elements as it must have, at least one; one of scalars is a slot of its own."""
        items = next((item for part in flattened(schema)[0] if (item := part.get("items")) is not None), None)
        if items is None or len(place) > DEPTH:
            self.draft.slots.append(Slot(place, [[], *([] if required else [ABSENT])], required, name, schema))
            return
        inner, least = facets(items), min(MOST_ITEMS, _least_items(schema))
        if "object" in inner.types or shape_of(items).properties:
            if required or len(place) <= 1:
                self.draft.containers.append((place, []))
                for number in range(least):
                    self.walk(items, (*place, number), required=True, name=name, given=None)
            return
        offer = self._offer(name, given)
        own = [] if offer.only else list(scalars(items, inner, name, self.clock, self.unique))
        if is_file(items, inner):
            own = [Upload(f"example-{self.unique}-{number}.txt", b"example\n") for number in range(least)]
        values = _once([*offer.first, *own, *offer.also])
        runs = [values[start : start + least] for start in range(max(1, len(values) - least + 1))]
        choices: list[Any] = [*[run for run in runs if len(run) == least], []]
        self.draft.slots.append(
            Slot(place, [*choices, *([] if required else [ABSENT])], required, name, schema, offer.points)
        )

    def _offer(self, name: str, given: Property | None) -> Offer:
        found = self.rows(name, given) if name else []
        return found if isinstance(found, Offer) else Offer(tuple(found), only=bool(found))


def _once(values: list[Any]) -> list[Any]:
    """Each value once; true and 1 are not the same."""
    return list({(type(value).__name__, repr(value)): value for value in values}.values())


def _alternatives(schema: Node) -> list[Node]:
    """The schemas of a choice between several, without `null`."""
    for part in flattened(schema)[0]:
        for key in ("oneOf", "anyOf"):
            found = [each for each in part.elements(key) if facets(each).types or shape_of(each).properties]
            if found:
                return found
    return []


def _least_items(schema: Node) -> int:
    for part in flattened(schema)[0]:
        least = part.raw("minItems") if part.has("minItems") else None
        if isinstance(least, int) and least > 0:
            return least
    return 1


def is_file(schema: Node, kind: Facets) -> bool:
    """Whether a place of a multipart form holds a file."""
    end = schema.followed()
    return kind.format == "binary" or end.has("contentMediaType") or end.has("contentEncoding")
