"""Tests of the API run against the local Supabase stack (supabase start), as community_api.

Without TEST_ADMIN_DATABASE_URL the tests that need the database are skipped; the others still run.
"""

import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.auth import TokenVerifier
from app.config import Settings
from app.main import create_app

ISSUER = "http://127.0.0.1:54321"
SIGNING_KEY = ec.generate_private_key(ec.SECP256R1())


class TestTokenVerifier(TokenVerifier):
    """Only the key differs from production: it is made here and not fetched."""

    __test__ = False

    def signing_key(self, token: str):
        return SIGNING_KEY.public_key()


def make_token(user_id: UUID, **changes) -> str:
    claims = {
        "sub": str(user_id),
        "aud": "authenticated",
        "role": "authenticated",
        "iss": f"{ISSUER}/auth/v1",
        "exp": int(time.time()) + 300,
    }
    return jwt.encode({**claims, **changes}, SIGNING_KEY, algorithm="ES256")


@dataclass
class Person:
    id: UUID
    email: str
    client: httpx.AsyncClient

    def __getattr__(self, method: str):
        return getattr(self.client, method)


@pytest.fixture
def settings() -> Settings:
    return Settings(
        _env_file=None,
        database_url=os.environ.get("DATABASE_URL", "postgresql://community_api@127.0.0.1:54322/postgres"),
        supabase_url=ISSUER,
        db_pool_min_size=1,
    )


@pytest.fixture
def app(settings):
    app = create_app(settings)
    app.state.token_verifier = TestTokenVerifier(settings.jwks_url, settings.token_issuer)
    return app


@pytest.fixture
async def admin() -> AsyncIterator[asyncpg.Connection]:
    url = os.environ.get("TEST_ADMIN_DATABASE_URL")
    if not url:
        pytest.skip("TEST_ADMIN_DATABASE_URL is not set")
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


@pytest.fixture
async def person(app, admin):
    """A factory of signed-in people, who are erased again with all that is theirs."""
    people: list[Person] = []
    async with app.router.lifespan_context(app):

        async def make() -> Person:
            user_id = uuid4()
            email = f"{user_id.hex}@mail.example"
            await admin.execute(
                "insert into auth.users (id, email, email_confirmed_at) values ($1, $2, now())",
                user_id,
                email,
            )
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),
                base_url="http://test/v1",
                headers={"Authorization": f"Bearer {make_token(user_id)}"},
            )
            people.append(Person(user_id, email, client))
            return people[-1]

        yield make
        ids = [p.id for p in people]
        await admin.execute("delete from public.spaces where created_by = any($1::uuid[])", ids)
        await admin.execute("delete from auth.users where id = any($1::uuid[])", ids)
        for p in people:
            await p.client.aclose()


@pytest.fixture
async def space(person):
    """An owner, a member and their public space."""
    owner, member = await person(), await person()
    response = await owner.post("/spaces", json={"slug": f"s-{uuid4().hex[:12]}", "name": "Gardeners"})
    assert response.status_code == 201
    space = response.json()
    assert (await member.post(f"/spaces/{space['id']}/members")).status_code == 201
    return owner, member, space
