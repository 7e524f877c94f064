"""Ways in: what an answer may have brought, how it is carried, and whether the service takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.cookies import CookieError, SimpleCookie
from typing import Any, Protocol

from evaluators.contract.facts import Contract, Operation, SecurityScheme
from evaluators.service.bodies import Place
from evaluators.service.entering import Account, packed
from evaluators.service.identities import fill_path
from evaluators.service.request import Request, leaves
from evaluators.service.seeding import Seeds
from evaluators.service.step import Step, Watch

TOKEN_NAMES = ("access_token", "accessToken", "token", "jwt", "id_token", "idToken", "session_token", "sessionToken",
               "api_key", "apiKey", "key", "secret")  # fmt: skip
DRAWN = re.compile(r"[\w.~+/=-]{16,}")
SIGNED = re.compile(r"[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TOKENS = 4
"""Texts of one answer that are tried as a token."""
ASKED = 8
"""Operations asked as nobody, to find some that refuse."""


@dataclass(frozen=True)
class Credential:
    """What a request carries to say who asks."""

    headers: Mapping[str, str] = field(repr=False)
    """A name that begins with `?` is a parameter of the query."""
    told: Mapping[str, str]
    """The same with `$NAME`s in place of secrets."""
    variables: Mapping[str, str] = field(repr=False)
    way: str
    unsafe: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What a request that changes something carries besides."""
    unsafe_told: Mapping[str, str] = field(default_factory=dict)

    def and_(self, other: Credential) -> Credential:
        """Both together."""
        return replace(
            self, headers={**self.headers, **other.headers}, told={**self.told, **other.told},
            variables={**self.variables, **other.variables}, unsafe={**self.unsafe, **other.unsafe},
            unsafe_told={**self.unsafe_told, **other.unsafe_told},
        )  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """Where an answer holds a credential, and how a request carries it."""

    way: str
    """`login`, `key`, `cookie`, `client`, `basic`."""
    header: str
    prefix: str = ""
    place: Place | None = None
    """In the answer's JSON; None: the cookies that it sets."""
    cookie: str = ""
    """The cookie's name, where a text of the JSON is carried as one."""

    def of(self, steps: Sequence[Step], who: str, given: Account) -> Credential | None:
        """What these answers bring, or None."""
        if self.way == "basic":
            return self._carried(packed(given.names[0], given.password), who)
        if self.place is None:
            jar = cookies(steps)
            return self._carried("; ".join(f"{name}={value}" for name, value in jar.items()), who) if jar else None
        held = (dict(leaves(step.json)).get(self.place) for step in reversed(steps))
        token = next((each for each in held if isinstance(each, str) and each), None)
        return self._carried(token, who) if token else None

    def _carried(self, value: str, who: str) -> Credential:
        kind = "COOKIE" if self.header == "Cookie" else {"key": "KEY", "basic": "BASIC"}.get(self.way, "TOKEN")
        variable, prefix = f"{kind}_{who.upper()}", f"{self.cookie}=" if self.cookie else self.prefix
        return Credential(
            {self.header: prefix + value}, {self.header: f"{prefix}${variable}"}, {variable: value}, self.way
        )


class Asking(Protocol):
    """What asks for a credential: a `Login`, or a request in the project's own words."""

    @property
    def operation(self) -> Operation:
        """What is asked."""
        ...

    def request(self, given: Account, scopes: str = "") -> Request:
        """The request for an account."""
        ...


@dataclass(frozen=True)
class Way:
    """A way in that worked: what is asked, and where the answer holds the credential."""

    login: Asking | None
    """None: nothing is asked, or the registration's answer holds it."""
    reading: Reading


def cookies(steps: Sequence[Step]) -> dict[str, str]:
    """The cookies that answers set, the later over the earlier."""
    jar: dict[str, str] = {}
    for step in steps:
        for name, value in step.answer.headers:
            if name != "set-cookie":
                continue
            parsed: SimpleCookie = SimpleCookie()
            try:
                parsed.load(value)
            except CookieError:
                continue
            jar |= {key: morsel.value for key, morsel in parsed.items()}
    return {name: value for name, value in jar.items() if value}


def bearing(scheme: SecurityScheme) -> bool:
    """Whether a scheme's credential is a bearer token."""
    return scheme.kind in ("oauth2", "openIdConnect") or scheme.scheme == "bearer"


def readings(contract: Contract, steps: Sequence[Step], *, client: bool = False) -> Iterator[Reading]:
    """What the answers may have brought, likeliest first."""
    schemes = contract.schemes
    places = [place for step in reversed(steps) for place in token_places(step)][:TOKENS]
    for place in places:
        if any(bearing(scheme) for scheme in schemes):
            yield Reading("client" if client else "login", "Authorization", "Bearer ", place)
    for scheme in schemes:
        if scheme.kind == "apiKey" and scheme.where != "cookie":
            name = scheme.node.text("name")
            for place in places:
                yield Reading("key", name if scheme.where == "header" else f"?{name}", "", place)
    if cookies(steps):
        yield Reading("cookie", "Cookie")
    for scheme in schemes:
        if scheme.kind == "apiKey" and scheme.where == "cookie":
            for place in places:
                yield Reading("cookie", "Cookie", "", place, scheme.node.text("name"))
    if any(scheme.scheme == "basic" for scheme in schemes):
        yield Reading("basic", "Authorization", "Basic ")


def token_places(step: Step) -> list[Place]:
    """Places of an answer that may hold a token: what is called so, then what is signed, then what looks drawn."""
    sent = {str(value) for _, value in leaves(step.request.body)} if isinstance(step.request.body, dict) else set()
    texts = [(place, value) for place, value in leaves(step.json) if isinstance(value, str) and value not in sent]
    texts = [(place, value) for place, value in texts if place and "refresh" not in str(place[-1]).lower()]

    def rank(pair: tuple[Place, str]) -> tuple[int, int]:
        name = str(pair[0][-1])
        called = TOKEN_NAMES.index(name) if name in TOKEN_NAMES else len(TOKEN_NAMES)
        return called, 0 if SIGNED.fullmatch(pair[1]) else 1

    likely = [
        (place, value) for place, value in texts
        if (place[-1] in TOKEN_NAMES and re.fullmatch(r"\S{8,}", value))
        or (DRAWN.fullmatch(value) and not UUID.fullmatch(value))
    ]  # fmt: skip
    return [place for place, _ in sorted(likely, key=rank)]


@dataclass
class Acceptance:
    """Tells whether the service takes a credential: an operation that refuses nobody's request answers otherwise."""

    watch: Watch
    secured: Sequence[Operation]
    refusing: list[tuple[Operation, int]] | None = None
    """Operations that refuse a request of nobody, with the status; one for each way to be let in."""

    async def of(self, credential: Mapping[str, str]) -> bool:
        """Whether the credential lets in: not 401, and not what nobody is answered."""
        if self.refusing is None:
            self.refusing = await self._found()
        for operation, status in self.refusing:
            answer = await self.watch.ask(plain_request(operation), credential)
            if answer.status not in (0, 401, status):
                return True
        return False

    async def _found(self) -> list[tuple[Operation, int]]:
        def effort(operation: Operation) -> tuple[bool, int, bool, str]:
            unsafe = operation.method != "GET"
            return unsafe, operation.path.count("{"), operation.method == "DELETE", operation.path

        found: list[tuple[Operation, int]] = []
        alternatives: set[Any] = set()
        for operation in sorted(self.secured, key=effort)[: ASKED * 2]:
            if operation.security in alternatives and len(found) >= 1:
                continue
            answer = await self.watch.ask(plain_request(operation), {})
            if answer.status in (401, 403):
                found.append((operation, answer.status))
                alternatives.add(operation.security)
        return found


def plain_request(operation: Operation, seeds: Seeds | None = None, whose: str = "a") -> Request:
    """A request that at least an operation's guard will look at: somebody's rows in the path, and an empty body."""
    values = _path_values(operation, seeds or Seeds(), whose)
    media = operation.body.media[0] if operation.body and operation.body.media else None
    if media is None:
        return Request(operation, path=values)
    return Request(operation, path=values, body={}, media=media.type)


def _path_values(operation: Operation, seeds: Seeds, whose: str) -> dict[str, str]:
    given, made = operation.path.split("/"), fill_path(operation, seeds, whose).split("/")
    found = {}
    for each in operation.parameters_in("path"):
        place = next((n for n, part in enumerate(given) if "{" + each.name + "}" in part and n < len(made)), None)
        found[each.name] = made[place] if place is not None else "1"
    return found
