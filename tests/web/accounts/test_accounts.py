"""Accounts: what is kept of secrets, who may sign in, when sessions and tokens end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from ulid import ULID

from assistant.errors import JournalError, UsageError
from assistant.journal import Journal
from evaluators.bench import Bench
from evaluators.service.database import postgres
from web.accounts import Accounts, Person, Role
from web.accounts.door import FREE, LONGEST_WAIT, Locked, Refused
from web.accounts.idempotency import Reused
from web.accounts.people import folded
from web.accounts.schema import MIGRATIONS, VERSIONS
from web.accounts.sessions import IDLE, LONGEST, NOTED_EVERY
from web.accounts.tokens import MOST

PASSWORD = "correct horse battery"
DAY = 86400.0


class Clock:
    """A clock that stands until it is moved."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    opened = Accounts.open(f"sqlite:///{tmp_path / 'history.sqlite'}", clock)
    yield opened
    opened.close()


@pytest.fixture
def ann(accounts: Accounts) -> Person:
    return accounts.people.add("Ann", PASSWORD, Role.ADMIN)


def kept(tmp_path: Path) -> str:
    """Everything that the database holds, as text."""
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as session:
        return "\n".join(session.iterdump())


def test_no_secret_is_kept(accounts: Accounts, ann: Person, tmp_path: Path) -> None:
    session = accounts.sessions.begin(ann)
    _, token = accounts.tokens.make(ann, "ci", Role.VIEWER)
    with pytest.raises(Refused):
        accounts.door.enter("hunter2 in the wrong field", "x", "10.0.0.1")
    held = kept(tmp_path)
    for secret in (PASSWORD, session, token, token.removeprefix("bw_"), "hunter2", "10.0.0.1"):
        assert secret not in held
    assert "$argon2id$" in held


def test_a_session_holds_until_it_is_idle(accounts: Accounts, ann: Person, clock: Clock) -> None:
    token = accounts.sessions.begin(ann, "Browser", "127.0.0.1")
    clock.now += IDLE - 1
    found = accounts.sessions.find(token)
    assert found is not None and found.person == ann
    clock.now += IDLE - 1
    assert accounts.sessions.find(token) is not None, "a request is a sign of life"
    clock.now += IDLE + 1
    assert accounts.sessions.find(token) is None
    assert accounts.sessions.of(ann) == []


def test_no_session_holds_for_longer_than_a_week(accounts: Accounts, ann: Person, clock: Clock) -> None:
    token, begun = accounts.sessions.begin(ann), clock.now
    while clock.now < begun + LONGEST - IDLE / 2:
        assert accounts.sessions.find(token) is not None
        clock.now += IDLE / 2
    clock.now = begun + LONGEST + 1
    assert accounts.sessions.find(token) is None


def test_signs_of_life_are_not_written_each_time(accounts: Accounts, ann: Person, clock: Clock) -> None:
    token, begun = accounts.sessions.begin(ann), clock.now
    clock.now += NOTED_EVERY - 1
    accounts.sessions.find(token)
    assert [each.seen for each in accounts.sessions.of(ann)] == [begun]
    clock.now += 2
    accounts.sessions.find(token)
    assert [each.seen for each in accounts.sessions.of(ann)] == [clock.now]


def test_one_ends_ones_own_sessions_and_no_others(accounts: Accounts, ann: Person) -> None:
    bob = accounts.people.add("bob", PASSWORD, Role.VIEWER)
    first, second, other = (accounts.sessions.begin(person) for person in (ann, ann, bob))
    ids = {token: found.session for token in (first, second, other) if (found := accounts.sessions.find(token))}
    assert not accounts.sessions.end(ann, ids[other])
    assert accounts.sessions.end_others(ann, ids[second]) == 1
    assert accounts.sessions.find(first) is None
    assert accounts.sessions.find(second) is not None
    assert accounts.sessions.find(other) is not None


def test_a_new_password_ends_the_other_sessions(accounts: Accounts, ann: Person) -> None:
    here, there = accounts.sessions.begin(ann), accounts.sessions.begin(ann)
    found = accounts.sessions.find(here)
    assert found is not None
    accounts.people.set_password("ann", "quite another one", keep=found.session)
    assert accounts.sessions.find(here) is not None
    assert accounts.sessions.find(there) is None
    assert accounts.door.enter("ann", "quite another one", "1.1.1.1") == ann
    with pytest.raises(Refused):
        accounts.door.enter("ann", PASSWORD, "1.1.1.1")


def test_whoever_is_locked_out_has_neither_session_nor_token(accounts: Accounts, ann: Person) -> None:
    bob = accounts.people.add("bob", PASSWORD, Role.AUTHOR)
    session = accounts.sessions.begin(bob)
    _, token = accounts.tokens.make(bob, "ci", Role.AUTHOR)
    accounts.people.set_disabled("BOB", True)
    assert accounts.sessions.find(session) is None
    assert accounts.tokens.find(token) is None
    with pytest.raises(Refused):
        accounts.door.enter("bob", PASSWORD, "1.1.1.1")
    accounts.people.set_disabled("bob", False)
    assert accounts.sessions.find(session) is None, "an ended session does not come back"
    assert accounts.tokens.find(token) is not None


@pytest.mark.parametrize("name", ["ann", "ANN", "Ａnn", " Ann "])
def test_a_name_is_taken_whatever_its_letters(accounts: Accounts, ann: Person, name: str) -> None:
    with pytest.raises(UsageError, match="taken"):
        accounts.people.add(name, PASSWORD, Role.VIEWER)


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "<b>", "_x", "x" * 65, "a\u202eb", "a/b", "-rf"])
def test_odd_names_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(UsageError, match="a name has"):
        accounts.people.add(name, PASSWORD, Role.VIEWER)


@pytest.mark.parametrize("password", ["", "short", "x" * 12, "abababababab" * 2, "Annabelle-Lee", "x" * 1025])
def test_weak_passwords_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(UsageError):
        accounts.people.add("annabelle-lee", password, Role.VIEWER)
    assert not accounts.exist()


def test_one_administrator_is_left(accounts: Accounts, ann: Person) -> None:
    with pytest.raises(UsageError, match="one administrator"):
        accounts.people.set_role("ann", Role.AUTHOR)
    with pytest.raises(UsageError, match="one administrator"):
        accounts.people.set_disabled("ann", True)
    assert accounts.people.find("ann") == ann
    accounts.people.add("bob", PASSWORD, Role.ADMIN)
    assert accounts.people.set_role("ann", Role.AUTHOR).role is Role.AUTHOR


def test_the_first_account_is_made_once(accounts: Accounts) -> None:
    accounts.people.add("ann", PASSWORD, Role.ADMIN, first=True)
    with pytest.raises(UsageError, match="already"):
        accounts.people.add("mallory", PASSWORD, Role.ADMIN, first=True)


def test_guesses_wait_longer_each_time(accounts: Accounts, ann: Person, clock: Clock) -> None:
    waits = []
    for _ in range(16):
        with pytest.raises(Refused):
            accounts.door.enter("ann", "wrong", "10.0.0.1")
        with pytest.raises(Locked) if len(waits) >= FREE["name"] - 1 else pytest.raises(Refused) as caught:
            accounts.door.enter("ann", "wrong", f"10.1.0.{len(waits)}")
        waits.append(caught.value.seconds if isinstance(caught.value, Locked) else 0.0)
        if isinstance(caught.value, Refused):
            waits.append(0.0)
        clock.now += waits[-1] + 0.1
    grown = [wait for wait in waits if wait]
    assert grown == sorted(grown)
    assert grown[0] <= 4 < 500 < grown[-1] <= LONGEST_WAIT


def test_while_locked_even_the_right_password_is_not_judged(accounts: Accounts, ann: Person, clock: Clock) -> None:
    for _ in range(FREE["name"]):
        with pytest.raises(Refused):
            accounts.door.enter("Ann", "wrong", "10.0.0.1")
    with pytest.raises(Locked) as locked:
        accounts.door.enter("ann", PASSWORD, "10.0.0.2")
    clock.now += locked.value.seconds + 0.01
    assert accounts.door.enter("ann", PASSWORD, "10.0.0.2") == ann
    for _ in range(FREE["name"]):
        with pytest.raises(Refused):
            accounts.door.enter("ann", "wrong", "10.0.0.1")


def test_an_unknown_name_locks_as_a_known_one(accounts: Accounts, ann: Person) -> None:
    told = []
    for name in ("ann", "nobody"):
        for number in range(FREE["name"] + 1):
            with pytest.raises((Refused, Locked)) as caught:
                accounts.door.enter(name, "wrong", f"10.{len(told)}.0.{number}")
        told.append((type(caught.value), str(caught.value)))
    assert told[0] == told[1]
    assert told[0][0] is Locked


def test_an_address_that_tries_many_names_is_locked(accounts: Accounts, ann: Person) -> None:
    for number in range(FREE["address"]):
        with pytest.raises(Refused):
            accounts.door.enter(f"name{number}", "wrong", "10.0.0.1")
    with pytest.raises(Locked):
        accounts.door.enter("ann", PASSWORD, "10.0.0.1")
    assert accounts.door.enter("ann", PASSWORD, "10.0.0.2") == ann


def test_an_unknown_name_costs_the_same_work(accounts: Accounts, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = PasswordHasher.verify

    def verify(self: PasswordHasher, hash: str, password: bytes) -> bool:
        judged.append(hash.rsplit("$", 2)[0])
        return bool(real(self, hash, password))

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    for name in ("ann", "nobody"):
        with pytest.raises(Refused):
            accounts.door.enter(name, "wrong", "10.0.0.1")
    assert len(judged) == 2
    assert judged[0] == judged[1], "the same parameters"


def test_a_hash_of_older_parameters_is_made_anew(accounts: Accounts, ann: Person, tmp_path: Path) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as session, session:
        session.execute("UPDATE people SET password = ?", (old,))
    assert accounts.door.enter("ann", PASSWORD, "10.0.0.1") == ann
    held = kept(tmp_path)
    assert old not in held and f"m={PasswordHasher().memory_cost}" in held
    assert accounts.door.enter("ann", PASSWORD, "10.0.0.1") == ann


def test_a_token_is_no_more_than_its_owner(accounts: Accounts, ann: Person, clock: Clock) -> None:
    bob = accounts.people.add("bob", PASSWORD, Role.AUTHOR)
    with pytest.raises(UsageError, match="cannot be admin"):
        accounts.tokens.make(bob, "ci", Role.ADMIN)
    _, text = accounts.tokens.make(bob, "ci", Role.AUTHOR, days=2)
    accounts.people.set_role("bob", Role.VIEWER)
    found = accounts.tokens.find(text)
    assert found is not None and found.role is Role.VIEWER
    clock.now += 2 * DAY + 1
    assert accounts.tokens.find(text) is None
    assert accounts.tokens.of(bob) == []


def test_tokens_are_revoked_by_their_owner(accounts: Accounts, ann: Person, clock: Clock) -> None:
    bob = accounts.people.add("bob", PASSWORD, Role.VIEWER)
    token, text = accounts.tokens.make(ann, "ci", Role.ADMIN)
    assert accounts.tokens.get(ann, token.id) == token and token.used is None
    assert accounts.tokens.find(text) is not None
    assert [each.used for each in accounts.tokens.of(ann)] == [clock.now]
    assert accounts.tokens.get(bob, token.id) is None
    assert not accounts.tokens.revoke(bob, token.id)
    assert accounts.tokens.find(text) is not None
    assert accounts.tokens.revoke(ann, token.id)
    assert accounts.tokens.find(text) is None


def test_tokens_are_bounded(accounts: Accounts, ann: Person) -> None:
    for number in range(MOST):
        accounts.tokens.make(ann, str(number), Role.VIEWER)
    with pytest.raises(UsageError, match="at most"):
        accounts.tokens.make(ann, "one more", Role.VIEWER)
    for name, days in (("", 1), ("x" * 65, 1), ("x", 0), ("x", 1000)):
        with pytest.raises(UsageError):
            accounts.tokens.make(ann, name, Role.VIEWER, days)


def test_a_key_belongs_to_one_request_of_one_person(accounts: Accounts, ann: Person, clock: Clock) -> None:
    bob = accounts.people.add("bob", PASSWORD, Role.AUTHOR)
    keys = accounts.keys
    run = keys.claim(ann, "k", "a")
    assert ULID.from_str(run)
    assert keys.claim(ann, "k", "a") == run
    with pytest.raises(Reused):
        keys.claim(ann, "k", "b")
    theirs = keys.claim(bob, "k", "b")
    assert theirs != run, "another person's key is another key"
    keys.give_back(bob, "k")
    assert keys.claim(bob, "k", "d") != theirs, "a request that was refused made no run"
    clock.now += DAY - 1
    assert keys.claim(ann, "k", "a") == run
    clock.now += 2
    assert keys.claim(ann, "k", "b") != run


def test_accounts_stand_beside_the_history(accounts: Accounts, ann: Person, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    with Journal.open(url) as journal:
        assert journal.runs() == []
    again = Accounts.open(url)
    assert again.people.all() == [ann]
    again.close()


def test_accounts_of_a_newer_version_are_refused(accounts: Accounts, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(VERSIONS.insert().values(version=len(MIGRATIONS) + 1))
    engine.dispose()
    with pytest.raises(JournalError, match="the accounts have version"):
        Accounts.open(url)


def use(url: str, clock: Clock) -> None:
    """What a site does with its accounts."""
    accounts = Accounts.open(url, clock)
    ann = accounts.people.add("Ann", PASSWORD, Role.ADMIN)
    assert accounts.people.all() == [ann]
    token = accounts.sessions.begin(ann)
    found = accounts.sessions.find(token)
    assert found is not None and found.person == ann
    _, text = accounts.tokens.make(ann, "ci", Role.AUTHOR)
    assert accounts.tokens.find(text) is not None
    assert accounts.door.enter("ann", PASSWORD, "10.0.0.1") == ann
    with pytest.raises(Refused):
        accounts.door.enter("ann", "wrong", "10.0.0.1")
    run = accounts.keys.claim(ann, "k", "a")
    assert accounts.keys.claim(ann, "k", "a") == run
    with pytest.raises(UsageError, match="one administrator"):
        accounts.people.set_disabled("ann", True)
    accounts.close()
    again = Accounts.open(url, clock)
    assert again.exist()
    again.close()


def test_postgresql_holds_accounts_too(clock: Clock) -> None:
    async def told() -> None:
        async with Bench() as bench:
            said = (await (await bench.the(postgres)).create("accounts")).admin
            query = {"host": str(said["host"])}
            place = {"port": said.get("port"), "database": said["dbname"], "query": query}
            url = sa.URL.create("postgresql", said["user"], said.get("password"), **place)
            await asyncio.to_thread(use, url.render_as_string(hide_password=False), clock)

    asyncio.run(told())


def test_names_are_folded() -> None:
    assert folded(" Straße ") == folded("STRASSE")
