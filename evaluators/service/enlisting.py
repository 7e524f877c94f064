"""Letting identities in: by the service's own doors, else by rows of the gate, else by a token that it signs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.contract.facts import Contract, Operation
from evaluators.service.boot import Running
from evaluators.service.confirming import confirm, confirmations
from evaluators.service.csrf import Guard, guarded
from evaluators.service.database import Look
from evaluators.service.entering import (
    FAILURES,
    Account,
    Login,
    account,
    enrolled,
    logins,
    media_of,
    open_posts,
    register,
    registrations,
    variants,
)
from evaluators.service.identities import claims_of
from evaluators.service.lifting import put
from evaluators.service.member import Member, fetched, quietly, signed
from evaluators.service.oracle import Row
from evaluators.service.planting import Planted, holder, is_client, planted
from evaluators.service.request import leaves
from evaluators.service.seeding import IDENTITIES, LIFTED, Seeds, plain
from evaluators.service.stated import Stated
from evaluators.service.step import Step, Watch
from evaluators.service.tables import Table
from evaluators.service.ways import Acceptance, Credential, Reading, Way, bearing, readings, token_places

EVERYBODY = (*IDENTITIES, LIFTED)
KEY_DOORS = 6
Entry = tuple[Credential, list[Step]]
"""A credential that the service takes, and the answers that brought it."""


@dataclass
class Enlisting:
    """Makes members, and keeps how the first got in for those after it."""

    running: Running
    look: Look
    watch: Watch
    tables: Sequence[Table]
    secured: Sequence[Operation]
    accepted: Acceptance
    ways: tuple[Way, ...] = ()
    guard: Guard | None = None
    registering: Operation | None = None
    by_hand: tuple[tuple[str, Any], ...] = ()
    """What stands in place of a confirmation: columns of the account's row."""
    accounts: dict[str, Account] = field(default_factory=dict)
    stated: Stated = field(default_factory=Stated)
    granted: str = ""
    """The scopes that a login gives which asks for none (RFC 6749, section 5.1)."""

    @property
    def contract(self) -> Contract:
        """The service's contract."""
        return self.running.contract

    def table(self, name: str) -> Table | None:
        """The table of that name."""
        return next((each for each in self.tables if each.name == name), None)

    async def by_doors(self) -> dict[str, Member]:
        """Everybody, registered and let in by the service itself; empty where it has no such doors."""
        first = await self._first()
        if first is None:
            return {}
        members = {first.name: first}
        others = [await self.registered(who) for who in EVERYBODY[1:]]
        made = await asyncio.gather(*(self.entered(given) for given in others if given is not None))
        return members | {member.name: member for member in made if member is not None}

    async def _first(self) -> Member | None:
        given = self.accounts[IDENTITIES[0]] = account(IDENTITIES[0], self.running.turn)
        self.registering = await self._enrolled(given, registrations(self.contract))
        if self.registering is None:
            return None
        await confirm(self.watch, self.contract, given)
        held = await self._tried(given) or await self._by_hand(given) or await self._at_once(given)
        if held is None and not given.rows:
            # It accepted a password, but nobody was made.
            self.registering = None
        return await self._member(given, held) if held is not None else None

    async def registered(self, who: str) -> Account | None:
        """An account by the door that the first one took."""
        given = self.accounts[who] = account(who, self.running.turn)
        given.secret = self.accounts[IDENTITIES[0]].secret
        given.password = self.accounts[IDENTITIES[0]].password
        if self.registering is None or await self._enrolled(given, [self.registering]) is None:
            return None
        await confirm(self.watch, self.contract, given)
        await self._set(given, self.by_hand)
        return given

    async def _enrolled(self, given: Account, operations: list[Operation]) -> Operation | None:
        """Register as the project says, else by the first operation that does."""
        if self.stated.register is None:
            return await register(self.watch, operations, given)
        request = self.stated.register.request(given)
        step = await self.watch.step(request, {})
        sent = request.body if isinstance(request.body, dict) else {}
        return request.operation if enrolled(step, sent, given) else None

    async def by_statement(self) -> dict[str, Member]:
        """The identities that the project names: by their headers, or let in with their address and password."""
        made: dict[str, Member] = {}
        for name, said in self.stated.identities.items():
            given = self.accounts[name] = Account(name, str(said.get("email", "")), str(said.get("password", "")))
            given.rows = [pair for pair in self._rows_with(given.email) if given.email][:1]
            headers = {key: str(value) for key, value in said.get("headers", {}).items()}
            if headers:
                held = _fixed(name, headers)
                if await self.accepted.of(held.headers):
                    made[name] = self._made(given, held)
            else:
                found = await (self.entered(given) if self.ways else self._entry(given))
                made |= {name: found} if found is not None else {}
        return made

    async def _entry(self, given: Account) -> Member | None:
        held = await self._tried(given)
        return await self._member(given, held) if held is not None else None

    def _rows_with(self, text: str) -> list[tuple[str, Row]]:
        """The rows that hold a text, those of tables that others point to first."""
        pointed = {key.table for table in self.tables for key in table.foreign_keys}
        rows = [(name, row) for name, held in self.watch.now.items() for row in held if text in row.values()]
        return sorted(rows, key=lambda pair: pair[0] not in pointed)

    async def entered(self, given: Account, scopes: str = "") -> Member | None:
        """Let an account in as the first one was."""
        bare = Member(given.who, {}, {}, {}, account=given, ways=self.ways)
        got = await fetched(self.watch, bare, scopes)
        if got is None:
            return None
        held, steps = got
        self._note(steps)
        if self.guard is not None:
            held = await self.guard.on(self.watch, held, [*given.answers, *steps], given.who)
        return replace(self._made(given, held), scopes=scopes) if await self.accepted.of(held.headers) else None

    async def _tried(self, given: Account) -> Entry | None:
        """Every login that the account may have, until one brings what the service takes."""
        if self.stated.login is not None and self.stated.reading is not None:
            step = await quietly(self.watch, self.stated.login.request(given), {})
            held = self.stated.reading.of([step], given.who, given) if 200 <= step.status < 400 else None
            if held is None or not await self.accepted.of(held.headers):
                return None
            self.ways = (Way(self.stated.login, self.stated.reading),)
            return held, [step]
        for operation in logins(self.contract, given, self.registering):
            for login in variants(operation, given, client=False):
                if given.failed >= FAILURES:
                    return None
                step = await quietly(self.watch, login.request(given), {})
                if not 200 <= step.status < 400:
                    given.failed += step.status not in (404, 405, 415, 422)
                    continue
                found = await self._read(given, [step], login)
                if found is not None:
                    return found
        return None

    async def _by_hand(self, given: Account) -> Entry | None:
        """Set in the row what a confirmation would, and log in again."""
        table = self.table(given.rows[0][0]) if given.rows and self.running.sets_back else None
        marks = confirmations(table, given.rows[0][1]) if table is not None else []
        plain_ones = tuple(pair for pair in marks if pair[1] in (True, 1) or "T" in str(pair[1]))
        words = [(pair,) for pair in marks if pair not in plain_ones]
        for chosen in ([plain_ones] if plain_ones else []) + words[:2]:
            if await self._set(given, chosen):
                given.failed = min(given.failed, FAILURES - 1)
                found = await self._tried(given)
                if found is not None:
                    self.by_hand = chosen
                    return found
        return None

    async def _set(self, given: Account, values: Sequence[tuple[str, Any]]) -> bool:
        table = self.table(given.rows[0][0]) if given.rows else None
        return bool(values) and table is not None and await put(self.look, table, given.rows[0][1], values)

    async def _at_once(self, given: Account) -> Entry | None:
        """What the registration itself brought, or HTTP basic."""
        return await self._read(given, given.answers, None)

    async def _read(self, given: Account, steps: list[Step], login: Login | None) -> Entry | None:
        """What answers brought, where the service takes it."""
        for reading in readings(self.contract, steps):
            held = reading.of(steps, given.who, given)
            if held is None or not await self.accepted.of(held.headers):
                continue
            self.ways = (Way(login if reading.way != "basic" else None, reading),)
            return held, steps
        return None

    async def _member(self, given: Account, got: Entry) -> Member:
        """The first member: with its CSRF token, and with a key where parts of the service want one."""
        held, steps = got
        self._note(steps)
        if "Cookie" in held.headers:
            held, self.guard = await guarded(self.watch, self.contract, self.secured, [*given.answers, *steps], held,
                                             given.who)  # fmt: skip
        held = await self._keyed(given, held)
        return self._made(given, held)

    def _note(self, steps: Sequence[Step]) -> None:
        told = [str(value) for step in steps for place, value in leaves(step.json) if place and place[-1] == "scope"]
        self.granted = self.granted or next((each for each in told if each.strip()), "")

    async def _keyed(self, given: Account, held: Credential) -> Credential:
        """With an API key that it makes when it is logged in, where that opens what was closed."""
        names = {s.name: s for s in self.contract.schemes if s.kind == "apiKey" and s.where != "cookie"}
        lacking = [
            op for op, _ in self.accepted.refusing or () if any(name in names for s in op.security for name in s)
        ]
        shut = [op for op in lacking if not await self._lets(op, held)]
        makers = [op for op in self.secured if op.method == "POST" and "{" not in op.path]
        for operation in makers[:KEY_DOORS] if shut else ():
            login = Login(operation)
            step = await quietly(self.watch, login.request(given), {**held.headers, **held.unsafe})
            for place in token_places(step) if step.ok else ():
                for scheme in names.values():
                    name = scheme.node.text("name")
                    reading = Reading("key", name if scheme.where == "header" else f"?{name}", "", place)
                    key = reading.of([step], given.who, given)
                    if key is not None and await self._lets(shut[0], held.and_(key)):
                        self.ways = (*self.ways, Way(login, reading))
                        return held.and_(key)
        return held

    async def _lets(self, operation: Operation, held: Credential) -> bool:
        return await Acceptance(self.watch, (), [(operation, 401)]).of(held.headers)

    def _made(self, given: Account, held: Credential) -> Member:
        table, row = given.rows[0] if given.rows else ("", {})
        known = self.table(table)
        key = str(row.get(known.key[0], "")) if known is not None and len(known.key) == 1 else ""
        return Member(
            given.who, held.headers, held.told, held.variables, held.way, key or given.names[0], held.unsafe,
            held.unsafe_told, given.names[0], given.password, table, row, account=given, ways=self.ways,
            guard=self.guard,
        )  # fmt: skip

    async def by_rows(self, seeds: Seeds) -> tuple[Planted, dict[str, Account]] | None:
        """Rows of the gate as identities: who is which row, and how they get in; None where no row does."""
        clients = any(is_client(self.contract, op) for op in open_posts(self.contract))
        # Where the service registers people, it knows better than the gate how it keeps their passwords.
        usable = self.registering is None or clients
        found = await planted(self.watch, self.look, self.contract, seeds, self.accepted) if usable else None
        if found is None:
            return None
        self.ways = (found.way,)
        rows = people(seeds, found.table)
        return found, {who: holder(who, found.table, row, found.column) for who, row in rows.items()}

    async def by_signature(self, seeds: Seeds, who: str, row: Row, claims: Mapping[str, Any]) -> Member | None:
        """A token with claims that the service may want, signed with its secret."""
        if not any(bearing(scheme) for scheme in self.contract.schemes):
            return None
        for subject, told in claims_of(who, self.running, seeds):
            whole = {**told, **claims}
            held = signed(who, self.running.secret, whole)
            if await self.accepted.of(held.headers):
                kept = {name: plain(value) for name, value in row.items()}
                return Member(who, held.headers, held.told, held.variables, "signed", subject,
                              table=seeds.users or "", row=kept, claims=whole)  # fmt: skip
        return None


def _fixed(name: str, headers: Mapping[str, str]) -> Credential:
    """Headers that the project states, each a secret."""
    named = {key: f"{re.sub(r'[^A-Z0-9]+', '_', key.upper())}_{name.upper()}" for key in headers}
    told = {key: f"${variable}" for key, variable in named.items()}
    return Credential(dict(headers), told, {named[key]: value for key, value in headers.items()}, "stated")


def people(seeds: Seeds, table: Table) -> dict[str, Row]:
    """Which row of a table is whose: the first of `a` and of `b`, and one more."""
    held = seeds.rows.get(table.name, {})
    found: dict[str, Row] = {who: held[who][0] for who in EVERYBODY if held.get(who)}
    spare = [row for who in IDENTITIES for row in held.get(who, ())[1:]]
    if LIFTED not in found and spare:
        found[LIFTED] = spare[0]
    return found


def asks_scopes(ways: Sequence[Way]) -> bool:
    """Whether a login takes the scopes that are wanted."""
    for way in ways:
        media = media_of(way.login.operation) if way.login is not None else None
        if media is not None and media.schema is not None and "scope" in str(media.schema.followed().value):
            return True
    return False
