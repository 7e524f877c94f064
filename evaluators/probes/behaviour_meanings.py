"""What a value of a filter says of an item: told by its name, by its description, and by the values of the items."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.contract.facts import Parameter
from evaluators.contract.shapes import Facets, facets
from evaluators.probes.atlas import bare, fits
from evaluators.probes.behaviour_values import moment, same

SEARCH = re.compile(r"^(q|query|search|text|term|keyword|keywords|contains|find)$")
LOWER = re.compile(r"^(min|from|since|after|start|gte?)_?|_?(min|from|since|after|gte?)$|\[gte?\]$", re.IGNORECASE)
UPPER = re.compile(r"^(max|to|until|before|end|lte?)_?|_?(max|to|until|before|lte?)$|\[lte?\]$", re.IGNORECASE)
NOWHERE = "zqxjvkwyplmrt"
"""A text that nothing contains."""
EXACT = re.compile(r"\b(exact(ly)?|equal|identical|precisely)\b", re.IGNORECASE)
PART = re.compile(r"\b(contain|part of|anywhere|substring|piece)", re.IGNORECASE)
LOOSE = re.compile(r"\b(begin|start|prefix|search|match|word|like|fuzzy|similar)", re.IGNORECASE)
FOLDED = re.compile(r"case|capital|upper|lower", re.IGNORECASE)
CODED = re.compile(r"sku|code|slug|mail|handle|username|login|currency|iso|isbn|iban|hash|serial|plate|(^|_)key$")
"""Names of texts that name one thing, and are compared whole."""
CLOSED = re.compile(
    r"\binclusive|\bat (least|most)\b|\bor (later|earlier|after|before|more|less|older|newer|at)\b|\bas \w+ as\b|"
    r"\bnot (before|after|earlier|later|more|less)\b|\bno (more|less|later|earlier)\b|\bon or\b|\bat or\b|"
    r"\b(first|last) (day|date|moment)\b|\bup to and\b|>=|<=",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\bexclusive|\bstrictly|\b(later|earlier|more|less|greater|smaller|older|newer|larger|fewer) than\b", re.IGNORECASE
)
CLOSED_NAME = re.compile(r"(^|_)(min|max|from|since|gte|lte)(_|$)|^(min|max)[A-Z]|\[[gl]te\]$")
OPEN_NAME = re.compile(r"(^|_)(after|before|gt|lt)(_|$)|\w(After|Before)$|\[[gl]t\]$")
LOOKED_INTO = ("title", "name", "subject", "label", "body", "content", "message", "text", "description")
"""Where a search looks first."""
MOST_VALUES = 6
"""Values of one filter that are asked for."""
DAY = 86_400.0

Item = Mapping[str, Any]
Holds = Callable[[Item], bool | None]


@dataclass(frozen=True)
class Test:
    """One value of one filter, and what it says of an item; None: nothing can be said of that one."""

    parameter: Parameter
    value: Any
    told: str
    holds: Holds
    """The values of an item, by bare names -> whether the filter lets it through."""


def described(parameter: Parameter) -> str:
    """What the contract says of a parameter in words."""
    texts = [parameter.node.text("description")]
    if parameter.schema is not None:
        texts.append(parameter.schema.text("description"))
    return " ".join(text for text in texts if text)


def kind_of(parameter: Parameter) -> Facets:
    """The bounds of a parameter; of a list of values those of one of them."""
    if parameter.schema is None:
        return Facets()
    kind = facets(parameter.schema)
    inner = parameter.schema.get("items")
    return facets(inner) if "array" in kind.types and inner is not None else kind


def several(parameter: Parameter) -> bool:
    """Whether a parameter may be given several times."""
    return parameter.schema is not None and "array" in facets(parameter.schema).types


def target_of(parameter: Parameter, known: Sequence[Item]) -> str:
    """The property that a filter is of: of its name, else the only one that its name begins; empty: none."""
    name, kind = bare(parameter.name), kind_of(parameter)
    names = list(dict.fromkeys(each for item in known for each in item))
    if several(parameter) and name.endswith("s") and name not in names:
        name = name[:-1]
    held = [item[name] for item in known if item.get(name) is not None]
    if name in names and not (held and all(isinstance(value, dict | list) for value in held)):
        return name
    close = [each for each in names if re.fullmatch(f"{re.escape(name)}(id|slug|name|code|handle|key|username)", each)]
    close = [each for each in close if _all_fit([item.get(each) for item in known], kind)]
    return close[0] if len(close) == 1 else ""


def lists_of(parameter: Parameter, known: Sequence[Item]) -> str:
    """The property that holds several of what a filter names one of; empty: none."""
    name = bare(parameter.name)
    return next((n for n in (f"{name}s", name) if any(isinstance(item.get(n), list) for item in known)), "")


def _all_fit(values: Sequence[Any], kind: Facets) -> bool:
    there = [value for value in values if value is not None]
    return bool(there) and all(fitting(value, kind) for value in there)


def bound_of(parameter: Parameter, known: Sequence[Item]) -> tuple[str, bool] | None:
    """The property that a filter bounds, and whether from below."""
    for form, lower in ((LOWER, True), (UPPER, False)):
        stem = bare(form.sub("", parameter.name)) if form.search(parameter.name) else ""
        target = _ranged(stem, kind_of(parameter), known) if stem else None
        if target is not None:
            return target, lower
    return None


def tests_of(parameter: Parameter, known: Sequence[Item], stored: Sequence[Any] = ()) -> list[Test]:
    """What to ask of one filter; empty where nothing tells what it means.

    Args:
        stored: values of its column that rows hold, those that no item shows among them.
    """
    name, kind = bare(parameter.name), kind_of(parameter)
    if SEARCH.search(name):
        return [
            Test(parameter, NOWHERE, "a text that nothing contains", lambda item: contains(item, NOWHERE)),
            *_searched(parameter, known),
        ]
    target = target_of(parameter, known)
    if target:
        return equal(parameter, target, kind, known, stored)
    lists = lists_of(parameter, known)
    if lists:
        return among(parameter, lists, kind, known)
    bound = bound_of(parameter, known)
    if bound is not None:
        return bounding(parameter, bound[0], known, lower=bound[1])
    return list(_flags(parameter, kind, known))


def equal(parameter: Parameter, name: str, kind: Facets, known: Sequence[Item], stored: Sequence[Any]) -> list[Test]:
    """Values that some items have and others have not; of an enumeration all; else what only other rows have."""
    scalar = [value for item in known if isinstance(value := item.get(name), str | int | float)]
    usable = [value for value in dict.fromkeys(scalar) if fitting(value, kind)]
    counts = {value: sum(same(value, other) for other in scalar) for value in usable}
    chosen = [value for value in usable if counts[value] < len(known)]
    if kind.enum or "boolean" in kind.types:
        absent = [each for each in kind.enum or (True, False) if not any(same(each, value) for value in scalar)]
        chosen = [*chosen, *absent[:1]] if chosen or scalar else absent[:1]
    elif chosen and (kind.format == "uuid" or all(isinstance(value, int | float) for value in chosen)):
        chosen = sorted({min(chosen), max(chosen)})
    else:
        # One that others contain tells more; then the rarest.
        inside = {v: sum(str(v) in str(other) for other in usable if other != v) for v in usable}
        chosen = sorted(chosen, key=lambda each: (-inside[each], counts[each], str(each)))[:1]
    if not chosen:
        chosen = [v for v in dict.fromkeys(stored) if fitting(v, kind) and not any(same(v, o) for o in scalar)][:1]
    found = [
        Test(parameter, value, f"{parameter.name} is {_said(value)}", _equals(parameter, name, kind, value))
        for value in chosen[:MOST_VALUES]
    ]
    return [*found, *_pieces(parameter, name, scalar)]


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def fitting(value: Any, kind: Facets) -> bool:
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


def is_whole(parameter: Parameter, kind: Facets) -> bool:
    """Whether a text is compared whole: no part of it is meant."""
    said = described(parameter)
    if PART.search(said) or LOOSE.search(said):
        return False
    spaced = kind.pattern is None or re.search(kind.pattern, "two words") is not None
    return bool(EXACT.search(said) or kind.enum or kind.format == "uuid" or CODED.search(parameter.name) or not spaced)


def _equals(parameter: Parameter, name: str, kind: Facets, value: Any) -> Holds:
    whole, exact = is_whole(parameter, kind), bool(EXACT.search(described(parameter)))

    def holds(item: Item) -> bool | None:
        held = item.get(name)
        if name not in item or isinstance(held, dict | list):
            return None
        if held is None:
            return False
        if not (isinstance(value, str) and isinstance(held, str)) or moment(value) is not None:
            return same(value, held)
        if value == held:
            return True
        if value.strip().casefold() == held.strip().casefold():
            return False if exact and not FOLDED.search(described(parameter)) else None
        # Texts are often compared by what they contain.
        return None if value.casefold() in held.casefold() and not whole else False

    return holds


def _pieces(parameter: Parameter, name: str, values: Sequence[Any]) -> Iterator[Test]:
    """A part of a text from its middle, where the contract says that a part will do."""
    texts = [value for value in values if isinstance(value, str) and len(value) > 4]
    if not PART.search(described(parameter)) or not texts:
        return
    for part in (each[1:-1] for each in texts):
        if sum(part.casefold() in each.casefold() for each in texts) < len(values) or part == texts[-1][1:-1]:
            yield Test(parameter, part, f"a part of {name}", _holding(name, part))
            return


def _holding(name: str, part: str) -> Holds:
    def holds(item: Item) -> bool | None:
        held = item.get(name)
        if not isinstance(held, str):
            return None
        return True if part in held else None if part.casefold() in held.casefold() else False

    return holds


def searched(parameter: Parameter, known: Sequence[Item]) -> list[str]:
    """The properties that a search looks into, as its description names them; else the title or the name."""
    said = bare(described(parameter))
    texts = [n for n in dict.fromkeys(n for item in known for n in item) if _is_text([item.get(n) for item in known])]
    named = [name for name in texts if len(name) > 2 and name in said]
    return named or [name for name in LOOKED_INTO if name in texts][:1]


def _is_text(values: Sequence[Any]) -> bool:
    there = [value for value in values if value is not None]
    return bool(there) and all(isinstance(value, str) and moment(value) is None for value in there)


def _searched(parameter: Parameter, known: Sequence[Item]) -> Iterator[Test]:
    """A whole word of each property that is searched, one that not every item has."""
    for name in searched(parameter, known)[:3]:
        words = [word for item in known for word in re.findall(r"[^\W\d_]{5,}", str(item.get(name) or ""))]
        rare = [word for word in dict.fromkeys(words) if sum(contains(item, word) for item in known) < len(known)]
        for word in rare[-1:]:
            yield Test(parameter, word, f"a word of {name}", worded(name, word))


def worded(name: str, word: str) -> Holds:
    def holds(item: Item) -> bool | None:
        if word in re.findall(r"\w+", str(item.get(name) or "")):
            return True
        return None if contains(item, word) else False

    return holds


def among(parameter: Parameter, name: str, kind: Facets, known: Sequence[Item]) -> list[Test]:
    """An element that some lists have and others have not; one that others contain first."""
    lists = [item[name] for item in known if isinstance(item.get(name), list)]
    elements = list(dict.fromkeys(each for found in lists for each in found if isinstance(each, str | int)))
    rare = [each for each in elements if 0 < sum(each in found for found in lists) < len(known) and fitting(each, kind)]
    inside = {v: any(str(v) in str(other) for other in elements if other != v) for v in rare}

    def test(value: Any) -> Test:
        def holds(item: Item) -> bool | None:
            held = item.get(name)
            if not isinstance(held, list):
                return None
            return True if value in held else None if any(same(value, each) for each in held) else False

        return Test(parameter, value, f"{name} have {value}", holds)

    return [test(each) for each in sorted(rare, key=lambda each: not inside[each])[:2]]


def _flags(parameter: Parameter, kind: Facets, known: Sequence[Item]) -> Iterator[Test]:
    """Words of an enumeration that are flags of the items: `availability=available` where `available` is shown."""
    for value in kind.enum or ():
        for name in (bare(str(value)), f"is{bare(str(value))}"):
            if any(isinstance(item.get(name), bool) for item in known):
                yield Test(parameter, value, f"{name} is true", _flagged(name))


def _flagged(name: str) -> Holds:
    return lambda item: held if isinstance(held := item.get(name), bool) else None


def _ranged(stem: str, kind: Facets, known: Sequence[Item]) -> str | None:
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


def closed(parameter: Parameter) -> bool | None:
    """Whether the bound itself is let through: what the description says, else the name; None: nobody says."""
    said = described(parameter)
    if CLOSED.search(said):
        return True
    if OPEN.search(said):
        return False
    return True if CLOSED_NAME.search(parameter.name) else False if OPEN_NAME.search(parameter.name) else None


def bounding(parameter: Parameter, name: str, known: Sequence[Item], *, lower: bool) -> list[Test]:
    """A bound in the middle of what there is, as it is and in another zone; from above also nothing at all."""
    values = sorted({item[name] for item in known if item.get(name) is not None}, key=number)
    if len(values) < 2:
        return []
    middle, kind = values[len(values) // 2] if lower else values[(len(values) - 1) // 2], kind_of(parameter)
    # Of times one that has others of its day on both sides.
    days = [str(value)[:10] for value in values] if moment(middle) is not None else []
    amid = (v for v, *around in zip(values[1:], days, days[1:], days[2:], strict=False) if len(set(around)) == 1)
    bound = next(amid, middle)
    side = "from" if lower else "up to"
    if kind.format == "date":
        day = str(bound)[:10]
        return [Test(parameter, day, f"{name} {side} the day in the middle", _daily(parameter, name, day, lower=lower))]
    found = [Test(parameter, bound, f"{name} {side} the one in the middle", _bounded(parameter, name, bound, lower))]
    moved = _elsewhere(bound) if kind.format == "date-time" else None
    if moved is not None:
        told = f"{name} {side} the one in the middle, said in another zone"
        found.append(Test(parameter, moved, told, _bounded(parameter, name, bound, lower)))
    if not lower and kind.format is None and (kind.minimum is None or kind.minimum <= 0) and number(values[0]) >= 0:
        found.append(Test(parameter, 0, f"{name} up to 0", _bounded(parameter, name, 0, lower)))
    return found


def _bounded(parameter: Parameter, name: str, bound: Any, lower: bool) -> Holds:
    middle, at = number(bound), closed(parameter)

    def holds(item: Item) -> bool | None:
        if item.get(name) is None:
            return None
        value = number(item[name])
        return at if abs(value - middle) < 1e-6 else (value > middle) == lower

    return holds


def _daily(parameter: Parameter, name: str, day: str, *, lower: bool) -> Holds:
    start, at = number(day), closed(parameter)

    def holds(item: Item) -> bool | None:
        if item.get(name) is None:
            return None
        value = number(item[name])
        # In which zone a day begins is open; noon is the same day nearly everywhere.
        noon = abs(value % DAY - DAY / 2) < DAY / 24 or len(str(item[name])) == 10
        if start <= value < start + DAY:
            return at if noon else None
        if not noon and start - DAY / 2 <= value < start + 1.5 * DAY:
            return None
        return (value > start) == lower

    return holds


def _elsewhere(bound: Any) -> str | None:
    """The same instant as another zone says it."""
    when = moment(bound)
    if when is None:
        return None
    zone = datetime.timezone(datetime.timedelta(hours=9))
    return datetime.datetime.fromtimestamp(when, zone).isoformat()


def number(value: Any) -> float:
    when = moment(value)
    return when if when is not None else float(value)


def contains(item: Item, text: str) -> bool:
    return any(text.casefold() in str(value).casefold() for value in item.values())
