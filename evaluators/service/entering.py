"""Ways into a service, found by trying: registration, confirmation by a mailed link, login, what a login brings.

The contract's words lead, what is observed decides: a registration is what
inserts a row, a login is what brings something that a secured operation accepts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie
from typing import Any

from evaluators.contract.facts import Contract, Media, Operation
from evaluators.contract.shapes import shape_of
from evaluators.service.bodies import drafted
from evaluators.service.oracle import Row
from evaluators.service.request import FORM, Request, leaves
from evaluators.service.step import Step, Watch
from evaluators.service.values import PASSWORD

SECRET_NAME = re.compile(r"passw|pwd|passphrase|secret|^pin$", re.IGNORECASE)
TOKEN_NAMES = ("access_token", "accessToken", "token", "jwt", "id_token", "session_token", "key", "api_key", "apiKey")
LOGIN = re.compile(r"log-?_?in|sign-?_?in|token|session|authenticate|auth\b", re.IGNORECASE)
CSRF = re.compile(r"csrf|xsrf", re.IGNORECASE)
DRAWN = re.compile(r"[\w.~+/=-]{16,}")
MAILED = (
    re.compile(r"(?:token|code|key|otp|pin)\b[\"']?\s*[=:/ ]\s*[\"']?([\w.~-]{4,})", re.IGNORECASE),
    re.compile(r"[?&]\w+=([\w.~%-]{4,})"),
    re.compile(r"/([\w.~-]{16,})(?![\w/])"),
)
"""How a mail that was written to the log may hold a token."""


@dataclass(frozen=True)
class Credential:
    """What a request carries to say who asks."""

    headers: Mapping[str, str] = field(repr=False)
    told: Mapping[str, str]
    """The same with `$NAME`s in place of secrets."""
    variables: Mapping[str, str] = field(repr=False)
    way: str
    unsafe: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What a request that changes something carries besides."""
    unsafe_told: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Account:
    """What the gate made up for one identity, and what its registration inserted."""

    who: str
    email: str
    password: str = PASSWORD
    sent: dict[str, Any] = field(default_factory=dict)
    """Property -> value of the registration."""
    rows: list[tuple[str, Row]] = field(default_factory=list)
    """(table, row) that the registration inserted."""
    answers: list[Step] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """What it may be called at a login, likeliest first."""
        plain = [value for name, value in self.sent.items() if isinstance(value, str) and not SECRET_NAME.search(name)]
        return list(dict.fromkeys([self.email, *plain]))


def account(who: str) -> Account:
    """A fresh account for an identity."""
    return Account(who, f"gate.{who}@example.com")


def media_with(operation: Operation, pattern: re.Pattern[str]) -> Media | None:
    """The body, JSON or form, that has a property of such a name or of the format `password`."""
    for media in operation.body.media if operation.body else ():
        if media.schema is None or not (media.is_json or media.type == FORM):
            continue
        for each in shape_of(media.schema).properties:
            if pattern.search(each.name) or each.facets.format == "password":
                return media
    return None


def doors(contract: Contract) -> tuple[list[Operation], list[Operation]]:
    """Operations that may register and that may log in, likeliest first: POSTs with a password that nobody guards."""
    found = [op for op in contract.operations if op.method == "POST" and media_with(op, SECRET_NAME)]
    open_ones = [
        op for op in found if not op.secured or any("basic" in name.lower() for s in op.security for name in s)
    ]
    logins = sorted(open_ones, key=lambda op: (not LOGIN.search(f"{op.path} {op.id or ''}"), len(op.path)))
    registering = [op for op in open_ones if not LOGIN.search(f"{op.path} {op.id or ''}")]
    rest = [op for op in open_ones if op not in registering]
    return [*registering, *rest], logins


def filled(operation: Operation, media: Media, given: Account, *, whole: bool = True) -> dict[str, Any]:
    """A registration's body: the account's address and password, and what the contract allows for the rest."""
    if media.schema is None:
        return {}
    draft = drafted(media.schema, lambda name, each: [], unique=f"gate{given.who}")
    taken = {} if whole else {slot.place: len(slot.choices) - 1 for slot in draft.slots if not slot.required}
    body = draft.body(taken)
    body = dict(body) if isinstance(body, dict) else {}
    for each in shape_of(media.schema).properties:
        if each.name not in body and not each.required:
            continue
        if SECRET_NAME.search(each.name) or each.facets.format == "password":
            body[each.name] = given.password
        elif each.facets.format == "email" or "mail" in each.name.lower():
            body[each.name] = given.email
        elif re.search(r"user_?name|login|handle|nick", each.name, re.IGNORECASE):
            body[each.name] = f"gate{given.who}"
    return body


async def register(watch: Watch, operations: list[Operation], given: Account) -> Operation | None:
    """Register by the first operation that inserts a row; `given` then knows what was sent and what was inserted."""
    for operation in operations:
        media = media_with(operation, SECRET_NAME)
        if media is None:
            continue
        for whole in (True, False):
            body = filled(operation, media, given, whole=whole)
            step = await watch.step(Request(operation, body=body, media=media.type), {})
            if step.ok and step.changes.added:
                given.sent, given.rows = body, list(step.changes.added)
                given.answers.append(step)
                return operation
    return None


async def confirm(watch: Watch, contract: Contract, given: Account) -> bool:
    """Follow the link, or send the code, that the registration's log holds. Whether one was accepted."""
    text = "\n".join(step.log for step in given.answers)
    tokens = dict.fromkeys(
        re.findall(r"(?:token|code|key|otp|pin)\b[\"']?\s*[=:/ ]\s*[\"']?([\w.~-]{4,})", text, re.IGNORECASE)
    )
    tokens |= dict.fromkeys(re.findall(r"[?&]\w+=([\w.~%-]{4,})", text))
    tokens |= dict.fromkeys(re.findall(r"/([\w.~-]{16,})(?![\w/])", text))
    for token in tokens:
        for request in _carrying(contract, token):
            step = await watch.step(request, {})
            if step.ok or 300 <= step.status < 400:
                given.answers.append(step)
                return True
    return False


def _carrying(contract: Contract, token: str) -> Iterator[Request]:
    """Open operations with one place for a token."""
    wanted = re.compile(r"token|code|key|otp|^t$", re.IGNORECASE)
    for operation in contract.operations:
        if operation.secured:
            continue
        query = [each for each in operation.parameters_in("query") if wanted.search(each.name)]
        path = operation.parameters_in("path")
        if len(query) == 1 and not path:
            yield Request(operation, query={query[0].name: token})
        elif len(path) == 1 and wanted.search(path[0].name):
            yield Request(operation, path={path[0].name: token})
        elif operation.method == "POST" and not media_with(operation, SECRET_NAME):
            media = media_with(operation, wanted)
            names = [each.name for each in shape_of(media.schema).properties] if media and media.schema else []
            named = [name for name in names if wanted.search(name)]
            if media and len(names) <= 2 and named:
                yield Request(operation, body={named[0]: token}, media=media.type)


async def log_in(watch: Watch, operations: list[Operation], given: Account, scopes: str = "") -> list[Step]:
    """The answers of every login that accepted the account, first to last."""
    found = []
    for operation in operations:
        media = media_with(operation, SECRET_NAME)
        if media is None or media.schema is None:
            continue
        for name in given.names[:3]:
            step = await watch.step(
                Request(operation, body=_login_body(media, given, name, scopes), media=media.type), {}
            )
            if step.ok:
                found.append(step)
                break
            if step.status in (404, 405, 415, 429):
                break
    return found


def _login_body(media: Media, given: Account, name: str, scopes: str) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for each in shape_of(media.schema).properties if media.schema else ():
        lowered = each.name.lower()
        if (SECRET_NAME.search(each.name) and "client" not in lowered) or each.facets.format == "password":
            body[each.name] = given.password
        elif lowered == "grant_type":
            body[each.name] = "password"
        elif lowered == "scope":
            if scopes:
                body[each.name] = scopes
        elif each.name in given.sent:
            body[each.name] = given.sent[each.name]
        elif each.facets.format == "email" or "mail" in lowered:
            body[each.name] = given.email
        elif each.required:
            body[each.name] = each.facets.enum[0] if each.facets.enum else name
    return body


def credentials(contract: Contract, steps: list[Step], who: str, given: Account) -> Iterator[Credential]:
    """What the answers may have brought, likeliest first: a bearer token, a key, a cookie; and HTTP basic."""
    kinds = {scheme.name: scheme for scheme in contract.schemes}
    bearer = any(s.kind in ("oauth2", "openIdConnect") or s.scheme == "bearer" for s in kinds.values())
    upper = who.upper()
    for step in reversed(steps):
        if bearer:
            for token in _tokens(step.json):
                told = {"Authorization": f"Bearer $TOKEN_{upper}"}
                yield Credential({"Authorization": f"Bearer {token}"}, told, {f"TOKEN_{upper}": token}, "login")
        for scheme in kinds.values():
            name = scheme.node.text("name")
            if scheme.kind == "apiKey" and scheme.where == "header":
                for token in _tokens(step.json):
                    yield Credential({name: token}, {name: f"$KEY_{upper}"}, {f"KEY_{upper}": token}, "key")
        cookie = cookies(step)
        if cookie:
            yield Credential({"Cookie": cookie}, {"Cookie": f"$COOKIE_{upper}"}, {f"COOKIE_{upper}": cookie}, "cookie")
    if any(scheme.scheme == "basic" for scheme in kinds.values()):
        for name in given.names[:3]:
            packed = base64.b64encode(f"{name}:{given.password}".encode()).decode()
            value = f"Basic {packed}"
            yield Credential({"Authorization": value}, {"Authorization": f"Basic $BASIC_{upper}"},
                             {f"BASIC_{upper}": packed}, "basic")  # fmt: skip


def _tokens(answer: Any) -> list[str]:
    """Texts of an answer that may be a token: those that are called so, then any that look drawn."""
    found = [(place, value) for place, value in leaves(answer) if isinstance(value, str) and DRAWN.fullmatch(value)]
    called = [value for place, value in found if place and place[-1] in TOKEN_NAMES]
    return list(
        dict.fromkeys([*called, *(value for place, value in found if "refresh" not in str(place[-1:]).lower())])
    )


def cookies(step: Step) -> str:
    """The cookies that an answer sets, as a request sends them back."""
    jar: dict[str, str] = {}
    for name, value in step.answer.headers:
        if name == "set-cookie":
            parsed: SimpleCookie = SimpleCookie()
            parsed.load(value)
            jar |= {key: morsel.value for key, morsel in parsed.items() if morsel.value}
    return "; ".join(f"{name}={value}" for name, value in jar.items())


async def guarded(watch: Watch, contract: Contract, steps: list[Step], held: Credential, who: str) -> Credential:
    """The same with the CSRF token that unsafe requests need, where there is one to be found."""
    if held.way != "cookie":
        return held
    named = {p.name for op in contract.operations for p in op.parameters_in("header") if CSRF.search(p.name)}
    text = str(contract.root.value) if contract.root is not None else ""
    spoken = re.search(r"X-(?:CSRF|XSRF)[\w-]*", text, re.IGNORECASE)
    header = next(iter(sorted(named)), spoken.group() if spoken else "X-CSRF-Token")
    for token in await _csrf_tokens(watch, contract, steps, held):
        variable = f"CSRF_{who.upper()}"
        return replace(held, unsafe={header: token}, unsafe_told={header: f"${variable}"},
                       variables={**held.variables, variable: token})  # fmt: skip
    return held


async def _csrf_tokens(watch: Watch, contract: Contract, steps: list[Step], held: Credential) -> list[str]:
    """CSRF tokens in answers, cookies, and in what a GET brings whose answer has one."""
    found = [
        str(value) for step in steps for place, value in leaves(step.json) if place and CSRF.search(str(place[-1]))
    ]
    for part in held.headers.get("Cookie", "").split("; "):
        name, _, value = part.partition("=")
        if CSRF.search(name):
            found.append(value)
    for operation in contract.operations:
        if found or operation.method != "GET" or "{" in operation.path:
            continue
        said = str([media.schema.followed().value for r in operation.successes for media in r.media if media.schema])
        if CSRF.search(operation.path) or CSRF.search(said):
            step = await watch.step(Request(operation), held.headers)
            found += _called_csrf(step.json)
    return found


def _called_csrf(answer: Any) -> list[str]:
    return [str(value) for place, value in leaves(answer) if place and CSRF.search(str(place[-1]))]
