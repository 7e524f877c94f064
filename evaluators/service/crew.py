"""Who the probes are: two ordinary identities, and those that a role lifts above them.

First by the service's own doors: registration, confirmation, login. Where it
has none, by rows of the gate with a password whose hash it knows, or with a
token signed with the secret that the gate gave the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.bench import Bench
from evaluators.service.boot import Running
from evaluators.service.database import Look
from evaluators.service.enlisting import EVERYBODY, Enlisting, people
from evaluators.service.entering import Account
from evaluators.service.growing import removed
from evaluators.service.identities import Cast, Identity
from evaluators.service.inserting import Refused, working
from evaluators.service.keying import keyed
from evaluators.service.lifting import HIGH, add, done, lowered, ordinary_scopes, put, remove, scopes_of, settled, sides
from evaluators.service.lifting_trial import Doors, Trial
from evaluators.service.member import Member, renew
from evaluators.service.oracle import Keys, Row
from evaluators.service.remote import Watched
from evaluators.service.remote_hearsay import PEOPLE
from evaluators.service.remote_people import filled, lists_of, person_of, seeds_of
from evaluators.service.seeding import (
    IDENTITIES,
    LIFTED,
    Seeds,
    inserted,
    ordered,
    plain,
    quoted,
    seeded,
    tables_in,
    users_table,
)
from evaluators.service.stated import stated_in
from evaluators.service.step import Watch
from evaluators.service.tables import Table
from evaluators.service.ways import Acceptance

__all__ = ["Crew", "Member", "crew_of", "identity_of", "renew"]

UNBOUND = {
    "postgres": ("SET session_replication_role = replica", "SET session_replication_role = origin"),
    "mysql": ("SET foreign_key_checks = 0", "SET foreign_key_checks = 1"),
}
"""Dialect -> what lets a session pass over foreign keys, and what binds it again; SQLite's are not looked at."""
MANY = 50
"""More rows than the seeding makes of a table for one identity."""


@dataclass(frozen=True)
class Crew:
    """Everybody, by name; empty where no operation asks who it is, or nobody was let in."""

    cast: Cast
    members: Mapping[str, Member]
    why: str = ""
    """Why nobody was let in, where somebody had to be."""
    requests: int = 0
    """What making them took."""

    @property
    def ordinary(self) -> tuple[str, ...]:
        """`a` and `b`, where they are there."""
        return tuple(name for name in IDENTITIES if name in self.members)

    @property
    def lifted(self) -> tuple[str, ...]:
        """Those with more rights."""
        return tuple(name for name in self.members if name not in IDENTITIES)


async def crew_of(running: Running, bench: Bench) -> Crew:
    """Seed the database, make the identities, and seal what is there; once a bench. Raises NoDatabase."""
    known = bench.kept(Crew)
    if isinstance(known, Crew):
        return known
    async with running.database.looking() as look:
        crew = await _making(running, look)
    bench.keep(Crew, crew)
    bench.keep(Cast, crew.cast)
    return crew


async def _making(running: Running, look: Look) -> Crew:
    tables = await tables_in(running.database) if running.sets_back else await tables_seen(running)
    watch = Watch(running, look, Keys({table.name: table.key for table in tables}), {})
    await watch.seen()
    secured = [operation for operation in running.contract.operations if operation.secured]
    stated = stated_in(running.subject, running.contract)
    if not secured and (stated.login is not None or stated.identities):
        # The contract says nothing of it, but the project does.
        secured = list(running.contract.operations)
    accepted = Acceptance(watch, secured)
    enlisting = Enlisting(running, look, watch, tables, secured, accepted, stated=stated)
    making = _Making(running, look, enlisting, accepted)
    return await (making.crew() if running.sets_back else making.met())


async def tables_seen(running: Running) -> tuple[Table, ...]:
    """The tables of a database that is only looked at; none where there is none."""
    behind = running.database.behind if isinstance(running.database, Watched) else None
    return await tables_in(behind) if behind is not None else ()


FRESH = 70
"""The number of a row that is made to see whether it is let in."""


@dataclass
class _Making:
    """The making of a crew."""

    running: Running
    look: Look
    enlisting: Enlisting
    accepted: Acceptance
    seeds: Seeds = field(default_factory=Seeds)

    async def crew(self) -> Crew:
        """Everybody."""
        enlisting = self.enlisting
        members = await self._let_in()
        if self.running.stack is None:
            # What was there before is somebody's already.
            lists = await lists_of(enlisting.watch, self.running.contract, members)
            members = self._recognized(members, seeds_of(enlisting.tables, await enlisting.watch.seen(), lists))
        entered = set(IDENTITIES) <= set(members)
        await self._seed({who: given for who, given in enlisting.accounts.items() if entered})
        if enlisting.secured and not entered:
            members = await self._without_doors()
        lifted: dict[str, Member] = {}
        if set(IDENTITIES) <= set(members):
            if entered:
                rows = {who: members[who].row for who in EVERYBODY if who in members and members[who].row}
                await self._made_ordinary(members["a"].table, rows, of_gate=False)
            made = members = self._refreshed(members)
            await self.running.database.seal()
            trial = Trial(enlisting, self.seeds, Doors(enlisting.watch, enlisting.secured, self.seeds), self.accepted)
            members, lifted = await trial.lifted(members)
            members |= {who: each for who, each in made.items() if who in enlisting.stated.identities}
        await self.running.database.seal()
        return self._crew({**members, **lifted})

    async def _let_in(self) -> dict[str, Member]:
        """Those who get in by the service's own doors, or as the project says."""
        enlisting = self.enlisting
        if not enlisting.secured:
            return {}
        named = set(IDENTITIES) <= set(enlisting.stated.identities)
        return (await enlisting.by_doors() if not named else {}) | await enlisting.by_statement()

    async def met(self) -> Crew:
        """Those whom the service's own doors let in, where nothing may be written to its rows."""
        enlisting, named = self.enlisting, self.enlisting.stated.identities
        members = {who: each for who, each in (await self._let_in()).items() if who != LIFTED or who in named}
        lists = await lists_of(enlisting.watch, self.running.contract, members)
        hearsay = self.running.hearsay
        if hearsay is None:
            now = await enlisting.watch.seen()
            self.seeds = seeds_of(enlisting.tables, now, lists)
            members = self._recognized(members, self.seeds)
            filled(self.seeds, now, {who: (each.table, each.row) for who, each in members.items() if each.row})
            return self._crew(members)
        self.seeds = hearsay.seeds
        hearsay.meet(tuple(members))
        for who, member in members.items():
            known = self.seeds.table(member.table)
            if known is not None:
                hearsay.known(member.table, known.key[0], member.row, who)
            members[who] = replace(member, table=PEOPLE, row=hearsay.person(who))
        hearsay.listed(lists)
        return self._crew(members)

    def _recognized(self, members: Mapping[str, Member], seeds: Seeds) -> dict[str, Member]:
        """The members, those with the row that stands for them of whom nothing but headers was known."""
        found = dict(members)
        for who, member in members.items():
            person = person_of(who, seeds, self.enlisting.watch.now) if not member.row else None
            if person is not None:
                found[who] = replace(member, table=person[0], row=person[1])
                self.enlisting.accounts[who].rows = [person]
        return found

    def _crew(self, members: Mapping[str, Member]) -> Crew:
        needed, requests = bool(self.enlisting.secured), self.enlisting.watch.sent
        if not needed or not set(IDENTITIES) <= set(members):
            why = "" if not needed else self._why()
            return Crew(Cast(self.seeds, needed, why=why), {}, why, requests)
        a, b = (identity_of(members[who]) for who in IDENTITIES)
        return Crew(Cast(self.seeds, needed, a, b), dict(members), "", requests)

    def _why(self) -> str:
        kinds = sorted({scheme.kind for scheme in self.running.contract.schemes})
        return f"nobody was let in, by {', '.join(kinds) or 'the security that is used'}"

    async def _seed(self, accounts: Mapping[str, Account]) -> None:
        """Fill the database; rows of the accounts are there already, and nobody gets a second one of his own."""
        given: dict[str, dict[str, list[dict[str, Any]]]] = {}
        own = {account.rows[0][0] for account in accounts.values() if account.rows}
        users = users_table(tuple(self.enlisting.tables))
        for who, account in accounts.items():
            for table, row in account.rows if who in IDENTITIES else ():
                times = MANY if table in own and table != users else 1
                given.setdefault(table, {}).setdefault(who, []).extend([dict(row)] * times)
        self.seeds = await seeded(self.running.database, given)
        for table in own:
            self.seeds.users = table
            for who, rows in self.seeds.rows.get(table, {}).items():
                self.seeds.rows[table][who] = rows[:1]
        await self.enlisting.watch.seen()

    async def _without_doors(self) -> dict[str, Member]:
        """Identities of rows that the gate put there: by a login with a known hash, else by a signed token."""
        found = await self.enlisting.by_rows(self.seeds)
        if found is not None:
            planted, accounts = found
            await self.running.database.reset()
            rows = people(self.seeds, planted.table)
            for who, given in accounts.items():
                await put(self.look, planted.table, given.rows[0][1], planted.values(rows[who]))
            own = {who: given.rows[0][1] for who, given in accounts.items()}
            await self._only(planted.table, own)
            await self._made_ordinary(planted.table.name, own, of_gate=True)
            made = [await self.enlisting.entered(given) for given in accounts.values()]
            return {member.name: member for member in made if member is not None}
        return await self._by_keys() or await self._by_signature()

    async def _by_keys(self) -> dict[str, Member]:
        """By keys of which the gate wrote the digests into the rows."""
        found = await keyed(self.look, self.running.contract, self.seeds, self.accepted, self.running.secret)
        if found is None or not set(IDENTITIES) <= set(found.members):
            return {}
        await self._made_ordinary(found.table, found.rows, of_gate=True)
        return found.members

    async def _by_signature(self) -> dict[str, Member]:
        """By tokens whose subject is a row of some table: the users' by its name, else each that others point to."""
        named = self.seeds.users
        pointed = [key.table for table in self.seeds.tables for key in table.foreign_keys if key.table != table.name]
        others = sorted({name for name in pointed if name != named}, key=lambda name: (-pointed.count(name), name))
        scopes = " ".join(ordinary_scopes(self.running.contract))
        extra = {"scope": scopes, "scopes": scopes.split()} if scopes_of(self.running.contract) else {}
        for name in [*([named] if named else []), *others[:5], None]:
            table = self.seeds.table(name or "")
            rows = people(self.seeds, table) if table is not None else {}
            asked = Seeds(self.seeds.tables, name, {name or "": {who: [dict(row)] for who, row in rows.items()}})
            members: dict[str, Member] = {}
            for who in EVERYBODY:
                member = await self.enlisting.by_signature(asked, who, rows.get(who, {}), extra)
                if member is None:
                    break
                members[who] = member
            doubted = name != named and table is not None and set(IDENTITIES) <= set(members)
            if doubted and table is not None and await self._anybodys(table, extra):
                continue
            if set(IDENTITIES) <= set(members):
                self.seeds.users = name
                if table is not None:
                    await self._only(table, rows)
                await self._made_ordinary(name or "", rows, of_gate=True)
                return members
        return {}

    async def _anybodys(self, table: Table, extra: Mapping[str, Any]) -> bool:
        """Whether a token for a fresh row of a table is refused: then its numbers were those of another table's rows.

        The fresh row's number is one that no other row has.
        """
        keys = [value for t in self.seeds.tables for row in self.enlisting.watch.now.get(t.name, ()) for name in t.key
                if isinstance(value := row.get(name), int)]  # fmt: skip
        if len(table.key) != 1 or not keys:
            return False
        given = {table.key[0]: max(keys) + FRESH}
        database = self.running.database
        try:
            row = await working(database, lambda session: inserted(session, table, "a", FRESH, self.seeds, given=given))
        except Refused:
            return False
        asked = Seeds(self.seeds.tables, table.name, {table.name: {"a": [row]}})
        let_in = await self.enlisting.by_signature(asked, "a", row, extra) is not None
        await removed(database, table, [row])
        return not let_in

    async def _only(self, table: Table, rows: Mapping[str, Row]) -> None:
        """Seed again where the identities' table was not known for one: everybody has one row of it."""
        if table.name == users_table(self.seeds.tables):
            return
        kept = [row[table.key[0]] for row in rows.values()]
        parents = _above(table, self.seeds)
        blind, seeing = UNBOUND.get(self.running.database.dialect, ("", ""))
        if blind:
            await done(self.look, blind, ())
        for each in reversed(ordered(self.seeds.tables)):
            if each.name == table.name:
                marks = ", ".join("?" for _ in kept)
                where = f" WHERE {quoted(table.key[0])} NOT IN ({marks})"
                await done(self.look, f"DELETE FROM {quoted(each.name)}{where}", kept)  # noqa: S608
            elif each.name not in parents and not self._listed(each):
                await done(self.look, f"DELETE FROM {quoted(each.name)}", ())  # noqa: S608 - quoted
        if seeing:
            await done(self.look, seeing, ())
        above = {name: self.seeds.rows.get(name, {}) for name in parents}
        given: dict[str, dict[str, list[dict[str, Any]]]] = {
            name: {who: [dict(row) for row in rows] * MANY for who, rows in held.items()}
            for name, held in above.items()
        }
        given[table.name] = {who: [dict(rows[who])] * MANY for who in IDENTITIES}
        self.seeds = await seeded(self.running.database, given)
        self.seeds.users = table.name
        self.seeds.rows |= {name: {who: list(rows) for who, rows in held.items()} for name, held in above.items()}
        self.seeds.rows[table.name] = {who: [dict(row)] for who, row in rows.items()}

    def _listed(self, table: Table) -> bool:
        """Whether a table's rows are nobody's: they were there before."""
        held = self.seeds.rows.get(table.name, {})
        return bool(held.get("a")) and held.get("a") is held.get("b")

    async def _made_ordinary(self, name: str, rows: Mapping[str, Row], *, of_gate: bool) -> None:
        """Nobody has rights that the gate's own rows happen to give, in a table and in those beside it."""
        table = self.enlisting.table(name)
        if table is None:
            return
        await self.enlisting.watch.seen()
        beside = sides(table.name, self.enlisting.tables, self.enlisting.watch.now)
        for row in rows.values():
            plain_row = {column: plain(value) for column, value in row.items()}
            if of_gate:
                for column, value in lowered(table, plain_row, self.running.contract, rows.get("a")):
                    await put(self.look, table, plain_row, [(column, value)])
            for side in beside:
                wanted = settled(side, self.running.contract)
                for label in side.labels:
                    if (of_gate and label not in wanted) or (not of_gate and HIGH.search(str(label))):
                        await remove(self.look, side.table.name, side.of(plain_row, label))
                for label in wanted if of_gate else ():
                    await add(self.look, side.table.name, side.of(plain_row, label))
        await self.running.database.seal()
        await self.enlisting.watch.seen()
        self._told_again({table.name, *(side.table.name for side in beside)})

    def _told_again(self, tables: set[str]) -> None:
        """What the seeds say of some tables, as the database holds it now."""
        keys, now = self.enlisting.watch.keys, self.enlisting.watch.now
        for table in tables & set(self.seeds.rows):
            there = {_text(keys.of(table, row)): dict(row) for row in now.get(table, ())}
            for who, rows in self.seeds.rows[table].items():
                named = [_text(keys.of(table, {name: plain(value) for name, value in row.items()})) for row in rows]
                self.seeds.rows[table][who] = [there[key] for key in named if key in there]

    def _refreshed(self, members: Mapping[str, Member]) -> dict[str, Member]:
        """The members with the rows that they have now."""
        now, keys = self.enlisting.watch.now, self.enlisting.watch.keys
        made = {}
        for who, member in members.items():
            mine = _text(keys.of(member.table, member.row)) if member.row else ""
            there = (row for row in now.get(member.table, ()) if _text(keys.of(member.table, row)) == mine)
            made[who] = replace(member, row=next(there, member.row))
        return made


def _text(key: tuple[Any, ...]) -> str:
    return repr(tuple(str(part) for part in key))


def _above(table: Table, seeds: Seeds) -> set[str]:
    """The tables that a row of `table` points to, and theirs."""
    found: set[str] = set()
    pending = [table]
    while pending:
        for key in pending.pop().foreign_keys:
            parent = seeds.table(key.table)
            if parent is not None and parent.name not in found and parent.name != table.name:
                found.add(parent.name)
                pending.append(parent)
    return found


def identity_of(member: Member) -> Identity:
    """The same for the fuzzer."""
    return Identity(member.name, member.subject, member.sent("POST"), member.way, member.shown("POST"))
