"""Signing in and out, the first account, one's account and people, as browsers meet them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from signing import PASSWORD, browser, post, sign_in, token_in

from assistant.settings import Origin, Secret, Source
from web.accounts import Role, passwords
from web.accounts.door import FREE
from web.app import create_app
from web.auth import local_path
from web.pages.account import browser_of
from web.site import Site


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing: what they cost is tested with the accounts."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def app(site: Site) -> FastAPI:
    return create_app(site)


@pytest.fixture
def peopled(site: Site) -> Site:
    """A site with an administrator, an author and a viewer."""
    for name, role in (("ann", Role.ADMIN), ("bob", Role.AUTHOR), ("cyd", Role.VIEWER)):
        site.accounts.people.add(name, PASSWORD, role)
    return site


@pytest.fixture
def ann(app: FastAPI, peopled: Site) -> Iterator[TestClient]:
    with browser(app) as client:
        assert sign_in(client, "ann").status_code == 303
        yield client


def test_without_accounts_the_machines_own_user_is_let_in(client: TestClient) -> None:
    answer = client.get("/account")
    assert answer.status_code == 200 and "This machine" in answer.text
    assert client.get("/signin").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("base", "address", "headers"),
    [
        ("http://evil.example", "127.0.0.1", {}),
        ("http://127.0.0.1.evil.example", "127.0.0.1", {}),
        ("http://localhost.evil.example", "127.0.0.1", {}),
        ("http://127.0.0.1", "192.0.2.7", {}),
        ("http://127.0.0.1", "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("http://127.0.0.1", "127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
    ],
)
def test_without_accounts_nobody_else_is_let_in(app: FastAPI, base: str, address: str, headers: dict[str, str]) -> None:
    client = browser(app, base, address)
    for path in ("/", "/account", "/runs", "/setup", "/people"):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 403, path
    assert "backwright web user add" in client.get("/account", headers=headers).text


@pytest.mark.parametrize("base", ["http://localhost:8080", "http://127.8.8.8", "http://[::1]:8080"])
def test_every_name_of_the_machine_is_its_own(app: FastAPI, base: str) -> None:
    assert browser(app, base, "::1").get("/account").status_code == 200


def test_the_first_account_is_an_administrators_and_signs_in(app: FastAPI, site: Site) -> None:
    client = browser(app)
    refused = post(client, "/setup", name="ann", password=PASSWORD, again="another one here")
    assert refused.status_code == 400 and not site.accounts.exist()
    made = post(client, "/setup", name="ann", password=PASSWORD, again=PASSWORD)
    assert made.status_code == 303
    assert site.accounts.people.find("ann").role is Role.ADMIN
    assert "Your role is admin" in client.get("/account").text
    assert client.get("/setup").status_code == 404
    assert browser(app).get("/account").headers["Location"] == "/signin?next=%2Faccount"


def test_signing_in_leads_back_and_out_again(app: FastAPI, peopled: Site) -> None:
    client = browser(app)
    sent = client.get("/account?x=1&y=2")
    assert sent.status_code == 303
    form = client.get(sent.headers["Location"])
    fields = {"name": "ANN", "password": PASSWORD, "next": "/account?x=1&y=2", "csrf_token": token_in(form)}
    answer = client.post("/signin", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1&y=2")
    cookie = answer.headers["Set-Cookie"]
    assert "backwright_session=" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie
    kept = client.cookies["backwright_session"]
    out = post(client, "/account", "/signout")
    assert out.headers["Location"] == "/signin"
    client.cookies.set("backwright_session", kept, domain="127.0.0.1")
    assert client.get("/account").status_code == 303, "the session has ended, not only its cookie"


def test_under_https_the_cookies_are_the_hosts_alone(app: FastAPI, peopled: Site) -> None:
    client = browser(app, "https://backwright.example", "192.0.2.7")
    first = client.get("/signin")
    assert re.search(r"__Host-backwright_visitor=[^;]+; Path=/; HttpOnly; SameSite=Lax; Secure", str(first.headers))
    assert first.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = sign_in(client, "ann").headers["Set-Cookie"]
    assert cookie.startswith("__Host-backwright_session=") and "Secure" in cookie and "Domain" not in cookie
    assert client.get("/account").status_code == 200


def test_each_sign_in_is_a_new_session(app: FastAPI, peopled: Site) -> None:
    client = browser(app)
    sign_in(client, "ann")
    first = client.cookies["backwright_session"]
    again = client.post(
        "/signin", data={"name": "ann", "password": PASSWORD, "csrf_token": token_in(client.get("/account"))}
    )
    assert again.status_code == 303
    assert client.cookies["backwright_session"] != first
    assert peopled.accounts.sessions.find(first) is None


def test_an_unknown_name_is_told_the_same_as_a_wrong_password(app: FastAPI, peopled: Site) -> None:
    said = []
    for name in ("ann", "nobody", "cyd\u0000"):
        answer = sign_in(browser(app), name, "wrong")
        said.append((answer.status_code, re.findall(r'role="alert"[^>]*>([^<]*)<', answer.text)))
    assert said == [(401, ["Name or password is wrong."])] * 3


@pytest.fixture
def still(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes for the accounts: a slow machine would sit out the first waits."""
    now = site.accounts.door._database.now()
    monkeypatch.setattr(site.accounts.door._database, "now", lambda: now)


@pytest.mark.usefixtures("still")
def test_too_many_guesses_are_told_to_wait(app: FastAPI, peopled: Site) -> None:
    client = browser(app)
    for _ in range(FREE["name"]):
        assert sign_in(client, "ann", "wrong").status_code == 401
    answer = sign_in(client, "ann")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1
    assert "Too many attempts" in answer.text


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/runs?state=failed", "/runs?state=failed"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("runs", "/"),
        ("/" + "x" * 3000, "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_one_is_led_on_to_pages_of_ours_alone(app: FastAPI, peopled: Site, asked: str, path: str) -> None:
    assert local_path(asked) == path
    client = browser(app)
    fields = {"name": "ann", "password": PASSWORD, "next": asked[:2000], "csrf_token": token_in(client.get("/signin"))}
    answer = client.post("/signin", data=fields)
    assert answer.headers["Location"] == local_path(asked[:2000])


def test_htmx_is_told_to_go_to_the_sign_in_page(app: FastAPI, peopled: Site) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://127.0.0.1/runs?q=x"}
    answer = browser(app).get("/account", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/signin?next=%2Fruns%3Fq%3Dx"


def test_the_password_is_changed_with_the_present_one(ann: TestClient, app: FastAPI, peopled: Site) -> None:
    elsewhere = browser(app)
    sign_in(elsewhere, "ann")
    new = {"new": "a brand new one", "again": "a brand new one"}
    wrong = post(ann, "/account", "/account/password", old="not it at all", **new)
    assert wrong.status_code == 400 and "present password is wrong" in wrong.text
    differs = post(ann, "/account", "/account/password", old=PASSWORD, new="a brand new one", again="b brand new one")
    assert differs.status_code == 400
    assert elsewhere.get("/account").status_code == 200
    assert post(ann, "/account", "/account/password", old=PASSWORD, **new).status_code == 303
    assert ann.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(browser(app), "ann", "a brand new one").status_code == 303


@pytest.mark.usefixtures("still")
def test_guesses_at_the_present_password_are_counted_too(ann: TestClient) -> None:
    new = {"new": "a brand new one", "again": "a brand new one"}
    for _ in range(FREE["name"]):
        post(ann, "/account", "/account/password", old="wrong", **new)
    assert post(ann, "/account", "/account/password", old=PASSWORD, **new).status_code == 429


def test_sessions_are_seen_and_ended(ann: TestClient, app: FastAPI, peopled: Site) -> None:
    other = browser(app)
    other.headers["User-Agent"] = "<script>Other</script>"
    sign_in(other, "ann")
    page = ann.get("/account").text
    assert "&lt;script&gt;Other" in page and "<script>Other" not in page
    path = re.findall(r"/account/sessions/\w{26}/end", page)
    assert len(path) == 1, "this one cannot be ended so"
    assert post(ann, "/account", path[0]).status_code == 303
    assert other.get("/account").status_code == 303
    assert post(ann, "/account", path[0]).status_code == 404


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8", "curl/8"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, said: str) -> None:
    assert browser_of(agent) == said


def test_a_token_is_shown_once(ann: TestClient, peopled: Site) -> None:
    made = post(ann, "/account", "/account/tokens", name="nightly", role="author", days="7")
    text = re.findall(r"bw_[\w-]{20,}", made.text)
    assert len(text) == 1
    found = peopled.accounts.tokens.find(text[0])
    assert found is not None and found.role is Role.AUTHOR
    page = ann.get("/account").text
    assert text[0] not in page and "nightly" in page
    path = re.findall(r"/account/tokens/\w{26}/revoke", page)
    assert post(ann, "/account", path[0]).status_code == 303
    assert peopled.accounts.tokens.find(text[0]) is None


def test_the_theme_is_kept(client: TestClient) -> None:
    assert post(client, "/account", "/account/theme", theme="dark").status_code == 303
    assert 'data-theme="dark"' in client.get("/account").text
    post(client, "/account", "/account/theme", theme='"><script>')
    assert 'data-theme="auto"' in client.get("/account").text


def test_the_models_key_is_never_shown(site: Site, peopled: Site) -> None:
    sources = {"api_key": Source(Origin.ENVIRONMENT, "OPENAI_API_KEY")}
    settings = replace(site.settings, api_key=Secret("sk-very-secret"), sources=sources)
    client = browser(create_app(replace(site, settings=settings)))
    sign_in(client, "ann")
    page = client.get("/account").text
    assert "is set, from environment (OPENAI_API_KEY)" in page
    assert "sk-very-secret" not in page
    viewer = browser(create_app(replace(site, settings=settings)))
    sign_in(viewer, "cyd")
    assert "OPENAI_API_KEY" not in viewer.get("/account").text


def test_people_are_looked_after(ann: TestClient, app: FastAPI, peopled: Site) -> None:
    made = post(ann, "/people", name="dan+x@example.com", role="author")
    password = re.findall(r'id="made">([^<]+)<', made.text)
    assert made.status_code == 200 and len(password) == 1
    dan = browser(app)
    assert sign_in(dan, "dan+x@example.com", password[0]).status_code == 303
    assert dan.get("/people").status_code == 403
    at = "/people/dan%2Bx%40example.com"
    assert post(ann, "/people", f"{at}/role", role="viewer").status_code == 303
    assert "Your role is viewer" in dan.get("/account").text
    assert post(ann, "/people", f"{at}/disable").status_code == 303
    assert dan.get("/account").status_code == 303
    assert post(ann, "/people", f"{at}/enable").status_code == 303
    renewed = post(ann, "/people", f"{at}/password")
    again = re.findall(r'id="made">([^<]+)<', renewed.text)
    assert sign_in(dan, "dan+x@example.com", password[0]).status_code == 401
    assert sign_in(dan, "dan+x@example.com", again[0]).status_code == 303


def test_one_administrator_is_left_on_the_page_too(ann: TestClient) -> None:
    for path in ("/people/ann/disable", "/people/ANN/disable"):
        answer = post(ann, "/people", path)
        assert answer.status_code == 400 and "one administrator must be left" in answer.text
    assert post(ann, "/people", "/people/Ann/password").status_code == 400
    assert post(ann, "/people", "/people/nobody/disable").status_code == 404
    assert post(ann, "/people", name="ann").status_code == 400


def test_the_local_visitor_adds_nobody_but_the_first(client: TestClient, site: Site) -> None:
    page = client.get("/people")
    assert page.status_code == 200 and "/setup" in page.text
    answer = client.post("/people", data={"csrf_token": token_in(client.get("/account")), "name": "x"})
    assert answer.status_code == 400 and not site.accounts.exist()
