"""XML whose entities stand for texts of the document itself: they are put in, or the document is refused."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from evaluators.contract.shapes import Facets
from evaluators.probes.injection_output import Shown
from evaluators.probes.injection_pass import written
from evaluators.probes.injection_places import RAW, Entry
from evaluators.probes.injection_remote import entities, xml_bodies
from evaluators.probes.world import Play, World
from evaluators.service.step import Step

HEAD = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*")
TEXTS = re.compile(r"(?<=>)[^<>&]*\w[^<>&]*(?=</)|(?<==\")[^<>&\"]*\w[^<>&\"]*(?=\")")
"""The texts of elements and of attributes."""
MOST = 8
"""Texts of one document that are tried."""
NAME = "bw"


async def expanded(world: World) -> AsyncIterator[Shown]:
    """Working documents in which an entity stands for a text, and which do what they did with the text."""
    led = {each.entry.play.operation.symbol async for each in entities(world)}
    for play, body in xml_bodies(world):
        # What follows an entity to a file puts in texts as well: that is told already.
        if play.operation.symbol in led or not play.repeats:
            continue
        for start, end in list(_texts(body))[:MOST]:
            found = await _put_in(world, play, body, start, end)
            if found is not None:
                yield found
                break
    await world.settled()


def _texts(body: str) -> Iterator[tuple[int, int]]:
    """Where the texts of a document stand, without those of its XML declaration."""
    head = HEAD.match(body)
    for found in TEXTS.finditer(body, head.end() if head else 0):
        yield found.span()


async def _put_in(world: World, play: Play, body: str, start: int, end: int) -> Shown | None:
    """An entity in a text's place against what a parser without it would see: no text, or the entity's name."""
    text = html.unescape(body[start:end])
    steps = []
    for document in (_declaring(body, start, end), body[:start] + body[end:], _named(body, start, end)):
        # One scene each: what a request made must not be in the next one's way.
        steps.append(await world.once(play.request.with_body(document)))
    entity, *without = steps
    count = _shown(play.step, text)
    if not entity.ok or _shown(entity, text) < count or bool(entity.changes) != bool(play.changes):
        return None
    if any(step.ok and (not count or _shown(step, text) >= count) for step in without):
        return None
    entry = Entry(play, RAW, (), Facets(), text)
    return Shown(entry, (replace(entity, log=""),), "puts in what an entity of the document says")


def _declaring(body: str, start: int, end: int) -> str:
    """The document with two entities, one within the other, that come to a text; nowhere in it as it is."""
    text = html.unescape(body[start:end])
    half = len(text) // 2
    first, second = ("".join(f"&#{ord(each)};" for each in part) for part in (text[:half], text[half:]))
    head = HEAD.match(body)
    at = head.end() if head else 0
    declared = f'<!DOCTYPE {NAME} [<!ENTITY {NAME}a "{first}"><!ENTITY {NAME} "&{NAME}a;{second}">]>'
    return f"{body[:at]}{declared}{body[at:start]}&{NAME};{body[end:]}"


def _named(body: str, start: int, end: int) -> str:
    """The document with the entity's name as a text."""
    return f"{body[:start]}&amp;{NAME};{body[end:]}"


def _shown(step: Step, text: str) -> int:
    """How often a step's rows and its answer hold a text."""
    return sum(text in value for value in written(step)) + step.answer.body.count(text.encode())
