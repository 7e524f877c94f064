"""The world of the probes: a running service, its rows, those who ask, and what is known to work.

    async with world.scene() as scene:
        made = await scene.send(world.plays["POST /orders"].request)
        read = await scene.send(other.as_("b"))
        if read.answer.status == 200:
            yield scene.flaw(read, "...")

Each scene begins with the sealed rows. `send` looks at the database before and
after, so that every step knows what it changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from typing import Any

from evaluators.contract.facts import Contract, Operation
from evaluators.service.bodies import Place
from evaluators.service.boot import Running
from evaluators.service.client import Answer
from evaluators.service.crew import Crew, Member, renew
from evaluators.service.database import Look
from evaluators.service.oracle import Changes, Keys, Row, State, Unknown, changes
from evaluators.service.request import Request
from evaluators.service.seeding import Seeds
from evaluators.service.served import prefix_of
from evaluators.service.step import SECONDS, Step, Watch

Meanwhile = Callable[[Sequence["asyncio.Task[Answer]"]], Awaitable[None]]
"""What is done while requests are under way."""


@dataclass(frozen=True)
class Play:
    """A request that works: the service accepted it from the sealed rows, and this is what it did."""

    request: Request
    step: Step
    columns: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    """Place of the body -> (table, column) where the value that was sent was seen in a new or a changed row."""
    shown: Mapping[Place, tuple[str, str]] = field(default_factory=dict)
    """Place of the answer -> (table, column) that it shows; of a list the first elements."""
    subject: tuple[str, Any] | None = None
    """(table, key) of the row that it is about: what it made and answers, else what its path names. A key of
    several columns is a tuple. The key of a new row may be another each time."""
    repeats: bool = True
    """Whether it was accepted a second time from the sealed rows; what is gone from a disk does not come back."""
    versions: frozenset[str] = frozenset()
    """Bare names of properties and columns that were seen to hold versions. See `versions`."""

    @property
    def operation(self) -> Operation:
        """Its operation."""
        return self.request.operation

    @property
    def changes(self) -> Changes:
        """What it did to the rows."""
        return self.step.changes


@dataclass
class World:
    """All that a probe may use."""

    running: Running
    crew: Crew
    look: Look
    keys: Keys
    watch: Watch
    sealed: State = field(default_factory=dict)
    """The rows that each scene begins with."""
    origin: State = field(default_factory=dict)
    """The rows that the shell lines of a finding begin with."""
    plays: dict[str, Play] = field(default_factory=dict)
    """`METHOD /path` -> a request that works. See `rehearsal`."""
    unreached: dict[str, str] = field(default_factory=dict)
    """`METHOD /path` -> why no request of the gate was accepted."""
    unchecked: dict[str, str] = field(default_factory=dict)
    """What a probe could not look at -> why; told as not checked."""
    dirty: frozenset[str] = frozenset()
    """Tables that differ from the sealed rows."""

    @property
    def contract(self) -> Contract:
        """The service's contract."""
        return self.running.contract

    @property
    def seeds(self) -> Seeds:
        """The rows that belong to the identities."""
        return self.crew.cast.seeds

    @property
    def prefix(self) -> str:
        """The path that the contract's first server adds."""
        return prefix_of(self.contract)

    def member(self, name: str | None) -> Member | None:
        """The identity of that name."""
        return self.crew.members.get(name) if name else None

    def operations(self, *methods: str) -> tuple[Operation, ...]:
        """The contract's operations, of these methods or of all."""
        return tuple(op for op in self.contract.operations if not methods or op.method in methods)

    async def ask(self, request: Request, seconds: float = SECONDS) -> Answer:
        """Send one request, without looking at the database."""
        return await self.watch.ask(request, self.credential(request), seconds)

    async def unlooked(self, request: Request) -> Step:
        """Send one request without a look at the rows: a read, which found and left those of the last look."""
        now = self.watch.now
        return Step(request, await self.ask(request), Changes(), before=now, after=now)

    def credential(self, request: Request) -> Mapping[str, str]:
        """The headers that say who asks."""
        if request.credential is not None:
            return request.credential
        member = self.member(request.who)
        return member.sent(request.operation.method) if member else {}

    @property
    def sent(self) -> int:
        """Requests so far."""
        return self.watch.sent

    async def together(
        self, requests: Sequence[Request], seconds: float = SECONDS, meanwhile: Meanwhile | None = None
    ) -> list[Answer]:
        """Send requests at the same time; answers in their order. `meanwhile` is done while they are under way."""
        tasks = [asyncio.ensure_future(self.ask(each, seconds)) for each in requests]
        if meanwhile is not None:
            await meanwhile(tasks)
        return list(await asyncio.gather(*tasks))

    async def fresh(self) -> None:
        """Back to the sealed rows, where anything has changed; on from what is there, where nothing is set back."""
        if not self.running.sets_back:
            self.dirty = frozenset()
            self.sealed = await self.watch.seen()
            return
        if self.dirty:
            await self.look.reset(self.dirty)
            self.dirty = frozenset()
        self.watch.now = self.sealed

    async def settled(self) -> None:
        """Back to the sealed rows after requests without a look at them."""
        self.dirty |= frozenset(self.sealed)
        await self.fresh()

    def forget(self) -> None:
        """Forget what probes noted here for each other: one that was stopped may have noted half of it."""
        for name in vars(self).keys() - {each.name for each in fields(self)}:
            del self.__dict__[name]

    @asynccontextmanager
    async def scene(self) -> AsyncIterator[Scene]:
        """A sequence of steps that begins with the sealed rows and leaves them behind."""
        await self.fresh()
        scene = Scene(self)
        try:
            yield scene
        finally:
            if self.running.sets_back:
                left = changes(self.sealed, await self.watch.seen(), self.keys)
                self.dirty |= left.tables
                await self.fresh()
            # Of a forged credential nothing follows for the identity's own.
            own = {each.request.who for each in scene.steps if each.status == 401 and each.request.credential is None}
            for who in sorted(name for name in own if name is not None):
                await self._let_in_again(who)

    async def _let_in_again(self, who: str) -> None:
        """A fresh credential for an identity that is refused even from the sealed rows: a logout was kept in memory."""
        member = self.member(who)
        known = next((p.request for p in self.plays.values() if p.request.who == who and p.operation.secured), None)
        if member is None or known is None:
            return
        step = await self.watch.step(known, self.credential(known))
        self.dirty |= step.known.tables
        await self.fresh()
        fresh = await renew(self.watch, member) if step.status == 401 else None
        if fresh is not None:
            # What the new login inserted belongs to the rows that each scene begins with.
            await self.running.database.seal()
            self.sealed = self.origin = await self.watch.seen()
            self.crew = replace(self.crew, members={**self.crew.members, who: fresh})

    async def once(self, request: Request, seconds: float = SECONDS) -> Step:
        """One request in a scene of its own."""
        async with self.scene() as scene:
            return await scene.send(request, seconds)

    def owned(self, table: str, who: str = "a") -> tuple[Row, ...]:
        """The seeded rows of an identity in a table, as the database gave them."""
        return tuple(self.seeds.rows.get(table, {}).get(who, ()))


@dataclass
class Scene:
    """Steps that follow each other, from the sealed rows on."""

    world: World
    steps: list[Step] = field(default_factory=list)

    async def send(self, request: Request, seconds: float = SECONDS) -> Step:
        """Send a request and see what it changed."""
        world = self.world
        step = await world.watch.step(request, world.credential(request), seconds)
        world.dirty |= step.known.tables
        self.steps.append(step)
        return step

    async def together(
        self, requests: Sequence[Request], seconds: float = SECONDS, meanwhile: Meanwhile | None = None
    ) -> tuple[list[Answer], Changes]:
        """Send requests at the same time; their answers, and what all of them changed.

        The last step of the scene is the first request with the changes of all.
        """
        world = self.world
        before = world.watch.now
        answers = await world.together(requests, seconds, meanwhile)
        done = changes(before, await world.watch.seen(), world.keys)
        world.dirty |= done.tables
        pairs = zip(requests, answers, strict=True)
        self.steps += [Step(each, answer, Changes(), before=before, after=before) for each, answer in pairs]
        known = done if world.running.hearsay is None else Unknown()
        if self.steps:
            self.steps[-1] = replace(self.steps[-1], changes=known, after=world.watch.now)
        return answers, known

    async def set(self, statement: str, *values: Any) -> int:
        """Change rows with the gate's own rights (`?` stands for a value): a role, a balance. The number changed."""
        world = self.world
        count = await world.look.execute(statement, values)
        before = world.watch.now
        world.dirty |= changes(before, await world.watch.seen(), world.keys).tables
        return count


@asynccontextmanager
async def world_of(running: Running, crew: Crew) -> AsyncIterator[World]:
    """The world of a running service whose rows are sealed. Raises NoDatabase."""
    async with AsyncExitStack() as stack:
        look = await stack.enter_async_context(running.database.looking())
        keys = Keys({table.name: table.key for table in crew.cast.seeds.tables})
        await running.database.reset()
        watch = Watch(running, look, keys, await look.everything())
        world = World(running, crew, look, keys, watch, watch.now)
        yield world
