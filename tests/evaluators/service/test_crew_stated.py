"""A login in the project's own words: requests, a header of its own, users of its own rows, fixed credentials."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest
from fake_contract import contract
from fake_service import Call, Service, Told, crew

from evaluators.configuration import read

REFUSED: Told = (401, {"title": "Sign in first."})
SCHEMA = """CREATE TABLE folk (id INTEGER PRIMARY KEY, mail TEXT NOT NULL, phrase TEXT NOT NULL);
INSERT INTO folk VALUES (7, 'ann@example.com', 'ann phrase'), (8, 'bob@example.com', 'bob phrase'),
    (9, 'root@example.com', 'root phrase');
CREATE TABLE notes (id INTEGER PRIMARY KEY, folk_id INTEGER NOT NULL REFERENCES folk (id), body TEXT NOT NULL);
"""
LOGIN = """
[probes.login]
request = "PUT /door"
body = { who = { mail = "$EMAIL" }, phrase = "$PASSWORD" }
token = "tickets.0.ticket"
header = "X-Ticket: t=$TOKEN"
"""
REGISTER = """
[probes.register]
request = "PUT /folk"
body = { mail = "$EMAIL", phrase = "$PASSWORD", nick = "$NAME" }
"""
IDENTITIES = """
[probes.identities.a]
email = "ann@example.com"
password = "ann phrase"
[probes.identities.b]
email = "bob@example.com"
password = "bob phrase"
[probes.identities.chief]
headers = { X-Ticket = "t=0123456789abcdef" }
"""


def service(toml: str, folder: Path) -> tuple[Service, list[Any]]:
    """A service whose login is like no other, and what was sent to it."""
    held: dict[str, int] = {"t=0123456789abcdef": 9}
    sent: list[Any] = []

    def answer(call: Call) -> Told:
        if call.symbol == "PUT /folk":
            sent.append(call.body)
            call.db.execute("INSERT INTO folk (mail, phrase) VALUES (?, ?)", (call.body["mail"], call.body["phrase"]))
            return 204, ""
        if call.symbol == "PUT /door":
            person = call.one("SELECT id FROM folk WHERE mail = ? AND phrase = ?", call.body["who"]["mail"],
                              call.body["phrase"])  # fmt: skip
            ticket = secrets.token_hex(4)
            if person:
                held[f"t={ticket}"] = person["id"]
            return (200, {"tickets": [{"ticket": ticket}]}) if person else REFUSED
        number = held.get(call.headers.get("x-ticket", ""))
        return (200, {"id": number}) if number else REFUSED

    path = folder / "backwright.toml"
    path.write_text(toml)
    said = contract({}, get_me=(False,), post_notes=(False, ("body",)))
    return Service(said, SCHEMA, answer, read(path).options), sent


def test_a_stated_registration_and_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, sent = service(LOGIN + REGISTER, tmp_path)
    made, _ = crew(fake, tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b")
    a = made.members["a"]
    assert a.headers == {"X-Ticket": f"t={a.variables['TOKEN_A']}"} and a.told == {"X-Ticket": "t=$TOKEN_A"}
    assert a.row["mail"] == "gate.a@example.com" and sent[0]["nick"] == "gatea"
    assert made.cast.needed, "the contract says nothing of it, but the project does"


def test_users_of_the_projects_own_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, sent = service(LOGIN + IDENTITIES, tmp_path)
    made, _ = crew(fake, tmp_path, monkeypatch)
    assert made.ordinary == ("a", "b") and made.lifted == ("chief",) and not sent
    assert [made.members[who].row["id"] for who in ("a", "b")] == [7, 8]
    assert made.members["chief"].told == {"X-Ticket": "$X_TICKET_CHIEF"} and made.members["chief"].way == "stated"
    assert {row["folk_id"] for row in made.cast.seeds.rows["notes"]["b"]} == {8}


def test_a_stated_login_that_fails_lets_nobody_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, _ = service((LOGIN + IDENTITIES).replace("bob phrase", "no phrase"), tmp_path)
    made, _ = crew(fake, tmp_path, monkeypatch)
    assert not made.members and made.why
