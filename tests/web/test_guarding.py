"""What stands before every route: roles, tokens of forms, headers, limits."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from signing import PASSWORD, browser, post, sign_in, token_in
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from web.accounts import Role, passwords
from web.api.app import build
from web.api.caller import Needs as TokenNeeds
from web.app import create_app
from web.auth import Needs, hashing
from web.csrf import SAFE, checked
from web.limits import Bounds, Buckets, Rate, address_of
from web.security import HEADERS, POLICY, protect
from web.site import Site

FREE = {("GET", "/signin"), ("POST", "/signin"), ("POST", "/signout"), ("GET", "/setup"), ("POST", "/setup")}
"""What nobody has to be signed in for."""

OWN = re.compile(r"/account(/.*)?|/compose")
"""What a viewer changes: the own account, and nothing by looking at what a sentence comes to."""

Rule = tuple[str, str, Role | None]
"""(method, path, the least role)."""


def rules_of(app: FastAPI) -> Iterator[Rule]:
    """Every route of an application with the role that its dependencies ask for."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) or route.methods is None:
            continue
        calls = [each.call for each in route.dependant.dependencies] if route.path != "/openapi.json" else []
        needs = [call.role for call in calls if isinstance(call, Needs | TokenNeeds)]
        assert len(needs) <= 1, route.path
        for method in sorted(route.methods):
            yield method, str(route.path), needs[0] if needs else None


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing: what they cost is tested with the accounts."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def app(site: Site) -> FastAPI:
    return create_app(site)


@pytest.fixture
def people(site: Site) -> dict[str, Role]:
    for role in Role:
        site.accounts.people.add(role.value, PASSWORD, role)
    site.accounts.people.add("another", PASSWORD, Role.ADMIN)
    return {role.value: role for role in Role}


def send(client: TestClient, method: str, path: str, token: str) -> Response:
    """A request to a route, with something in each place of its path."""
    at = re.sub(r"\{[^}]+\}", "01K7Q3V0N8S5Z2X4Y6W8R0T1B3", path)
    headers = {"X-CSRF-Token": token} if method not in SAFE else {}
    return client.request(method, at, headers=headers)


def test_every_page_asks_for_a_role(app: FastAPI) -> None:
    rules = list(rules_of(app))
    assert len(rules) > 25
    for method, path, role in rules:
        if (method, path) in FREE:
            assert role is None
            continue
        assert role is not None, f"{method} {path} asks for nobody: give it a Viewer, an Author or an Admin"
        if method not in SAFE:
            assert role.may(Role.AUTHOR) or OWN.fullmatch(path), f"{method} {path} lets viewers change something"
        if path.startswith("/people"):
            assert role is Role.ADMIN


def test_every_unsafe_page_checks_its_forms_token(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) or not set(route.methods or ()) - SAFE:
            continue
        calls = [each.call for each in route.dependant.dependencies]
        assert checked in calls, f"{route.path} takes what other sites send"


def test_every_role_meets_every_page(app: FastAPI, people: dict[str, Role]) -> None:
    rules = [rule for rule in rules_of(app) if rule[:2] not in FREE]
    for name, own in [("", None), *people.items()]:
        client = browser(app)
        if own is not None:
            assert sign_in(client, name).status_code == 303
        for method, path, least in rules:
            assert least is not None
            token = token_in(client.get("/account" if own else "/signin"))
            answer = send(client, method, path, token)
            if own is None:
                assert answer.status_code == 303 and "/signin" in answer.headers["Location"], (method, path)
            elif not own.may(least):
                assert answer.status_code == 403, (name, method, path)
            else:
                assert answer.status_code not in (401, 403, 500), (name, method, path)


def test_every_operation_of_the_api_asks_for_a_role() -> None:
    rules = [rule for rule in rules_of(build()) if rule[1] != "/openapi.json"]
    assert len(rules) >= 18
    writing = {("POST", "/runs"), ("POST", "/checks"), ("POST", "/runs/{run}/cancel")}
    for method, path, role in rules:
        assert role is (Role.AUTHOR if (method, path) in writing else Role.VIEWER), (method, path)


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_site_sends_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    token = token_in(client.get("/account"))
    answer = client.post("/account/theme", data={"theme": "dark", "csrf_token": token}, headers=headers)
    assert answer.status_code == 403 and "backwright_theme" not in client.cookies


OURS: list[dict[str, str]] = [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1"}]


@pytest.mark.parametrize("headers", OURS)
def test_what_our_pages_send_is_taken(client: TestClient, headers: dict[str, str]) -> None:
    token = token_in(client.get("/account"))
    by_field = client.post("/account/theme", data={"theme": "dark", "csrf_token": token}, headers=headers)
    by_header = client.post("/account/theme", data={"theme": "dark"}, headers={**headers, "X-CSRF-Token": token})
    assert (by_field.status_code, by_header.status_code) == (303, 303)


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "ä"])
def test_without_its_token_a_form_is_refused(client: TestClient, token: str) -> None:
    client.get("/account")
    answer = client.post("/account/theme", data={"theme": "dark", "csrf_token": token})
    assert answer.status_code == 403 and "reload the page" in answer.text


def test_a_token_belongs_to_one_session(app: FastAPI, people: dict[str, Role]) -> None:
    ann, bob, nobody = browser(app), browser(app), browser(app)
    before = token_in(ann.get("/signin"))
    sign_in(ann, "admin")
    sign_in(bob, "author")
    for token in (before, token_in(bob.get("/account")), token_in(nobody.get("/signin"))):
        assert ann.post("/account/theme", data={"theme": "dark", "csrf_token": token}).status_code == 403
    assert nobody.post("/signin", data={"name": "admin", "password": PASSWORD}).status_code == 403
    assert post(ann, "/account", "/account/theme", theme="dark").status_code == 303


def test_every_answer_has_the_headers(client: TestClient, app: FastAPI) -> None:
    answers = [client.get("/account"), client.get("/nowhere"), client.get("/static/app.css"), client.post("/people")]
    answers += [client.get("/api/v1/runs"), client.get("/api/v1/openapi.json")]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, answer.url
        assert "Strict-Transport-Security" not in answer.headers
    assert [each.headers.get("Cache-Control") for each in answers[:2]] == ["no-store", "no-store"]
    assert answers[4].headers["Cache-Control"] == "no-store"


def test_the_policy_lets_nothing_written_into_a_page_run() -> None:
    said = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert said["default-src"] == "'none'" and said["script-src"] == said["style-src"] == "'self'"
    assert said["frame-ancestors"] == said["base-uri"] == "'none'"
    assert "unsafe" not in POLICY and "*" not in POLICY and "http" not in POLICY


def small(bounds: Bounds) -> TestClient:
    """An application that reads its body, behind what stands before ours."""

    async def taken(request: Any) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app = FastAPI(routes=[Route("/", taken, methods=["GET", "POST"]), Route("/check", taken, methods=["POST"])])
    protect(app, bounds)
    return browser(app)


def test_too_large_bodies_are_refused_whether_they_say_so_or_not() -> None:
    client = small(Bounds(body=1000, bodies={"/check": 2000}))
    assert client.post("/", content=b"x" * 1000).text == "1000"
    assert client.post("/", content=b"x" * 1001).status_code == 413
    assert client.post("/", content=iter([b"x" * 600] * 2)).status_code == 413
    assert client.post("/check", content=b"x" * 2000).text == "2000"
    assert client.post("/check", content=b"x" * 2001).status_code == 413


def test_too_many_requests_are_told_to_wait() -> None:
    client = small(Bounds(rate=Rate(per_second=0.01, burst=3)))
    assert [client.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/")
    assert 1 <= int(refused.headers["Retry-After"]) <= 100
    assert refused.headers["Content-Security-Policy"] == POLICY


def test_a_flood_of_sign_ins_takes_few_threads() -> None:
    at_work, most = 0, 0
    lock = threading.Lock()

    def slow(number: int) -> int:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1
        return number

    async def flood() -> list[int]:
        return await asyncio.gather(*(hashing(slow, number) for number in range(12)))

    assert asyncio.run(flood()) == list(range(12))
    assert most == passwords.AT_ONCE


def test_buckets_fill_again_and_forget_the_silent() -> None:
    now = [0.0]
    buckets = Buckets(Rate(per_second=2, burst=4), lambda: now[0])
    assert [buckets.take("a").wait for _ in range(5)] == [0, 0, 0, 0, 0.5]
    assert buckets.take("b").wait == 0
    now[0] = 0.5
    assert buckets.take("a").wait == 0
    assert buckets.take("a").wait == 0.5
    now[0] = 100
    assert buckets.take("a").left == 3
    for number in range(11_000):
        buckets.take(str(number))
    assert buckets.take("a").left == 3, "forgotten, and so full again"


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_is_one_address(host: str, key: str) -> None:
    assert address_of({"type": "http", "client": (host, 1)}) == key
    assert address_of({"type": "http"}) == ""
