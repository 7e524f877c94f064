"""For each operation a request that works, found by trying.

What a probe changes must have worked before, or its refusal says nothing. So
each operation is tried with the identities' own rows, with values that the
contract allows, and led by what the service answers: after 404 with other
rows, after 422 with other values where it points, after 403 as somebody with
more rights, after 409 with a row in another state. What was found is sent
from the sealed rows, so it works again each time.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Media, Operation, Parameter
from evaluators.contract.shapes import Property, facets
from evaluators.probes.atlas import Atlas, Pick, place_of
from evaluators.probes.world import Play, Scene, World
from evaluators.service.bodies import Draft, Place, drafted
from evaluators.service.request import ABSENT, FORM, Request, leaves
from evaluators.service.seeding import plain
from evaluators.service.step import Step
from evaluators.service.tables import Table

TRIES = 60
"""Requests tried for one operation."""
ASSIGNMENTS = 12
"""Sets of rows tried for the parameters of a path."""

ORDER = ("POST", "GET", "PUT", "PATCH", "DELETE")


async def rehearse(world: World, atlas: Atlas) -> None:
    """Fill `world.plays` and `world.unreached`. Creations come first: what they insert tells which table is where."""
    operations = sorted(world.contract.operations, key=_effort)
    for operation in operations:
        await _rehearsed(world, atlas, operation)
    # What was learned meanwhile may open what was closed.
    for operation in operations:
        if operation.symbol in world.unreached:
            await _rehearsed(world, atlas, operation)


def _effort(operation: Operation) -> tuple[int, int, str]:
    return operation.path.count("{"), ORDER.index(operation.method) if operation.method in ORDER else 9, operation.path


async def _rehearsed(world: World, atlas: Atlas, operation: Operation) -> None:
    search = Search(world, atlas, operation)
    async for step in search.steps():
        if step.ok or 300 <= step.status < 400:
            world.plays[operation.symbol] = Play(step.request, step)
            world.unreached.pop(operation.symbol, None)
            _learn(atlas, operation, step)
            return
    world.unreached[operation.symbol] = search.why


@dataclass
class Search:
    """The search for one operation's working request."""

    world: World
    atlas: Atlas
    operation: Operation
    last: Step | None = None
    seen: set[tuple[Any, ...]] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """What was answered, most frequent first."""
        if not self.statuses:
            return "there was nothing to try"
        told = sorted(self.statuses.items(), key=lambda pair: (-pair[1], pair[0]))
        return "answered " + ", ".join(str(status) if status else "nothing" for status, _ in told)

    async def steps(self) -> Any:
        """Each request that was tried, with its answer."""
        for who in self._people():
            assignments = list(itertools.islice(self._assignments(who or "a"), ASSIGNMENTS)) or [{}]
            for number, picks in enumerate(assignments):
                forbidden = False
                async for step in self._bodies(who, picks):
                    yield step
                    forbidden = step.status in (401, 403)
                    if forbidden or sum(self.statuses.values()) >= TRIES:
                        break
                if sum(self.statuses.values()) >= TRIES or (forbidden and number >= 2):
                    break

    def _people(self) -> list[str | None]:
        """Who may ask, the one with the fewest rights first."""
        names = list(self.world.crew.members)
        if self.operation.secured:
            return list(names)
        return [None, *names] if self.operation.security else [None, *names[:1]]

    def _assignments(self, who: str) -> Iterator[dict[str, Pick]]:
        """Rows for the parameters of the path that belong together: led by the last, its parents follow."""
        parameters = in_path(self.operation)
        if not parameters:
            yield {}
            return
        *before, last = parameters
        for lead in self.atlas.picks(self.operation, last, who) or [Pick(_made(last))]:
            lineage = self.atlas.lineage(lead) if lead.table else {}
            chosen = {last.name: lead}
            for parameter in before:
                table = self.atlas.table_of(self.operation, parameter)
                picks = self.atlas.picks(self.operation, parameter, who)
                row = lineage.get(table or "")
                kin = [pick for pick in picks if row is not None and pick.row == row]
                chosen[parameter.name] = (kin or picks or [Pick(_made(parameter))])[0]
            yield chosen

    async def _bodies(self, who: str | None, picks: dict[str, Pick]) -> Any:
        """Bodies for one set of rows, led by the answers."""
        media = media_of(self.operation)
        path = {name: pick.value for name, pick in picks.items()}
        query = {p.name: _made(p) for p in self.operation.parameters_in("query") if p.required}
        headers = {p.name: str(_made(p)) for p in self.operation.parameters_in("header") if p.required}
        headers.pop("Authorization", None)
        base = Request(self.operation, who, path, query, headers)
        if media is None or media.schema is None:
            yield await self._sent(base if media is None else base.with_body(b"example", media.type))
            return
        draft = drafted(media.schema, self._rows(who or "a", picks), unique=who or "a")
        for taken in self._turns(draft):
            body = draft.body(taken)
            request = base.with_body(body, media.type)
            mark = (who, tuple(path.values()), repr(body))
            if mark in self.seen:
                continue
            self.seen.add(mark)
            yield await self._sent(request)

    def _turns(self, draft: Draft) -> Iterator[dict[Place, int]]:
        """Which choice to take for each slot: a walk that each answer leads on."""
        taken: dict[Place, int] = {}
        yield dict(taken)
        lean = {slot.place: len(slot.choices) - 1 for slot in draft.slots if not slot.required}
        for turn in range(12):
            status = self.last.status if self.last is not None else 0
            named = self._named(draft)
            if status in (404, 409) or not named:
                moved = [slot for slot in draft.slots if slot.points] if status in (404, 409) else []
                if turn == 0 and status not in (404, 409):
                    taken = dict(lean)
                    yield dict(taken)
                    continue
                wheel = moved or [slot for slot in draft.slots if len(slot.choices) > 1]
                if not wheel:
                    return
                slot = wheel[turn % len(wheel)]
                taken[slot.place] = (taken.get(slot.place, 0) + 1) % len(slot.choices)
            else:
                for place in named:
                    slot = next(each for each in draft.slots if each.place == place)
                    taken[place] = (taken.get(place, 0) + 1) % max(1, len(slot.choices))
            yield dict(taken)

    def _named(self, draft: Draft) -> list[Place]:
        """The slots that the last answer speaks of."""
        if self.last is None or self.last.status not in (400, 409, 422):
            return []
        said = [str(value) for _, value in leaves(self.last.json)]
        said += [str(place[-1]) for place, _ in leaves(self.last.json) if place]
        words = {word for text in said for word in re.findall(r"[A-Za-z_][\w]*", text)}
        return [slot.place for slot in draft.slots if slot.name in words and slot.choices]

    def _rows(self, who: str, picks: dict[str, Pick]) -> Any:
        """What a property of the body may name: rows near the path's first; two that point alike differ."""
        used: dict[str, int] = {}
        near = [row for pick in picks.values() if pick.table for row in self.atlas.lineage(pick).values()]
        shape_table = self.operation.table

        def rows(name: str, given: Property | None) -> list[Any]:
            table = self.atlas.body_table(name, shape_table, given.column if given else None)
            found = self.atlas.seeds.table(table) if table else None
            if found is None or len(found.key) != 1:
                return []
            all_picks = list(self.atlas.rows(found.name, found.key[0], who))
            kin = [p for p in all_picks if any(row in near for row in self.atlas.lineage(p).values())]
            ordered = [*kin, *[p for p in all_picks if p not in kin]]
            turn = used.get(found.name, 0)
            used[found.name] = turn + 1
            values = [plain(pick.value) for pick in ordered]
            return values[turn:] + values[:turn]

        return rows

    async def _sent(self, request: Request) -> Step:
        step = await self.world.once(request)
        self.last = step
        self.statuses[step.status] = self.statuses.get(step.status, 0) + 1
        return step


def in_path(operation: Operation) -> list[Parameter]:
    """The path's parameters in the order of the path."""
    known = {each.name: each for each in operation.parameters_in("path")}
    return [known[name] for name in re.findall(r"\{([^{}]*)\}", operation.path) if name in known]


def media_of(operation: Operation) -> Media | None:
    """The media type that the gate writes: JSON, else a form, else the first."""
    found = operation.body.media if operation.body else ()
    in_json = next((each for each in found if each.is_json), None)
    in_form = next((each for each in found if each.type == FORM), None)
    return in_json or in_form or (found[0] if found else None)


def _made(parameter: Parameter) -> Any:
    """A value for a parameter that names no row."""
    if parameter.schema is None:
        return "example"
    draft = drafted(parameter.schema, lambda name, given: [])
    value = draft.body({})
    if value is ABSENT or isinstance(value, dict):
        return "example"
    kind = facets(parameter.schema)
    return value if not isinstance(value, list) or "array" in kind.types else "example"


def _learn(atlas: Atlas, operation: Operation, step: Step) -> None:
    """What a creation inserted stands behind its collection: `POST /orders` -> `/orders/{}`."""
    parameters = in_path(operation)
    if parameters and step.ok:
        _learn_path(atlas, operation, step, parameters)
    if operation.method != "POST" or not step.changes.added:
        return
    texts = {str(value) for _, value in leaves(step.json)} | {step.answer.header("location") or ""}
    for table, row in step.changes.added:
        found = atlas.seeds.table(table)
        if found is None or len(found.key) != 1:
            continue
        key = str(row.get(found.key[0]))
        if key in texts or any(text.rstrip("/").endswith(f"/{key}") for text in texts):
            place = re.sub(r"\{[^{}]*\}", "{}", operation.path.rstrip("/")) + "/{}"
            atlas.learned.setdefault(place, table)
            return


def _learn_path(atlas: Atlas, operation: Operation, step: Step, parameters: list[Parameter]) -> None:
    """A path that worked names the rows that it was made of."""
    for parameter in parameters:
        value = step.request.path.get(parameter.name)
        table = atlas.table_of(operation, parameter)
        if table is None:
            owners = [each for each in atlas.seeds.tables if _holds(atlas, each, value)]
            if len(owners) == 1:
                atlas.learned.setdefault(place_of(operation.path, parameter.name), owners[0].name)


def _holds(atlas: Atlas, table: Table, value: Any) -> bool:
    """Whether a seeded row of a table has this key."""
    if len(table.key) != 1:
        return False
    return any(
        plain(row[table.key[0]]) == value for rows in atlas.seeds.rows.get(table.name, {}).values() for row in rows
    )


async def replayed(scene: Scene, play: Play) -> Step:
    """A play once more in a scene."""
    return await scene.send(play.request)
