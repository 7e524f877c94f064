"""Every place of a working request that takes text, and the request with another text there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from evaluators.contract.shapes import Facets, facets
from evaluators.probes.forms import NOT_OURS
from evaluators.probes.invariants_places import TIMES, facets_at
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.encodings import Upload
from evaluators.service.regexes import matching
from evaluators.service.request import ABSENT, FORM, Request, leaves

PATH, QUERY, HEADER, BODY, FILE, RAW = "path", "query", "header", "body", "file", "raw"
FORMED = frozenset({"date", "date-time", "time", "duration", "uuid", "email", "ipv4", "ipv6", "byte"})
"""Formats that leave no free text."""
OWN_HEADERS = re.compile(r"authorization|cookie|^if-|^idempotency|^content-|^accept|^host$", re.IGNORECASE)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LINKS = frozenset({"uri", "url", "uri-reference", "iri"})
LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Entry:
    """A place of a working request that takes text."""

    play: Play
    where: str
    place: Place
    kind: Facets
    value: str
    """What the working request has there; empty: nothing."""

    @property
    def name(self) -> str:
        """Its last word."""
        return next((str(part) for part in reversed(self.place) if isinstance(part, str)), "")

    @property
    def said(self) -> str:
        """`the parameter q`, `the property owner.name`, as a finding says it."""
        if self.where == FILE:
            return f"the name of the file {self.name}"
        if self.where == RAW:
            return "the body"
        words = {PATH: "the parameter", QUERY: "the parameter", HEADER: "the header", BODY: "the property"}
        return f"{words[self.where]} {'.'.join(str(part) for part in self.place)}"

    @property
    def is_link(self) -> bool:
        """Whether it holds an address, by the contract or by its working value."""
        return self.kind.format in LINKS or bool(LINK.match(self.value))

    def into(self, request: Request, text: str) -> Request:
        """A request of the same operation with this text there."""
        if self.where == PATH:
            return request.at(**{self.name: text})
        if self.where == QUERY:
            return request.asking(**{self.name: text})
        if self.where == HEADER:
            return replace(request, headers={**request.headers, self.name: text})
        if self.where == FILE:
            held = request.body.get(self.place[0])
            first = held[0] if isinstance(held, list) else held
            named = replace(first, name=text) if isinstance(first, Upload) else Upload(text, b"example\n")
            return request.having(self.place, [named] if isinstance(held, list) else named)
        return request.having(self.place, text)

    def with_(self, text: str) -> Request:
        """The working request with this text there."""
        return self.into(self.play.request, text)

    def fits(self, text: str) -> bool:
        """Whether the contract's bounds of length let a text pass; patterns are left to the service."""
        return self.kind.max_length is None or len(text) <= self.kind.max_length


def entries(world: World, *where: str) -> list[Entry]:
    """Places of all working requests, by operation; of these kinds or of all."""
    found = [entry for _, play in sorted(world.plays.items()) for entry in of_play(world, play)]
    return [entry for entry in found if not where or entry.where in where]


def of_play(world: World, play: Play) -> list[Entry]:
    """The places of one working request."""
    if not play.repeats:
        return []
    return [*_parameters(play), *_in_body(world, play)]


def _parameters(play: Play) -> Iterator[Entry]:
    request = play.request
    for where, held in ((PATH, request.path), (QUERY, request.query), (HEADER, request.headers)):
        for parameter in play.operation.parameters_in(where):
            kind = facets(parameter.schema) if parameter.schema is not None else Facets()
            if kind.types and "string" not in kind.types:
                continue
            value = held.get(parameter.name, ABSENT)
            text = value if isinstance(value, str) else ""
            if kind.format in FORMED or UUID.fullmatch(text) or (where == PATH and (kind.enum or text.isdigit())):
                continue
            if where == HEADER and (OWN_HEADERS.search(parameter.name) or parameter.name.lower() in NOT_OURS):
                continue
            yield Entry(play, where, (parameter.name,), kind, text)


def _in_body(world: World, play: Play) -> Iterator[Entry]:
    request = play.request
    if isinstance(request.body, dict):
        for place, value in _leaves(request):
            if isinstance(value, Upload):
                # An element of a list of files is told by the list's place.
                yield Entry(play, FILE, place[:1], Facets(), value.name)
            elif isinstance(value, str):
                kind = facets_at(play.operation, place)
                if not kind.enum and kind.format not in FORMED and not _names_row(world, play, place, value):
                    yield Entry(play, BODY, place, kind, value)
    elif isinstance(request.body, str) and request.body:
        yield Entry(play, RAW, (), Facets(), request.body)


def _leaves(request: Request) -> Iterable[tuple[Place, object]]:
    if request.is_json or request.media == FORM or request.media.startswith("multipart/"):
        return leaves(request.body)
    return ()


def _names_row(world: World, play: Play, place: Place, value: str) -> bool:
    """Whether a text is a key, a moment or a digest: another text there is refused, and tells nothing."""
    if UUID.fullmatch(value) or TIMES.fullmatch(value) or value.isdigit():
        return True
    cell = play.columns.get(place)
    table = world.seeds.table(cell[0]) if cell else None
    return table is not None and cell is not None and any(cell[1] in key.columns for key in table.foreign_keys)


def base_of(entry: Entry) -> str:
    """A text that a place takes: what works, else the first of its choices, else one of its pattern."""
    if entry.value:
        return entry.value
    if entry.kind.enum:
        return str(next(iter(entry.kind.enum)))
    return (matching(entry.kind.pattern) or "") if entry.kind.pattern else ""
