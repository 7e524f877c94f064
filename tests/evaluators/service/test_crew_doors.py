"""Who is let in by a service's own doors: registration, login, cookies, keys, confirmation; in few requests."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fake_contract import BASIC, BEARER, COOKIE, HEADER_KEY, QUERY_KEY, contract
from fake_service import Call, Service, Told, crew

from evaluators.service.crew import renew
from evaluators.service.oracle import Keys
from evaluators.service.request import Request
from evaluators.service.step import Watch

USERS = """
CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
    verified INTEGER DEFAULT 0);
CREATE TABLE notes (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), body TEXT NOT NULL);
"""
REFUSED: Told = (401, {"title": "Sign in first."})


def hashed(text: Any) -> str:
    """What the service keeps of a password."""
    return hashlib.sha256(str(text).encode()).hexdigest()


class People:
    """A service with people; what a login brings and what lets in differs."""

    def __init__(self, mail: str = "mail", password: str = "password") -> None:  # noqa: S107 - names
        self.mail, self.password = mail, password
        self.held: dict[str, int] = {}
        """What lets in -> the person."""

    def register(self, call: Call) -> Told:
        """Insert a person."""
        if call.one("SELECT 1 FROM people WHERE mail = ?", call.body[self.mail]):
            return 409, {"title": "taken"}
        values = (call.body[self.mail], hashed(call.body[self.password]))
        call.db.execute("INSERT INTO people (mail, digest) VALUES (?, ?)", values)
        return 201, {"mail": call.body[self.mail]}

    def person(self, call: Call, name: Any, password: Any) -> Any:
        """The person with this name and password, or None."""
        return call.one("SELECT * FROM people WHERE mail = ? AND digest = ?", name, hashed(password))

    def token(self, call: Call, person: Any) -> str:
        """A fresh token of a person."""
        made = secrets.token_hex(16)
        self.held[made] = person["id"]
        return made

    def own(self, call: Call, held: str | None) -> Told:
        """Who asks."""
        return (200, {"id": self.held[held]}) if held in self.held else REFUSED


def bearer(call: Call) -> str:
    """The bearer token of a request."""
    return call.headers.get("authorization", "").removeprefix("Bearer ")


def test_json_registration_and_login_in_few_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People()

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        if call.symbol == "POST /log-in":
            person = people.person(call, call.body["mail"], call.body["password"])
            return (200, {"data": {"access_token": people.token(call, person)}}) if person else REFUSED
        return people.own(call, bearer(call))

    said = contract(
        BEARER, post_people=(False, ("mail", "password")), **{"post_log-in": (False, ("mail", "password"))},
        get_me=(True,),
    )  # fmt: skip
    service = Service(said, USERS, answer)
    made, running = crew(service, tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and not made.lifted and not made.why
    assert {member.way for member in made.members.values()} == {"login"}
    assert service.count("POST /people") == 3 and service.count("POST /log-in") == 3
    assert service.count("POST /log-in", 401) == 0, "no login of the gate fails"
    assert made.requests <= 15
    a = made.members["a"]
    assert a.row["mail"] == "gate.a@example.com" and a.subject == str(a.row["id"]) and a.table == "people"
    assert a.told == {"Authorization": "Bearer $TOKEN_A"} and a.variables["TOKEN_A"] not in repr(a)
    assert {row["person_id"] for row in made.cast.seeds.rows["notes"]["a"]} == {a.row["id"]}
    assert [row["id"] for row in made.cast.seeds.rows["people"]["a"]] == [a.row["id"]]

    people.held.clear()

    async def again() -> int:
        watch = Watch(running, running.database, Keys(), {})
        fresh = await renew(watch, a)
        assert fresh is not None and fresh.headers != a.headers and fresh.row == a.row
        operation = running.contract.operation("GET", "/me")
        return (await watch.ask(Request(operation), fresh.headers)).status

    assert asyncio.run(again()) == 200, "after a revocation the same account gets in again"


def test_nothing_is_named_as_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The property of the password is known by what no row shows."""
    people = People("qx", "zy")

    def answer(call: Call) -> Told:
        if call.symbol == "POST /aa":
            return people.register(call)
        if call.symbol == "POST /bb":
            person = people.person(call, call.body["qx"], call.body["zy"])
            return (200, {"data": {"vv": people.token(call, person)}}) if person else REFUSED
        return people.own(call, bearer(call))

    said = contract(BEARER, post_aa=(False, ("qx", "zy")), post_bb=(False, ("qx", "zy")), get_cc=(True,))
    made, _ = crew(Service(said, USERS, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b")


def test_a_form_with_the_password_grant_and_scopes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token has the scopes that were asked for: ordinary ones for a and b, all for the lifted one."""
    people, scopes = People(), {}
    flows = {"password": {"tokenUrl": "/token", "scopes": {"read": "r", "write": "w", "admin": "a"}}}
    oauth = {"oauth": {"type": "oauth2", "flows": flows}}
    form = ("grant_type?", "username", "password", "scope?", "client_id?", "client_secret?")

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        if call.symbol == "POST /token":
            person = people.person(call, call.body["username"], call.body["password"])
            if person is None or call.body.get("grant_type") != "password":
                return 400, {"error": "invalid_grant"}
            token = people.token(call, person)
            scopes[token] = set(call.body.get("scope", "").split())
            return 200, {"access_token": token, "token_type": "bearer"}
        needed = {"GET /notes": "read", "POST /notes": "write", "GET /accounts": "admin"}[call.symbol]
        if bearer(call) not in people.held:
            return REFUSED
        return (200, {}) if needed in scopes[bearer(call)] else (403, {"title": "scope"})

    said = contract(
        oauth, post_people=(False, ("mail", "password")), post_token=(False, form, "application/x-www-form-urlencoded"),
        get_notes=([{"oauth": ["read"]}],), post_notes=([{"oauth": ["write"]}], ("body",)),
        get_accounts=([{"oauth": ["admin"]}],),
    )  # fmt: skip
    made, _ = crew(Service(said, USERS, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == ("admin",)
    held = {name: scopes[member.headers["Authorization"].split()[1]] for name, member in made.members.items()}
    assert held == {"a": {"read", "write"}, "b": {"read", "write"}, "admin": {"read", "write", "admin"}}
    assert made.members["admin"].opens == {"GET /accounts"}


@pytest.mark.parametrize("source", ["answer", "cookie", "header", "page"])
def test_a_cookie_with_a_csrf_token(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People()
    header = "x-guard" if source == "answer" else "x-xsrf-token" if source == "cookie" else "x-csrf-token"

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        if call.symbol == "POST /session":
            person = people.person(call, call.body["mail"], call.body["password"])
            if person is None:
                return REFUSED
            token = people.token(call, person)
            more = [("set-cookie", f"XSRF-TOKEN={token[::-1]}; Path=/")] if source == "cookie" else []
            return 204, "", [("set-cookie", f"sid={token}; HttpOnly; Path=/"), *more]
        sid = re.search(r"sid=(\w+)", call.headers.get("cookie", ""))
        if sid is None or sid.group(1) not in people.held:
            return REFUSED
        guard = sid.group(1)[::-1]
        if call.method != "GET":
            return (422, {}) if call.headers.get(header) == guard else (403, {"title": "forged?"})
        if source == "page":
            return 200, f'<html><meta name="csrf-token" content="{guard}"></html>', [("content-type", "text/html")]
        told = {"id": 1, "csrf": guard} if source == "answer" else {"id": 1}
        return 200, told, [("x-csrf-token", guard)] if source == "header" else []

    said = contract(
        COOKIE, post_people=(False, ("mail", "password")), post_session=(False, ("mail", "password")),
        get_session=(True,), post_notes=(True, ("body",)), delete_session=(True,),
    )  # fmt: skip
    if source == "answer":
        more = '"parameters": [{"name": "X-Guard", "in": "header", "schema": {"type": "string"}}], "responses"'
        said = said.replace('"responses"', more)
    service = Service(said, USERS, answer)
    made, _ = crew(service, tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b")
    for who, member in made.members.items():
        assert {name.lower(): value for name, value in member.unsafe.items()} == {
            header: member.variables[f"COOKIE_{who.upper()}"].split("sid=")[1].split(";")[0][::-1]
        }
        assert list(member.unsafe_told.values()) == [f"$CSRF_{who.upper()}"]
        assert member.sent("GET") == dict(member.headers) and member.sent("DELETE") != dict(member.headers)
    assert service.count("DELETE /session") == 0, "nobody is logged out by looking"


def test_a_uuid_that_is_refused_in_other_words_is_no_csrf_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is compared only where one was sent, and these people may not write anyway."""
    people = People()

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        if call.symbol == "POST /session":
            person = people.person(call, call.body["mail"], call.body["password"])
            token = people.token(call, person) if person else ""
            return (204, "", [("set-cookie", f"sid={token}; HttpOnly; Path=/")]) if person else REFUSED
        sid = re.search(r"sid=(\w+)", call.headers.get("cookie", ""))
        if sid is None or sid.group(1) not in people.held:
            return REFUSED
        guard = sid.group(1)[::-1]
        if call.method == "GET":
            return 200, {"id": "5ba1f8de-6d44-4109-8a6b-9b4b54ba8845", "csrf": guard}
        right = call.headers.get("x-csrf-token") in (None, guard)
        return 403, {"title": "Not for you." if right else "The token is not this session's."}

    said = contract(
        COOKIE, post_people=(False, ("mail", "password")), post_session=(False, ("mail", "password")),
        get_session=(True,), post_notes=(True, ("body",)),
    )  # fmt: skip
    made, _ = crew(Service(said, USERS, answer), tmp_path, monkeypatch)
    for who, member in made.members.items():
        own = member.variables[f"COOKIE_{who.upper()}"].split("sid=")[1].split(";")[0]
        assert list(member.unsafe.values()) == [own[::-1]]


@pytest.mark.parametrize("scheme", [HEADER_KEY, QUERY_KEY], ids=["header", "query"])
@pytest.mark.parametrize("logged_in", [False, True])
def test_an_api_key(scheme: dict[str, Any], logged_in: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made with a password, or by somebody who is logged in."""
    people, keys = People(), People()

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        if call.symbol in ("POST /session", "POST /keys") and "password" in call.body:
            person = people.person(call, call.body["mail"], call.body["password"])
            made = (keys if call.symbol == "POST /keys" else people).token(call, person) if person else ""
            return (201, {"label": call.body.get("label"), "token": made}) if person else REFUSED
        if call.symbol == "POST /keys":
            person = {"id": people.held.get(bearer(call))}
            return (201, {"key": keys.token(call, person)}) if person["id"] else REFUSED
        return keys.own(call, call.headers.get("x-api-key") or call.query.get("api_key"))

    doors: dict[str, Any] = {"post_keys": (False, ("mail", "password", "label"))}
    schemes = scheme
    if logged_in:
        schemes = scheme | BEARER
        doors = {"post_session": (False, ("mail", "password")), "post_keys": ([{"bearer": []}], ("label",))}
    said = contract(schemes, post_people=(False, ("mail", "password")), get_me=([{"key": []}],), **doors)
    made, running = crew(Service(said, USERS, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and "KEY_A" in made.members["a"].variables

    async def seen() -> list[Any]:
        watch = Watch(running, running.database, Keys(), {})
        fresh = await renew(watch, made.members["a"])
        assert fresh is not None and fresh.variables["KEY_A"] != made.members["a"].variables["KEY_A"]
        me = Request(running.contract.operation("GET", "/me"))
        return [(await watch.ask(me, each.headers)).json() for each in (*made.members.values(), fresh)]

    answers = asyncio.run(seen())
    assert answers[0] == answers[-1] != answers[1] and all("id" in each for each in answers)


def test_http_basic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People()

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        name, _, password = base64.b64decode(call.headers.get("authorization", "")[6:]).decode().partition(":")
        person = people.person(call, name, password)
        return (200, {"id": person["id"]}) if person else REFUSED

    said = contract(BASIC, post_people=(False, ("mail", "password")), get_me=(True,))
    made, _ = crew(Service(said, USERS, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.members["b"].way == "basic"
    assert made.members["b"].told == {"Authorization": "Basic $BASIC_B"}


@pytest.mark.parametrize("how", ["link", "code", "redirect", "row"])
def test_an_address_that_must_be_confirmed(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people, sent = People(), {}

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            told = people.register(call)
            mail = call.body["mail"]
            sent[mail] = f"{len(sent) + 1:06d}" if how == "code" else secrets.token_urlsafe(24)
            if how in ("link", "redirect"):
                service.log += f"INFO Mail to {mail}: open http://localhost:3000/confirm?t={sent[mail]}.\n"
            elif how == "code":
                service.log += f"Mail to {mail}: your code is {sent[mail]}\n"
            return told
        if call.path == "/confirm":
            token, mail = (call.query.get("t"), "") if call.method == "GET" else (call.body["code"], call.body["mail"])
            known = next((each for each, held in sent.items() if held == token and mail in ("", each)), None)
            if known is None:
                return 400, {}
            if how == "redirect" and call.query.get("step") != "2":
                return 302, "", [("location", f"/confirm?t={token}&step=2")]
            call.db.execute("UPDATE people SET verified = 1 WHERE mail = ?", (known,))
            return 200, {}
        if call.symbol == "POST /log-in":
            person = people.person(call, call.body["mail"], call.body["password"])
            if person is None or not person["verified"]:
                return 403, {"title": "confirm first"}
            return 200, {"token": people.token(call, person)}
        return people.own(call, bearer(call))

    doors: dict[str, Any] = {"post_log-in": (False, ("mail", "password"))}
    if how == "code":
        doors["post_confirm"] = (False, ("mail", "code"))
    elif how != "row":
        doors["get_confirm"] = (False,)
    said = contract(BEARER, post_people=(False, ("mail", "password")), get_me=(True,), **doors)
    service = Service(said, USERS, answer)
    made, _ = crew(service, tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b"), how
    assert service.count("POST /log-in", 403) <= 1, "a login that must fail is not sent again"


def test_a_service_that_locks_after_failures_is_not_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login that never works is sent a few times for one account, and nobody is let in."""
    people, tried = People(), Counter()

    def answer(call: Call) -> Told:
        if call.symbol == "POST /people":
            return people.register(call)
        tried[call.body["name"] if call.body else ""] += call.method == "POST"
        return REFUSED

    logins = {f"post_log-in{number}": (False, ("name", "password")) for number in range(4)}
    said = contract(BEARER, post_people=(False, ("mail", "nick", "password")), get_me=(True,), **logins)
    service = Service(said, USERS, answer)
    made, _ = crew(service, tmp_path, monkeypatch)
    assert not made.members and made.why == "nobody was let in, by http"
    assert tried and max(tried.values()) <= 3


def test_what_nobody_guards_needs_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = crew(Service(contract({}, get_me=(False,)), USERS, lambda call: (200, {})), tmp_path, monkeypatch)
    assert not made.members and made.why == "" and not made.cast.needed
