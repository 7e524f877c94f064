"""A site over a fresh history, and a client on it as the machine's own user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.dispatch.queue import Queue
from assistant.settings import Settings, load
from web.accounts import Accounts
from web.app import create_app
from web.rendering import Pages
from web.site import Site


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of their own: a SQLite history in the test's folder, no key, no model."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'history.sqlite'}"
    return load({"journal_url": url}, environ={}, user=tmp_path / "none.toml")


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A site without workers: what is queued stays queued."""
    accounts = Accounts.open(settings.journal_url)
    with Queue.open(settings) as queue:
        yield Site(settings, queue, accounts, Pages())
    accounts.close()


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    """The machine's own user: no accounts exist, and both ends are loopback."""
    app = create_app(site)
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000), follow_redirects=False) as client:
        yield client
