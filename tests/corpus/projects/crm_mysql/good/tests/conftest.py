from __future__ import annotations

from datetime import datetime, timedelta, timezone

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app import create_app
from app.config import Settings
from tests.fakes import FakeUnitOfWork, Store

ISSUER = "https://id.crm.example/"
AUDIENCE = "https://api.crm.example"
ALL_SCOPES = "crm:read crm:write catalog:write billing:read billing:write"


@pytest.fixture(scope="session")
def signing_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def settings(signing_key):
    public_key = signing_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Settings(
        mysql_host="unused",
        mysql_port=3306,
        mysql_database="unused",
        mysql_user="unused",
        mysql_password="unused",
        mysql_ssl_ca=None,
        mysql_pool_size=1,
        jwt_issuer=ISSUER,
        jwt_audience=AUDIENCE,
        jwt_public_key=public_key.decode(),
    )


@pytest.fixture
def clock():
    """The time the application sees; tests move it."""

    class Clock:
        now = datetime(2025, 3, 3, 9, 15)

        def __call__(self):
            return self.now

    return Clock()


@pytest.fixture
def holder():
    return {"store": Store()}


@pytest.fixture
def store(holder):
    """The committed state, read anew at each use."""

    class View:
        def __getattr__(self, name):
            return getattr(holder["store"], name)

    return View()


@pytest.fixture
def uow_factory(holder):
    return lambda: FakeUnitOfWork(holder)


@pytest.fixture
def app(settings, uow_factory, clock):
    return create_app(settings, uow_factory=uow_factory, clock=clock)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def token(signing_key):
    def make(subject="sub-owner", workspace_id=1, scope=ALL_SCOPES, **changes):
        now = datetime.now(timezone.utc)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": now,
            "exp": now + timedelta(minutes=10),
            "workspace_id": workspace_id,
            "scope": scope,
            **changes,
        }
        return jwt.encode(claims, signing_key, algorithm="RS256")

    return make


@pytest.fixture
def headers(token):
    def make(*args, key=None, **kwargs):
        result = {"Authorization": f"Bearer {token(*args, **kwargs)}"}
        if key is not None:
            result["Idempotency-Key"] = key
        return result

    return make
