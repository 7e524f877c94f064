"""Requests that no parser can take: bodies in each media type of the contract, queries and headers of a wrong form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from evaluators.contract.shapes import facets
from evaluators.probes.world import Play, World
from evaluators.service.request import ABSENT, FORM, JSON, Request
from evaluators.service.step import Step

MOST = 90
"""Requests of one world."""
BROKEN: dict[str, tuple[bytes, ...]] = {
    JSON: (b'{"a": ', b"\xff\xfe\x00", b"[]", b"1e999", b""),
    "application/xml": (b"<a><b></a>", b"<a/>", b"\xff\xfe"),
    "text/xml": (b"<a><b></a>", b"<a/>", b"\xff\xfe"),
    "text/csv": (b'a,b\n"1', b"\xff\xfe", b"a;b\n1;2\n", b"\n"),
    FORM: (b"%ff%fe=%zz", b"\xff\xfe"),
    "multipart/form-data": (b"--x", b"no boundary"),
    "text/plain": (b"\xff\xfe", b""),
    "application/octet-stream": (b"\xff\xfe", b""),
}
"""Media type -> bodies that are none of it, or none that can be meant."""
QUERIED: tuple[Any, ...] = ("x'\"", "9" * 40, "-1", "")


async def unreadable(world: World) -> list[Step]:
    """The refusals of all of them."""
    found: list[Step] = []
    for number, request in enumerate(_requests(world)):
        if number >= MOST:
            break
        step = await world.unlooked(request)
        if step.status >= 400:
            found.append(step)
    async with world.scene():
        # What one of them changed after all is put back.
        pass
    return found


def _requests(world: World) -> Iterator[Request]:
    plays = list(world.plays.values())
    rare = [play for play in plays if play.operation.method != "GET" and _media(play) - {JSON}]
    for play in rare:
        yield from _bodies(play, 6)
    for play in plays:
        yield from _queries(play)
    for play in plays:
        if play not in rare and play.request.body is not ABSENT:
            yield from _bodies(play, 2)


def _media(play: Play) -> set[str]:
    """The media types that a body may have."""
    body = play.operation.body
    return {each.type.split(";")[0].strip().lower() for each in body.media} if body is not None else set()


def _bodies(play: Play, most: int) -> Iterator[Request]:
    for media in sorted(_media(play)):
        for body in BROKEN.get(JSON if media.endswith("+json") else media, BROKEN["text/plain"])[:most]:
            yield replace(play.request, body=body, media=media)


def _queries(play: Play) -> Iterator[Request]:
    """Each parameter of a query once in a wrong form, one after another in another one."""
    for number, parameter in enumerate(play.operation.parameters_in("query")):
        kind = facets(parameter.schema) if parameter.schema is not None else None
        if kind is None or kind.enum or "boolean" in kind.types:
            continue
        yield play.request.asking(**{parameter.name: QUERIED[number % len(QUERIED)]})
