"""The JSON API as programs meet it."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from httpx2 import Response

from assistant.check_session import CheckSession
from assistant.errors import JournalError
from assistant.journal import Journal
from web.accounts import Role, passwords
from web.api.app import create_api
from web.api.document import FILE
from web.api.paging import cursor_of
from web.app import create_app
from web.limits import Rate
from web.site import Site

PASSWORD = "correct horse battery"
SENTENCE = "Write FastAPI code to create an endpoint for booking rooms with JWT and PostgreSQL"
RUN = {"sentence": SENTENCE, "model": "recorded"}
CHECK = {"title": "notes", "files": [{"path": "schema.sql", "text": "CREATE TABLE t (at text);\n"}], "static": True}
NOWHERE = "01K7Q3V0N8S5Z2X4Y6W8R0T1B3"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing: what they cost is tested elsewhere."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def tokens(site: Site) -> dict[str, str]:
    """Name -> a token; each name is a role, and `another` an author too."""
    made = {}
    for name, role in [*((role.value, role) for role in Role), ("another", Role.AUTHOR)]:
        person = site.accounts.people.add(name, PASSWORD, role)
        made[name] = site.accounts.tokens.make(person, "test", role)[1]
    return made


@pytest.fixture
def server(site: Site) -> Iterator[TestClient]:
    with TestClient(create_app(site), base_url="http://backwright.example", raise_server_exceptions=False) as client:
        yield client


class As:
    """One caller."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> Response:
        body = {} if json is None else {"json": json}
        return self.client.request(method, f"/api/v1{path}", headers={**self.headers, **headers}, **body)


@pytest.fixture
def author(server: TestClient, tokens: dict[str, str]) -> As:
    return As(server, tokens["author"])


def is_problem(response: Response, status: int) -> dict[str, Any]:
    """The problem document that a refusal is."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == status and said["title"] and said["type"] == "about:blank"
    return dict(said)


def test_without_a_token_nothing_is_told(server: TestClient, tokens: dict[str, str]) -> None:
    for said in (b"", b"Bearer bw_wrong", b"Bearer ", b"Basic eDp5", b"Bearer bw_\xe9"):
        given = {b"Authorization": said} if said else {}
        for path in ("/runs", "/nowhere", f"/runs/{NOWHERE}/zip"):
            answer = server.get(f"/api/v1{path}", headers=given)
            is_problem(answer, 401)
            assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="backwright"')
    twice = [("Authorization", f"Bearer {tokens['author']}"), ("Authorization", f"Bearer {tokens['admin']}")]
    is_problem(server.get("/api/v1/me", headers=twice), 401)
    assert server.post("/api/v1/runs", content=b"{", headers={"Content-Type": "x"}).status_code == 401


def test_a_sessions_cookie_opens_nothing(server: TestClient, site: Site, tokens: dict[str, str]) -> None:
    session = site.accounts.sessions.begin(site.accounts.people.find("admin"))
    is_problem(server.get("/api/v1/me", headers={"Cookie": f"backwright_session={session}"}), 401)


def test_the_document_is_served_to_everybody(server: TestClient) -> None:
    answer = server.get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.json() == json.loads(FILE.read_text(encoding="utf-8"))


def test_every_error_is_a_problem_document(author: As, server: TestClient) -> None:
    is_problem(author("GET", "/nowhere"), 404)
    is_problem(author("GET", f"/runs/{NOWHERE}"), 404)
    refused = author("DELETE", "/me")
    is_problem(refused, 405)
    assert refused.headers["Allow"] == "GET"
    wrong = is_problem(author("GET", "/runs?limit=0"), 422)
    assert [each["place"] for each in wrong["errors"]] == ["query.limit"]
    headers = {**author.headers, "Content-Type": "text/plain"}
    is_problem(server.post("/api/v1/runs", content=b"{}", headers=headers), 415)
    headers["Content-Type"] = "application/json"
    is_problem(server.post("/api/v1/runs", content=b"{", headers=headers), 400)
    is_problem(server.post("/api/v1/runs", content=b"[" * 100_000, headers=headers), 400)
    is_problem(server.post("/api/v1/runs", content=b"x" * 2_000_000, headers=headers), 413)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "body.sentence"),
        ({"sentence": ""}, "body.sentence"),
        ({"sentence": "x" * 20_001}, "body.sentence"),
        ({"sentence": "a\u0000b"}, "body.sentence"),
        ({"sentence": 1}, "body.sentence"),
        ({**RUN, "base_url": "http://evil.example"}, "body.base_url"),
        ({**RUN, "api_key": "x"}, "body.api_key"),
        ({**RUN, "budget": {"usd": -1}}, "body.budget.usd"),
        ({**RUN, "budget": {"answers": True}}, "body.budget.answers"),
        ({**RUN, "slots": {"database": "a shoe box"}}, "body.slots.database"),
        ({**RUN, "recipe": "../../etc"}, "body.recipe"),
    ],
)
def test_what_a_run_is_asked_with_is_bounded(author: As, body: dict[str, Any], place: str) -> None:
    said = is_problem(author("POST", "/runs", body), 422)
    assert [each["place"] for each in said["errors"]] == [place]


def test_a_run_is_queued_and_cancelled(author: As, site: Site) -> None:
    made = author("POST", "/runs", {**RUN, "budget": {"answers": 3, "usd": 0.5}})
    assert made.status_code == 202
    run = made.json()
    assert made.headers["Location"] == f"/api/v1/runs/{run['id']}"
    assert (run["state"], run["owner"], run["kind"], run["over"]) == ("queued", "author", "write", False)
    kept = site.journal.get(run["id"]).options["settings"]
    assert kept == {"max_rounds": 3, "max_usd": 0.5, "model": "recorded"}
    assert author("GET", f"/runs/{run['id']}").json() == run
    for path in ("report", "files", "zip"):
        is_problem(author("GET", f"/runs/{run['id']}/{path}"), 409)
    stopped = author("POST", f"/runs/{run['id']}/cancel")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "cancelled")
    is_problem(author("POST", f"/runs/{run['id']}/cancel"), 409)


def test_a_request_that_cannot_be_understood_is_told(author: As) -> None:
    said = is_problem(
        author("POST", "/runs", {"sentence": "Write Django code with SQLAlchemy for x", "model": "m"}), 422
    )
    assert "Django" in said["detail"]
    said = is_problem(author("POST", "/runs", {"sentence": SENTENCE}), 422)
    assert "no model is set" in said["detail"] and "recorded" in said["hint"]


def test_viewers_read_and_do_not_write(server: TestClient, tokens: dict[str, str], author: As) -> None:
    viewer = As(server, tokens["viewer"])
    run = author("POST", "/runs", RUN).json()["id"]
    for path, body in (("/runs", RUN), ("/checks", CHECK), (f"/runs/{run}/cancel", None)):
        assert "viewer" in is_problem(viewer("POST", path, body), 403)["detail"]
    for path in ("/me", "/runs", f"/runs/{run}", f"/runs/{run}/events", "/recipes", "/tokens"):
        assert viewer("GET", path).status_code == 200


def test_ones_own_runs_are_cancelled_and_by_an_administrator_any(
    server: TestClient, tokens: dict[str, str], author: As
) -> None:
    run = author("POST", "/runs", RUN).json()["id"]
    is_problem(As(server, tokens["another"])("POST", f"/runs/{run}/cancel"), 403)
    assert As(server, tokens["admin"])("POST", f"/runs/{run}/cancel").status_code == 202


def test_a_key_makes_one_run(author: As, server: TestClient, tokens: dict[str, str]) -> None:
    first = author("POST", "/runs", RUN, **{"Idempotency-Key": "a-1"})
    again = author("POST", "/runs", RUN, **{"Idempotency-Key": "a-1"})
    assert (first.status_code, again.status_code) == (202, 202) and first.json()["id"] == again.json()["id"]
    assert again.headers["Location"] == first.headers["Location"]
    other = {**RUN, "budget": {"answers": 2}}
    is_problem(author("POST", "/runs", other, **{"Idempotency-Key": "a-1"}), 422)
    theirs = As(server, tokens["another"])("POST", "/runs", RUN, **{"Idempotency-Key": "a-1"})
    assert theirs.json()["id"] != first.json()["id"]
    is_problem(author("POST", "/runs", {"sentence": "?"}, **{"Idempotency-Key": "b"}), 422)
    assert author("POST", "/runs", RUN, **{"Idempotency-Key": "b"}).status_code == 202, "a refusal uses no key up"
    assert len(author("GET", "/runs").json()["items"]) == 3


def test_a_key_whose_process_died_before_its_run_makes_that_run(
    author: As, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed: list[str] = []
    claim = site.accounts.keys.claim

    def die(*given: Any) -> str:
        claimed.append(claim(*given))
        raise RuntimeError("the process died here")

    with monkeypatch.context() as patched:
        patched.setattr(site.accounts.keys, "claim", die)
        assert author("POST", "/runs", RUN, **{"Idempotency-Key": "d"}).status_code == 500
    assert author("GET", "/runs").json()["items"] == []
    answers = [author("POST", "/runs", RUN, **{"Idempotency-Key": "d"}) for _ in range(2)]
    assert [(answer.status_code, answer.json()["id"]) for answer in answers] == [(202, claimed[0])] * 2
    assert len(author("GET", "/runs").json()["items"]) == 1


def test_one_key_sent_by_many_at_once_makes_one_run(author: As) -> None:
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(author, "POST", "/runs", RUN, **{"Idempotency-Key": "many"}) for _ in range(16)]
        answers = [each.result() for each in sent]
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == len(author("GET", "/runs").json()["items"]) == 1


def test_a_key_is_free_again_where_the_history_failed(author: As, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise JournalError("disk full at /srv/secret")

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "begin", broken)
        answer = author("POST", "/runs", RUN, **{"Idempotency-Key": "k"})
        is_problem(answer, 503)
        assert "secret" not in answer.text and answer.headers["Retry-After"]
    assert author("POST", "/runs", RUN, **{"Idempotency-Key": "k"}).status_code == 202


def test_lists_are_read_page_by_page(author: As, server: TestClient, tokens: dict[str, str]) -> None:
    made = [author("POST", "/runs", RUN).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        page = author("GET", f"/runs?limit=2{cursor}").json()
        seen += [each["id"] for each in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert seen == made[::-1] and page["next"] is None
    for bad in ("!", "eHg", cursor_of("tokens", seen[0]), "x" * 121):
        is_problem(author("GET", f"/runs?cursor={bad}"), 422)
    assert author("GET", "/runs?state=failed").json()["items"] == []
    assert len(author("GET", "/runs?state=queued&q=BOOKING&owner=author&kind=write").json()["items"]) == 5
    assert author("GET", "/runs?owner=another").json()["items"] == []
    assert author("GET", "/runs?until=2020-01-01").json()["items"] == []
    assert len(author("GET", "/runs?since=2020-01-01").json()["items"]) == 5
    for bad in ("since=0", "until=2026-1-1", "since=2026-02-30", "state=lost", "limit=201"):
        is_problem(author("GET", f"/runs?{bad}"), 422)


async def play(site: Site, run: str) -> None:
    """Bring a check to its end."""
    async with aclosing(CheckSession(site.journal, site.journal.get(run)).events()) as events:
        async for _ in events:
            pass


def test_what_a_check_came_to_is_taken(author: As, site: Site) -> None:
    run = author("POST", "/checks", CHECK).json()["id"]
    asyncio.run(play(site, run))
    assert author("GET", f"/runs/{run}").json()["state"] == "failed"
    report = author("GET", f"/runs/{run}/report").json()
    assert report["verdict"] == "failed"
    assert [each["rule"] for each in report["findings"] if each["severity"] == "error"] == ["missing-primary-key"]
    files = author("GET", f"/runs/{run}/files").json()["items"]
    assert [(each["path"], each["text"]) for each in files] == [("schema.sql", CHECK["files"][0]["text"])]  # type: ignore[index]
    packed = author("GET", f"/runs/{run}/zip")
    assert packed.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as opened:
        assert [name.partition("/")[2] for name in opened.namelist()] == ["schema.sql"]
    first = author("GET", f"/runs/{run}/events?limit=2").json()
    rest = author("GET", f"/runs/{run}/events?limit=200&cursor={first['next']}").json()
    numbers = [each["seq"] for each in (*first["items"], *rest["items"])]
    assert numbers == sorted(set(numbers)) and rest["over"] and rest["next"] is None
    assert author("GET", f"/runs/{run}/events?cursor={rest['later']}").json()["items"] == []


@pytest.mark.parametrize("path", ["../etc/passwd", "/etc/passwd", "a\\..\\..\\b", "C:x", ""])
def test_paths_of_a_check_stay_in_the_project(author: As, path: str) -> None:
    is_problem(author("POST", "/checks", {"files": [{"path": path, "text": "x"}]}), 422)


def test_recipes_prompts_and_briefs(author: As) -> None:
    listed = author("GET", "/recipes?limit=200").json()["items"]
    assert "service" in [each["id"] for each in listed]
    shown = author("GET", "/recipes/service").json()
    assert [turn["name"] for turn in shown["turns"]] == ["design", "code"]
    is_problem(author("GET", "/recipes/nothing"), 404)
    prompt = author("POST", "/recipes/service/prompts", {"sentence": SENTENCE, "slots": {"level": "beginner"}}).json()
    assert prompt["turn"] == "design" and [each["role"] for each in prompt["messages"]] == ["system", "user"]
    assert "booking rooms" in prompt["messages"][1]["content"]
    is_problem(author("POST", "/recipes/service/prompts", {"sentence": SENTENCE, "turn": "no"}), 422)
    brief = author("POST", "/briefs", {"sentence": SENTENCE, "slots": {"database": "Supabase"}}).json()
    assert brief["slots"]["database"] == "Supabase" and "Supabase" in brief["sentence"]
    again = author(
        "POST", "/briefs", {"slots": {name: value for name, value in brief["slots"].items() if value}}
    ).json()
    assert again["slots"] == brief["slots"] and again["defaulted"] == []
    is_problem(author("POST", "/briefs", {}), 422)
    is_problem(author("POST", "/briefs", {"slots": {"framework": "FastAPI"}}), 422)


def test_tokens_are_made_and_revoked(author: As, server: TestClient, site: Site) -> None:
    made = author("POST", "/tokens", {"name": "ci", "role": "viewer", "days": 366})
    assert made.status_code == 201
    token = made.json()
    mine = author("GET", "/me").json()
    assert (mine["name"], mine["role"]) == ("author", "author")
    assert token["expires"] == mine["expires"], "it ends with the token that made it"
    assert author("GET", made.headers["Location"].removeprefix("/api/v1")).json() == {
        name: value for name, value in token.items() if name != "text"
    }
    child = As(server, token["text"])
    assert child("GET", "/me").json()["role"] == "viewer"
    is_problem(child("POST", "/tokens", {"name": "more", "role": "author"}), 403)
    parent = next(each["id"] for each in author("GET", "/tokens").json()["items"] if each["name"] == "test")
    is_problem(child("DELETE", f"/tokens/{parent}"), 403)
    assert author("DELETE", f"/tokens/{token['id']}").status_code == 204
    is_problem(child("GET", "/me"), 401)
    is_problem(author("DELETE", f"/tokens/{token['id']}"), 404)
    for bad in ({"name": ""}, {"name": " x"}, {"name": "x\ny"}, {"name": "x", "days": 0}, {"name": "x", "role": "god"}):
        is_problem(author("POST", "/tokens", bad), 422)
    is_problem(author("POST", "/tokens", {"name": "up", "role": "admin"}), 403)


def test_tokens_of_others_do_not_exist(author: As, site: Site) -> None:
    other = site.accounts.tokens.of(site.accounts.people.find("another"))[0].id
    is_problem(author("GET", f"/tokens/{other}"), 404)
    is_problem(author("DELETE", f"/tokens/{other}"), 404)


def test_the_rate_of_a_person_is_told_and_held(site: Site, tokens: dict[str, str]) -> None:
    api = create_api(site, Rate(per_second=0.01, burst=2))
    client = TestClient(api, base_url="http://backwright.example")
    answers = []
    for _ in range(3):
        answers.append(client.get("/me", headers={"Authorization": f"Bearer {tokens['viewer']}"}))
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert [each.headers["RateLimit-Remaining"] for each in answers] == ["1", "0", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "2" and int(answers[2].headers["RateLimit-Reset"]) > 100
    assert is_problem(answers[2], 429) and int(answers[2].headers["Retry-After"]) >= 1
    assert client.get("/me", headers={"Authorization": f"Bearer {tokens['author']}"}).status_code == 200


def test_a_crash_tells_nothing_of_our_insides(author: As, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("at /srv/secret")

    monkeypatch.setattr(Journal, "listing", broken)
    answer = author("GET", "/runs")
    is_problem(answer, 500)
    assert "secret" not in answer.text and answer.headers["Content-Security-Policy"]


def test_without_accounts_the_api_lets_nobody_in(site: Site) -> None:
    local = TestClient(create_app(replace(site)), base_url="http://127.0.0.1", client=("127.0.0.1", 1))
    is_problem(local.get("/api/v1/runs"), 401)
