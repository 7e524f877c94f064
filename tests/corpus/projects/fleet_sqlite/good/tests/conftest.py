from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from app.database import Sessions, make_engine
from app.main import create_app
from app.models import ApiKey, Depot, Part, PartStock, Role, RoleCode, User
from app.security import password_hasher, token_hash
from scripts.dump_schema import migrate

PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def password_hash() -> str:
    return password_hasher.hash(PASSWORD)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None, database_url=f"sqlite:///{tmp_path / 'fleet.db'}", session_cookie_secure=False
    )


@pytest.fixture
def sessions(settings: Settings, password_hash: str) -> Iterator[Sessions]:
    engine = make_engine(settings.database_url)
    migrate(engine)
    sessions = Sessions(engine)
    with sessions.write() as db, db.begin():
        db.add(Depot(id=1, code="MAIN", name="Main", address="1 Harbour road", time_zone="Europe/Lisbon"))
        db.add(Part(id=7, sku="LAMP-12V", name="Tail lamp", unit_price_cents=900, currency="EUR"))
        db.flush()
        db.add(PartStock(depot_id=1, part_id=7, quantity=2, reorder_level=2))
        for role in RoleCode:
            db.add(ApiKey(name=role.value, key_hash=token_hash(f"{role.value}-key"), role_code=role))
        dispatcher = db.get_one(Role, RoleCode.DISPATCHER)
        db.add(
            User(
                id=1,
                email="dispatch@fleet.example",
                display_name="Dispatch",
                password_hash=password_hash,
                roles=[dispatcher],
            )
        )
    yield sessions
    engine.dispose()


@pytest.fixture
def app(settings: Settings, sessions: Sessions):
    app = create_app(settings)
    yield app
    app.state.sessions.engine.dispose()


@pytest.fixture
def client_as(app):
    """Clients that send the key of a role; without a role, no key."""

    def make(role: str | None = None) -> TestClient:
        headers = {"X-API-Key": f"{role}-key"} if role else {}
        return TestClient(
            app, base_url="http://test/v1/", headers=headers, raise_server_exceptions=False
        )

    return make


@pytest.fixture
def admin(client_as) -> TestClient:
    return client_as("administrator")


@pytest.fixture
def vehicle(admin: TestClient) -> dict:
    response = admin.post(
        "vehicles",
        json={
            "depotId": 1,
            "registration": "AB-123-CD",
            "vin": "WZ9ZZZ7TZKE004217",
            "make": "Norda",
            "model": "Cargo 35",
            "modelYear": 2024,
            "fuelType": "diesel",
            "requiredLicence": "C",
            "odometerKm": 1000,
            "acquiredOn": "2026-02-02",
        },
    )
    assert response.status_code == 201, response.text
    return response.json()


@pytest.fixture
def driver(admin: TestClient) -> dict:
    response = admin.post(
        "drivers",
        json={
            "depotId": 1,
            "employeeNumber": "E-2047",
            "fullName": "Test Driver",
            "licenceNumber": "L-4471902",
            "licenceClass": "CE",
            "licenceExpiresOn": "2090-08-31",
        },
    )
    assert response.status_code == 201, response.text
    return response.json()
