"""The gate gets in: by a token that it signs, with the claims that the code wants, or by the contract's login."""

from __future__ import annotations

import asyncio

import pytest
from transfer_corpus import files, subject

from evaluators import stacks
from evaluators.bench import Bench
from evaluators.contract.document import contract_of
from evaluators.draft import Draft, Subject
from evaluators.service import boot
from evaluators.service.boot import Running
from evaluators.service.crew import crew_of
from evaluators.service.identities import Cast, Identity, alike_ids, documented_claims, example, sign, table_named
from evaluators.service.seeding import Seeds
from evaluators.service.tables import Table
from evaluators.stacks.environment import build


def cast(given: Subject) -> Cast:
    async def made() -> Cast:
        await build(stacks.find("fastapi"))
        async with Bench() as bench:
            result = await boot.judge(given, bench)
            running = bench.kept(Running)
            assert isinstance(running, Running), result.findings
            found = (await crew_of(running, bench)).cast
            assert (await crew_of(running, bench)).cast is found, "made once"
            return found

    return asyncio.run(made())


def token(who: Identity) -> str:
    """The bearer token."""
    return who.headers["Authorization"].removeprefix("Bearer ")


def test_two_users_of_the_gate_are_let_in_by_signed_tokens() -> None:
    found = cast(subject(files("sqlite"), dialect="sqlite"))
    assert found.needed and found.a is not None and found.b is not None
    assert (found.a.way, found.b.way) == ("signed", "signed")
    assert [found.a.subject] == [str(each) for each in found.seeds.ids("users", "a")]
    assert found.a.subject != found.b.subject
    assert list(found.a.headers) == ["Authorization"]
    assert token(found.a).count(".") == 2 and token(found.a) not in repr(found.seeds)
    assert found.a.told == {"Authorization": "Bearer $TOKEN_A"}


def test_claims_that_the_code_wants_are_given() -> None:
    made = files("sqlite")
    made["app/auth.py"] = made["app/auth.py"].replace(
        '        subject = int(claims["sub"])\n',
        '        subject = int(claims["sub"])\n        if claims.get("type") != "access":\n            raise REFUSED\n',
    )
    made["app/auth.py"] = made["app/auth.py"].replace('algorithms=["HS256"],', 'algorithms=["HS256"], audience="bank",')
    found = cast(subject(made, dialect="sqlite"))
    assert found.a is not None and found.a.way == "signed"
    assert subject(made).fact(documented_claims) == {"aud": "bank", "type": "access"}


LOGIN = """
import os
import jwt
from typing import Annotated
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, EmailStr, Field

app = FastAPI()
users = {}
bearer = OAuth2PasswordBearer(tokenUrl="/auth/token")

class Registration(BaseModel):
    email: EmailStr
    password: str = Field(min_length=12)
    display_name: str = Field(min_length=3, max_length=9)

@app.post("/auth/register", status_code=201)
def register(given: Registration) -> dict[str, str]:
    users[given.email] = given.password
    return {"email": given.email}

@app.post("/auth/token")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    if users.get(form.username) != form.password:
        raise HTTPException(401)
    return {"access_token": "opaque-" + form.username, "token_type": "bearer"}

@app.get("/me")
def me(token: Annotated[str, Depends(bearer)]) -> dict[str, str]:
    if not token.startswith("opaque-"):
        raise HTTPException(401)
    return {"email": token}
"""


def test_a_service_with_a_login_of_its_own_is_entered_through_it() -> None:
    found = cast(subject({"app/main.py": LOGIN}, dialect="sqlite"))
    assert found.a is not None and found.b is not None
    assert (found.a.way, token(found.a)) == ("login", "opaque-gate.a@example.com")
    assert token(found.b) == "opaque-gate.b@example.com"


def test_an_open_service_needs_nobody() -> None:
    made = {
        "main.py": "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/x')\ndef x() -> int:\n    return 1\n"
    }
    found = cast(subject(made, dialect="sqlite"))
    assert not found.needed and found.a is None and found.why == ""


def test_no_finding_holds_a_secret() -> None:
    headers = {"Cookie": "sid=0123456789abcdef", "X-CSRF-Token": "fedcba9876543210"}
    told = {"Cookie": "$COOKIE_A", "X-CSRF-Token": "$CSRF_A"}
    who = Identity("a", "1", headers, "cookie", told)
    line = "curl -H 'cookie: sid=0123456789abcdef' -H 'X-CSRF-Token: fedcba9876543210'"
    assert who.masked(line) == 'curl -H "Cookie: $COOKIE_A" -H "X-CSRF-Token: $CSRF_A"'
    assert who.masked("it said sid=0123456789abcdef") == "it said $COOKIE_A"
    keyed = Identity("a", "1", {"?api_key": "0123456789"}, "key")
    assert (keyed.query, keyed.sent) == ({"api_key": "0123456789"}, {})


def test_a_token_holds_what_it_must() -> None:
    import jwt

    secret = "s" * 32
    claims = jwt.decode(sign(secret, {"sub": "7"}), secret, algorithms=["HS256"])
    assert set(claims) == {"sub", "iat", "exp", "jti"} and claims["sub"] == "7"
    assert claims["exp"] > claims["iat"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("account", "accounts"),
        ("accounts", "accounts"),
        ("category", "shop.categories"),
        ("orderItem", "order_items"),
        ("order-item", "order_items"),
        ("box", "boxes"),
        ("nothing", None),
        ("", None),
    ],
)
def test_a_name_means_a_table(name: str, table: str | None) -> None:
    tables = ("accounts", "shop.categories", "order_items", "boxes", "s")
    seeds = Seeds(tuple(Table(each, (), (), (), ()) for each in tables))
    assert table_named(name, seeds) == table


def test_two_rows_of_one_request_are_alike() -> None:
    rows = [{"id": n, "owner": 1, "currency": each} for n, each in enumerate(["EUR", "USD", "EUR"])]
    seeds = Seeds((Table("accounts", (), ("id",), (), ()),), rows={"accounts": {"a": rows}})
    assert alike_ids("accounts", seeds) == [0, 2, 1] and alike_ids("nothing", seeds) == []


def test_an_example_fits_its_schema() -> None:
    text = """
openapi: 3.1.0
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    All:
      type: object
      required: [a, b, c, d, e, f, g]
      properties:
        a: {type: string, minLength: 9, maxLength: 12}
        b: {type: integer, minimum: 5}
        c: {type: string, enum: [x, y]}
        d: {type: string, format: uuid}
        e: {type: array, items: {type: string}}
        f: {type: boolean}
        g: {$ref: "#/components/schemas/Inner"}
        h: {type: string}
    Inner: {type: object, required: [z], properties: {z: {type: string, example: seen}}}
"""
    contract = contract_of(Subject(Draft.of({"openapi.yaml": text})))
    shape = contract.shape("All")
    assert shape is not None
    assert example(shape.node) == {
        "a": "ExampleExamp",
        "b": 5,
        "c": "x",
        "d": "a0000000-0000-4000-8000-000000000001",
        "e": [],
        "f": True,
        "g": {"z": "seen"},
    }
