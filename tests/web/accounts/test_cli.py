"""`backwright web user`: accounts from the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.errors import UsageError
from web.accounts import Accounts, Role
from web.accounts.cli import user

PASSWORD = "correct horse battery"


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Accounts]:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    monkeypatch.setenv("BACKWRIGHT_JOURNAL_URL", url)
    opened = Accounts.open(url)
    yield opened
    opened.close()


def ran(*words: str, typed: str = "") -> str:
    """What a command says. Raises what it raises."""
    done = CliRunner().invoke(user, list(words), input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_people_are_added_listed_and_changed(accounts: Accounts) -> None:
    assert "nobody" in ran("list")
    with pytest.raises(UsageError, match="the first account"):
        ran("add", "bob", typed=f"{PASSWORD}\n")
    assert "ann may sign in as admin" in ran("add", "ann", "--role", "admin", typed=f"{PASSWORD}\n")
    ran("add", "bob", typed=f"{PASSWORD}\r\n")
    assert accounts.door.enter("bob", PASSWORD, "10.0.0.1").role is Role.VIEWER
    assert "bob is author" in ran("role", "BOB", "author")
    assert "bob is locked out" in ran("disable", "bob")
    assert [line.split() for line in ran("list").splitlines()] == [["ann", "admin"], ["bob", "author", "locked", "out"]]
    assert "may sign in again" in ran("disable", "bob", "--undo")
    session = accounts.sessions.begin(accounts.people.find("bob"))
    ran("password", "bob", typed="another good one\n")
    assert accounts.sessions.find(session) is None
    assert accounts.door.enter("bob", "another good one", "10.0.0.1").name == "bob"


def test_what_is_wrong_is_told(accounts: Accounts) -> None:
    for words, typed in (
        (["add", "ann", "--role", "admin"], "short\n"),
        (["add", "a b", "--role", "admin"], f"{PASSWORD}\n"),
        (["add", "ann", "--role", "admin"], ""),
        (["password", "nobody"], f"{PASSWORD}\n"),
        (["role", "nobody", "viewer"], ""),
        (["disable", "nobody"], ""),
    ):
        with pytest.raises(UsageError):
            ran(*words, typed=typed)
    assert not accounts.exist()


def test_a_password_is_no_argument() -> None:
    done = CliRunner().invoke(build(), ["web", "user", "add", "--help"])
    assert done.exit_code == 0 and "--role" in done.output
    assert "--password" not in done.output
    assert CliRunner().invoke(user, ["add", "ann", PASSWORD]).exit_code == 2
