"""One request in the making: its path filled, and for each place of its query, headers and body what to try."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Media, Operation, Parameter
from evaluators.contract.shapes import Property, facets
from evaluators.probes.atlas import Atlas, Pick, Source, bare, fits, key_of, snake
from evaluators.service.bodies import Draft, Offer, Place, Slot, drafted
from evaluators.service.encodings import MULTIPART, in_xml, is_xml
from evaluators.service.oracle import Row
from evaluators.service.request import ABSENT, FORM, Request
from evaluators.service.scalars import Clock, scalars
from evaluators.service.seeding import plain

QUERY, HEADER = "?", "#"
"""First part of the place of a query parameter and of a header."""
VERSION = re.compile(r"version|revision|etag|(^|_)rev($|_)|lock|sequence", re.IGNORECASE)
MATCH = re.compile(r"^if-(un)?(none-)?(match|modified-since)$", re.IGNORECASE)
NOT_OURS = frozenset({"authorization", "cookie", "content-type", "content-length", "accept", "host"})
MOST_ROWS = 10
"""Rows that are offered for one place."""


@dataclass
class Form:
    """What to try at each place of one request."""

    base: Request
    draft: Draft
    params: list[Slot]
    media: Media | None
    picks: Mapping[str, Pick]

    @property
    def slots(self) -> list[Slot]:
        """Every place, the body's last."""
        return [*self.params, *self.draft.slots]

    def request(self, taken: Mapping[Place, int]) -> Request:
        """The request with the choice that `taken` names for each place."""
        query: dict[str, Any] = {}
        headers: dict[str, str] = {}
        for slot in self.params:
            value = slot.choices[taken.get(slot.place, 0) % len(slot.choices)] if slot.choices else ABSENT
            if value is not ABSENT and slot.place[0] == QUERY:
                query[str(slot.place[1])] = value
            elif value is not ABSENT:
                headers[str(slot.place[1])] = str(value)
        request = self.base.asking(**query)
        request = Request(request.operation, request.who, request.path, request.query, headers)
        if self.media is None:
            return request
        body = self.draft.body(dict(taken))
        if body is ABSENT:
            return request
        if is_xml(self.media.type) and self.media.schema is not None and not isinstance(body, str | bytes):
            body = in_xml(self.media.schema, body)
        return request.with_body(body, self.media.type.split(";")[0].strip())

    def led(self, source: Source) -> dict[Place, int]:
        """The choices that take what a source has; empty where it has nothing for any place."""
        found: dict[Place, int] = {}
        for slot in self.slots:
            values = source.of(slot.name)
            if values and not facets(slot.schema).enum:
                if values[0] not in slot.choices:
                    slot.choices.append(values[0])
                found[slot.place] = slot.choices.index(values[0])
        return found


@dataclass
class Forms:
    """Makes the forms of one operation."""

    atlas: Atlas
    operation: Operation
    unique: str
    left_out: frozenset[str] = frozenset()
    """Headers, in lower case, that an identity carries itself."""
    used: dict[str, int] = field(default_factory=dict)

    def form(self, who: str | None, picks: Mapping[str, Pick], turn: int = 0, tag: str | None = None) -> Form:
        """A form for one identity and one set of rows.

        Args:
            turn: which alternative of the schema's choices.
            tag: the ETag that a read of the same thing brought.
        """
        self.used = {}
        clock = Clock()
        media = media_of(self.operation)
        base = Request(self.operation, who, {name: pick.value for name, pick in picks.items()})
        near = [row for pick in picks.values() if pick.table for row in self.atlas.lineage(pick).values()]
        lead = list(picks.values())[-1].row if picks else {}
        params = [
            self._param(each, sign, who or "a", lead, tag, clock)
            for where, sign in (("query", QUERY), ("header", HEADER))
            for each in self.operation.parameters_in(where)
            if self._wanted(each)
        ]
        draft = Draft([])
        if media is not None and _is_raw(media):
            draft.slots.append(Slot((), raws(media, self.unique), True, "", media.schema or media.node))
        elif media is not None and media.schema is not None:

            def offer(name: str, given: Property | None) -> Offer:
                return self._offer(name, given, who or "a", near, lead)

            draft = drafted(media.schema, offer, self.unique, turn, clock)
        return Form(base, draft, params, media, picks)

    def _wanted(self, parameter: Parameter) -> bool:
        if parameter.where == "header":
            name = parameter.name.lower()
            return (
                name not in NOT_OURS and name not in self.left_out and (parameter.required or bool(MATCH.match(name)))
            )
        return parameter.required

    def _param(self, parameter: Parameter, sign: str, who: str, lead: Row, tag: str | None, clock: Clock) -> Slot:
        place: Place = (sign, parameter.name)
        schema = parameter.schema or parameter.node
        if MATCH.match(parameter.name):
            choices: list[Any] = [*_tags(lead, tag), "*"]
            choices = choices if parameter.required else [ABSENT, *choices]
            return Slot(place, choices, parameter.required, parameter.name, schema)
        if parameter.schema is None:
            return Slot(place, ["example"], parameter.required, parameter.name, schema)
        offered = self._offer(parameter.name, None, who, [], lead)
        own = list(scalars(parameter.schema, facets(parameter.schema), parameter.name, clock, self.unique))
        choices = [*offered.first, *([] if offered.only else own[:2]), *offered.also, *own[2:]]
        return Slot(place, choices or ["example"], parameter.required, parameter.name, schema, offered.points)

    def _offer(self, name: str, given: Property | None, who: str, near: list[Row], lead: Row) -> Offer:
        """What a property may name: rows near the path's first; two that point alike differ."""
        atlas = self.atlas
        column = given.column if given else None
        table = atlas.body_table(name, self.operation.table, column)
        found = atlas.seeds.table(table) if table else None
        if found is not None and key_of(found) is not None:
            picks = list(atlas.rows(found.name, key_of(found), who))
            kin = [p for p in picks if any(row in near for row in atlas.lineage(p).values())]
            ordered = [plain(p.value) for p in (*kin, *[p for p in picks if p not in kin])][:MOST_ROWS]
            turn = self.used.get(found.name, 0)
            self.used[found.name] = turn + 1
            values = ordered[turn:] + ordered[:turn]
            if values:
                return Offer(tuple(values), points=found.name, only=True)
        present = lead.get(snake(column or name))
        first = (plain(present),) if present is not None and VERSION.search(name) else ()
        kinds = facets(given.node) if given is not None else None
        named = atlas.named_values(column or name, who)
        others = [
            each for each in named if kinds is None or not isinstance(each.value, str) or fits(each.value, kinds)
        ][:4]
        if atlas.thing(column or name) is not None:
            # Nothing else than a row's own text is known.
            first = (*first, *(each.value for each in others[:2]))
        said = [value for source in atlas.sources for value in source.values.get(bare(name), ())][:3]
        also = (*(pick.value for pick in others), *said, *((plain(present),) if present is not None else ()))
        points = others[0].table if others else ""
        fitting = tuple(value for value in also if kinds is None or _typed(value, kinds.types))
        return Offer(first, fitting, points)


def _typed(value: Any, types: frozenset[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int | float):
        return bool(types & {"integer", "number"})
    return "string" in types


def _tags(lead: Row, tag: str | None) -> Iterator[str]:
    """What an If-Match may hold: the ETag that was read, else the row's version in the usual forms."""
    if tag:
        yield tag
    for name, value in lead.items():
        if VERSION.search(name) and isinstance(value, int | str):
            yield from (f'"{value}"', str(value), f'W/"{value}"')


def media_of(operation: Operation) -> Media | None:
    """The media type that the gate writes: JSON, else a form, else one of several parts, else the first."""
    found = operation.body.media if operation.body else ()
    in_json = next((each for each in found if each.is_json), None)
    in_form = next((each for each in found if each.type == FORM), None)
    in_parts = next((each for each in found if each.type.startswith(MULTIPART)), None)
    return in_json or in_form or in_parts or (found[0] if found else None)


def _is_raw(media: Media) -> bool:
    """Whether a body is neither JSON, nor a form, nor described as an object."""
    if media.is_json or media.type == FORM or media.type.startswith(MULTIPART):
        return False
    return media.schema is None or not (is_xml(media.type) and "object" in facets(media.schema).types)


def raws(media: Media, unique: str) -> list[Any]:
    """Bodies of a type of its own: the contract's examples, then what the type asks for."""
    examples = [media.node.raw("example")] if media.node.has("example") else []
    several = media.node.raw("examples") if media.node.has("examples") else None
    if isinstance(several, dict):
        examples += [each.get("value") for each in several.values() if isinstance(each, dict)]
    if media.schema is not None:
        end = media.schema.followed()
        examples += [end.raw("example")] if end.has("example") else []
    bare_type = media.type.split(";")[0].strip().lower()
    made: dict[str, list[Any]] = {
        "text/csv": [f"name\nExample {unique}\n", f"id,name\n1,Example {unique}\n"],
        "application/x-ndjson": ['{"name": "example"}\n'],
        "image/png": [PNG],
    }
    texts = made.get(bare_type, ["<root/>"] if is_xml(media.type) else [f"example {unique}\n"])
    return [each for each in examples if isinstance(each, str)] + texts


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    + _chunk(b"IEND", b"")
)
"""A picture of one point (PNG, RFC 2083)."""


def in_path(operation: Operation) -> list[Parameter]:
    """The path's parameters in the order of the path."""
    known = {each.name: each for each in operation.parameters_in("path")}
    return [known[name] for name in re.findall(r"\{([^{}]*)\}", operation.path) if name in known]
