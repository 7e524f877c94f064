"""Files of users that a browser runs when it opens them where the service answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from evaluators.probes.injection_output import Shown, is_active
from evaluators.probes.injection_pass import readers
from evaluators.probes.injection_places import FILE, Entry, entries
from evaluators.probes.world import World
from evaluators.service.encodings import Upload

PAGES = (
    ("example.html", b"<html><body><script>bw()</script></body></html>", "text/html"),
    ("example.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>bw()</script></svg>', "image/svg+xml"),
)
SCRIPT = b"<script>bw()</script>"
MOST_READERS = 5


async def served(world: World) -> AsyncIterator[Shown]:
    """Uploads that are answered as pages with their scripts."""
    done: set[str] = set()
    for entry in entries(world, FILE):
        for name, content, media in PAGES:
            found = await _read(world, entry, Upload(name, content, media))
            if found is not None and found.steps[-1].request.symbol not in done:
                done.add(found.steps[-1].request.symbol)
                yield found
                break
    await world.settled()


async def _read(world: World, entry: Entry, upload: Upload) -> Shown | None:
    """An upload, and what is answered for it."""
    request = entry.play.request
    held = request.body.get(entry.place[0])
    sent = request.having(entry.place, [upload] if isinstance(held, list) else upload)
    async with world.scene() as scene:
        step = await scene.send(sent)
        if not step.ok:
            return None
        for asked in readers(world, entry.play, step)[:MOST_READERS]:
            then = await scene.send(asked)
            if then.ok and SCRIPT in then.answer.body and is_active(then.answer):
                return Shown(entry, (replace(step, log=""), then), upload.type)
    return None
