"""The list of runs: search, filters, pages by key, all in the address; and comparing two."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from assistant.journal_records import RunState
from tests.web.stories import FILES, Story, checked, finding, told
from web.pages.runs import PAGE
from web.site import Site


def shown(page: str) -> list[str]:
    """The runs of a list, in order."""
    return re.findall(r'class="sentence-cell"><a href="/runs/(\w+)"', page)


def test_an_empty_history_says_what_to_do(client: TestClient) -> None:
    page = client.get("/runs").text
    assert "No runs yet" in page and 'href="/check"' in page


def test_filters_narrow_and_stay_in_the_form(client: TestClient, site: Site) -> None:
    boats = told(site.journal, "Write FastAPI code for renting boats", owner="ann").id
    shop = checked(site.journal, FILES, "shop.zip", finding()).id
    queued = Story.begin(site.journal, "Write Flask code for 100% of <b>x</b>", queued=True, recipe="crud").id
    for query, expected in (
        ({}, [queued, shop, boats]),
        ({"q": "BOATS"}, [boats]),
        ({"q": "100%"}, [queued]),
        ({"q": "%"}, [queued]),
        ({"state": "failed"}, [shop]),
        ({"kind": "check"}, [shop]),
        ({"recipe": "crud"}, [queued]),
        ({"owner": "ann"}, [boats]),
        ({"owner": "(this machine)"}, [queued, shop]),
        ({"since": "2000-01-01", "until": "2100-01-01"}, [queued, shop, boats]),
        ({"until": "2000-01-01"}, []),
        ({"state": "no such", "since": "yesterday"}, [queued, shop, boats]),
    ):
        page = client.get("/runs", params=query).text
        assert shown(page) == expected, query
        assert "<b>x</b>" not in page
    assert "No run matches" in client.get("/runs", params={"q": "nothing like it"}).text
    assert 'value="ann"' in client.get("/runs", params={"owner": "ann"}).text


def test_a_form_goes_on_to_its_short_address(client: TestClient) -> None:
    answer = client.get("/runs?sent=1&q=boats&state=&kind=&recipe=&owner=&since=&until=")
    assert answer.status_code == 303 and answer.headers["location"] == "/runs?q=boats"


def test_pages_by_key_show_every_run_once(client: TestClient, site: Site) -> None:
    made = [Story.begin(site.journal, f"Run number {n}", queued=True).id for n in range(PAGE * 2 + 5)]
    seen, address = [], "/runs?q=number"
    while address:
        page = client.get(address).text
        seen += shown(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/runs{found[1].replace('&amp;', '&')}" if found else ""
        # A run that begins meanwhile moves nothing.
        Story.begin(site.journal, f"Run number new {len(seen)}", queued=True)
    assert seen == sorted(made, reverse=True)


@pytest.mark.parametrize("part", ["findings", "prompts", "files", "no-such"])
def test_two_runs_side_by_side(client: TestClient, site: Site, part: str) -> None:
    a = told(site.journal).id
    b = Story.begin(site.journal, "Write FastAPI code for boats")
    b.round(
        FILES | {"app/main.py": "x = 1\n"}, finding(rule="sql-injection", path="app/main.py", line=1), asked="Other."
    )
    b.finish(FILES | {"app/main.py": "x = 1\n"}, finding(rule="sql-injection", path="app/main.py", line=1))
    page = client.get("/runs/compare", params={"a": a, "b": b.id, "part": part}).text
    expected = {"prompts": "<mark>Other</mark>", "files": "x = 1"}.get(part, "sql-injection")
    assert expected in page and a[:10] in page and b.id[:10] in page


def test_a_model_run_and_a_check_can_be_compared(client: TestClient, site: Site) -> None:
    a, b = checked(site.journal, FILES, "a.zip").id, told(site.journal).id
    for part in ("findings", "prompts", "files"):
        assert client.get("/runs/compare", params={"a": a, "b": b, "part": part}).status_code == 200
    running = Story.begin(site.journal, queued=True).id
    assert "not judged" in client.get("/runs/compare", params={"a": a, "b": running}).text


def test_what_is_chosen_in_the_list_becomes_an_address(client: TestClient, site: Site) -> None:
    answer = client.get("/runs/compare?run=A1&run=B2")
    assert answer.headers["location"] == "/runs/compare?a=A1&b=B2"
    assert "Run B" in client.get("/runs/compare?a=A1").text
    assert client.get("/runs/compare?a=nothing&b=nobody").status_code == 404


def test_a_stopped_run_says_why(client: TestClient, site: Site) -> None:
    story = Story.begin(site.journal)
    site.journal.set_state(story.id, RunState.ERROR, "the endpoint refused <the> key")
    assert "the endpoint refused &lt;the&gt; key" in client.get("/runs").text
