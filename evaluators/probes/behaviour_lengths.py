"""Texts as long as the contract allows, and one longer: cut on their way to the row or to the answer, or a failure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from evaluators.contract.shapes import Facets, shape_of
from evaluators.probes.behaviour_refusals import crashed
from evaluators.probes.behaviour_rows import with_values, writing
from evaluators.probes.behaviour_values import LONGEST, allowed, facets_at, long_text, plain_text
from evaluators.probes.proof import flaw
from evaluators.probes.versions import is_version
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw
from evaluators.service.bodies import Place
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step

MOST = 6
"""Texts of one body that are sent at their full length."""
MOST_ALONE = 3
"""Texts of one body that are sent alone."""
ONE_BYTE, TWO_BYTES = "bcdefghi", "äöüéèñçå"


async def lengths(world: World) -> AsyncIterator[Flaw]:
    """The first flaw of each operation."""
    for play in writing(world, "POST", "PUT", "PATCH"):
        found = await _of(world, play)
        if found is not None:
            yield found


async def _of(world: World, play: Play) -> Flaw | None:
    bounds = _bounds(play)
    for letters in (ONE_BYTE, TWO_BYTES):
        texts = {
            place: text
            for number, (place, kind) in enumerate(bounds.items())
            if (text := _text(kind, number, letters, 0)) is not None
        }
        if texts:
            found = await _sent(world, play, texts, "as long as the contract allows")
            if found is not None:
                return found
    for number, (place, kind) in enumerate(list(bounds.items())[:MOST_ALONE]):
        text = _text(kind, number, ONE_BYTE, 1)
        found = await _sent(world, play, {place: text}, "one longer than the contract allows") if text else None
        if found is not None:
            return found
    return None


async def _sent(world: World, play: Play, texts: Mapping[Place, str], how: str) -> Flaw | None:
    """All texts at once; where that fails or is refused, the first ones alone."""
    step = await world.once(with_values(play.request, texts))
    attempts = [(step, texts)]
    if not step.ok and len(texts) > 1:
        alone = [{place: text} for place, text in list(texts.items())[:MOST_ALONE]]
        attempts = [(await world.once(with_values(play.request, each)), each) for each in alone]
    for step, given in attempts:
        found = await _judged(world, play, step, given, how)
        if found is not None:
            return found
    return None


async def _judged(world: World, play: Play, step: Step, texts: Mapping[Place, str], how: str) -> Flaw | None:
    symbol = play.operation.symbol
    for place, text in texts.items():
        name = next(part for part in reversed(place) if isinstance(part, str))
        if crashed(step):
            again: Request = step.request
            if crashed(await world.once(again)):
                return flaw(world, [step], f"{symbol} with a {name} {how} is answered {step.status}.")
            return None
        if step.ok and (cell := _cut(step, text)):
            told = f"{symbol} cuts a {name} that is {how}."
            return flaw(world, [step], told, seen=f"rows: {cell} holds the beginning only")
        if step.ok and _answered_cut(step, place, text):
            return flaw(world, [step], f"{symbol} answers a {name} that is {how} cut.")
    return None


def _text(kind: Facets, number: int, letters: str, more: int) -> str | None:
    """A text of the maximal length, or longer, that keeps the pattern; another one for each number."""
    most, bare = (kind.max_length or 0) + more, replace(kind, max_length=None)
    first = chr(ord("k") + number)
    texts = (long_text(most, first, letters), first * (most - 1) + "z", "7" * most)
    return next((text for text in (texts if letters == ONE_BYTE else texts[:1]) if allowed(bare, text)), None)


def _bounds(play: Play) -> dict[Place, Facets]:
    """Place -> the bounds of texts that have a maximal length: those that are sent, and those that could be."""
    body = play.request.body
    if not play.request.is_json or not isinstance(body, Mapping):
        return {}
    places: list[tuple[Place, Any]] = [(p, v) for p, v in leaves(body) if v is None or isinstance(v, str)]
    properties = shape_of(play.operation.sent).properties if play.operation.sent is not None else ()
    places += [((each.name,), "") for each in properties if each.name not in body and not each.facets.read_only]
    found = {}
    for place, _ in places:
        kind, name = facets_at(play.operation, place), next((p for p in reversed(place) if isinstance(p, str)), "")
        free = plain_text(replace(kind, pattern=None), name) and not is_version(play, name)
        if free and kind.max_length and kind.max_length <= LONGEST:
            found[place] = kind
    return dict(list(found.items())[:MOST])


def _cut(step: Step, text: str) -> str:
    """The column that holds only the beginning of a text, and no column the whole."""
    cells = [(f"{table}.{name}", value) for table, row in step.changes.added for name, value in row.items()]
    for each in step.changes.updated:
        cells += [(f"{each.table}.{name}", each.after[name]) for name in each.columns]
    texts = [(name, value) for name, value in cells if isinstance(value, str) and len(value) > 3]
    if any(text.strip() in value for _, value in texts):
        return ""
    return next((name for name, value in texts if _is_beginning(value, text)), "")


def _is_beginning(value: str, text: str) -> bool:
    start = value.rstrip("… .")
    return len(start) >= max(4, len(text) // 8) and len(start) < len(text.strip()) and text.startswith(start)


def _answered_cut(step: Step, place: Place, text: str) -> bool:
    """Whether the property of the same name in the answer holds only the beginning."""
    held = step.json.get(place[0]) if isinstance(step.json, dict) and len(place) == 1 else None
    return isinstance(held, str) and _is_beginning(held, text)
