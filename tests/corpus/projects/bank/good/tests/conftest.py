"""Fixtures."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import app
from tests.helpers import Bank


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """Run the application."""
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


@pytest.fixture
def bank(client: TestClient) -> Bank:
    """Make rows and send requests."""
    return Bank(client)
