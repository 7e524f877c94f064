"""The library's, the rules' and the check's pages, and errors as pages."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from assistant.library import Library
from evaluators.catalogue import load_all
from evaluators.rule import REGISTRY
from tests.web.test_composing import token
from tests.web.test_uploads import zipped
from web.site import Site


def test_every_recipe_has_its_page(client: TestClient) -> None:
    listing = client.get("/recipes").text
    for recipe in Library.load().recipes.values():
        assert f'href="/recipes/{recipe.id}"' in listing
        page = client.get(f"/recipes/{recipe.id}")
        assert page.status_code == 200
        for case in recipe.cases:
            assert case in page.text
        for cassette in recipe.cassettes:
            assert f"{cassette.case}/{cassette.sample}" in page.text


def test_a_recipe_is_rendered_with_a_brief(client: TestClient) -> None:
    params = {"sentence": "Write FastAPI code for renting boats with JWT"}
    page = client.get("/recipes/service", params=params).text
    assert "nothing was sent" in page and "renting boats" in page
    bad = client.get("/recipes/register-user", params={"sentence": "Write code with JWT and sessions for x"}).text
    assert "two values" in bad


def test_a_recipe_that_is_not_there_is_a_page_that_names_near_ones(client: TestClient) -> None:
    answer = client.get("/recipes/servce")
    assert answer.status_code == 404 and "service" in answer.text


def test_every_rule_has_its_page(client: TestClient) -> None:
    load_all()
    listing = client.get("/rules").text
    for id in REGISTRY:
        assert f'href="/rules/{id}"' in listing
    for id in sorted(REGISTRY)[::25]:
        page = client.get(f"/rules/{id}")
        assert page.status_code == 200 and REGISTRY[id].title.split(".")[0][:20] in page.text.replace("&#39;", "'")


def test_rules_are_searched_and_filtered(client: TestClient) -> None:
    page = client.get("/rules", params={"q": "primary", "family": "sql"}).text
    assert "missing-primary-key" in page and "sql-injection" not in page
    assert "No rule fits" in client.get("/rules", params={"q": "zzzz"}).text
    assert client.get("/rules/no-such-rule").status_code == 404


def test_a_zip_and_pasted_files_are_queued_together(client: TestClient, site: Site) -> None:
    answer = client.post(
        "/check",
        data={"path": ["openapi.yaml", ""], "text": ["openapi: 3.1.0\n", ""], "depth": "static", "title": "the shop"},
        files={"archive": ("shop.zip", zipped({"schema.sql": "SELECT 1;\n"}), "application/zip")},
        headers=token(client),
    )
    assert answer.status_code == 303, answer.text
    run = site.journal.get(answer.headers["location"].removeprefix("/runs/"))
    assert (run.kind, run.state.value) == ("check", "queued")
    assert "the shop" in run.sentence


@pytest.mark.parametrize(
    ("data", "files", "says"),
    [
        ({}, {}, "nothing to check"),
        ({"path": "../x", "text": "a"}, {}, "may not be called so"),
        ({"path": "a.sql", "text": "a", "dialect": "oracle"}, {}, "no dialect"),
        ({"path": "a.py", "text": "a", "stack": "rails"}, {}, "no stack"),
        ({}, {"archive": ("x.zip", b"no zip", "application/zip")}, "cannot be read"),
    ],
)
def test_a_check_that_cannot_be_is_told(
    client: TestClient, site: Site, data: dict[str, str], files: dict[str, tuple[str, bytes, str]], says: str
) -> None:
    # An empty file makes it multipart where there is none.
    sent = files or {"archive": ("", b"", "application/octet-stream")}
    answer = client.post("/check", data=data, files=sent, headers=token(client))
    assert answer.status_code == 400 and says in answer.text
    assert site.journal.runs() == []


def test_more_rows_keep_what_was_pasted(client: TestClient) -> None:
    data = {"path": ["a.sql"], "text": ["SELECT 1;"], "more": "1"}
    sent = {"archive": ("", b"", "application/octet-stream")}
    answer = client.post("/check", data=data, files=sent, headers=token(client))
    assert answer.status_code == 200 and "SELECT 1;" in answer.text and answer.text.count('name="path"') == 4


def test_an_error_is_a_page_and_tells_nothing_of_us(
    client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/nothing-here").status_code == 404
    assert client.get("/static/nothing.css").status_code == 404

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Library, "load", broken)
    answer = client.get("/recipes")
    assert answer.status_code == 500 and "secret detail" not in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_static_files_are_kept_by_browsers_when_asked_by_hash(client: TestClient) -> None:
    page = client.get("/").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/app.css").headers.get("Cache-Control", "")


def test_pages_hold_no_inline_script_or_style(client: TestClient) -> None:
    for path in ("/", "/check", "/recipes", "/recipes/service", "/rules", "/rules/missing-primary-key"):
        text = client.get(path).text
        assert " style=" not in text and "<style" not in text and "javascript:" not in text
        assert "<script>" not in text and " onclick=" not in text and " hx-on" not in text
