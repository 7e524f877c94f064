"""Odd values at each place of a request: refused or kept exactly, and never a 5xx."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any

from evaluators.probes.invariants_places import (
    Spot,
    in_words,
    is_moment,
    is_number,
    is_text,
    is_time,
    spots,
    tried,
)
from evaluators.probes.invariants_profile import number
from evaluators.probes.proof import flaw
from evaluators.probes.tracing import normal
from evaluators.probes.world import World
from evaluators.rule import Flaw
from evaluators.service.request import leaves
from evaluators.service.step import Step

MOST = 6
"""Places of one operation that are tried."""
CLEAR = 37
DECIMAL = re.compile(r"\d{1,12}\.\d{1,4}")
LONG = 70_000
"""Characters; more than an index takes, and than a column of a stated length."""
MIXED = "e\u0301\u200f\u05d0\U0001f469\u200d\U0001f467\u00df"
"""A combining accent, a mark from right to left with a letter, two joined emoji, a letter that upper case doubles."""

Tried = tuple[Any, str]
"""(value, what it is)."""


def _each(world: World, wanted: Any, *, query: bool = True) -> Iterator[Spot]:
    """The places of one kind, some of each operation."""
    counted: dict[str, int] = {}
    for spot in spots(world, query=query):
        symbol = spot.play.operation.symbol
        if wanted(spot) and counted.get(symbol, 0) < MOST:
            counted[symbol] = counted.get(symbol, 0) + 1
            yield spot


async def crashes(world: World, wanted: Any, values: Any) -> AsyncIterator[Flaw]:
    """Values that are answered with a 5xx, or not at all; the first of each operation."""
    done: set[str] = set()
    for spot in _each(world, wanted):
        symbol = spot.play.operation.symbol
        for value, what in values(spot):
            if symbol in done:
                break
            step = await tried(world, spot, value)
            if broken(step):
                done.add(symbol)
                yield flaw(world, [step], f"{symbol} breaks at {what} in {in_words(spot)}.")


def broken(step: Step) -> bool:
    """Whether a request was answered with an error of the service's own; no answer at all may have other causes."""
    return step.status in (500, 502)


def texts(spot: Spot) -> Iterator[Tried]:
    """A null byte, a lone surrogate, more than a column or an index takes."""
    base = spot.value if isinstance(spot.value, str) and spot.value else "example"
    yield base[:1] + "\x00" + base[2:] if len(base) > 2 else base[:1] + "\x00", "a null byte"
    if spot.in_query:
        return
    yield base[:-1] + "\ud800", "half of a surrogate pair"
    if spot.kind.max_length is None:
        yield _long(), "a very long text"


def _long() -> str:
    """Text that cannot be pressed into less room, the same each time."""
    import hashlib

    parts = [hashlib.sha256(str(part).encode()).hexdigest() for part in range(LONG // 64)]
    return "".join(parts)


def numbers(spot: Spot) -> Iterator[Tried]:
    """Whole numbers beyond what columns hold, and what is no number."""
    top = spot.kind.maximum
    if top is None or top >= 2**31:
        yield 2**31, "2^31"
    yield 2**63, "2^63"
    if spot.in_query:
        return
    if top is None:
        yield 10**40, "10^40"
    yield float("nan"), "NaN"
    if "number" in spot.kind.types:
        yield float("inf"), "Infinity"


def times(spot: Spot) -> Iterator[Tried]:
    """Moments that leave the calendar once they are counted in UTC, and a day that is none."""
    if is_moment(spot):
        yield "9999-12-31T23:59:59-12:00", "the last moment of the calendar"
        yield "0001-01-01T00:00:00+12:00", "the first moment of the calendar"
        yield "2023-02-29T10:00:00Z", "29 February of a common year"
        yield "2030-01-02T10:00:00", "a time without a zone"
    else:
        yield "9999-12-31", "the last day of the calendar"
        yield "0001-01-01", "the first day of the calendar"
        yield "2023-02-29", "29 February of a common year"


async def texts_changed(world: World) -> AsyncIterator[Flaw]:
    """Texts that are stored otherwise than they were sent."""
    done: set[str] = set()
    for spot in _each(world, lambda each: is_text(each) and each.cell is not None, query=False):
        symbol = spot.play.operation.symbol
        if symbol in done or not _plain(spot):
            continue
        sent = [text for place, text in leaves(spot.play.request.body) if place != spot.place]
        elsewhere = {text for text in sent if isinstance(text, str)}
        for value, what in _kept(spot):
            step = await tried(world, spot, value)
            held = spot.stored(step)
            if not isinstance(held, str) or held in elsewhere:
                continue  # A column that kept what another place was sent is of that one.
            if step.ok and held != value and not _alike(value, held):
                done.add(symbol)
                how = "cut" if len(held) < len(value) else "changed"
                yield flaw(
                    world, [step], f"{symbol} accepts {what} in {in_words(spot)} and stores it {how}.",
                    seen=f"{spot.cell[0]}.{spot.cell[1]} holds {len(held)} characters of {len(value)}."
                    if spot.cell else "",
                )  # fmt: skip
                break


def _plain(spot: Spot) -> bool:
    """Whether the working request's text was kept as it is: no slug, no lower case, no hash."""
    table, column = spot.cell or ("", "")
    changes = spot.play.changes
    rows = [*changes.rows_added(table), *(each.after for each in changes.updated if each.table == table)]
    return any(row.get(column) == spot.value for row in rows)


def _kept(spot: Spot) -> Iterator[Tried]:
    top = spot.kind.max_length
    if top is None or top >= len(MIXED) + 4:
        yield f"x{MIXED}z", "letters of several scripts"
    if top is None:
        yield _long(), "a very long text"


def _alike(sent: str, held: str) -> bool:
    """Whether a text was only brought into a normal form."""

    def form(text: str) -> str:
        bare = "".join(each for each in text if unicodedata.category(each) != "Cf")
        return " ".join(unicodedata.normalize("NFKC", bare).split()).casefold()

    return form(sent) == form(held)


async def numbers_changed(world: World) -> AsyncIterator[Flaw]:
    """Fractions that are stored otherwise than they were sent."""
    done: set[str] = set()
    for spot in _each(world, lambda each: is_number(each) or _is_decimal(each), query=False):
        symbol = spot.play.operation.symbol
        if symbol in done:
            continue
        clear = await _clear(world, spot)
        scale = _scale(spot, clear)
        for sent in _fractions(spot) if scale is not None else ():
            step = await tried(world, spot, _as_sent(spot, sent))
            held = number(_exact(_stored(step, scale[0]))) if scale is not None else None
            if scale is not None and step.ok and held is not None and held != sent * scale[1]:
                done.add(symbol)
                table, column = scale[0]
                yield flaw(
                    world, [step], f"{symbol} accepts {sent} in {in_words(spot)} and stores another number.",
                    seen=f"{table}.{column} holds {held}.",
                )  # fmt: skip
                break


def _is_decimal(spot: Spot) -> bool:
    """Whether a place takes an amount as a text: `12.50`."""
    return isinstance(spot.value, str) and DECIMAL.fullmatch(spot.value) is not None and not spot.kind.enum


def _as_sent(spot: Spot, value: Decimal) -> Any:
    return str(value) if isinstance(spot.value, str) else float(value)


def _exact(value: Any) -> Any:
    """A column's value; a text that is a number is one."""
    return Decimal(value) if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else value


async def _clear(world: World, spot: Spot) -> Step:
    """The request with a number that no other column holds by chance; the working one where it is refused."""
    step = await tried(world, spot, "37.00" if isinstance(spot.value, str) else CLEAR)
    return step if step.ok else spot.play.step


def _scale(spot: Spot, step: Step) -> tuple[tuple[str, str], int] | None:
    """(column, factor): where the number is stored, as it is or in hundredths."""
    changes = step.changes
    rows = [*changes.added, *((each.table, each.after) for each in changes.updated)]
    sent = number(_exact(spot.value if step is spot.play.step else CLEAR))
    if sent is None or sent == 0:
        return None
    whole = [(t, n) for t, row in rows for n, value in row.items() if number(_exact(value)) == sent]
    if spot.cell in whole:
        return (spot.cell, 1) if spot.cell is not None else None
    if step is not spot.play.step and len(whole) == 1:
        return whole[0], 1
    found = [
        (t, name) for t, row in changes.added for name, value in row.items() if number(_exact(value)) == sent * 100
    ]
    return (found[0], 100) if len(found) == 1 and "integer" not in spot.kind.types else None


def _stored(step: Step, cell: tuple[str, str]) -> Any:
    rows = [*step.changes.added, *((each.table, each.after) for each in step.changes.updated)]
    found = [row.get(cell[1]) for table, row in rows if table == cell[0]]
    return found[0] if len(found) == 1 else None


def _fractions(spot: Spot) -> Iterator[Decimal]:
    """What has more places than the smallest unit, or is no binary fraction."""
    base = Decimal(str(spot.value)).to_integral_value()
    whole = "integer" in spot.kind.types and not isinstance(spot.value, str)
    for part in ("0.5", "0.004") if whole else ("0.29", "0.15", "0.005", "1.001", "8.57", "1234.56"):
        value = base + Decimal(part)
        if spot.kind.maximum is None or value <= spot.kind.maximum:
            yield value


async def zones_ignored(world: World) -> AsyncIterator[Flaw]:
    """The same moment, told in another zone, that is stored as another moment."""
    done: set[str] = set()
    for spot in _each(world, lambda each: is_moment(each) and each.cell is not None, query=False):
        symbol, value = spot.play.operation.symbol, str(spot.value)
        if symbol in done or not value.endswith("Z"):
            continue
        moment = datetime.datetime.fromisoformat(value)
        other = moment.astimezone(datetime.timezone(datetime.timedelta(hours=5))).isoformat()
        step = await tried(world, spot, other)
        held = spot.stored(step)
        if step.ok and held is not None and normal(held) != normal(value):
            done.add(symbol)
            yield flaw(
                world, [step], f"{symbol} ignores the zone of the time in {in_words(spot)}.",
                seen="The same moment in UTC is stored as another one.",
            )  # fmt: skip


__all__ = [
    "broken", "crashes", "is_number", "is_text", "is_time", "numbers", "numbers_changed", "texts", "texts_changed",
    "times", "zones_ignored",
]  # fmt: skip
