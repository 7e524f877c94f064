"""Texts that are carried out: templates, formats, commands, and paths that lead out of their folder."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from evaluators.probes.injection_output import Shown
from evaluators.probes.injection_pass import LOG_SECONDS, Maker, Try, one, seen_in, sprayed
from evaluators.probes.injection_places import FILE, HEADER, PATH, QUERY, RAW, Entry
from evaluators.probes.world import World
from evaluators.service.boot import PLANTED
from evaluators.service.request import leaves
from evaluators.service.step import Step

FACTORS = ((1103, 1109), (1117, 1123))
"""Products that no answer has by chance."""
FORMS = ("{{{{{0}*{1}}}}}", "${{{0}*{1}}}", "<%= {0}*{1} %>")
CLASS = re.compile(r"<class '[\w.]+'>|<built-in|<bound method|<method-wrapper")
MOST_NAMES = 14
SHELL = "$(sleep {0})'$(sleep {0})'"
"""A command in a shell's bare word, in double quotes, and behind the end of single quotes."""
QUICK, SLOW = 0.75, 2.0
UP = "../" * 8
READ_ONLY = re.compile(r"Read-only file system|Permission denied|\[Errno (?:13|30)\]")


def _template(entry: Entry, number: int) -> str | None:
    first, second = FACTORS[0]
    return f"{{{{{first}*{second}}}}}"


async def templates(world: World) -> AsyncIterator[Shown]:
    """Places whose text is worked out as a template or as a format."""
    first, second = FACTORS[0]
    product = str(first * second)
    done: set[str] = set()
    for each in await sprayed(world, "template", _template, after=True, only=lambda e: e.where != HEADER):
        symbol = each.play.operation.symbol
        if symbol in done:
            continue
        at = seen_in(each.steps, product)
        formatted = any(_formatted(step, first, second) for step in each.steps)
        crashed = any(step.status >= 500 and _format_error(step) for step in each.steps)
        for entry in each.texts if at is not None or formatted or crashed else ():
            found = await _computed(world, entry) if at is not None else await _attribute(world, entry)
            if found is not None:
                done.add(symbol)
                yield found
                break
    await world.settled()


def _formatted(step: Step, first: int, second: int) -> bool:
    """Whether doubled braces came out single, as str.format writes them."""
    single = re.compile(rf"(?<!{{){{{first}\*{second}}}(?!}})")
    texts = [step.answer.body.decode("utf-8", "replace"), step.log, *map(str, _values(step))]
    return any(single.search(text) for text in texts)


def _values(step: Step) -> list[object]:
    rows = [row for _, row in step.changes.added]
    return [value for row in rows for value in row.values()] + [
        each.after[name] for each in step.changes.updated for name in each.columns
    ]


def _format_error(step: Step) -> bool:
    return bool(
        re.search(
            r"KeyError|IndexError: Replacement|Single '[{}]'|ValueError: (?:unexpected|expected) '[{}]'", step.log
        )
    )


async def _computed(world: World, entry: Entry) -> Shown | None:
    """Another product, by one form of template."""
    first, second = FACTORS[1]
    for form in FORMS:
        text = form.format(first, second)
        if not entry.fits(text):
            continue
        tried = await one(world, entry.play, {entry: text}, after=True)
        at = seen_in(tried.steps, str(first * second))
        if at is not None:
            steps = tried.steps[: at + 1] if at else tried.steps[:1]
            return Shown(
                entry, _ends(steps), f"`{text}` is worked out to {first * second}", _where(steps, str(first * second))
            )
    return None


def _ends(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The first and the last of several steps."""
    return steps if len(steps) < 3 else (steps[0], steps[-1])


def _where(steps: tuple[Step, ...], text: str) -> str:
    raw = text.encode()
    return "" if any(raw in step.answer.body for step in steps) else "seen in the rows or in the log"


async def _attribute(world: World, entry: Entry) -> Shown | None:
    """The class of something that the format can reach: then its attributes, and what hangs on them, can be, too."""
    for name in _names(entry)[:MOST_NAMES]:
        text = f"{{{name}.__class__}}"
        if not entry.fits(text):
            continue
        tried = await one(world, entry.play, {entry: text}, after=True)
        for number, step in enumerate(tried.steps):
            texts = [step.answer.body.decode("utf-8", "replace"), step.log, *map(str, _values(step))]
            if not any(CLASS.search(each) for each in texts) or step.status >= 500:
                continue
            return Shown(entry, _ends(tried.steps[: number + 1]), f"`{text}` is answered with a class")
    return None


def _names(entry: Entry) -> list[str]:
    """What a format may call its values: by the working text, by the contract's and the rows' words."""
    told = re.findall(r"\{(\w+)", entry.value)
    play = entry.play
    sent = [str(part) for place, _ in leaves(play.request.body) for part in place if isinstance(part, str)]
    shown = [str(part) for place, _ in leaves(play.step.json) for part in place if isinstance(part, str)]
    columns = [name for _, row in play.changes.added for name in row]
    tables = [re.sub(r"s$", "", table.rpartition(".")[2]) for table in play.changes.tables]
    known = [name for name in (*sent, *shown, *columns, "user", "self") if name.isidentifier()]
    return list(dict.fromkeys([*told, "0", "", *tables, *known]))


async def commands(world: World) -> AsyncIterator[Shown]:
    """Places whose text is carried out by a shell: a delay that scales with what was asked for."""
    done: set[str] = set()
    for each in await sprayed(world, "shell", _always(SHELL.format(1)), blind=True):
        if each.play.operation.symbol in done or each.step.seconds < QUICK:
            continue
        for entry in each.texts:
            found = await _delayed(world, entry)
            if found is not None:
                done.add(each.play.operation.symbol)
                yield found
                break
    await world.settled()


async def _delayed(world: World, entry: Entry) -> Shown | None:
    """Twice a delay of two seconds, and none where none was asked for."""
    took: list[float] = []
    steps: list[Step] = []
    for seconds in (0, 2, 0, 2):
        tried: Try = await one(world, entry.play, {entry: SHELL.format(seconds)})
        took.append(tried.step.seconds)
        steps.append(tried.step)
    if max(took[0], took[2]) < SLOW / 2 and min(took[1], took[3]) >= SLOW - 0.05:
        told = tuple(replace(step, log="") for step in steps[:2])
        return Shown(entry, told, "a shell carries it out", "`sleep 2` takes two seconds, `sleep 0` none; twice")
    return None


def _climbing(entry: Entry, number: int) -> str | None:
    return f"{UP}{PLANTED.lstrip('/')}"


async def paths(world: World) -> AsyncIterator[Shown]:
    """Places whose text names a file: what lies outside of the service's folder is read, or opened to be written."""
    planted = world.running.process.confined.planted.get(PLANTED, "").strip()
    if not planted:
        return
    done: set[str] = set()
    mark = world.running.process.mark()
    tried = await sprayed(world, "path", _climbing, after=True, only=lambda e: e.where != RAW)
    for form in (PLANTED, f"....//{'....//' * 7}{PLANTED.lstrip('/')}", f"{UP}{PLANTED.lstrip('/')}\x00.txt"):
        tried = [*tried, *await sprayed(world, f"path {form}", _always(form), after=True, only=_file_like)]
    await asyncio.sleep(LOG_SECONDS)
    opened = PLANTED in world.running.log(mark)
    for each in tried:
        symbol = each.play.operation.symbol
        at = seen_in(each.steps, planted)
        if symbol in done or (at is None and not opened) or (at and each.steps[at].request.symbol in done):
            continue
        if at is not None:
            done |= {symbol, each.steps[at].request.symbol}
            entry = next(iter(each.texts))
            if len(each.texts) > 1:
                entry = await _the_one(world, each, planted) or entry
            yield Shown(entry, _ends(each.steps[: at + 1]), "answers a file outside of its folder")
            continue
        for number, step in enumerate(each.steps):
            last = [line for line in step.log.split("\n") if PLANTED in line and READ_ONLY.search(line)]
            if last and symbol not in done:
                done.add(symbol)
                seen = f"log: {READ_ONLY.search(last[-1]).group()}: …{PLANTED}"  # type: ignore[union-attr]
                yield Shown(
                    next(iter(each.texts)),
                    _ends(each.steps[: number + 1]),
                    "opens a file outside of its folder to write it",
                    seen,
                )
    await world.settled()


def _always(form: str) -> Maker:
    return lambda entry, number: form


def _file_like(entry: Entry) -> bool:
    """Names of files, and places of requests that answer a file or a page; the long way round is for them only."""
    answer = entry.play.step.answer
    kind = answer.header("content-type") or "json"
    return entry.where == FILE or (entry.where in (PATH, QUERY) and "json" not in kind)


async def _the_one(world: World, tried: Try, planted: str) -> Entry | None:
    """Which of several places it was."""
    for entry, text in tried.texts.items():
        alone = await one(world, entry.play, {entry: text}, after=True)
        if seen_in(alone.steps, planted) is not None:
            return entry
    return None
