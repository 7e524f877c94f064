"""One text sent to every place of every working request, and what came of it.

A write gets all its places at once, each with a number of its own; one that is
refused gets them one by one. What shows the row later (another request about
the same row, a page, a file) is asked in the same scene.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.forms import in_path
from evaluators.probes.injection_places import BODY, FILE, RAW, Entry, of_play
from evaluators.probes.world import Play, Scene, World
from evaluators.service.oracle import Changes
from evaluators.service.request import Request, plain
from evaluators.service.step import SECONDS, Step

READS = ("GET", "HEAD")
MOST_ALONE = 5
"""Places of one refused write that are tried one by one."""
MOST_AFTER = 3
"""Requests that look at what a write stored."""
LOG_SECONDS = 0.15
"""How long a line of the log may be under way."""

Maker = Callable[[Entry, int], "str | None"]
"""(place, number) -> the text to send there, or None."""


@dataclass(frozen=True)
class Try:
    """A request with texts of ours, and what was asked after it."""

    texts: Mapping[Entry, str]
    steps: tuple[Step, ...]

    @property
    def step(self) -> Step:
        """The request itself."""
        return self.steps[0]

    @property
    def play(self) -> Play:
        """The working request that it was made of."""
        return next(iter(self.texts)).play


async def asked(world: World, request: Request, seconds: float = SECONDS) -> Step:
    """A request without a look at the rows; the log of an error of the service's own is waited for."""
    mark, clock, rows = world.running.process.mark(), asyncio.get_running_loop().time(), world.watch.now
    answer = await world.ask(request, seconds)
    took = asyncio.get_running_loop().time() - clock
    if answer.status >= 500 or not answer.status:
        await asyncio.sleep(LOG_SECONDS / 2)
    return Step(request, answer, Changes(), world.running.log(mark), took, rows, rows)


async def sprayed(
    world: World,
    name: str,
    make: Maker,
    *,
    after: bool = False,
    blind: bool = False,
    only: Callable[[Entry], bool] | None = None,
) -> list[Try]:
    """A text in every place; sent once a world for each `name`.

    Args:
        make: the text of a place.
        after: whether what a write stored is looked at by other requests.
        blind: whether nobody asks what happened to the rows; deletions are left out then.
        only: the places that are meant; all by default.
    """
    memo = f"injection {name}"
    known = vars(world).get(memo)
    if isinstance(known, list):
        return known
    found: list[Try] = []
    number = 0
    for _, play in sorted(world.plays.items()):
        texts: dict[Entry, str] = {}
        for entry in of_play(world, play):
            text = make(entry, number) if only is None or only(entry) else None
            if text is not None and entry.fits(text):
                texts[entry] = text
                number += 1
        found += await _sent(world, play, texts, after, blind)
    await world.settled()
    vars(world)[memo] = found
    return found


async def _sent(world: World, play: Play, texts: Mapping[Entry, str], after: bool, blind: bool) -> list[Try]:
    if blind and play.operation.method == "DELETE":
        return []
    together = {entry: text for entry, text in texts.items() if entry.where in (BODY, FILE, RAW)}
    alone = [{entry: text} for entry, text in texts.items() if entry not in together]
    found: list[Try] = []
    if together:
        found.append(await one(world, play, together, after, blind))
        if found[0].step.refused and len(together) > 1:
            alone = [*alone, *({entry: text} for entry, text in list(together.items())[:MOST_ALONE])]
    return [*found, *[await one(world, play, each, after, blind) for each in alone]]


async def one(world: World, play: Play, texts: Mapping[Entry, str], after: bool = False, blind: bool = False) -> Try:
    """One request with these texts, and what looks at the row after it."""
    request = aligned(world, play) if after else play.request
    for entry, text in texts.items():
        request = entry.into(request, text)
    if play.operation.method in READS:
        return Try(texts, (await asked(world, request),))
    if blind:
        step = await asked(world, request)
        if step.ok:
            await world.settled()
        return Try(texts, (step,))
    async with world.scene() as scene:
        step = await scene.send(request)
        steps = [step]
        if step.status >= 500:
            await asyncio.sleep(LOG_SECONDS / 2)
            steps = [replace(step, log=world.running.log(_mark(world, step)))]
        if after and step.ok and step.changes:
            steps += await looked(world, scene, play, step)
        return Try(texts, tuple(steps))


def aligned(world: World, play: Play) -> Request:
    """A working change, of the row that an answer of another form than JSON is known for: a file, a page."""
    if play.operation.method not in ("PUT", "PATCH") or play.subject is None:
        return play.request
    table, key = play.subject
    names = [name for name, value in play.request.path.items() if plain(value) == plain(key)]
    for _, other in sorted(world.plays.items()):
        same = other.subject is not None and other.subject[0] == table and other.request.who == play.request.who
        if names and same and other.operation.method == "GET" and not is_json(other.step) and other.subject is not None:
            return play.request.at(**{names[0]: other.subject[1]})
    return play.request


def _mark(world: World, step: Step) -> int:
    """Where a step's log began."""
    return max(0, world.running.process.mark() - len(step.log.encode()) - (4 << 10))


async def looked(world: World, scene: Scene, play: Play, step: Step) -> list[Step]:
    """What other requests make of the rows that a step wrote: those of other forms than JSON first."""
    return [await scene.send(request) for request in list(readers(world, play, step))[:MOST_AFTER]]


def readers(world: World, play: Play, step: Step) -> list[Request]:
    """Requests about the rows that a step made or changed, and those whose answers are no JSON."""
    made = {table: world.keys.of(table, row) for table, row in step.changes.added}
    kept = {each.table: world.keys.of(each.table, each.after) for each in step.changes.updated}
    found: list[tuple[int, Request]] = []
    for symbol, other in sorted(world.plays.items()):
        if symbol == play.operation.symbol or other.operation.method not in ("GET", "POST"):
            continue
        table = other.subject[0] if other.subject else ""
        own = table in made or table in kept
        odd = not is_json(other.step)
        if not (own or odd) or (other.operation.method == "POST" and not (own and in_path(other.operation))):
            continue
        rank = 0 if own and odd else 1 if other.operation.method == "POST" else 2 if odd else 3
        request = _about(other, {**made, **kept}.get(table))
        # Whoever wrote a thing sees it before the public does: a draft, say.
        found.append((rank, request.as_(play.request.who) if request.who is None else request))
    return [request for _, request in sorted(found, key=lambda pair: pair[0])]


def _about(other: Play, key: tuple[Any, ...] | None) -> Request:
    """A working request about another row, where its path names one."""
    parameters = in_path(other.operation)
    if key is None or len(key) != 1 or not parameters or other.subject is None:
        return other.request
    if plain(other.request.path.get(parameters[-1].name)) == plain(other.subject[1]):
        return other.request.at(**{parameters[-1].name: key[0]})
    named = [p.name for p in parameters if plain(other.request.path.get(p.name)) == plain(other.subject[1])]
    return other.request.at(**{named[0]: key[0]}) if named else other.request


def is_json(step: Step) -> bool:
    """Whether an answer is JSON, or has no body."""
    kind = step.answer.header("content-type") or ""
    return "json" in kind or not step.answer.body


def seen_in(steps: Sequence[Step], text: str, *, log: bool = True) -> int | None:
    """The number of the first step whose answer, rows or log hold a text; None: none does."""
    raw = text.encode()
    for number, step in enumerate(steps):
        if raw in step.answer.body or any(text in value for value in written(step)) or (log and text in step.log):
            return number
    return None


def written(step: Step) -> list[str]:
    """The texts that a step put into rows."""
    rows = [row for _, row in step.changes.added]
    fresh = [value for row in rows for value in row.values()]
    fresh += [each.after[name] for each in step.changes.updated for name in each.columns]
    return [value if isinstance(value, str) else repr(value) for value in fresh if value is not None]
