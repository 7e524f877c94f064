"""What a filter means whose name is none of the items': known by what it does to the list.

Each property is asked for with values that some items have and others have not. The one is meant whose items
come just as they would if it were: those that are equal, that hold the value, or that lie on one side of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Parameter
from evaluators.contract.shapes import Facets
from evaluators.probes.behaviour_lists import Reading, items_in
from evaluators.probes.behaviour_meanings import (
    NOWHERE,
    Item,
    Test,
    among,
    bounding,
    contains,
    described,
    equal,
    fitting,
    kind_of,
    number,
    worded,
)
from evaluators.probes.behaviour_values import moment, same
from evaluators.probes.world import World

MOST_ASKED = 40
"""Requests that are spent on one filter."""
VALUES = 3
"""Values of one property that are asked for."""
WORD = re.compile(r"[^\W\d_]{5,}")
FROM = re.compile(
    r"\b(at least|minimum)\b|\bor (later|more|newer|larger)\b|\bas (large|many|much|late|long|new)\b|"
    r"\bnot (before|less|earlier)\b|\b(later|more|greater|newer|larger) than\b",
    re.IGNORECASE,
)
TO = re.compile(
    r"\b(at most|maximum)\b|\bor (earlier|less|older|smaller)\b|\bas (small|few|little|early|short|old)\b|"
    r"\bnot (after|more|later)\b|\b(earlier|less|older|smaller) than\b",
    re.IGNORECASE,
)

Comes = Callable[[Any, Any], bool | None]
"""Whether an item with this value comes where that one is asked for; None: it may."""


@dataclass
class Asked:
    """What came of the values of one filter that were asked for."""

    world: World
    reading: Reading
    parameter: Parameter
    came: dict[Any, frozenset[str] | None] = field(default_factory=dict)
    """Value -> what tells the items apart that came; None: it was refused."""

    async def value(self, value: Any) -> frozenset[str] | None:
        """The items that come with a value; None where it is refused, or too much was asked."""
        if value not in self.came and len(self.came) < MOST_ASKED:
            listing = self.reading.listing
            step = await self.world.unlooked(listing.whole(listing.request.asking(**{self.parameter.name: value})))
            items = items_in(step, listing.place)
            self.came[value] = frozenset(map(self.reading.identity, items)) if step.ok else None
        return self.came.get(value)

    async def explained(self, name: str, values: Sequence[Any], comes: Comes) -> bool:
        """Whether each value brings just the items that it should, and one of them some and not all."""
        told = False
        schema = self.parameter.schema
        default = schema.raw("default") if schema is not None and schema.has("default") else None
        for value in values:
            if value == default:
                # It may stand for no filter at all.
                continue
            came = await self.value(value)
            if came is None:
                return False
            for item in self.reading.items:
                held = self.reading.known(item).get(name)
                wanted = False if held is None else comes(held, value)
                if wanted is not None and wanted != (self.reading.identity(item) in came):
                    return False
            told = told or 0 < len(came) < len(self.reading.items)
        return told


async def guessed(world: World, reading: Reading, parameter: Parameter, known: Sequence[Item]) -> list[Test]:
    """What to ask of a filter of which no name tells what it means; empty where nothing it does tells it either."""
    kind = kind_of(parameter)
    if kind.enum or "boolean" in kind.types or not reading.complete:
        return []
    asked, found = Asked(world, reading, parameter), []
    columns: list[list[Any]] = []
    for name in dict.fromkeys(name for item in known for name in item):
        held = [item.get(name) for item in known]
        if held in columns:
            continue
        columns.append(held)
        for meaning, values, comes in _meanings(held, kind):
            if await asked.explained(name, values, comes):
                found.append((name, meaning))
                break
    # Where two properties explain it as well, it may be either.
    return _tests(parameter, *found[0], known) if len(found) == 1 else []


def _meanings(held: Sequence[Any], kind: Facets) -> Iterator[tuple[str, list[Any], Comes]]:
    """(what a filter may be of a property, values that would show it, what comes then) as far as the types allow."""
    there = [value for value in held if value is not None]
    if there and all(isinstance(value, list) for value in there):
        flat = [each for value in there for each in value if isinstance(each, str | int) and fitting(each, kind)]
        yield "among", _clean(flat, len(held)), lambda value, given: any(same(each, given) for each in value)
        return
    if not there or not all(isinstance(value, str | int | float) and fitting(value, kind) for value in there):
        return
    if any(isinstance(value, str) and moment(value) is None for value in there):
        yield "equal", _clean(there, len(held)), same
        yield "part", _words(there), lambda value, given: str(given).casefold() in str(value).casefold()
        return
    several = sorted(dict.fromkeys(there), key=number)
    if len(several) > 1:
        ends = list(dict.fromkeys([several[0], several[len(several) // 2], several[-1]]))
        yield "equal", ends, same
        yield "least", ends, lambda value, given: None if same(value, given) else number(value) > number(given)
        yield "most", ends, lambda value, given: None if same(value, given) else number(value) < number(given)


def _clean(values: Sequence[Any], whole: int) -> list[Any]:
    """Values that not every item has, and that no other value contains."""
    distinct = list(dict.fromkeys(values))
    alone = [each for each in distinct if not any(str(each) in str(other) for other in distinct if other != each)]
    return [each for each in alone if sum(same(each, value) for value in values) < whole][:VALUES]


def _words(texts: Sequence[Any]) -> list[str]:
    """Words within some of the texts, and not in others."""
    found = dict.fromkeys(word for text in texts for word in WORD.findall(str(text)) if word != text)
    return [word for word in found if any(word.casefold() not in str(text).casefold() for text in texts)][:VALUES]


def _tests(parameter: Parameter, name: str, meaning: str, known: Sequence[Item]) -> list[Test]:
    """The tests of a filter whose meaning is known; what its description says of a bound's side goes before."""
    if meaning == "among":
        return among(parameter, name, kind_of(parameter), known)
    if meaning == "equal":
        return equal(parameter, name, kind_of(parameter), known, ())
    if meaning == "part":
        texts = [value for item in known if (value := item.get(name)) is not None]
        nowhere = Test(parameter, NOWHERE, "a text that nothing contains", lambda item: contains(item, NOWHERE))
        return [nowhere, *(Test(parameter, word, f"a word of {name}", worded(name, word)) for word in _words(texts))]
    said = bool(FROM.search(described(parameter))), bool(TO.search(described(parameter)))
    lower = said[0] if said[0] != said[1] else meaning == "least"
    return bounding(parameter, name, known, lower=lower)
