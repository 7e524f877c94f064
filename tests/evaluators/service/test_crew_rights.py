"""Rights: who is lifted is found by trying, named by the role, as few as open everything; a and b stay ordinary."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

import jwt
import pytest
from fake_contract import BEARER, contract
from fake_service import SECRET, Call, Service, Told, crew

from evaluators.service.lifting import highest, ordinary
from evaluators.service.planting import FORMATS
from evaluators.service.values import PASSWORD

REFUSED: Told = (401, {"title": "Sign in first."})
FORBIDDEN: Told = (403, {"title": "Not you."})


def bearer(call: Call) -> str:
    """The bearer token of a request."""
    return call.headers.get("authorization", "").removeprefix("Bearer ")


class Signed:
    """A service that reads its users by the `sub` of a token with the gate's secret."""

    def __init__(self, table: str, needs: Any) -> None:
        self.table, self.needs = table, needs

    def __call__(self, call: Call) -> Told:
        """What each operation answers; `needs` says whether a user may."""
        try:
            claims = jwt.decode(bearer(call), SECRET, algorithms=["HS256"])
        except jwt.PyJWTError:
            return REFUSED
        user = call.one(f"SELECT * FROM {self.table} WHERE id = ?", claims["sub"])  # noqa: S608 - a test's table
        if user is None:
            return REFUSED
        return (200, {"id": user["id"]}) if self.needs(call, user, claims) else FORBIDDEN


OPERATIONS: dict[str, Any] = {
    "get_me": (True,), "get_reports": (True,), "post_rooms": (True, ("name",)), "put_users__ID": (True, ("name",)),
}  # fmt: skip
SAID = contract(BEARER, **OPERATIONS)
PLAIN = "GET /me"


@pytest.mark.parametrize(
    ("columns", "low", "high", "name"),
    [
        ("role TEXT NOT NULL CHECK (role IN ('admin', 'clerk'))", "clerk", "admin", "admin"),
        ("role TEXT NOT NULL DEFAULT 'patient' CHECK (role IN ('patient', 'staff'))", "patient", "staff", "staff"),
        ("is_superuser BOOLEAN NOT NULL DEFAULT 0", 0, 1, "superuser"),
        ("roles JSON NOT NULL DEFAULT '[]'", "[]", '["admin"]', "admin"),
    ],
    ids=["enumeration", "default", "boolean", "list"],
)
def test_a_column_of_the_users_row(
    columns: str, low: Any, high: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = columns.split()[0]

    def may(call: Call, user: Any, claims: Any) -> bool:
        held = user[column]
        return call.symbol == PLAIN or (held == high or (column == "roles" and "admin" in json.loads(held)))

    schema = f"CREATE TABLE users (id INTEGER PRIMARY KEY, {columns}, locked BOOLEAN NOT NULL DEFAULT 0);"
    made, _ = crew(Service(SAID, schema, Signed("users", may)), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == (name,)
    assert [made.members[who].row[column] for who in ("a", "b")] == [low, low]
    lifted = made.members[name]
    assert lifted.opens == {"GET /reports", "POST /rooms", "PUT /users/{id}"} and not lifted.row["locked"]
    assert lifted.told == {"Authorization": f"Bearer $TOKEN_{name.upper()}"}
    assert set(lifted.variables) == {f"TOKEN_{name.upper()}"}


SIDE = """
CREATE TABLE staff_members (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE roles (code TEXT PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO roles VALUES ('administrator', 'A'), ('mechanic', 'M'), ('viewer', 'V');
CREATE TABLE staff_roles (
    member_id INTEGER NOT NULL REFERENCES staff_members (id), role_code TEXT NOT NULL REFERENCES roles (code),
    PRIMARY KEY (member_id, role_code)
);
CREATE TABLE tasks (id INTEGER PRIMARY KEY, member_id INTEGER NOT NULL REFERENCES staff_members (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'done')));
"""


def test_a_side_table_gives_ordinary_ones_the_least_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of users is none by its name; a role of several opens everything."""

    def may(call: Call, user: Any, claims: Any) -> bool:
        rows = call.db.execute("SELECT role_code FROM staff_roles WHERE member_id = ?", (user["id"],)).fetchall()
        held = {row["role_code"] for row in rows}
        wanted = {PLAIN: {"viewer", "mechanic"}, "POST /rooms": {"mechanic"}}.get(call.symbol, set())
        return bool(held & (wanted | {"administrator"}))

    made, running = crew(Service(SAID, SIDE, Signed("staff_members", may)), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == ("administrator",)
    assert made.members["a"].table == "staff_members"
    now = asyncio.run(running.database.everything())["staff_roles"]
    held = [{row["role_code"] for row in now if str(row["member_id"]) == made.members[who].subject} for who in "ab"]
    assert held == [{"viewer"}, {"viewer"}]
    rows = made.cast.seeds.rows["staff_roles"]
    assert {row["role_code"] for who in ("a", "b") for row in rows[who]} <= {"viewer"}
    assert len(made.cast.seeds.rows["tasks"]["a"]) >= 3, "a table of work is no table of rights"


def test_roles_that_open_different_things_are_different_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The role is in the token since the login; one account has one role."""
    held: dict[str, tuple[int, str]] = {}
    logins: list[int] = []
    opens = {"organiser": {"POST /rooms", "PUT /users/1"}, "auditor": {"GET /reports"}, "member": set()}

    def answer(call: Call) -> Told:
        if call.symbol == "POST /users":
            call.db.execute("INSERT INTO users (handle, digest) VALUES (?, ?)",
                            (call.body["handle"], call.body["password"]))  # fmt: skip
            return 201, {}
        if call.symbol == "POST /tokens":
            user = call.one("SELECT * FROM users WHERE handle = ? AND digest = ?", call.body["handle"],
                            call.body["password"])  # fmt: skip
            logins.append(user is not None)
            token = secrets.token_hex(16)
            if user is not None:
                held[token] = (user["id"], user["role"])
            return (200, {"token": token}) if user is not None else REFUSED
        if bearer(call) not in held:
            return REFUSED
        number, role = held[bearer(call)]
        fresh = call.one("SELECT role FROM users WHERE id = ?", number)
        allowed = call.symbol.rstrip("0123456789") in {each.rstrip("0123456789") for each in opens[role]}
        return (422, {}) if call.symbol == PLAIN or (allowed and fresh["role"] == role) else FORBIDDEN

    schema = """CREATE TABLE users (id INTEGER PRIMARY KEY, handle TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
        role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'organiser', 'auditor')));"""
    said = contract(BEARER, post_users=(False, ("handle", "password")), post_tokens=(False, ("handle", "password")),
                    **OPERATIONS)  # fmt: skip
    made, _ = crew(Service(said, schema, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and set(made.lifted) == {"organiser", "auditor"}
    assert made.members["auditor"].opens == {"GET /reports"}
    assert made.members["organiser"].opens == {"POST /rooms", "PUT /users/{id}"}
    assert made.members["organiser"].row["role"] == "organiser" and made.members["a"].row["role"] == "member"
    assert len(logins) <= 8 and all(logins)


def test_scopes_that_only_the_token_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flows = {"clientCredentials": {"tokenUrl": "https://id.example/token", "scopes": {"read": "r", "admin:all": "a"}}}
    oauth = {"oauth": {"type": "oauth2", "flows": flows}}
    said = contract(oauth, get_me=([{"oauth": ["read"]}],), get_reports=([{"oauth": ["admin:all"]}],))

    def may(call: Call, user: Any, claims: Any) -> bool:
        return {PLAIN: "read", "GET /reports": "admin:all"}[call.symbol] in claims.get("scope", "").split()

    schema = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    made, _ = crew(Service(said, schema, Signed("users", may)), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == ("admin_all",)
    assert made.members["a"].claims["scope"] == "read" and made.members["admin_all"].claims["scope"] == "read admin:all"


CLIENTS = {
    "side": """CREATE TABLE machines (id INTEGER PRIMARY KEY, machine_key TEXT NOT NULL, secret_digest TEXT NOT NULL);
        CREATE TABLE machine_scopes (machine_id INTEGER NOT NULL REFERENCES machines (id),
            scope TEXT NOT NULL CHECK (scope IN ('read', 'admin')), PRIMARY KEY (machine_id, scope));""",
    "json": """CREATE TABLE machines (id INTEGER PRIMARY KEY, machine_key TEXT NOT NULL, secret_digest TEXT NOT NULL,
        scopes JSON NOT NULL);""",
    "text": """CREATE TABLE machines (id INTEGER PRIMARY KEY, machine_key TEXT NOT NULL, secret_digest TEXT NOT NULL,
        scopes TEXT NOT NULL);""",
}
WORK = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, machine_id INTEGER NOT NULL REFERENCES machines (id), n INTEGER);"


@pytest.mark.parametrize("form", range(len(FORMATS)), ids=["argon2id", "bcrypt", "pbkdf2", "sha256", "plain"])
@pytest.mark.parametrize(("kind", "basic"), [("side", False), ("json", True), ("text", False)])
def test_clients_that_no_route_makes(
    kind: str, basic: bool, form: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = {"clientCredentials": {"tokenUrl": "/token", "scopes": {"read": "r", "admin": "a"}}}
    oauth = {"oauth": {"type": "oauth2", "flows": flows}}
    tokens: dict[str, tuple[int, set[str]]] = {}
    failures: dict[str, int] = {}

    def scopes(call: Call, number: int) -> set[str]:
        if kind == "side":
            rows = call.db.execute("SELECT scope FROM machine_scopes WHERE machine_id = ?", (number,)).fetchall()
            return {row["scope"] for row in rows}
        held = call.one("SELECT scopes FROM machines WHERE id = ?", number)["scopes"]
        return set(json.loads(held) if kind == "json" else held.split())

    def answer(call: Call) -> Told:
        if call.symbol == "POST /token":
            packed = base64.b64decode(call.headers.get("authorization", "")[6:]).decode().partition(":")
            name, secret = (packed[0], packed[2]) if basic else (
                call.body.get("client_id", ""), call.body.get("client_secret"))  # fmt: skip
            row = call.one("SELECT * FROM machines WHERE machine_key = ?", name)
            if call.body.get("grant_type") != "client_credentials" or row is None or " " in name:
                return REFUSED
            if row["secret_digest"] != FORMATS[form] or secret != PASSWORD:
                failures[name] = failures.get(name, 0) + 1
                return REFUSED
            token = secrets.token_hex(20)
            tokens[token] = (row["id"], scopes(call, row["id"]))
            return 200, {"access_token": token, "token_type": "bearer"}
        number, said = tokens.get(bearer(call), (0, set()))
        if not number:
            return REFUSED
        needed = {"GET /me": "read"}.get(call.symbol, "admin")
        return (200, {"id": number}) if needed in said & scopes(call, number) else FORBIDDEN

    body = ("grant_type",) if basic else ("grant_type", "client_id?", "client_secret?", "scope?")
    said = contract(oauth, post_token=(False, body, "application/x-www-form-urlencoded"),
                    get_me=([{"oauth": ["read"]}],), post_rooms=([{"oauth": ["admin"]}], ("name",)))  # fmt: skip
    made, _ = crew(Service(said, CLIENTS[kind] + WORK, answer), tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == ("admin",), made.why
    assert {member.way for member in made.members.values()} == {"client"} and made.members["a"].table == "machines"
    now = {name: tokens[member.headers["Authorization"].split()[1]][1] for name, member in made.members.items()}
    assert now == {"a": {"read"}, "b": {"read"}, "admin": {"read", "admin"}}
    assert {row["machine_id"] for row in made.cast.seeds.rows["jobs"]["a"]} == {made.members["a"].row["id"]}
    assert max(failures.values(), default=0) <= 2, "no client is locked"


def test_a_known_hash_is_of_the_known_password() -> None:
    algorithm, rounds, salt, digest = FORMATS[2].split("$")
    made = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), salt.encode(), int(rounds))
    assert algorithm == "pbkdf2_sha256" and base64.b64encode(made).decode() == digest


@pytest.mark.parametrize(
    ("labels", "low", "high"),
    [
        (("admin", "clerk"), "clerk", "admin"),
        (("reader", "author", "moderator"), "reader", "moderator"),
        (("administrator", "dispatcher", "mechanic", "viewer"), "viewer", "administrator"),
        (("x", "y"), "x", "y"),
        (("read", "write", "*"), "read", "*"),
    ],
)
def test_labels_rank(labels: tuple[str, ...], low: str, high: str) -> None:
    assert ordinary(labels) == low and highest(labels) == high
