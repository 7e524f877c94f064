"""Who the probes are: two ordinary identities, and one that a role lifts above them.

First by the service's own doors: registration, confirmation, login. Where it
has none, by rows of the gate with a password whose hash it knows, or with a
token signed with the secret that the gate gave the service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.bench import Bench
from evaluators.contract.facts import Operation
from evaluators.service.boot import Running
from evaluators.service.database import Look
from evaluators.service.entering import (
    Account,
    Credential,
    account,
    confirm,
    credentials,
    doors,
    guarded,
    log_in,
    register,
)
from evaluators.service.identities import Cast, Identity, claims_of, fill_path, sign
from evaluators.service.oracle import Keys, Row
from evaluators.service.request import Request
from evaluators.service.seeding import IDENTITIES, LIFTED, Seeds, quoted, seeded, tables_in
from evaluators.service.step import Watch
from evaluators.service.tables import Table
from evaluators.service.values import labels_of

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ORDINARY_SCOPE = ("admin", "manage", "operator", "root", "super")
"""A scope with such a word is not asked for by an ordinary identity."""


@dataclass(frozen=True)
class Member:
    """One identity of the gate, as it is known to the service."""

    name: str
    """`a` and `b` are ordinary; others have more rights."""
    headers: Mapping[str, str] = field(repr=False)
    """What each request carries."""
    told: Mapping[str, str]
    """The same with `$NAME`s in place of secrets, for a reader's shell."""
    variables: Mapping[str, str] = field(repr=False)
    """`NAME` -> the secret."""
    way: str = ""
    """How it was made: `signed`, `login`, `key`, `cookie`, `client`, `basic`."""
    subject: str = ""
    """What the service calls it, such as the token's `sub`."""
    unsafe: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What a request that changes something carries besides (a CSRF token)."""
    unsafe_told: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    """What it logs in with, where it can."""
    password: str = field(default="", repr=False)
    table: str = ""
    """The table of the row that stands for it."""
    row: Row = field(default_factory=dict)

    def sent(self, method: str) -> dict[str, str]:
        """The headers of a request with that method."""
        return {**self.headers, **(self.unsafe if method in UNSAFE else {})}

    def shown(self, method: str) -> dict[str, str]:
        """The same as a reader's shell holds them."""
        return {**self.told, **(self.unsafe_told if method in UNSAFE else {})}


@dataclass(frozen=True)
class Crew:
    """Everybody, by name; empty where no operation asks who it is, or nobody was let in."""

    cast: Cast
    members: Mapping[str, Member]
    why: str = ""
    """Why nobody was let in, where somebody had to be."""

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
        crew = await _Making(running, look).crew()
    bench.keep(Crew, crew)
    bench.keep(Cast, crew.cast)
    return crew


class _Making:
    """The making of a crew."""

    def __init__(self, running: Running, look: Look) -> None:
        self.running = running
        self.look = look
        self.contract = running.contract
        self.secured = [operation for operation in self.contract.operations if operation.secured]
        self.registering, self.logins = doors(self.contract)
        self.seeds = Seeds()
        self.watch = Watch(running, look, Keys(), {})

    async def crew(self) -> Crew:
        """Everybody."""
        tables = await tables_in(self.running.database)
        self.watch = Watch(self.running, self.look, Keys({table.name: table.key for table in tables}), {})
        await self.watch.seen()
        names = (*IDENTITIES, LIFTED)
        accounts = {who: account(who) for who in names}
        members: dict[str, Member] = {}
        if self.secured:
            for who in names:
                if await register(self.watch, self.registering, accounts[who]) is None:
                    break
                member = await self._entered(who, accounts[who])
                if member is not None:
                    members[who] = member
        given: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for who in IDENTITIES:
            for table, row in accounts[who].rows:
                given.setdefault(table, {}).setdefault(who, []).append(dict(row))
        self.seeds = await seeded(self.running.database, given)
        await self.watch.seen()
        if self.secured and not set(IDENTITIES) <= set(members):
            members = await self._without_doors()
        await self.running.database.seal()
        if LIFTED in members:
            lifted = await self._lifted(members[LIFTED], members["a"])
            members.pop(LIFTED)
            if lifted is not None:
                members[lifted.name] = lifted
        return self._crew(members)

    def _crew(self, members: Mapping[str, Member]) -> Crew:
        needed = bool(self.secured)
        if not needed or not set(IDENTITIES) <= set(members):
            why = "" if not needed else self._why()
            return Crew(Cast(self.seeds, needed, why=why), {}, why)
        a, b = (_identity(members[who]) for who in IDENTITIES)
        return Crew(Cast(self.seeds, needed, a, b), dict(members))

    def _why(self) -> str:
        kinds = sorted({scheme.kind for scheme in self.contract.schemes})
        return f"nobody was let in, by {', '.join(kinds) or 'the security that is used'}"

    async def _entered(self, who: str, given: Account) -> Member | None:
        """The identity whose account was registered, once it is let in."""
        for attempt in range(3):
            steps = [*given.answers, *await log_in(self.watch, self.logins, given)]
            for held in credentials(self.contract, steps, who, given):
                if await self._accepted(held.headers):
                    whole = await guarded(self.watch, self.contract, steps, held, who)
                    return self._member(who, whole, given)
            if attempt == 0 and not await confirm(self.watch, self.contract, given):
                await self._confirmed_by_hand(given)
        return None

    async def _confirmed_by_hand(self, given: Account) -> None:
        """Set what a confirmation would: the booleans of the account's row."""
        for table, row in given.rows:
            key = self.watch.keys.columns.get(table, ())
            for name, value in row.items():
                if value is False and len(key) == 1:
                    await self._set(table, key[0], row, name, True)

    def _member(self, who: str, held: Credential, given: Account) -> Member:
        table, row = given.rows[0] if given.rows else ("", {})
        return Member(who, held.headers, held.told, held.variables, held.way, given.email, held.unsafe,
                      held.unsafe_told, given.email, given.password, table, row)  # fmt: skip

    async def _accepted(self, headers: Mapping[str, str]) -> bool:
        """Whether a secured operation lets the credential in: it answers, and not with 401."""

        def effort(operation: Operation) -> tuple[bool, int, str]:
            return operation.method != "GET", operation.path.count("{"), operation.path

        answer = await self.watch.ask(self._any(min(self.secured, key=effort)), headers)
        return answer.status not in (0, 401)

    def _any(self, operation: Operation) -> Request:
        """A request to an operation that at least its guard will look at."""
        filled = fill_path(operation, self.seeds)
        path = {each.name: _first(filled, operation, each.name) for each in operation.parameters_in("path")}
        return Request(operation, path=path, body={}) if operation.body else Request(operation, path=path)

    async def _without_doors(self) -> dict[str, Member]:
        """Identities of rows that the gate put there: by a login with a known hash, else by a signed token."""
        members: dict[str, Member] = {}
        for who in (*IDENTITIES, LIFTED):
            rows = self.seeds.rows.get(self.seeds.users or "", {}).get(who, [])
            row = rows[0] if rows else {}
            member = await self._known_hash(who, row) if row else None
            member = member or await self._signed(who, row)
            if member is None:
                break
            members[who] = member
        return members

    async def _known_hash(self, who: str, row: Row) -> Member | None:
        """A login with the password whose hash the row holds."""
        given = Account(who, str(row.get("email") or ""), rows=[(self.seeds.users or "", row)])
        given.sent = {name: value for name, value in row.items() if isinstance(value, str) and len(value) < 100}
        return await self._entered_once(who, given)

    async def _entered_once(self, who: str, given: Account) -> Member | None:
        steps = await log_in(self.watch, self.logins, given)
        for held in credentials(self.contract, steps, who, given):
            if await self._accepted(held.headers):
                return self._member(who, await guarded(self.watch, self.contract, steps, held, who), given)
        return None

    async def _signed(self, who: str, row: Row) -> Member | None:
        """A token with claims that the service may want, signed with its secret."""
        if not any(s.kind in ("oauth2", "openIdConnect") or s.scheme == "bearer" for s in self.contract.schemes):
            return None
        variable = f"TOKEN_{who.upper()}"
        for subject, claims in claims_of(who, self.running, self.seeds):
            token = sign(self.running.secret, claims)
            if await self._accepted({"Authorization": f"Bearer {token}"}):
                told = {"Authorization": f"Bearer ${variable}"}
                return Member(who, {"Authorization": f"Bearer {token}"}, told, {variable: token}, "signed", subject,
                              table=self.seeds.users or "", row=row)  # fmt: skip
        return None

    async def _lifted(self, member: Member, plain_one: Member) -> Member | None:
        """The identity with the rights that open most of what is closed to an ordinary one."""
        table = self.seeds.table(member.table)
        if table is None or len(table.key) != 1:
            return None
        closed = await self._closed(plain_one)
        best: tuple[int, Member, str, Any] = (0, member, "", None)
        for column, value in _ranks(table, member.row):
            await self._set(table.name, table.key[0], member.row, column, value)
            for candidate in await self._again(member, column, value):
                opened = len(closed) - len(await self._closed(candidate, closed))
                if opened > best[0]:
                    best = (opened, candidate, column, value)
            await self._set(table.name, table.key[0], member.row, column, member.row.get(column))
        if not best[0]:
            return None
        await self._set(table.name, table.key[0], member.row, best[2], best[3])
        await self.running.database.reset()
        await self._set(table.name, table.key[0], member.row, best[2], best[3])
        await self.running.database.seal()
        return replace(best[1], name="admin", row={**member.row, best[2]: best[3]})

    async def _again(self, member: Member, column: str, value: Any) -> list[Member]:
        """The identity as it is, with a role in its signed token, or logged in anew."""
        if member.way == "signed":
            claims = {"sub": member.subject, column: value, "role": value, "roles": [value]}
            token = sign(self.running.secret, claims)
            variables = {next(iter(member.variables)): token}
            return [member, replace(member, headers={"Authorization": f"Bearer {token}"}, variables=variables)]
        given = Account(member.name, member.email, member.password, rows=[(member.table, member.row)])
        fresh = await self._entered_once(member.name, given)
        return [member, *([fresh] if fresh else [])]

    async def _closed(self, member: Member, among: Sequence[Operation] | None = None) -> list[Operation]:
        """The secured operations that answer 403 to a request of this identity."""
        found = []
        for operation in self.secured if among is None else among:
            answer = await self.watch.ask(self._any(operation), member.sent(operation.method))
            if answer.status == 403:
                found.append(operation)
        return found

    async def _set(self, table: str, key: str, row: Row, column: str, value: Any) -> None:
        named = (quoted(table), quoted(column), quoted(key))
        await self.look.execute("UPDATE {} SET {} = ? WHERE {} = ?".format(*named), (value, row[key]))  # noqa: S608 - quoted


def _ranks(table: Table, row: Row) -> list[tuple[str, Any]]:
    """(column, value) that may lift a user: other labels of a listed column, and booleans that are false."""
    found: list[tuple[str, Any]] = []
    for column in table.columns:
        labels = labels_of(column, table)
        found += [(column.name, label) for label in labels if label != row.get(column.name)]
        if column.type.startswith("bool") and row.get(column.name) in (False, 0):
            found.append((column.name, True))
    return found


def _identity(member: Member) -> Identity:
    """The same for the fuzzer."""
    return Identity(member.name, member.subject, dict(member.headers), member.way)


def _first(filled: str, operation: Operation, name: str) -> str:
    """The value that a filled path has in the place of a parameter."""
    given, made = operation.path.split("/"), filled.split("/")
    return next((made[n] for n, part in enumerate(given) if "{" + name + "}" in part and n < len(made)), "1")
