from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import utc_now
from app.models import ApiKey, LoginSession, User
from tests.conftest import PASSWORD

LOGIN = {"email": "Dispatch@fleet.example", "password": PASSWORD}


def test_without_key_or_session(client_as):
    response = client_as().get("vehicles")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthenticated"


def test_a_wrong_revoked_or_expired_key_is_refused(client_as, sessions):
    client = client_as()
    assert client.get("vehicles", headers={"X-API-Key": "guess"}).status_code == 401
    viewer, mechanic = client_as("viewer"), client_as("mechanic")
    assert viewer.get("vehicles").status_code == mechanic.get("vehicles").status_code == 200
    with sessions.write() as db, db.begin():
        now = utc_now()
        revoked = db.scalars(select(ApiKey).where(ApiKey.name == "viewer")).one()
        revoked.revoked_at = now
        expired = db.scalars(select(ApiKey).where(ApiKey.name == "mechanic")).one()
        expired.created_at, expired.expires_at = now - timedelta(days=2), now - timedelta(days=1)
    assert viewer.get("vehicles").status_code == mechanic.get("vehicles").status_code == 401


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("viewer", "POST", "trips"),
        ("mechanic", "POST", "trips"),
        ("dispatcher", "POST", "vehicles"),
        ("dispatcher", "POST", "service-orders"),
        ("viewer", "POST", "reminders/1/completion"),
    ],
)
def test_a_role_is_not_enough(client_as, role, method, path):
    response = client_as(role).request(method, path, json={})
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "forbidden"


def test_login_and_logout(client_as, sessions):
    client = client_as()
    response = client.post("sessions", json=LOGIN)
    assert response.status_code == 201
    assert response.json()["roles"] == ["dispatcher"]
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert client.get("vehicles").status_code == 200
    with sessions.read() as db:
        stored = db.scalars(select(LoginSession.token_hash)).one()
        assert stored not in cookie

    token = client.cookies["fleet_session"]
    assert client.delete("sessions/current").status_code == 204
    assert client.get("vehicles", headers={"Cookie": f"fleet_session={token}"}).status_code == 401


def test_a_session_ends_with_time_and_with_the_account(client_as, sessions):
    client = client_as()
    client.post("sessions", json=LOGIN)
    with sessions.write() as db, db.begin():
        db.get_one(User, 1).is_active = False
    assert client.get("vehicles").status_code == 401
    with sessions.write() as db, db.begin():
        db.get_one(User, 1).is_active = True
        login = db.scalars(select(LoginSession)).one()
        login.created_at, login.expires_at = utc_now() - timedelta(days=2), utc_now() - timedelta(days=1)
    assert client.get("vehicles").status_code == 401


def test_the_account_pauses_after_failures(client_as, sessions):
    client = client_as()
    for _ in range(5):
        assert client.post("sessions", json={**LOGIN, "password": "wrong"}).status_code == 401
    assert client.post("sessions", json=LOGIN).status_code == 401
    with sessions.write() as db, db.begin():
        user = db.get_one(User, 1)
        assert user.locked_until is not None
        user.locked_until = utc_now() - timedelta(seconds=1)
    assert client.post("sessions", json=LOGIN).status_code == 201


def test_an_unknown_address_gets_the_same_answer(client_as):
    client = client_as()
    unknown = client.post("sessions", json={**LOGIN, "email": "nobody@fleet.example"})
    wrong = client.post("sessions", json={**LOGIN, "password": "wrong"})
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()
