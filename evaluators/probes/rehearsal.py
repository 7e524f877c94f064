"""For each operation a request that works, found by trying.

What a probe changes must have worked before, or its refusal says nothing. So
each operation is tried with the identities' own rows and with values that the
contract allows, led by the answers (`search`). What is missing then is made: a
creation of the service's own is kept as a seed where no row of the gate does
(content on a disk, tokens, codes), and a fresh row in each state is tried.
What was found is sent from the sealed rows, so it works again each time.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from evaluators.bench import Bench
from evaluators.contract.facts import Operation
from evaluators.contract.shapes import shape_of
from evaluators.probes.atlas import CODED, Atlas, Source, bare, key_of, place_of
from evaluators.probes.forms import in_path, media_of
from evaluators.probes.search import Search, accepted, enriched
from evaluators.probes.tracing import traced
from evaluators.probes.versions import noted
from evaluators.probes.world import Play, World, world_of
from evaluators.service.boot import Running
from evaluators.service.crew import Crew, crew_of
from evaluators.service.database import NoDatabase
from evaluators.service.fuzz_order import Rehearsed
from evaluators.service.growing import removed, settled, varied
from evaluators.service.inserting import Row, quoted
from evaluators.service.request import leaves
from evaluators.service.seeding import plain
from evaluators.service.step import Step
from evaluators.service.tables import Table

ORDER = ("POST", "GET", "PUT", "PATCH", "DELETE")
ROUNDS = 3
"""Times that what is closed is tried again after something was learned or kept."""
MAILED = (
    re.compile(r"^\s*([\w.~-]{20,})\s*$", re.MULTILINE),
    re.compile(r"(?:token|code|key|otp|pin)\b[\"']?\s*[=:/ ]\s*[\"']?([\w.~-]{4,})", re.IGNORECASE),
    re.compile(r"[?&]\w+=([\w.~%-]{4,})"),
    re.compile(r"/([\w.~-]{16,})(?![\w/])"),
)
"""How a mail that was written to the log, or to a table of mails, may hold a token or a code."""
DRAWN = re.compile(r"[\w.~+/=-]{16,}")


@asynccontextmanager
async def rehearsed_world(running: Running, bench: Bench) -> AsyncIterator[World]:
    """A running service with its identities, its rows, and a request that works for each operation.

    Raises NoDatabase.
    """
    crew = await crew_of(running, bench)
    async with world_of(running, crew) as world:
        atlas = Atlas(crew.cast.seeds)
        await rehearse(world, atlas)
        world.origin = world.sealed
        yield world
        # The fuzzer goes on from what works, with credentials that hold now.
        bench.keep(Crew, world.crew)
        drawn = frozenset(text for source in atlas.sources for text in source.drawn)
        bench.keep(Rehearsed, Rehearsed({symbol: play.request for symbol, play in world.plays.items()}, drawn))


async def rehearse(world: World, atlas: Atlas) -> None:
    """Fill `world.plays` and `world.unreached`. Creations come first: what they insert tells which table is where."""
    await Rehearsal(world, atlas).whole()


@dataclass
class Rehearsal:
    """One rehearsal of all operations."""

    world: World
    atlas: Atlas
    searches: dict[str, Search] = field(default_factory=dict)
    kept: set[tuple[str, str | None]] = field(default_factory=set)
    """(operation, identity) of the creations that are seeds now."""
    news: int = 0
    """Rises with what was learned or kept."""
    known: dict[str, int] = field(default_factory=dict)
    """Operation -> the news that it was tried with."""

    async def whole(self) -> None:
        """All operations, in rounds."""
        await self._settled()
        # What is deleted for good, others may need first.
        last = not self.world.running.sets_back
        operations = sorted(
            self.world.contract.operations, key=lambda op: (last and op.method == "DELETE", _effort(op))
        )
        for operation in operations:
            await self._rehearsed(operation)
        for _ in range(ROUNDS):
            before = self.news
            for operation in self._closed(operations):
                await self._again(operation)
            for operation in self._closed(operations) if self.world.running.sets_back else ():
                await self._varied(operation)
            if self.news == before:
                break
        for operation in operations if self.world.running.sets_back else ():
            await self._dressed(operation)
        await self._confirmed(operations)
        noted(self.world)

    async def _dressed(self, operation: Operation) -> None:
        """What a request may name by a text of its own (a coupon's code) and did not, is made by the service first."""
        play, media = self.world.plays.get(operation.symbol), media_of(operation)
        if play is None or operation.method != "POST" or media is None or media.schema is None:
            return
        sent = play.request.body if isinstance(play.request.body, dict) else {}
        names = [each.name for each in shape_of(media.schema).properties]
        wanted = {thing[0] for name in names if sent.get(name) is None and (thing := self.atlas.thing(name))}
        makers = [p for _, p in sorted(self.world.plays.items()) if {t for t, _ in p.changes.added} & wanted]
        for maker in makers[:1]:
            await self._keep(maker, maker.request.who)
            self.searches.pop(operation.symbol, None)
            await self._rehearsed(operation)

    async def _confirmed(self, operations: Sequence[Operation]) -> None:
        """What one play took from a disk is missing to others: those are searched anew, with rows of their own."""
        world = self.world
        if all(play.repeats for play in world.plays.values()):
            return
        for operation in operations:
            play = world.plays.get(operation.symbol)
            if play is None or not play.repeats or not in_path(operation):
                continue
            if accepted(await world.once(play.request)):
                continue
            self._forgotten(operation, "what it reads is gone")
            self.kept = {mark for mark in self.kept if mark[0] not in set(self._suppliers(operation))}
            await self._again(operation)

    def _forgotten(self, operation: Operation, why: str) -> None:
        """A play does not work any more."""
        self.world.plays.pop(operation.symbol, None)
        self.searches.pop(operation.symbol, None)
        self.known.pop(operation.symbol, None)
        self.world.unreached[operation.symbol] = why

    def _closed(self, operations: Sequence[Operation]) -> list[Operation]:
        return [operation for operation in operations if operation.symbol in self.world.unreached]

    async def _settled(self) -> None:
        """Rows of those with more rights, and what everybody logs in with."""
        crew = self.world.crew
        for name in crew.lifted if self.world.running.sets_back else ():
            member = crew.members[name]
            if member.table and member.row:
                await self.world.fresh()
                await settled(self.world.running.database, self.atlas.seeds, name, member.table, dict(member.row))
        if crew.lifted:
            await self._resealed()
        for name in (*reversed(crew.ordinary), *crew.lifted):
            member = crew.members[name]
            if member.email and member.password:
                values = {"email": (member.email,), "password": (member.password,)}
                self.atlas.sources.append(Source(values))

    async def _resealed(self) -> None:
        """Look at the rows that are sealed now."""
        world = self.world
        world.sealed = await world.watch.seen()
        world.dirty = frozenset()

    async def _rehearsed(self, operation: Operation) -> bool:
        """Search, and note what came of it. Whether a request was accepted."""
        search = self.searches.setdefault(operation.symbol, Search(self.world, self.atlas, operation))
        self.known[operation.symbol] = self.news
        async for step in search.steps():
            if accepted(step):
                await self._found(search, step)
                return True
        self.world.unreached[operation.symbol] = search.why
        return False

    async def _found(self, search: Search, step: Step) -> None:
        """A request was accepted: note the play, and whether it is accepted again."""
        world, operation = self.world, search.operation
        step = await enriched(search, step)
        repeats = True
        if operation.method != "GET":
            again = await world.once(step.request)
            repeats = accepted(again) and again.changes.tables == step.changes.tables
        world.plays[operation.symbol] = traced(self.atlas, step, world.sealed, repeats=repeats)
        world.unreached.pop(operation.symbol, None)
        learn(self.atlas, operation, step)
        self.news += 1
        if not world.running.sets_back:
            # It stays: so it is a row of whoever made it, and the other one needs one too.
            self._remember(step, step.request.who)
            for who in self._peers(world.plays[operation.symbol]) if step.changes.added else ():
                if who != step.request.who:
                    await self._keep(world.plays[operation.symbol], who)

    async def _again(self, operation: Operation) -> None:
        """Keep what may open an operation, and search again where there is something new."""
        for symbol in list(self._suppliers(operation)):
            play = self.world.plays[symbol]
            for who in dict.fromkeys((play.request.who, *self._peers(play))):
                await self._keep(play, who)
        if self.known.get(operation.symbol) != self.news:
            await self._rehearsed(operation)

    def _peers(self, play: Play) -> tuple[str | None, ...]:
        """Who else should have such a row."""
        return self.world.crew.ordinary if play.request.who in self.world.crew.ordinary else ()

    def _suppliers(self, operation: Operation) -> Iterator[str]:
        """Plays that make a row of the table that the path names, or answer what a place is called."""
        parameters = in_path(operation)
        goal = self.atlas.table_of(operation, parameters[-1]) if parameters else None
        media = media_of(operation)
        names = [each.name for each in (*parameters, *operation.parameters_in("query")) if each.required]
        if media is not None and media.schema is not None:
            names += [each.name for each in shape_of(media.schema).properties]
        coded = any(CODED.search(name) for name in names)
        wanted = {bare(name) for name in names}
        for symbol, play in sorted(self.world.plays.items()):
            if symbol == operation.symbol or play.operation.method != "POST":
                continue
            made = any(table == goal for table, _ in play.changes.added)
            said = {bare(str(place[-1])) for place, value in leaves(play.step.json) if place and isinstance(value, str)}
            sent = {
                bare(str(place[-1])) for place, _ in leaves(play.request.body) if place and play.request.who is None
            }
            mailed = coded and bool(play.changes.added) and any(_mailed(play.step))
            secrets = {bare(name) for name in names if CODED.search(name)} & said
            if made or mailed or secrets or (len(wanted & sent) > 1 and play.changes.added):
                yield symbol

    async def _keep(self, play: Play, who: str | None) -> None:
        """Do a creation once more and seal what it made."""
        world, mark = self.world, (play.operation.symbol, who)
        if mark in self.kept:
            return
        self.kept.add(mark)
        search = Search(world, self.atlas, play.operation, people=(who,), serial=len(self.kept) + 10)
        async for found in search.steps():
            if not accepted(found):
                continue
            step = await self._stays(found)
            if step is None:
                return
            await self._given_back(step)
            await world.running.database.seal()
            await self._resealed()
            self._remember(step, who)
            if world.running.sets_back:
                await self._checked(play)
            return

    async def _given_back(self, step: Step) -> None:
        """What a creation used up (the lines of a cart) is there again for the next one."""
        import psycopg

        for table, row in step.changes.removed if self.world.running.sets_back else ():
            names, marks = ", ".join(quoted(name) for name in row), ", ".join("?" for _ in row)
            text = f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})"  # noqa: S608 - quoted
            with contextlib.suppress(psycopg.Error, NoDatabase):
                await self.world.look.execute(text, tuple(row.values()))

    async def _stays(self, found: Step) -> Step | None:
        """The step once more, to stay; where nothing is set back it does so already."""
        world = self.world
        if not world.running.sets_back:
            return found
        await world.fresh()
        step = await world.watch.step(found.request, world.credential(found.request))
        if accepted(step):
            return step
        world.dirty |= step.changes.tables
        await world.fresh()
        return None

    async def _checked(self, play: Play) -> None:
        """A creation that was kept may have used up what the play needs: then it is searched anew."""
        if not accepted(await self.world.once(play.request)):
            self._forgotten(play.operation, "its rows were used up")

    def _remember(self, step: Step, who: str | None) -> None:
        """What was made are rows of whoever made it; what was sent and answered may have to be sent back."""
        for table, row in step.changes.added if self.world.running.hearsay is None else ():
            held = self.atlas.seeds.rows.setdefault(table, {})
            held.setdefault(who or "guest", []).insert(0, dict(row))
        values: dict[str, tuple[Any, ...]] = {}
        for place, value in (
            *leaves(step.json),
            *(leaves(step.request.body) if step.json is not None or who is None else ()),
        ):
            name = next((bare(part) for part in reversed(place) if isinstance(part, str)), "")
            if name and isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                values[name] = (*values.get(name, ()), value)
        drawn = [*_mailed(step)]
        drawn += [value for _, value in leaves(step.json) if isinstance(value, str) and DRAWN.fullmatch(value)]
        self.atlas.sources.insert(0, Source(values, tuple(dict.fromkeys(drawn))))
        self.news += 1

    async def _varied(self, operation: Operation) -> None:
        """Try fresh rows in each state; the one that opened the operation stays."""
        parameters = in_path(operation)
        name = self.atlas.table_of(operation, parameters[-1]) if parameters else None
        table = self.atlas.seeds.table(name or "")
        search = self.searches.setdefault(operation.symbol, Search(self.world, self.atlas, operation))
        if table is None or key_of(table) is None:
            return
        for who in (*self.world.crew.ordinary[:1], *self.world.crew.lifted):
            held = self.atlas.seeds.rows.get(table.name, {})
            owners = [each for each in dict.fromkeys((who, "a")) if held.get(each)]
            if who in search.closed or not owners:
                continue
            for owner in owners:
                if await self._tried(search, table, who, owner, held[owner][0]):
                    return

    async def _tried(self, search: Search, table: Table, who: str, owner: str, row: Row) -> bool:
        """Make rows like one in other states, try them, and take out those that did not help."""
        world, database = self.world, self.world.running.database
        await world.fresh()
        made = await varied(database, self.atlas.seeds, table, owner, dict(row))
        await self._resealed()
        attempt = Search(world, self.atlas, search.operation, people=(who,), rows={owner: made}, serial=30)
        kept: list[dict[str, Any]] = []
        async for step in attempt.steps():
            if accepted(step):
                value = step.request.path.get(in_path(search.operation)[-1].name)
                kept = [each for each in made if str(each.get(key_of(table) or "")) == str(value)]
                await world.fresh()
                await removed(database, table, [each for each in made if each not in kept])
                self.atlas.seeds.rows[table.name][owner] += kept
                await self._resealed()
                await self._found(attempt, step)
                return True
        await world.fresh()
        await removed(database, table, made)
        await self._resealed()
        return False


def _effort(operation: Operation) -> tuple[int, int, str]:
    return operation.path.count("{"), ORDER.index(operation.method) if operation.method in ORDER else 9, operation.path


def _mailed(step: Step) -> Iterator[str]:
    """Tokens and codes of mails that were written to the log, or to rows that wait to be sent."""
    rows = [row for _, row in step.known.added]
    texts = [value for row in rows for value in row.values() if isinstance(value, str) and len(value.split()) > 3]
    for pattern in MAILED:
        for text in (step.log, *texts):
            yield from pattern.findall(text)


def learn(atlas: Atlas, operation: Operation, step: Step) -> None:
    """What a creation inserted stands behind its collection: `POST /orders` -> `/orders/{}`."""
    if step.ok:
        _learn_path(atlas, operation, step)
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


def _learn_path(atlas: Atlas, operation: Operation, step: Step) -> None:
    """A path that worked names the rows that it was made of."""
    for parameter in in_path(operation):
        value = step.request.path.get(parameter.name)
        if atlas.table_of(operation, parameter) is None:
            owners = [each for each in atlas.seeds.tables if _holds(atlas, each, value)]
            if len(owners) == 1:
                atlas.learned.setdefault(place_of(operation.path, parameter.name), owners[0].name)


def _holds(atlas: Atlas, table: Table, value: Any) -> bool:
    """Whether a seeded row of a table has this key."""
    name = key_of(table)
    rows = atlas.seeds.rows.get(table.name, {}).values()
    return name is not None and any(plain(row[name]) == value for held in rows for row in held)
