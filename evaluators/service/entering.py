"""Doors of a service, found by trying: registration, and the requests that may bring a credential.

The contract's words lead, what is observed decides: a registration is what
inserts a row that holds what was sent, and the password is what it hides.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluators.contract.facts import Contract, Media, Operation
from evaluators.contract.shapes import Property, shape_of
from evaluators.service.bodies import drafted
from evaluators.service.oracle import Row
from evaluators.service.request import ABSENT, FORM, Request, leaves
from evaluators.service.step import Step, Watch
from evaluators.service.values import PASSWORD

SECRET_NAME = re.compile(r"passw|pwd|passphrase|passcode|secret|^pin$", re.IGNORECASE)
LOGIN = re.compile(r"log-?_?(in|on)|sign-?_?(in|on)|token|session|authenticate|auth\b|keys?\b", re.IGNORECASE)
NAMED = re.compile(r"user_?name|login|handle|nick", re.IGNORECASE)
MAILED = (
    re.compile(r"[?&]\w+=([\w.~%-]{4,})"),
    re.compile(r"(?:token|code|key|otp|pin)\b[\"']?\s*(?:is)?\s*[=:/ ]\s*[\"']?([\w.~-]{4,})", re.IGNORECASE),
    re.compile(r"/([\w.~-]{16,})(?![\w/])"),
    re.compile(r"(?<![\w-])([\w-]{20,})(?![\w-])"),
    re.compile(r"(?<!\d)(\d{4,8})(?!\d)"),
)
"""How a mail that was written to the log may hold a token."""
DOORS = 5
"""Operations tried as a registration, and as a login."""
FAILURES = 2
"""Logins that may fail for one account: many services lock it after five."""


@dataclass
class Account:
    """What the gate made up for one identity, and what its registration inserted."""

    who: str
    email: str
    password: str = field(default=PASSWORD, repr=False)
    sent: dict[str, Any] = field(default_factory=dict)
    """Property -> value of the registration."""
    secret: str = ""
    """The property that was sent and that no row shows: the password's, where its name does not tell."""
    rows: list[tuple[str, Row]] = field(default_factory=list)
    """(table, row) that stand for it, its own one first."""
    answers: list[Step] = field(default_factory=list)
    """What its registration and its confirmation were answered."""
    known_as: tuple[str, ...] = ()
    """What it is called at a login, where no registration says it."""
    failed: int = 0
    """Logins that failed."""
    turn: int = 0
    """Of the pass that made it: an earlier one's account may still be there."""

    @property
    def called(self) -> str:
        """What tells it from every other account."""
        return f"gate{self.who}{self.turn or ''}"

    @property
    def names(self) -> tuple[str, ...]:
        """What it may be called at a login, likeliest first."""
        if self.known_as:
            return self.known_as
        plain = [
            value for name, value in self.sent.items() if isinstance(value, str) and not self.is_secret(name, None)
        ]
        mails = [value for value in plain if "@" in value]
        named = [value for name, value in self.sent.items() if NAMED.search(name) and value in plain]
        return tuple(dict.fromkeys([*mails, *named, *plain])) or (self.email,)

    def is_secret(self, name: str, given: Property | None) -> bool:
        """Whether a property holds the password."""
        if self.secret:
            return name == self.secret
        return bool(SECRET_NAME.search(name)) or (given is not None and given.facets.format == "password")


def account(who: str, turn: int = 0) -> Account:
    """A fresh account for an identity."""
    return Account(who, f"gate.{who}{turn or ''}@example.com", turn=turn)


def media_of(operation: Operation) -> Media | None:
    """The body that a login or a registration takes: JSON, else a form, with properties."""
    found = [each for each in (operation.body.media if operation.body else ()) if each.schema is not None]
    taken = [each for each in found if each.is_json] + [each for each in found if each.type == FORM]
    return next((each for each in taken if each.schema is not None and shape_of(each.schema).properties), None)


def secret_in(operation: Operation, given: Account | None = None) -> bool:
    """Whether the body has a place for a password."""
    media = media_of(operation)
    asked = given or account("a")
    properties = shape_of(media.schema).properties if media is not None and media.schema is not None else ()
    return any(asked.is_secret(each.name, each) for each in properties)


def open_posts(contract: Contract) -> list[Operation]:
    """POSTs with a body that nobody, or only the client's own secret, guards."""
    return [
        op for op in contract.operations
        if op.method == "POST" and media_of(op) is not None and "{" not in op.path
        and (not op.secured or any("basic" in name.lower() for s in op.security for name in s))
    ]  # fmt: skip


def registrations(contract: Contract) -> list[Operation]:
    """What may register, likeliest first: it takes a password and does not look like a login."""

    def rank(op: Operation) -> tuple[bool, bool, bool, int]:
        return not secret_in(op), op.response("401") is not None, _login_like(op), len(op.path)

    return sorted(open_posts(contract), key=rank)[:DOORS]


def logins(contract: Contract, given: Account, used: Operation | None) -> list[Operation]:
    """What may log an account in, likeliest first; the operation that registered it is none."""

    def rank(op: Operation) -> tuple[bool, bool, int]:
        return op.response("401") is None, not _login_like(op), len(op.path)

    return sorted((op for op in open_posts(contract) if op != used and secret_in(op, given)), key=rank)[:DOORS]


def _login_like(operation: Operation) -> bool:
    return LOGIN.search(f"{operation.path} {operation.id or ''}") is not None


def _base(media: Media, called: str, *, whole: bool) -> dict[str, Any]:
    """A body that the contract allows; without what may be left out, unless it is to be whole."""
    if media.schema is None:
        return {}
    draft = drafted(media.schema, lambda name, each: [], unique=called)
    lean = {slot.place: len(slot.choices) - 1 for slot in draft.slots if ABSENT in slot.choices}
    body = draft.body({} if whole else lean)
    return dict(body) if isinstance(body, dict) else {}


def registration(media: Media, given: Account, *, whole: bool) -> dict[str, Any]:
    """A registration's body: the account's address and password, and what the contract allows for the rest."""
    body = _base(media, given.called, whole=whole)
    for each in shape_of(media.schema).properties if media.schema is not None else ():
        if each.name not in body or each.facets.enum:
            continue
        if given.is_secret(each.name, each):
            body[each.name] = given.password
        elif each.facets.format == "email" or "mail" in each.name.lower():
            body[each.name] = given.email
        elif NAMED.search(each.name):
            body[each.name] = given.called
        elif not each.facets.format and not each.facets.pattern and isinstance(body[each.name], str):
            # Each text is another one, so that a row tells which of them it holds.
            body[each.name] = f"{body[each.name]} {each.name}"[: each.facets.max_length or 60]
    return body


async def register(watch: Watch, operations: list[Operation], given: Account) -> Operation | None:
    """Register by the first operation that inserts a row with what was sent; `given` then knows that row.

    Where none does, by the first that accepts a password: the service may keep its people elsewhere.
    """
    elsewhere: list[tuple[Operation, Step, dict[str, Any]]] = []
    for operation in operations:
        media = media_of(operation)
        for whole in (True, False) if media is not None else ():
            body = registration(media, given, whole=whole) if media is not None else {}
            step = await watch.step(Request(operation, body=body, media=media.type if media else ""), {})
            if enrolled(step, body, given):
                return operation
            if step.ok and not step.changes and given.password in body.values():
                elsewhere.append((operation, step, body))
                break
            if step.status in (401, 403, 429):
                break
    for operation, step, body in elsewhere[:1]:
        given.sent = body
        given.answers.append(step)
        return operation
    return None


def enrolled(step: Step, body: Mapping[str, Any], given: Account) -> bool:
    """Whether a registration was accepted and inserted a row with what was sent; `given` then knows it."""
    rows = _own_first(step, body)
    if not 200 <= step.status < 400 or not rows:
        return False
    given.sent, given.rows = dict(body), rows
    given.secret = given.secret or _hidden(step, body, given)
    given.answers.append(step)
    return True


def _own_first(step: Step, body: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """The rows that were added, those that hold most of what was sent first; empty where none does."""
    said = {str(value).lower() for _, value in leaves(dict(body)) if isinstance(value, str)}

    def held(row: Row) -> int:
        return len(said & {str(value).lower() for value in row.values()})

    rows = sorted(step.changes.added, key=lambda pair: -held(pair[1]))
    return rows if rows and held(rows[0][1]) else []


def _hidden(step: Step, body: Mapping[str, Any], given: Account) -> str:
    """The property whose text no row shows; empty where a name tells which it is."""
    if any(SECRET_NAME.search(name) for name in body) or given.password in body.values():
        return next((name for name, value in body.items() if value == given.password), "")
    shown = {str(value).lower() for _, row in step.changes.added for value in row.values()}
    unseen = [name for name, value in body.items() if isinstance(value, str) and value.lower() not in shown]
    if len(unseen) == 1:
        given.password = str(body[unseen[0]])
        return unseen[0]
    return ""


@dataclass(frozen=True)
class Login:
    """One way to ask for a credential; the same for every account."""

    operation: Operation
    name: int = 0
    """Which of the account's names."""
    basic: bool = False
    """By HTTP basic, and not in the body."""
    client: bool = False
    """By the grant of clients (RFC 6749, section 4.4)."""

    def request(self, given: Account, scopes: str = "") -> Request:
        """The request for an account."""
        media = media_of(self.operation)
        if media is None:
            return Request(self.operation, headers=self._packed(given))
        return Request(self.operation, headers=self._packed(given), body=self._body(media, given, scopes),
                       media=media.type)  # fmt: skip

    def called(self, given: Account) -> str:
        """What the account is called."""
        return given.names[min(self.name, len(given.names) - 1)]

    def _packed(self, given: Account) -> dict[str, str]:
        return {"Authorization": f"Basic {packed(self.called(given), given.password)}"} if self.basic else {}

    def _body(self, media: Media, given: Account, scopes: str) -> dict[str, Any]:
        body = _base(media, given.called, whole=False)
        properties = shape_of(media.schema).properties if media.schema is not None else ()
        unnamed = []
        for each in properties:
            lowered = each.name.lower()
            if lowered == "grant_type":
                body[each.name] = "client_credentials" if self.client else "password"
            elif re.fullmatch(r"scopes?", lowered):
                body.pop(each.name, None)
                if scopes:
                    body[each.name] = scopes.split() if "array" in each.facets.types else scopes
            elif re.match(r"client_?(id|key|secret)", lowered):
                body.pop(each.name, None)
                if self.client and not self.basic:
                    body[each.name] = given.password if "secret" in lowered else self.called(given)
            elif given.is_secret(each.name, each):
                body[each.name] = given.password
            elif each.name in given.sent:
                body[each.name] = given.sent[each.name]
            elif each.facets.format == "email" or "mail" in lowered:
                body[each.name] = next((name for name in given.names if "@" in name), given.email)
            elif "string" in each.facets.types and not each.facets.enum:
                unnamed.append(each)
        return body if self.client else {**body, **self._called(unnamed, given, body, properties)}

    def _called(
        self, unnamed: list[Property], given: Account, body: Mapping[str, Any], properties: tuple[Property, ...]
    ) -> dict[str, Any]:
        """The account's name in the likeliest place, where none is named yet."""
        taken = {each.name for each in properties} - {each.name for each in unnamed}
        if not unnamed or any(body.get(name) in given.names for name in taken):
            return {}
        place = min(unnamed, key=lambda each: (not NAMED.search(each.name), not each.required))
        return {place.name: self.called(given)}


def packed(name: str, password: str) -> str:
    """Name and password as HTTP basic carries them (RFC 7617)."""
    return base64.b64encode(f"{name}:{password}".encode()).decode()


def variants(operation: Operation, given: Account, *, client: bool) -> Iterator[Login]:
    """The ways to ask an operation; requests that are the same come once."""
    seen = []
    for number in range(min(len(given.names), FAILURES)):
        for basic in (False, True) if client else (False,):
            login = Login(operation, number, basic, client)
            request = login.request(given)
            if (request.body, request.headers) not in seen:
                seen.append((request.body, request.headers))
                yield login
