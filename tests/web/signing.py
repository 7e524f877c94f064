"""Browsers for tests: forms with their tokens, and people who are signed in."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

PASSWORD = "correct horse battery"


def browser(app: FastAPI, base: str = "http://127.0.0.1", address: str = "127.0.0.1") -> TestClient:
    """A client that keeps cookies and follows nothing."""
    return TestClient(app, base_url=base, client=(address, 50000), follow_redirects=False)


def token_in(response: Response) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf_token" value="(\w+)"', response.text)
    assert found is not None, response.text
    return found[1]


def post(client: TestClient, form: str, to: str = "", **fields: Any) -> Response:
    """Send a page's form to `to` (default: the page's own address)."""
    return client.post(to or form, data={"csrf_token": token_in(client.get(form)), **fields})


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> Response:
    """Sign somebody in; the answer."""
    return post(client, "/signin", name=name, password=password)
