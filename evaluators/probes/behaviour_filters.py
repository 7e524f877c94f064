"""Whether each filter of a list lets through what it names, and nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.contract.facts import Parameter
from evaluators.contract.shapes import Facets, facets
from evaluators.probes.atlas import bare, fits
from evaluators.probes.behaviour_lists import Found, Reading, read
from evaluators.probes.behaviour_paging import WRONG_TOTAL, total_in
from evaluators.probes.behaviour_values import moment, same
from evaluators.probes.world import World

IGNORED, MISSED = "ignored", "missed"
SEARCH = re.compile(r"^(q|query|search|text|term|keyword|keywords|contains|find)$")
LOWER = re.compile(r"^(min|from|since|after|start|gte?)_?|_?(min|from|since|after|gte?)$|\[gte?\]$", re.IGNORECASE)
UPPER = re.compile(r"^(max|to|until|before|end|lte?)_?|_?(max|to|until|before|lte?)$|\[lte?\]$", re.IGNORECASE)
NOWHERE = "zqxjvkwyplmrt"
"""A text that nothing contains."""
MOST = 6
"""Filters of one list that are tried."""


@dataclass(frozen=True)
class Test:
    """One value of one filter, and what it says of an item; None: nothing can be said of that one."""

    parameter: Parameter
    value: Any
    told: str
    holds: Callable[[Mapping[str, Any]], bool | None]
    """The values of an item, by bare names -> whether the filter lets it through."""


async def filtered(world: World, reading: Reading) -> AsyncIterator[Found]:
    """What is wrong with the filters of a list; each is named once."""
    listing = reading.listing
    if not reading.items:
        return
    for parameter in [each for each in listing.filters if not each.required][:MOST]:
        for test in _tests(parameter, reading):
            found = await _tried(world, reading, test)
            if found is not None:
                yield found
                break


async def _tried(world: World, reading: Reading, test: Test) -> Found | None:
    """Ask with the filter and judge every item."""
    listing = reading.listing
    name = test.parameter.name
    got = await read(world, listing, listing.request.asking(**{name: test.value}))
    if got is None:
        return None
    got.rows, got.key = {**reading.rows, **got.rows}, reading.key
    symbol = f"{listing.operation.symbol} {name}"
    wrong = [item for item in got.items if test.holds(got.known(item)) is False]
    if wrong:
        same_all = len(got.items) == len(reading.items)
        how = "is ignored: items come that it does not name" if same_all else "lets items through that it does not name"
        told = f"{listing.operation.symbol}: the filter {name} {how} ({test.told})."
        return Found(IGNORED, (got.step,), told, reading.said, symbol)
    there = {got.identity(item) for item in got.items}
    missed = [item for item in reading.items if test.holds(reading.known(item)) and reading.identity(item) not in there]
    if missed and reading.complete and reading.key:
        told = f"{listing.operation.symbol}: the filter {name} leaves out items that it names ({test.told})."
        return Found(MISSED, (reading.step, got.step), told, reading.said, symbol)
    place, total = total_in(got.step, listing.place)
    if place is not None and got.complete and total != len(got.items):
        told = f"{listing.operation.symbol} with {name} says {'.'.join(map(str, place))} of another number than it has."
        return Found(WRONG_TOTAL, (got.step,), told, reading.said)
    return None


def _tests(parameter: Parameter, reading: Reading) -> list[Test]:
    """What to ask of one filter; empty where nothing tells what it means."""
    kind = facets(parameter.schema) if parameter.schema is not None else Facets()
    name = bare(parameter.name)
    known = [reading.known(item) for item in reading.items]
    if SEARCH.search(name):
        return [Test(parameter, NOWHERE, "a text that nothing contains", lambda item: _contains(item, NOWHERE))]
    if name in {each for item in known for each in item}:
        return _equal(parameter, name, kind, known)
    several = f"{name}s"
    if any(isinstance(item.get(several), list) for item in known):
        return _among(parameter, several, kind, known)
    for form, lower in ((LOWER, True), (UPPER, False)):
        stem = bare(form.sub("", parameter.name))
        target = _ranged(stem, kind, known) if form.search(parameter.name) and stem else None
        if target is not None:
            return _range(parameter, target, known, lower=lower)
    return []


def _equal(parameter: Parameter, name: str, kind: Facets, known: Sequence[Mapping[str, Any]]) -> list[Test]:
    """Values that some items have and others have not, the rarest first; then one that none has."""
    values = [item.get(name) for item in known]
    scalar = [value for value in values if isinstance(value, str | int | float)]
    usable = [value for value in dict.fromkeys(scalar) if _fitting(value, kind)]
    counts = {value: sum(same(value, other) for other in scalar) for value in usable}
    chosen = sorted(
        (value for value in usable if counts[value] < len(values)), key=lambda each: (counts[each], str(each))
    )
    absent = [each for each in kind.enum or () if not any(same(each, value) for value in scalar)]
    if "boolean" in kind.types:
        absent = [each for each in (True, False) if each not in scalar]
    # What none of them has shows only that the filter is there.
    ends = sorted(chosen, key=_sortable)
    chosen = [ends[0], ends[-1]] if len(ends) > 1 and not isinstance(ends[0], str) else chosen[:1] or absent[:1]
    return [Test(parameter, value, f"{name} is {_said(value)}", _equals(name, value)) for value in chosen]


def _sortable(value: Any) -> tuple[bool, float, str]:
    number = isinstance(value, int | float)
    return number, float(value) if number else 0.0, str(value)


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fitting(value: Any, kind: Facets) -> bool:
    """Whether a value that items have can be asked for."""
    if kind.enum:
        return value in kind.enum
    if isinstance(value, bool) or "boolean" in kind.types:
        return isinstance(value, bool) and "boolean" in kind.types
    if kind.types & {"integer", "number"}:
        return isinstance(value, int | float)
    if kind.format in ("date", "date-time"):
        return moment(value) is not None and (kind.format == "date-time") == (len(str(value)) > 10)
    return bool(str(value)) and fits(value, kind) and not isinstance(value, int | float)


def _equals(name: str, value: Any) -> Callable[[Mapping[str, Any]], bool | None]:
    def holds(item: Mapping[str, Any]) -> bool | None:
        held = item.get(name)
        if name not in item or held is None or isinstance(held, dict | list):
            return None
        if same(value, held):
            return True
        # Texts are often compared by what they contain.
        loose = isinstance(value, str) and isinstance(held, str) and value.casefold() in held.casefold()
        return None if loose else False

    return holds


def _among(parameter: Parameter, name: str, kind: Facets, known: Sequence[Mapping[str, Any]]) -> list[Test]:
    """An element that some lists have and others have not."""
    lists = [item[name] for item in known if isinstance(item.get(name), list)]
    elements = list(dict.fromkeys(each for found in lists for each in found if isinstance(each, str | int)))
    rare = [
        each for each in elements if 0 < sum(each in found for found in lists) < len(known) and _fitting(each, kind)
    ]

    def test(value: Any) -> Test:
        def holds(item: Mapping[str, Any]) -> bool | None:
            held = item.get(name)
            if not isinstance(held, list):
                return None
            return True if value in held else None if any(same(value, each) for each in held) else False

        return Test(parameter, value, f"{name} have {value}", holds)

    return [test(each) for each in rare[:1]]


def _ranged(stem: str, kind: Facets, known: Sequence[Mapping[str, Any]]) -> str | None:
    """The property that a bound is of: of that name, else the only one whose name begins so."""
    names = list(dict.fromkeys(name for item in known for name in item))
    timely = kind.format in ("date", "date-time")

    def fit(name: str) -> bool:
        values = [item[name] for item in known if item.get(name) is not None]
        if timely:
            return bool(values) and all(moment(value) is not None for value in values)
        return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)

    if stem in names:
        return stem if fit(stem) else None
    alike = [name for name in names if name.startswith(stem) and fit(name)]
    return alike[0] if len(set(alike)) == 1 else None


def _range(parameter: Parameter, name: str, known: Sequence[Mapping[str, Any]], *, lower: bool) -> list[Test]:
    """A bound in the middle of what there is."""
    held = [item[name] for item in known if item.get(name) is not None]
    values = sorted(set(held), key=_number)
    if len(values) < 2:
        return []
    bound = values[len(values) // 2] if lower else values[(len(values) - 1) // 2]
    kind = facets(parameter.schema) if parameter.schema is not None else Facets()
    if kind.format == "date":
        bound = str(bound)[:10]
    middle, slack = _number(bound), 86_400.0 if kind.format == "date" else 0.0

    def holds(item: Mapping[str, Any]) -> bool | None:
        if item.get(name) is None:
            return None
        value = _number(item[name])
        # The bound itself, and its day, may be counted in or out.
        if abs(value - middle) <= slack:
            return None
        return value > middle if lower else value < middle

    return [Test(parameter, bound, f"{name} {'from' if lower else 'up to'} the one in the middle", holds)]


def _number(value: Any) -> float:
    when = moment(value)
    return when if when is not None else float(value)


def _contains(item: Mapping[str, Any], text: str) -> bool | None:
    return any(text in str(value).casefold() for value in item.values())
