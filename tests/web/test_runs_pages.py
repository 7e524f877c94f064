"""The pages of runs: what they show, what they refuse, and that nothing hostile becomes active."""

from __future__ import annotations

import html.parser
import io
import json
import re
import zipfile

import pytest
from fastapi.testclient import TestClient

from assistant.event_records import Advanced, as_record
from assistant.events import Read
from assistant.journal_records import RunState
from evaluators.draft import Draft
from tests.web.stories import FILES, SCHEMA, Story, checked, finding, told
from web.accounts import Role
from web.site import Site

TABS = ("", "/files", "/changes", "/design", "/contract", "/report", "/evidence", "/take")
EVIL = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e\0{{7*7}}"


def token(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


class Page(html.parser.HTMLParser):
    """Collects tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def harmless(text: str) -> None:
    """Scripts are ours, nothing is inline, every id is there once."""
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag not in ("iframe", "object", "embed", "style") and "style" not in attributes
        assert tag != "img" and not any(name.startswith("on") for name in attributes)
        if tag == "script":
            assert str(attributes["src"]).startswith("/static/")
        assert not str(attributes.get("href", "")).lower().startswith(("javascript:", "data:", "//"))
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids)), sorted(id for id in ids if ids.count(id) > 1)
    assert "\u202e" not in text and "\0" not in text


def test_every_tab_of_a_run_that_passed_and_of_a_check(client: TestClient, site: Site) -> None:
    runs = ((told(site.journal), "Write FastAPI code for notes"),)
    runs += ((checked(site.journal, FILES, "shop.zip", finding()), "shop.zip"),)
    for story, title in runs:
        for tab in TABS:
            answer = client.get(f"/runs/{story.id}{tab}")
            assert answer.status_code == 200 and title in answer.text, tab
            harmless(answer.text)


@pytest.mark.parametrize("state", ["queued", "asked", "error"])
def test_every_tab_of_a_run_that_has_no_draft_yet(client: TestClient, site: Site, state: str) -> None:
    story = Story.begin(site.journal, queued=state == "queued")
    if state != "queued":
        story.ask()
    if state == "error":
        site.journal.set_state(story.id, RunState.ERROR, "the endpoint refused the key")
    for tab in TABS:
        answer = client.get(f"/runs/{story.id}{tab}")
        assert answer.status_code == 200, tab
        harmless(answer.text)


def test_hostile_text_is_text_everywhere(client: TestClient, site: Site) -> None:
    files = {
        "README.md": f"# {EVIL}\n[x](javascript:alert(1))\n" + "x" * 50_000 + "\n",
        "architecture.md": f"# {EVIL}\n",
        "app/main.py": f"# {EVIL}\r\n'''\n",
        "schema.sql": SCHEMA + f'CREATE TABLE "{EVIL[:30].replace(chr(34), "")}" (id int PRIMARY KEY);\n',
        "openapi.yaml": json.dumps({"openapi": "3.1.0", "info": {"title": EVIL, "description": EVIL}, "paths": {}}),
    }
    story = Story.begin(site.journal, EVIL, owner=EVIL, recipe="<b>")
    more = {"evidence": EVIL, "hint": EVIL, "reproduce": EVIL, "symbol": EVIL}
    found = (finding(message=EVIL, **more), finding(rule="<b>", path="app/main.py", line=1, **more))
    story.round({**files, "app/<b>.py".replace("<b>", "b"): EVIL}, *found, asked=EVIL)
    story.finish(files, *found, reason=EVIL)
    other = told(site.journal).id
    for tab in (*TABS, "/files?path=app/main.py", "/files?path=README.md", "/files?path=schema.sql", "/changes?old=0"):
        answer = client.get(f"/runs/{story.id}{tab}")
        assert answer.status_code == 200, tab
        harmless(answer.text)
    for part in ("findings", "prompts", "files"):
        harmless(client.get(f"/runs/compare?a={story.id}&b={other}&part={part}").text)
    harmless(client.get("/runs").text)


def test_a_path_out_of_the_folder_in_the_history_is_neither_packed_nor_followed(client: TestClient, site: Site) -> None:
    story = Story.begin(site.journal)
    kind, data = as_record(Read(Draft.of({"a.py": "1\n"}), ("a.py",)))
    data["files"] = {"../../etc/cron.d/x": "* * * * *\n"}
    site.journal.tell(story.id, 1, [(kind, data)])
    for ending in ("files.zip", "files.patch"):
        assert client.get(f"/runs/{story.id}/{ending}").status_code == 409
    for tab in TABS:
        assert client.get(f"/runs/{story.id}{tab}").status_code == 200


def test_findings_stand_beside_their_lines(client: TestClient, site: Site) -> None:
    run = checked(site.journal, FILES, "x", finding(line=3, hint="Add one.", reproduce="curl $BASE_URL")).id
    page = client.get(f"/runs/{run}/files", params={"path": "schema.sql"}).text
    line = page.index('id="L3"')
    assert line < page.index("It is wrong.") < page.index('id="L4"')
    assert 'href="/rules/missing-primary-key"' in page and "curl $BASE_URL" in page and "data-copy=" in page


def test_what_a_round_changed(client: TestClient, site: Site) -> None:
    run = told(site.journal).id
    page = client.get(f"/runs/{run}/changes").text
    assert "schema.sql" in page and "app/main.py" not in page
    assert "<mark> NOT NULL UNIQUE</mark>" in page
    first = client.get(f"/runs/{run}/changes", params={"old": "0", "new": "1"}).text
    assert "app/main.py" in first and "added" in first
    assert client.get(f"/runs/{run}/changes", params={"new": "77"}).status_code == 404
    assert client.get(f"/runs/{run}/changes", params={"path": "../x"}).status_code == 404


def test_the_design_and_the_contract_lead_to_their_lines(client: TestClient, site: Site) -> None:
    run = told(site.journal).id
    design = client.get(f"/runs/{run}/design").text
    assert (
        '<svg class="diagram"' in design and f"/runs/{run}/files?path=schema.sql" in design and "One service" in design
    )
    contract = client.get(f"/runs/{run}/contract").text
    assert (
        "/notes" in contract and f"/runs/{run}/files?path=openapi.yaml#L" in contract and "the same again" in contract
    )


def test_take_away(client: TestClient, site: Site) -> None:
    story = told(site.journal)
    page = client.get(f"/runs/{story.id}/take").text
    assert f"backwright apply {story.id} --into DIR" in page and "Proved" in page
    answer = client.get(f"/runs/{story.id}/files.zip")
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(name.split("/", 1)[1] for name in archive.namelist()) == sorted(FILES)
    assert client.get(f"/runs/{story.id}/files.patch").text.startswith("diff --git a/app/main.py")
    assert client.get(f"/runs/{story.id}/evidence.json").json()["verdict"] == "passed"
    failed = checked(site.journal, FILES, "x", finding())
    assert "not proved" in client.get(f"/runs/{failed.id}/take").text


def test_a_run_that_is_not_there_is_a_page(client: TestClient) -> None:
    for path in ("/runs/nothing", "/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/files", "/runs/x/events"):
        assert client.get(path).status_code == 404


def test_prompts_and_answers_are_read_when_they_are_opened(client: TestClient, site: Site) -> None:
    story = Story.begin(site.journal)
    asked, answered = story.ask(text=EVIL), story.answer(EVIL)
    prompt = client.get(f"/runs/{story.id}/prompts/{asked}")
    answer = client.get(f"/runs/{story.id}/answers/{answered}")
    assert "You write services." in prompt.text and "alert(1)" in answer.text
    harmless(prompt.text)
    harmless(answer.text)
    assert client.get(f"/runs/{story.id}/answers/{asked}").status_code == 404
    assert client.get(f"/runs/{story.id}/prompts/999").status_code == 404


def test_cancel_and_resume(client: TestClient, site: Site) -> None:
    story = Story.begin(site.journal)
    story.tell(Advanced(1, "here:1"))
    page = client.get(f"/runs/{story.id}").text
    sent = {"csrf_token": token(page)}
    assert client.post(f"/runs/{story.id}/cancel").status_code == 403
    assert client.post(f"/runs/{story.id}/resume", data=sent).status_code == 409
    answer = client.post(f"/runs/{story.id}/cancel", data=sent)
    assert answer.status_code == 303 and site.journal.get(story.id).cancel
    site.journal.set_state(story.id, RunState.CANCELLED)
    assert client.post(f"/runs/{story.id}/resume", data=sent).status_code == 303
    assert site.journal.get(story.id).state is RunState.QUEUED


def test_a_viewer_reads_and_changes_nothing(client: TestClient, site: Site) -> None:
    story = told(site.journal)
    site.accounts.people.add("Vera", "a long enough password", Role.VIEWER)
    assert client.get(f"/runs/{story.id}").status_code == 303
    page = client.get("/signin").text
    signed = {"name": "Vera", "password": "a long enough password", "csrf_token": token(page)}
    assert client.post("/signin", data=signed).status_code == 303
    page = client.get(f"/runs/{story.id}").text
    assert "/cancel" not in page and "/resume" not in page
    sent = {"csrf_token": token(client.get("/account").text)}
    for act in ("cancel", "resume"):
        assert client.post(f"/runs/{story.id}/{act}", data=sent).status_code == 403


def test_the_stream_is_of_events_and_ends_with_the_run(client: TestClient, site: Site) -> None:
    story = told(site.journal)
    with client.stream("GET", f"/runs/{story.id}/events") as answer:
        text = "".join(answer.iter_text())
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert text.count("event: put") == 4 and text.rstrip().endswith('data: {"state": "passed"}')
    last = re.findall(r"^id: (\d+)$", text, re.MULTILINE)[-1]
    with client.stream("GET", f"/runs/{story.id}/events", headers={"Last-Event-ID": last}) as answer:
        again = "".join(answer.iter_text())
    assert "step-" not in again.split("event: put")[-1] and "event: end" in again


def test_what_is_sent_live_is_what_the_page_has(client: TestClient, site: Site) -> None:
    story = told(site.journal)
    page = client.get(f"/runs/{story.id}").text
    with client.stream("GET", f"/runs/{story.id}/events?after=0") as answer:
        text = "".join(answer.iter_text())
    sent = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: ") and '"html"' in line]
    assert len(sent) == 4
    for message in sent:
        assert message["html"].strip() in page
