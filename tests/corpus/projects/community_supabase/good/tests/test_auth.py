import time
from uuid import uuid4

import httpx
import pytest

from tests.conftest import make_token


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/v1") as client:
        yield client


async def test_a_token_is_required(client):
    response = await client.get("/me")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"aud": "somebody-else"},
        {"iss": "https://elsewhere.example/auth/v1"},
        {"role": "anon"},
        {"sub": "not-a-uuid"},
    ],
    ids=["expired", "audience", "issuer", "role", "subject"],
)
async def test_a_token_that_is_not_ours_is_refused(client, changes):
    token = make_token(uuid4(), **changes)
    response = await client.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 401
