"""The search for one operation's working request, led by what the service answers.

After 404, 403 and 409 come other rows, after 400 and 422 other values where
the answer points, after 401 and 403 somebody with more rights, after 412 and
428 the version that a read brings.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import facets
from evaluators.probes.atlas import Atlas, Pick, bare
from evaluators.probes.forms import Form, Forms, in_path, media_of
from evaluators.probes.world import World
from evaluators.service.bodies import Place, Slot
from evaluators.service.oracle import Row
from evaluators.service.request import ABSENT, Request, leaves
from evaluators.service.scalars import Clock, scalars
from evaluators.service.seeding import plain
from evaluators.service.step import Step

TRIES = 60
"""Requests tried for one operation in one round."""
ASSIGNMENTS = 14
"""Sets of rows tried for the parameters of a path."""
TURNS = 14
"""Bodies tried after one another while the answers say that the body is at fault."""
SOURCES = 5
"""Sets of earlier values that are tried."""
ENRICHED = 6
"""Properties that are tried besides, once a request was accepted without them."""
MENDED = frozenset({400, 411, 412, 413, 415, 422, 428})
"""Statuses that say that the request itself is at fault, not who sends it nor the row."""
PROBLEM = frozenset({"type", "title", "status", "detail", "instance", "code", "error", "errors", "message", "msg"})
"""Properties of an error itself, which are no names of places."""


@dataclass
class Search:
    """The search for one operation; it goes on where it ended when `steps` is called again."""

    world: World
    atlas: Atlas
    operation: Operation
    people: tuple[str | None, ...] = ()
    """Who may ask; empty: everybody, the one with the fewest rights first."""
    serial: int = 0
    """Goes into texts: another one for a creation that is to be kept."""
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """Identity -> rows that the path's last place is to name, and no others."""
    last: Step | None = None
    form: Form | None = None
    """Of the last request, with what was taken."""
    taken: Mapping[Place, int] = field(default_factory=dict)
    tries: int = 0
    seen: set[tuple[Any, ...]] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)
    closed: set[str | None] = field(default_factory=set)
    """Identities that were refused for who they are."""

    @property
    def why(self) -> str:
        """What was answered, most frequent first."""
        if not self.statuses:
            return "there was nothing to try"
        told = sorted(self.statuses.items(), key=lambda pair: (-pair[1], pair[0]))
        return "answered " + ", ".join(str(status) if status else "nothing" for status, _ in told)

    async def steps(self) -> AsyncIterator[Step]:
        """Each request that was tried, with its answer. The caller ends it at the first that was accepted."""
        self.tries = 0
        for who in self.people or self._everybody():
            if who in self.closed:
                continue
            async for step in self._as(who):
                yield step
            if self.tries >= TRIES:
                return

    def _everybody(self) -> list[str | None]:
        """Who may ask: nobody where that may be enough, then the ordinary one, those with more rights, the other."""
        crew = self.world.crew
        names: list[str | None] = [*crew.ordinary[:1], *crew.lifted, *crew.ordinary[1:]]
        if self.operation.secured:
            return [name for name in names if name is not None] or [None]
        return list(dict.fromkeys([None, *names])) if self.operation.security else [None, *names[:1]]

    async def _as(self, who: str | None) -> AsyncIterator[Step]:
        """All that is tried as one identity."""
        taken: dict[Place, int] = {}
        sets = list(itertools.islice(self._assignments(who or "a"), ASSIGNMENTS)) or [{}]
        # With more rights one may do to others what is forbidden with what is one's own.
        bound = 4 if who in self.world.crew.lifted else 2
        refused, others = 0, False
        for number, picks in enumerate(sets):
            if refused >= 2 and all(pick.who in (who, "") for pick in picks.values()):
                continue
            status = -1
            async for step in self._with(await self._form(who, picks), taken, first=number == 0):
                yield step
                status = step.status
            if status == 401 and self.operation.secured:
                self.closed.add(who)
                return
            refused += status == 403
            others = others or status not in (403, -1)
            if (refused and not picks) or refused >= bound or self.tries >= TRIES:
                break
        if self.status in (401, 0) or self.tries >= TRIES:
            return
        if refused < 2 or not self.operation.secured:
            for picks in sets[:3]:
                async for step in self._pointed(await self._form(who, picks), taken):
                    yield step
        elif not others and who is not None and not self.rows:
            self.closed.add(who)

    async def _with(self, form: Form, taken: dict[Place, int], *, first: bool) -> AsyncIterator[Step]:
        """One set of rows, and other bodies where the body is at fault; `taken` keeps what the body was in the end."""
        step = await self.sent(form, taken)
        if step is not None:
            yield step
        if first and not (step is not None and step.status == 401 and self.operation.secured):
            before = self.last
            async for found in self._led(form):
                yield found
            self.last = before
        if step is not None and (step.status in MENDED or (step.status >= 500 and first)):
            async for found in self._mended(form, taken):
                yield found

    @property
    def status(self) -> int:
        """The last answer's."""
        return self.last.status if self.last is not None else 0

    async def _form(self, who: str | None, picks: Mapping[str, Pick], turn: int = 0) -> Form:
        member = self.world.member(who)
        carried = {name.lower() for name in member.sent(self.operation.method)} if member else set()
        tag = None
        if any(p.name.lower() == "if-match" for p in self.operation.parameters_in("header")):
            tag = await self._tag(who, picks)
        unique = f"{(who or 'n')[:1]}{self.serial + self.world.running.turn:02d}"
        return Forms(self.atlas, self.operation, unique, frozenset(carried)).form(who, picks, turn, tag)

    async def _tag(self, who: str | None, picks: Mapping[str, Pick]) -> str | None:
        """The ETag of a read of what the path names: by the same path, else by the longest part that can be read."""
        path = self.operation.path
        while "{" in path:
            read = self.world.contract.operation("GET", path)
            if read is not None:
                values = {each.name: picks[each.name].value for each in in_path(read) if each.name in picks}
                answer = await self.world.ask(Request(read, who, values))
                return answer.header("etag")
            path = path.rpartition("/")[0]
        return None

    def _assignments(self, who: str) -> Iterator[dict[str, Pick]]:
        """Rows for the parameters of the path that belong together: led by the last, its parents follow."""
        parameters = in_path(self.operation)
        if not parameters:
            yield {}
            return
        *before, last = parameters
        leads = self._given(last) if self.rows else self.atlas.picks(self.operation, last, who)
        for lead in leads or [Pick(made(last))]:
            lineage = self.atlas.lineage(lead) if lead.table else {}
            chosen = {}
            for parameter in before:
                table = self.atlas.table_of(self.operation, parameter)
                picks = self.atlas.picks(self.operation, parameter, who)
                row = lineage.get(table or "")
                kin = [pick for pick in picks if row is not None and pick.row == row]
                chosen[parameter.name] = (kin or picks or [Pick(made(parameter))])[0]
            yield {**chosen, last.name: lead}
        if before and not self.rows:
            tables = [self.atlas.table_of(self.operation, parameter) for parameter in parameters]
            for found in self.atlas.joined(tables, who):
                yield {parameter.name: pick for parameter, pick in zip(parameters, found, strict=True)}

    def _given(self, last: Parameter) -> list[Pick]:
        table = self.atlas.table_of(self.operation, last) or ""
        column = self.atlas.column_of(table, self.operation, last)
        return [
            Pick(plain(row[column]), table, row, who)
            for who, rows in self.rows.items()
            for row in rows
            if column is not None and row.get(column) is not None
        ]

    async def _led(self, form: Form) -> AsyncIterator[Step]:
        """What earlier answers brought, each with what belongs to it: a token, an account's address and password."""
        first = self.status
        for source in self.atlas.sources[:SOURCES]:
            taken = form.led(source)
            step = await self.sent(form, taken) if taken else None
            if step is None:
                continue
            yield step
            if step.status in MENDED and first == 401:
                # Let in, and now something else is wrong.
                async for mended in self._mended(form, taken):
                    yield mended

    async def _mended(self, form: Form, taken: dict[Place, int]) -> AsyncIterator[Step]:
        """Other bodies while the answer says that the body is at fault; `taken` keeps the last."""
        wheel: list[Place] = []
        plain = False
        for turn in range(TURNS):
            named = self._named(form)
            if named:
                for slot in named:
                    taken[slot.place] = (taken.get(slot.place, 0) + 1) % max(1, len(slot.choices))
            elif not plain:
                plain = True
                taken.update({s.place: len(s.choices) - 1 for s in form.slots if not s.required and s.choices})
            elif form.draft.turns > 1 and turn < 4:
                other = await self._form(form.base.who, form.picks, turn)
                form.draft = other.draft
            else:
                wheel = wheel or [slot.place for slot in form.slots if len(slot.choices) > 1]
                if not wheel:
                    return
                place = wheel.pop(0)
                taken[place] = taken.get(place, 0) + 1
            step = await self.sent(form, taken)
            if step is None:
                continue
            yield step
            if step.status not in MENDED:
                return

    def _named(self, form: Form) -> list[Slot]:
        """The slots that the last answer speaks of: where it points, else in its sentences."""
        if self.last is None or self.status not in (400, 409, 412, 422, 428):
            return []
        short: set[str] = set()
        long: set[str] = set()
        for place, value in leaves(self.last.json):
            keys = [part for part in place if isinstance(part, str) and part not in PROBLEM]
            short |= {bare(part) for key in keys for part in re.split(r"[./\[\]#]", key)}
            if isinstance(value, str):
                into = long if " " in value else short
                into |= {bare(word) for word in re.findall(r"[A-Za-z_][\w-]*", value)}
        known = {bare(slot.name): slot for slot in form.slots if slot.choices}
        for words in (short, long):
            found = [slot for slot in form.slots if slot.choices and bare(slot.name) in words & known.keys()]
            if found:
                return found
        return [slot for slot in form.params if self.status in (412, 428) and len(slot.choices) > 1]

    async def _pointed(self, form: Form, taken: dict[Place, int]) -> AsyncIterator[Step]:
        """Nothing that may be left out; other rows for what the body points to; then other values everywhere."""
        bare_one = {s.place: len(s.choices) - 1 for s in form.slots if not s.required and s.choices}
        step = await self.sent(form, {**taken, **bare_one}) if bare_one else None
        if step is not None:
            yield step
        pointing = [slot for slot in form.slots if slot.points and len(slot.choices) > 1]
        for chosen_rows in itertools.islice(self._together(form, pointing), 12):
            step = await self.sent(form, {**taken, **chosen_rows})
            if step is not None:
                yield step
        turns = [range(min(len(slot.choices), 6)) for slot in pointing]
        for chosen in itertools.islice(itertools.product(*turns), 1, 25):
            step = await self.sent(form, {**taken, **{s.place: n for s, n in zip(pointing, chosen, strict=True)}})
            if step is not None:
                yield step
            if self.tries >= TRIES:
                return
        for slot in form.slots:
            for number in range(1, min(len(slot.choices), 5 if _told_apart(slot) else 3)):
                step = await self.sent(form, {**taken, slot.place: taken.get(slot.place, 0) + number})
                if step is not None:
                    yield step
                if self.tries >= TRIES:
                    return

    def _together(self, form: Form, pointing: Sequence[Slot]) -> Iterator[dict[Place, int]]:
        """Choices that one row of some table connects: a product and the warehouse that has it."""
        tables = list(dict.fromkeys(slot.points for slot in pointing))
        if len(tables) < 2:
            return
        for picks in self.atlas.joined(tables, form.base.who or "a"):
            values = {pick.table: pick.value for pick in picks}
            found: dict[Place, int] = {}
            used: set[str] = set()
            for slot in pointing:
                if slot.points in used:
                    # The second place for the same table takes another row.
                    found[slot.place] = next((n for n, v in enumerate(slot.choices) if v != values[slot.points]), 0)
                elif values[slot.points] in slot.choices:
                    used.add(slot.points)
                    found[slot.place] = slot.choices.index(values[slot.points])
            yield found

    async def sent(self, form: Form, taken: Mapping[Place, int]) -> Step | None:
        """Send a request, unless it was sent before."""
        request = form.request(taken)
        mark = (request.who, request.target, repr(request.headers), repr(request.body))
        if mark in self.seen:
            return None
        self.seen.add(mark)
        self.tries += 1
        self.form, self.taken = form, dict(taken)
        step = await self.world.once(request)
        self.last = step
        self.statuses[step.status] = self.statuses.get(step.status, 0) + 1
        return step


def _told_apart(slot: Slot) -> bool:
    """Whether a service may well take only some of a place's choices: labels, and numbers of different sizes."""
    kind = facets(slot.schema)
    return bool(kind.enum) or (bool(kind.types) and kind.types <= {"integer", "number"})


def accepted(step: Step) -> bool:
    """Whether the service did what was asked."""
    return step.ok or 300 <= step.status < 400


def made(parameter: Parameter) -> Any:
    """A value for a parameter that names no row."""
    if parameter.schema is None:
        return "example"
    found = list(scalars(parameter.schema, facets(parameter.schema), parameter.name, Clock(), "a1"))
    return found[0] if found and found[0] is not ABSENT else "example"


async def enriched(search: Search, step: Step) -> Step:
    """The same request with what may be left out, as far as the service takes it: probes change properties."""
    form, taken = search.form, dict(search.taken)
    if form is None or search.operation.method not in ("POST", "PUT", "PATCH") or media_of(search.operation) is None:
        return step
    absent = [slot for slot in form.draft.slots if _absent(slot, taken) and len(slot.choices) > 1]
    for slot in absent[:ENRICHED]:
        for number in range(min(len(slot.choices) - 1, 2)):
            tried = await search.sent(form, {**taken, slot.place: number})
            if tried is not None and accepted(tried):
                step, taken = tried, {**taken, slot.place: number}
                break
    return step


def _absent(slot: Slot, taken: Mapping[Place, int]) -> bool:
    return bool(slot.choices) and slot.choices[taken.get(slot.place, 0) % len(slot.choices)] is ABSENT
