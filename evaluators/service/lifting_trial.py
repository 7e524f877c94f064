"""Who may more: each right is given to one identity, and what opens is counted; as few are kept as open all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.service.bodies import drafted
from evaluators.service.enlisting import Enlisting, asks_scopes
from evaluators.service.lifting import Right, give, rights, scopes_of
from evaluators.service.member import Member, fetched, signed
from evaluators.service.oracle import Keys, Row, changes
from evaluators.service.seeding import LIFTED, Seeds
from evaluators.service.step import Watch
from evaluators.service.ways import Acceptance, plain_request

RIGHTS = 16
"""Rights tried."""
LOGINS = 6
"""Logins spent on trying them."""
KEPT = 3
"""Identities with more rights."""


@dataclass(frozen=True)
class Found:
    """A right, who has it, and what that opened."""

    right: Right
    member: Member
    opens: frozenset[Door]


@dataclass(frozen=True)
class Door:
    """An operation, and whose rows its path names: those of `b` are shut to `a` where only its owner may see a row."""

    operation: Operation
    whose: str = "a"


@dataclass
class Doors:
    """Asks operations as somebody, to see which ones refuse."""

    watch: Watch
    secured: Sequence[Operation]
    seeds: Seeds
    drafts: bool = False
    """Whether bodies are whole: a service that looks at them first refuses nobody for an empty one."""

    async def closed(self, member: Member, among: Sequence[Door] | None = None) -> list[Door]:
        """The doors that are shut to this identity for what it may not."""
        if among is not None:
            return [door for door in among if await self._shut(door, member)]
        usable = [op for op in self.secured if not _ends(op)]
        found = [door for door in (Door(op) for op in usable) if await self._shut(door, member)]
        if not self.drafts and not any(door.operation.body for door in found) and any(op.body for op in usable):
            self.drafts = True
            more = [Door(op) for op in usable if op.body and Door(op) not in found]
            found += [door for door in more if await self._shut(door, member)]
        others = [Door(op, "b") for op in usable if op.method == "GET" and "{" in op.path]
        return found + [door for door in others if await self._shut(door, member)]

    async def _shut(self, door: Door, member: Member) -> bool:
        operation = door.operation
        request = plain_request(operation, self.seeds, door.whose)
        schema = next((m.schema for m in operation.body.media if m.is_json), None) if operation.body else None
        if self.drafts and schema is not None:
            request = request.with_body(drafted(schema, lambda name, given: []).body({}))
        answer = await self.watch.ask(request, member.sent(operation.method))
        hidden = answer.status == 404 and (door.whose != "a" or "{" not in operation.path)
        return answer.status == 403 or hidden


def _ends(operation: Operation) -> bool:
    """Whether an operation may end a session or an account: it deletes or acts on no row that it names."""
    bare = "{" not in operation.path and operation.body is None
    return (bare and operation.method in ("DELETE", "POST")) or re.search(
        "log-?_?out|sign-?_?out", operation.path
    ) is not None


@dataclass
class Trial:
    """Finds the identities with more rights."""

    enlisting: Enlisting
    seeds: Seeds
    doors: Doors
    accepted: Acceptance
    spent: int = 0
    """Logins so far."""
    needs_login: bool = field(default=False)

    async def lifted(self, members: dict[str, Member]) -> tuple[dict[str, Member], dict[str, Member]]:
        """The ordinary ones, with the scopes that they may have; and those with more rights, by their names."""
        a, spare = members["a"], members.get(LIFTED)
        closed = await self.doors.closed(a)
        if closed and asks_scopes(a.ways) and not self.enlisting.granted:
            members, closed = await self._scoped(members, closed)
            spare = members.get(LIFTED)
        await self._back()
        plain_ones = {name: member for name, member in members.items() if name != LIFTED}
        if not closed or spare is None:
            return plain_ones, {}
        found = await self._tried(spare, closed)
        return plain_ones, await self._given(cover(found), spare, closed)

    async def _back(self) -> None:
        """Back to the sealed rows, where asking changed any."""
        watch = self.enlisting.watch
        before, keys = watch.now, Keys(watch.keys.columns)
        if changes(before, await watch.seen(), keys):
            await self.enlisting.running.database.reset()
            await watch.seen()

    async def _scoped(self, members: dict[str, Member], closed: list[Door]) -> tuple[dict[str, Member], list[Door]]:
        """Everybody with the scopes that an ordinary identity may ask for, where that opens something."""
        from evaluators.service.lifting import ordinary_scopes

        wanted = " ".join(ordinary_scopes(self.enlisting.contract))
        first = await self._fresh(members["a"], wanted) if wanted else None
        still = await self.doors.closed(first, closed) if first is not None else closed
        if first is None or len(still) >= len(closed):
            return members, closed
        others = {name: await self._fresh(member, wanted) for name, member in members.items() if name != "a"}
        return {"a": first, **{name: each or members[name] for name, each in others.items()}}, still

    async def _fresh(self, member: Member, scopes: str) -> Member | None:
        """Logged in anew; None where that is refused."""
        if not member.ways or all(way.login is None for way in member.ways):
            return None
        self.spent += 1
        got = await fetched(self.enlisting.watch, member, scopes)
        if got is None:
            return None
        held, steps = got
        if member.guard is not None:
            held = await member.guard.on(self.enlisting.watch, held, steps, member.name)
        return replace(member.holding(held), scopes=scopes)

    async def _tried(self, spare: Member, closed: list[Door]) -> list[Found]:
        """What each right opens."""
        found: list[Found] = []
        for right in self._rights(spare):
            opened = await self._with(spare, right, closed)
            if opened is not None and opened.opens:
                found.append(opened)
                if {door for each in found for door in each.opens} >= set(closed):
                    break
        return found

    def _rights(self, spare: Member) -> list[Right]:
        table = self.enlisting.table(spare.table)
        made = rights(table, spare.row, self.enlisting.tables, self.enlisting.watch.now, self.enlisting.contract)
        usable = [each for each in made if each.columns or each.rows or spare.way == "signed" or each.claims]
        return usable[:RIGHTS]

    async def _with(self, spare: Member, right: Right, closed: list[Door]) -> Found | None:
        """One right: given, looked at, taken back."""
        table = self.enlisting.table(spare.table)
        if not await give(self.enlisting.look, table, spare.row, right):
            return None
        best: Found | None = None
        try:
            if (right.columns or right.rows) and not self.needs_login:
                best = await self._opened(spare, right, closed)
            if best is None or not best.opens:
                for member in await self._again(spare, right):
                    again = await self._opened(member, right, closed)
                    if best is None or len(again.opens) > len(best.opens):
                        best, self.needs_login = again, bool(again.opens) or self.needs_login
                    if again.opens:
                        break
        finally:
            await self._back()
        return best

    async def _opened(self, member: Member, right: Right, closed: list[Door]) -> Found:
        still = await self.doors.closed(member, closed)
        opens = frozenset(door for door in closed if door not in still)
        if opens and not await self.accepted.of(member.headers):
            opens = frozenset()
        return Found(right, member, opens)

    async def _again(self, member: Member, right: Right) -> list[Member]:
        """The identity with what a fresh credential says: by its token's claims, or logged in anew."""
        if member.way == "signed":
            if not right.claims:
                return []
            claims: Mapping[str, Any] = {**member.claims, **right.claims}
            held = signed(member.name, self.enlisting.running.secret, claims)
            return [replace(member.holding(held), claims=claims)]
        if self.spent >= LOGINS:
            return []
        made = [await self._fresh(member, "")] if right.columns or right.rows else []
        if asks_scopes(member.ways) and not right.columns:
            made.append(await self._fresh(member, " ".join(scopes_of(self.enlisting.contract))))
        return [each for each in made if each is not None]

    async def _holder(self, found: Found, spare: Member, number: int) -> Member | None:
        """Who has the right for good: the spare identity, or one more; logged in when it has it, where that matters."""
        enlisting, table = self.enlisting, self.enlisting.table(spare.table)
        if number == 0 or (spare.way == "signed" and not found.right.columns):
            await give(enlisting.look, table, spare.row, found.right)
            return replace(found.member, row={**spare.row, **dict(found.right.columns)})
        given = await enlisting.registered("def"[number - 1]) if enlisting.registering is not None else None
        if given is None or not given.rows:
            return None
        own = given.rows[0][1]
        right = _moved(found.right, spare.row, own)
        await give(enlisting.look, table, own, right)
        member = await enlisting.entered(given, found.member.scopes)
        return replace(member, row={**own, **dict(right.columns)}) if member is not None else None

    async def _held(self, member: Member, found: Found, closed: list[Door]) -> tuple[Member, frozenset[Door]]:
        """Who opens what, on the rows that are sealed now: logged in anew where the session of the trial is gone."""
        database = self.enlisting.running.database
        opens = (await self._opened(member, found.right, closed)).opens
        if opens or member.way == "signed":
            return member, opens
        fresh = await self._fresh(member, member.scopes)
        if fresh is None:
            return member, opens
        await database.seal()
        await database.reset()
        await self.enlisting.watch.seen()
        return fresh, (await self._opened(fresh, found.right, closed)).opens

    async def _given(self, chosen: Sequence[Found], spare: Member, closed: list[Door]) -> dict[str, Member]:
        """The chosen rights for good, each to an account of its own; sealed, and seen to hold after a reset."""
        database, watch = self.enlisting.running.database, self.enlisting.watch
        made: list[tuple[Found, Member]] = []
        for number, found in enumerate(chosen):
            holder = await self._holder(found, spare, number)
            if holder is not None:
                made.append((found, holder))
        await database.seal()
        await database.reset()
        await watch.seen()
        lifted: dict[str, Member] = {}
        for found, each in made:
            member, opens = await self._held(each, found, closed)
            name = called(found.right.label, lifted)
            if opens:
                symbols = frozenset(door.operation.symbol for door in opens)
                lifted[name] = replace(member.renamed(name), opens=symbols)
        await self._back()
        return lifted


def _moved(right: Right, spare: Row, row: Row) -> Right:
    """The same right for another row: where a side table pointed to the one it points to the other."""
    same = {(name, str(spare[name])): row.get(name) for name in spare}
    by_value = {value: key for (_, value), key in same.items() if key is not None}
    rows = tuple(
        (table, (*((name, by_value.get(str(value), value)) for name, value in values[:-1]), values[-1]))
        for table, values in right.rows
    )
    return replace(right, rows=rows)


def cover(found: Sequence[Found]) -> list[Found]:
    """As few as open everything that any opens; of equal ones the first."""
    left = {door for each in found for door in each.opens}
    chosen: list[Found] = []
    while left and len(chosen) < KEPT:
        best = max(found, key=lambda each: len(each.opens & left))
        chosen.append(best)
        left -= best.opens
    return chosen


def called(label: str, taken: dict[str, Member]) -> str:
    """A name of letters, digits and underscores that is not taken, and none of the ordinary ones."""
    name = re.sub(r"\W+", "_", label.lower()).strip("_") or "admin"
    name = name if len(name) > 1 and not name[0].isdigit() else f"role_{name}"
    return name if name not in taken else f"{name}_{len(taken) + 1}"
