"""One identity of the gate, and how it comes by a fresh credential."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evaluators.service.csrf import Guard
from evaluators.service.entering import Account
from evaluators.service.identities import sign
from evaluators.service.oracle import Changes, Row
from evaluators.service.request import Request
from evaluators.service.step import Step, Watch
from evaluators.service.ways import Credential, Way

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Member:
    """One identity of the gate, as it is known to the service."""

    name: str
    """`a` and `b` are ordinary; others have more rights."""
    headers: Mapping[str, str] = field(repr=False)
    """What each request carries; a name that begins with `?` is a parameter of the query."""
    told: Mapping[str, str]
    """The same with `$NAME`s in place of secrets, for a reader's shell."""
    variables: Mapping[str, str] = field(repr=False)
    """`NAME` -> the secret."""
    way: str = ""
    """How it was made: `signed`, `login`, `key`, `cookie`, `client`, `basic`, `stated`."""
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
    opens: frozenset[str] = frozenset()
    """`METHOD /path` of what an ordinary identity is refused and this one is not."""
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What its signed token says."""
    account: Account | None = field(default=None, repr=False, compare=False)
    ways: tuple[Way, ...] = field(default=(), repr=False)
    """How it got in, each way with what the ones before brought."""
    guard: Guard | None = None
    """Where its CSRF token comes from."""
    scopes: str = ""
    """What it asks for when it logs in."""

    def sent(self, method: str) -> dict[str, str]:
        """The headers of a request with that method."""
        return {**self.headers, **(self.unsafe if method in UNSAFE else {})}

    def shown(self, method: str) -> dict[str, str]:
        """The same as a reader's shell holds them."""
        return {**self.told, **(self.unsafe_told if method in UNSAFE else {})}

    def holding(self, held: Credential) -> Member:
        """The same with another credential."""
        return replace(
            self, headers=held.headers, told=held.told, variables=held.variables, unsafe=held.unsafe,
            unsafe_told=held.unsafe_told,
        )  # fmt: skip

    def renamed(self, name: str) -> Member:
        """The same under another name, its variables too."""
        old, new = f"_{self.name.upper()}", f"_{name.upper()}"
        told = {key: value.replace(old, new) for key, value in self.told.items()}
        unsafe_told = {key: value.replace(old, new) for key, value in self.unsafe_told.items()}
        variables = {key.replace(old, new): value for key, value in self.variables.items()}
        return replace(self, name=name, told=told, unsafe_told=unsafe_told, variables=variables)


def signed(name: str, secret: str, claims: Mapping[str, Any]) -> Credential:
    """A bearer token with these claims."""
    token, variable = sign(secret, dict(claims)), f"TOKEN_{name.upper()}"
    return Credential(
        {"Authorization": f"Bearer {token}"}, {"Authorization": f"Bearer ${variable}"}, {variable: token}, "signed"
    )


async def fetched(watch: Watch, member: Member, scopes: str) -> tuple[Credential, list[Step]] | None:
    """A credential by the member's ways, with what was answered; None where one is refused."""
    held: Credential | None = None
    steps: list[Step] = []
    for way in member.ways:
        if member.account is None:
            return None
        if way.login is None:
            found = way.reading.of(member.account.answers, member.name, member.account)
        else:
            step = await quietly(watch, way.login.request(member.account, scopes), held.headers if held else {})
            steps.append(step)
            ok = 200 <= step.status < 400
            found = way.reading.of([step], member.name, member.account) if ok else None
        if found is None:
            return None
        held = held.and_(found) if held is not None else found
    return (held, steps) if held is not None else None


async def renew(watch: Watch, member: Member) -> Member | None:
    """The same account with a fresh credential, after a logout or a revocation; None where it gets none.

    Its row is not made again: rows that are gone come back by `World.fresh`.
    """
    if member.way == "signed":
        return member.holding(signed(member.name, watch.running.secret, member.claims))
    got = await fetched(watch, member, member.scopes)
    if got is None:
        return member if member.way in ("basic", "stated") else None
    held, steps = got
    if member.guard is not None:
        held = await member.guard.on(watch, held, steps, member.name)
    return member.holding(held)


async def quietly(watch: Watch, request: Request, headers: Mapping[str, str]) -> Step:
    """Send a request without looking at the rows, so that several may be under way."""
    answer = await watch.ask(request, headers)
    return Step(request, answer, Changes())
