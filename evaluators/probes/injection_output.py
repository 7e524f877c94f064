"""Texts of ours in headers, lines of the log and pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from typing import Any

from evaluators.probes.injection_pass import (
    LOG_SECONDS,
    READS,
    Try,
    aligned,
    asked,
    is_json,
    readers,
    sprayed,
)
from evaluators.probes.injection_places import BODY, FILE, PATH, QUERY, RAW, Entry, entries, of_play
from evaluators.probes.world import Play, World
from evaluators.service.client import Answer
from evaluators.service.encodings import Upload
from evaluators.service.request import leaves
from evaluators.service.step import Step

MARK = "x-bw-{}"
BARE = re.compile(r"illegal header value|invalid (?:HTTP )?header|control characters", re.IGNORECASE)
PARAMETER = 'bw"; bw="{}'
"""Ends the quoted text of a header's parameter and begins a parameter of ours."""
MARKUP = '</title></script><img src onerror=bw{0}>" onfocus="bw{0}'
SHORT = "<img src onerror=bw{0}>"
WITHIN = (SHORT, "' onfocus='bw{0}", '" onfocus="bw{0}', "bw onfocus=bw{0} ", "javascript:bw{0}")
"""What is short: a tag, what ends an attribute in either kind of quotes or in none, and a link that runs."""
LINKS = ("href", "src", "action", "formaction", "data")
ACTIVE = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml")


@dataclass(frozen=True)
class Shown:
    """What was seen of one place."""

    entry: Entry
    steps: tuple[Step, ...]
    what: str
    seen: str = ""


def _line(entry: Entry, number: int) -> str | None:
    if entry.where == RAW:
        return None
    return f"bw\n{MARK.format(number)}: 1" if entry.where != "header" else None


async def _lines(world: World) -> tuple[list[Try], str]:
    """A text with a line break in every place, and all that the log said meanwhile."""
    memo = "injection log"
    mark = world.running.process.mark()
    tried = await sprayed(world, "line", _line, after=True)
    known = vars(world).get(memo)
    if not isinstance(known, str):
        await asyncio.sleep(LOG_SECONDS)
        known = world.running.log(mark)
        vars(world)[memo] = known
    return tried, known


async def log_lines(world: World) -> AsyncIterator[Shown]:
    """Places whose text begins a line of the log."""
    tried, log = await _lines(world)
    lines = [line for line in _without_traces(log).split("\n")]
    begun = {line.split(":")[0].strip() for line in lines if re.match(r"x-bw-\d+:", line)}
    done: set[str] = set()
    for each in tried:
        for entry, text in each.texts.items():
            mark = text.split("\n")[1].split(":")[0]
            symbol = each.play.operation.symbol
            if mark in begun and symbol not in done:
                done.add(symbol)
                yield Shown(entry, each.steps[:1], "the log", f"log: a line begins with `{mark}: 1`")


def _without_traces(log: str) -> str:
    """The log without tracebacks: what an exception says may have several lines."""
    kept: list[str] = []
    inside = False
    for line in log.replace("\r", "").split("\n"):
        if "Traceback (most recent call last)" in line:
            inside = True
        elif inside and re.match(r"(INFO|WARNING|DEBUG|\{|\d{4}-)", line):
            inside = False
        if not inside:
            kept.append(line)
    return "\n".join(kept)


async def headers(world: World) -> AsyncIterator[Shown]:
    """Places whose text becomes a header, or a parameter of one."""
    tried, _ = await _lines(world)
    done: set[str] = set()
    for each in tried:
        for entry, text in each.texts.items():
            mark = text.split("\n")[1].split(":")[0]
            for number, step in enumerate(each.steps):
                what = _header(step, mark)
                if what and each.play.operation.symbol not in done and step.request.symbol not in done:
                    done |= {each.play.operation.symbol, step.request.symbol}
                    yield Shown(entry, each.steps[: number + 1] if number else (step,), what)
    for entry, steps, what in [found async for found in _parameters(world, done)]:
        yield Shown(entry, steps, what)
    await world.settled()


def _header(step: Step, mark: str) -> str:
    """How a text came to a header: a header of its own, or a value that the server refused to send."""
    if any(name == mark for name, _ in step.answer.headers):
        return "an answer has a header of ours"
    if (step.status >= 500 or not step.status) and BARE.search(step.log) and mark in step.log:
        return "the line break stands in a header, which the server refuses to send"
    return ""


async def _parameters(world: World, done: set[str]) -> AsyncIterator[tuple[Entry, tuple[Step, ...], str]]:
    """Quotes in a header's quoted parameter: a file's name, most often."""
    for name, play in sorted(world.plays.items()):
        header = _quoted(play.step.answer)
        if not header or name in done:
            continue
        for entry, steps in [pair async for pair in _leading(world, play, PARAMETER)]:
            if _parameter(steps[-1].answer, header):
                done.add(name)
                yield entry, tuple(steps), f"it ends the quoted text in {header}, and a parameter of ours follows"
                break


def _quoted(answer: Answer) -> str:
    """A header of an answer with a quoted parameter."""
    found = (n for n, v in answer.headers if '="' in v and n in ("content-disposition", "content-type", "link"))
    return next(found, "")


def _parameter(answer: Answer, header: str) -> bool:
    message = Message()
    message["x"] = (answer.header(header) or "").replace("\n", " ")
    return message.get_param("bw", header="x") is not None


async def _leading(world: World, play: Play, text: str) -> AsyncIterator[tuple[Entry, list[Step]]]:
    """A text in each place that an answer of `play` may show: its own places, and those of writes of its row."""
    number = 0
    for entry in of_play(world, play):
        number += 1
        if entry.where in (PATH, QUERY) and entry.fits(text.format(number)):
            yield entry, [await asked(world, entry.with_(text.format(number)))]
    if play.operation.method not in READS:
        return
    for other in _writers(world, play):
        texts: dict[Entry, str] = {}
        for entry in of_play(world, other):
            number += 1
            if entry.where in (BODY, FILE, RAW) and entry.fits(text.format(number)):
                texts[entry] = text.format(number)
        bundles = [texts, *({entry: each} for entry, each in texts.items())] if len(texts) > 1 else [texts]
        for bundle in bundles[:5] if texts else []:
            found = await _then(world, other, play, bundle)
            if found is not None:
                for entry in bundle:
                    yield entry, found
                break


def _writers(world: World, play: Play) -> list[Play]:
    """Writes whose rows an answer may show: of its own table, or of one that the page shows."""
    tables = {table for table, _ in play.shown.values()} | ({play.subject[0]} if play.subject else set())
    every = [each for _, each in sorted(world.plays.items()) if each.operation.method in ("POST", "PUT", "PATCH")]
    near = [each for each in every if each.changes.tables & tables]
    return near[:4] or [each for each in every if each.changes][:4]


async def _then(world: World, writer: Play, reader: Play, texts: dict[Entry, str]) -> list[Step] | None:
    """A write with these texts and the read after it; None where the write is refused."""
    request = aligned(world, writer)
    for entry, text in texts.items():
        request = entry.into(request, text)
    async with world.scene() as scene:
        step = await scene.send(request)
        if not step.ok:
            return None
        wanted = [each for each in readers(world, writer, step) if each.symbol == reader.operation.symbol]
        return [step, await scene.send(wanted[0] if wanted else reader.request)]


async def pages(world: World) -> AsyncIterator[Shown]:
    """Places whose text becomes markup in a page."""
    done: set[str] = set()
    for name, play in sorted(world.plays.items()):
        if not is_active(play.step.answer) or name in done:
            continue
        for text in (MARKUP, *WITHIN):
            async for entry, steps in _leading(world, play, text):
                number = _number(entry, steps)
                if name not in done and is_active(steps[-1].answer) and _runs(steps[-1].answer, number):
                    done.add(name)
                    what = "stands unescaped in the page" if len(steps) == 1 else f"stands unescaped in {name}"
                    yield Shown(entry, tuple(steps), what)
            if name in done:
                break
    async for found in _errors(world, done):
        yield found
    await world.settled()


async def _errors(world: World, done: set[str]) -> AsyncIterator[Shown]:
    """Refusals that are pages: they often repeat what was sent."""
    for entry in entries(world, PATH, QUERY):
        symbol = entry.play.operation.symbol
        if symbol in done or not is_json(entry.play.step) or not entry.fits(SHORT.format(1)):
            continue
        step = await asked(world, entry.with_(SHORT.format(1)))
        if is_active(step.answer) and _runs(step.answer, "bw1"):
            done.add(symbol)
            yield Shown(entry, (step,), "stands unescaped in the page")


def is_active(answer: Answer) -> bool:
    """Whether a browser would run what is in an answer."""
    kind = (answer.header("content-type") or "").split(";")[0].strip().lower()
    policy = answer.header("content-security-policy") or ""
    attached = (answer.header("content-disposition") or "").lower().startswith("attachment")
    return kind in ACTIVE[:3] and not attached and "sandbox" not in policy


def _number(entry: Entry, steps: Sequence[Step]) -> str:
    """The mark that was sent in a place."""
    request = steps[0].request
    held: Any = {PATH: request.path.get(entry.name), QUERY: request.query.get(entry.name)}.get(entry.where)
    if held is None:
        held = next((value for place, value in leaves(request.body) if place == entry.place), request.body)
        held = held.name if isinstance(held, Upload) else held
    found = re.search(r"bw\d+", str(held))
    return found.group() if found else "bw0"


class _Handlers(HTMLParser):
    """Collects what the handlers of events in a page say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the attributes that run."""
        self.found += [value or "" for name, value in attrs if name.startswith("on")]
        links = [value.strip() for name, value in attrs if name in LINKS and value]
        self.found += [each[len("javascript:") :] for each in links if each.lower().startswith("javascript:")]


def _runs(answer: Answer, mark: str) -> bool:
    """Whether a handler of ours stands in a page as a handler."""
    parser = _Handlers()
    parser.feed(answer.body.decode("utf-8", "replace"))
    return any(re.fullmatch(rf"{mark}\W*", value) for value in parser.found)
