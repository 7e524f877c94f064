"""Requests that cost the service much and the sender little: size, depth, repetition, packing, waiting."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

from evaluators.probes.injection_pass import READS, asked, readers
from evaluators.probes.injection_places import BODY, FILE, PATH, QUERY, RAW, Entry, entries
from evaluators.probes.resources_regex import Attack, attacks
from evaluators.probes.world import Play, World
from evaluators.service.client import Answer
from evaluators.service.encodings import Upload
from evaluators.service.oracle import Changes
from evaluators.service.request import Request, leaves
from evaluators.service.served import prefix_of
from evaluators.service.step import Step
from evaluators.service.traces import traces
from evaluators.service.values import PASSWORD

MEBI = 1 << 20
HUGE = 24 * MEBI
"""Bytes of a body that no request of this contract needs."""
MOST_SIZED = 12
"""Writes that get such a body."""
UNPACKED = 64 * MEBI
LEVELS = (600, 5_000)
"""Levels that fit into a few kilobytes: what encodes an answer breaks before what parses the body."""
MOST_LEVELS = 100_000
CPU_LONG = 0.1
"""CPU seconds that a pattern must cost before its growth is looked at."""
GROWTH = 3.0
WAITS = 0.3
"""Seconds of waiting that hold the others noticeably."""
SOON = 0.05
"""Seconds between two answers that come at the same time."""
WRONG = 4
"""Wrong passwords in a row, of which the last may be made to wait."""
SLOW = 30.0
"""Seconds that a request may take whose cost is measured."""
MOST_READ = 3
"""Reads of a row that are looked at after a text was stored in it."""


@dataclass(frozen=True)
class Cost:
    """What was seen."""

    play: Play
    steps: tuple[Step, ...]
    what: str
    seen: str = ""
    hide: tuple[tuple[str, str], ...] = ()
    """(text, what evidence says instead): texts whose length depends on the machine."""
    body: str = ""
    """What evidence says in place of the last body, which a machine may pack otherwise than another."""


async def _cpu(world: World, sent: Awaitable[Step]) -> tuple[Step, float]:
    """A request that is sent, and the CPU seconds that the service takes for it."""
    process = world.running.process
    before = (await process.look()).cpu
    step = await sent
    return step, (await process.look()).cpu - before


async def blowups(world: World) -> AsyncIterator[Cost]:
    """Places whose text makes a regular expression take many times longer for a few characters more."""
    found = await attacks(world)
    done: set[str] = set()
    for attack in found:
        for entry in entries(world, PATH, QUERY, BODY) if found else ():
            symbol = entry.play.operation.symbol
            text = attack.text(attack.many)
            if symbol in done or not entry.fits(text) or (entry.where == PATH and "/" in text):
                continue
            steps, cost = await _costs(world, entry, text)
            if cost < CPU_LONG or (not steps[-1].status and steps[-1].answer.fault != "timeout"):
                continue
            cost_found = await _grows(world, entry, attack, cost)
            if cost_found is not None:
                done.add(symbol)
                yield cost_found
    await world.settled()


async def _costs(world: World, entry: Entry, text: str) -> tuple[tuple[Step, ...], float]:
    """The CPU seconds of a text, or of reading what it was stored in: many a page is made when it is looked at."""
    request = entry.with_(text)
    if request.operation.method in READS:
        step, cost = await _cpu(world, asked(world, request, SLOW))
        return (step,), cost
    async with world.scene() as scene:
        made, cost = await _cpu(world, scene.send(request, SLOW))
        alone = replace(made, changes=Changes())
        if cost >= CPU_LONG or not made.ok:
            return (alone,), cost
        for reading in readers(world, entry.play, made)[:MOST_READ]:
            read, cost = await _cpu(world, asked(world, reading, SLOW))
            if cost >= CPU_LONG:
                return (made, read), cost
    return (alone,), 0.0


async def _grows(world: World, entry: Entry, attack: Attack, first: float) -> Cost | None:
    """Whether the same place takes the shorter text quickly, twice, and the longer one slowly again."""
    short, quick = await _costs(world, entry, attack.text(attack.few))
    long, second = await _costs(world, entry, attack.text(attack.many))
    _, quick_again = await _costs(world, entry, attack.text(attack.few))
    if min(first, second) < GROWTH * max(quick, quick_again, 0.01):
        return None
    long_text, short_text = attack.text(attack.many), attack.text(attack.few)
    more = "four times as many characters" if attack.many == 4 * attack.few else "four more repetitions"
    seen = f"CPU: {more} take at least three times as long, by the pattern {attack.pattern[:120]}"
    told = f"{entry.said}: a text such as `{attack.told.strip()}`"
    steps = tuple(replace(each, log="") for each in (*(short if len(long) < 2 else ()), *long))
    return Cost(entry.play, steps, told, seen, ((long_text, f"{attack.told}"), (short_text, f"{attack.told}")))


async def _peak(world: World, work: Callable[[], Awaitable[Step]]) -> tuple[Step, int]:
    """A request, and by how many bytes the service's memory rose meanwhile."""
    process = world.running.process
    before = (await process.look()).resident
    task = asyncio.ensure_future(work())
    most = before
    while not task.done():
        most = max(most, (await process.look()).resident)
        await asyncio.wait({task}, timeout=0.01)
    return await task, most - before


async def huge(world: World) -> AsyncIterator[Cost]:
    """The first write that takes in a body of any size: all of it is in memory at once."""
    plays = _sized(world)
    for play in plays:
        request = _padded(play)
        step, rise = await _peak(world, lambda request=request: asked(world, request, SLOW))  # type: ignore[misc]
        seen = "sent with its length"
        if rise < 0.8 * HUGE and play in (plays[0], plays[-1]):
            step, rise = await _peak(world, lambda request=request: _chunked(world, request))  # type: ignore[misc]
            seen = "sent in chunks, without a length"
        if rise >= 0.8 * HUGE and step.status != 413:
            yield Cost(play, (step,), "holds a body of 24 MiB in memory", f"memory: rose by the whole body; {seen}")
            break
    await world.settled()


def _padded(play: Play) -> Request:
    """A working request whose body is as large as it gets: blanks behind it, or a long file in it."""
    request = play.request
    raw = request.content or b""
    if isinstance(request.body, dict):
        for name, held in request.body.items():
            first = held[0] if isinstance(held, list) and held else held
            if isinstance(first, Upload):
                long = replace(first, content=first.content + b" " * (HUGE - len(raw)))
                return request.having((name,), [long] if isinstance(held, list) else long)
    return _bytes(play, raw + b" " * (HUGE - len(raw)))


def _sized(world: World) -> list[Play]:
    """Writes with a body: a public one first, those that are no JSON last."""
    every = [p for _, p in sorted(world.plays.items()) if p.request.content and _writes(p)]
    every.sort(key=lambda play: (not play.request.is_json, play.request.who is not None))
    return [*every[: MOST_SIZED - 2], *every[MOST_SIZED - 2 :][-2:]]


def _bytes(play: Play, raw: bytes) -> Request:
    """A working request whose body is these bytes."""
    request = play.request
    kind = request.own_headers.get("Content-Type", request.media)
    return replace(request.with_body(raw), headers={**request.headers, "Content-Type": kind})


def _writes(play: Play) -> bool:
    return play.operation.method not in READS and play.repeats


async def _chunked(world: World, request: Request) -> Step:
    """The same body without a Content-Length, in pieces."""
    host, _, port = world.running.door.base_url.removeprefix("http://").partition(":")
    raw = request.content or b""
    method, target = request.operation.method, prefix_of(world.contract) + request.target
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Transfer-Encoding: chunked", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in {**world.credential(request), **request.own_headers}.items()]
    status = 0
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
            for start in range(0, len(raw), MEBI):
                piece = raw[start : start + MEBI]
                writer.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
                await writer.drain()
            writer.write(b"0\r\n\r\n")
            line = await asyncio.wait_for(reader.readline(), 20.0)
            words = line.split()
            status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
        finally:
            writer.close()
    sent = replace(request, headers={**request.headers, "Transfer-Encoding": "chunked"})
    return Step(sent, Answer(status, fault="" if status else "closed"), Changes())


async def deep(world: World) -> AsyncIterator[Cost]:
    """JSON writes that break at a body of many levels; of one place in the code the first."""
    causes: set[str] = set()
    plays = [p for _, p in sorted(world.plays.items()) if p.request.is_json and p.request.content and _writes(p)]
    for play in plays:
        for levels in (*LEVELS, *([MOST_LEVELS] if play is plays[0] else [])):
            request = _bytes(play, b'{"bw":' + b"[" * levels + b"]" * levels + b"}")
            if not _died(world, await asked(world, request)):
                continue
            again = await asked(world, request)
            cause = _cause(world, again)
            if _died(world, again) and cause not in causes:
                causes.add(cause)
                yield Cost(play, (again,), f"breaks at a body of {levels:,} levels")
                break
    await world.settled()


def _cause(world: World, step: Step) -> str:
    """The place in the code that an error comes from; empty where the log does not tell."""
    found = traces(step.log, world.running.subject.draft, world.running.app.folder)
    return str(found[-1].at or "") if found else ""


def _died(world: World, step: Step) -> bool:
    """An error of the service's own, or its end; one that refuses a long body closes the connection rightly."""
    return step.status in (500, 502) or not world.running.process.alive


def _bombs() -> list[tuple[str, bytes, str]]:
    """(name, content, media type): files of 64 MiB, packed."""
    zeros = b"\n" * UNPACKED
    packed = gzip.compress(zeros, 6, mtime=0)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("example.txt", (2030, 1, 1, 0, 0, 0)), zeros, zipfile.ZIP_DEFLATED)
    return [("example.gz", packed, "application/gzip"), ("example.zip", held.getvalue(), "application/zip")]


async def bombs(world: World) -> AsyncIterator[Cost]:
    """Places that unpack what they are sent, however much comes of it."""
    done: set[str] = set()
    for play in [p for _, p in sorted(world.plays.items()) if p.request.content and _writes(p)]:
        raw = play.request.content or b""
        small = await asked(world, _packed(play, gzip.compress(raw, mtime=0)))
        if small.status != play.step.status:
            continue
        plain = await asked(world, _bytes(play, gzip.compress(raw, mtime=0)))
        if plain.status == play.step.status:
            continue
        large = _packed(play, gzip.compress(raw + b" " * UNPACKED, mtime=0))
        step, rise = await _peak(world, lambda large=large: asked(world, large, SLOW))  # type: ignore[misc]
        if rise > 0.8 * UNPACKED:
            done.add(play.operation.symbol)
            seen = "memory: rose by what was unpacked"
            yield Cost(play, (step,), "unpacks a body of 64 KiB to 64 MiB", seen, body="(packed blanks)")
    places = [e for e in entries(world, FILE, RAW) if e.play.operation.symbol not in done]
    for name, content, media in _bombs() if places else ():
        for entry in places:
            symbol = entry.play.operation.symbol
            if symbol in done:
                continue
            request = _holding(entry, name, content, media)
            step, rise = await _peak(world, lambda request=request: asked(world, request, SLOW))  # type: ignore[misc]
            if rise > 0.8 * UNPACKED:
                done.add(symbol)
                what = f"unpacks a file of 64 KiB ({name}) to 64 MiB"
                yield Cost(entry.play, (step,), what, "memory: rose by what was unpacked", body=f"({name})")
    await world.settled()


def _packed(play: Play, raw: bytes) -> Request:
    request = _bytes(play, raw)
    return replace(request, headers={**request.headers, "Content-Encoding": "gzip"})


def _holding(entry: Entry, name: str, content: bytes, media: str) -> Request:
    request = entry.play.request
    if entry.where == RAW:
        return request.with_body(content)
    held = request.body.get(entry.place[0])
    named = Upload(name, content, media)
    return request.having(entry.place, [named] if isinstance(held, list) else named)


@dataclass(frozen=True)
class Slow:
    """A request that takes long."""

    play: Play
    step: Step
    before: tuple[Request, ...] = ()
    """What is sent before it each time: the right password, which ends a count, and as many wrong ones as it takes."""


async def blocking(world: World) -> AsyncIterator[Cost]:
    """Requests that wait, and keep everybody else waiting meanwhile."""
    ping = _ping(world)
    if ping is None:
        return
    told: set[str] = set()
    for each in [one async for one in _slow(world)]:
        held = 0
        for _ in range(3 if each.play.operation.symbol not in told else 0):
            for request in each.before:
                await world.ask(request, SLOW)
            held += await _holds(world, each.step.request, ping) if each.step.request != ping else 0
            if not held:
                break
        if held == 3:
            told.add(each.play.operation.symbol)
            step = replace(each.step, log="", changes=Changes())
            seen = "another request waited for it, three times out of three"
            yield Cost(each.play, (step,), "keeps all other requests waiting while it waits", seen)
    await world.settled()


async def _slow(world: World) -> AsyncIterator[Slow]:
    """Requests that take long: those that work, and those that are refused for a wrong password, at once or later."""
    for _, play in sorted(world.plays.items()):
        if play.step.seconds >= WAITS:
            yield Slow(play, play.step)
        wrong = play.request
        for place, value in leaves(play.request.body) if isinstance(play.request.body, dict) else ():
            if value == PASSWORD:
                wrong = wrong.having(place, f"Not-{PASSWORD}")
        before: tuple[Request, ...] = (play.request,)
        usual = 0.0
        for _ in range(WRONG if wrong != play.request else 0):
            step = await asked(world, wrong)
            if not step.refused or step.status == 429:
                break
            if step.seconds >= usual + WAITS:
                yield Slow(play, step, before)
            usual, before = max(usual, step.seconds), (*before, wrong)
        if len(before) > 1:
            # The right one ends a count that is kept in memory.
            await world.ask(play.request, SLOW)


def _ping(world: World) -> Request | None:
    """The quickest read."""
    reads = [play for play in world.plays.values() if play.operation.method == "GET"]
    quick = min(reads, key=lambda play: (play.step.seconds, play.operation.symbol), default=None)
    return quick.request if quick is not None and quick.step.seconds < WAITS / 2 else None


async def _holds(world: World, request: Request, ping: Request) -> bool:
    """Whether a quick ping behind a slow request waits for its end, or for much of it, though little is computed."""
    begun = time.perf_counter()
    slow = asyncio.ensure_future(world.ask(request, SLOW))
    await asyncio.sleep(0.06)
    longest, used, behind = 0.0, 0.0, False
    while not slow.done():
        cpu = (await world.running.process.look()).cpu
        sent = time.perf_counter()
        await world.ask(ping)
        took = time.perf_counter() - sent
        if took > longest:
            await asyncio.wait({slow}, timeout=SOON)
            longest, used, behind = took, (await world.running.process.look()).cpu - cpu, slow.done()
        await asyncio.sleep(0.01)
    whole = time.perf_counter() - begun
    alone = time.perf_counter()
    await world.ask(ping)
    usual = time.perf_counter() - alone
    # What blocks may go on afterwards without blocking: a password that is hashed in a thread.
    if not (behind or longest > 0.4 * whole) or longest < WAITS or used > 0.35 * longest or usual > 0.3 * longest:
        return False
    # On a machine with other work a little computing takes long too.
    return await asyncio.to_thread(_computing, used) < 0.35 * longest


def _computing(seconds: float) -> float:
    """How long so many CPU seconds take at present."""
    begun, cpu = time.perf_counter(), time.thread_time()
    while time.thread_time() - cpu < seconds:
        pass
    return time.perf_counter() - begun
