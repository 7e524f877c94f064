from sqlalchemy import select

from app import cli
from app.config import get_settings
from app.models import Part, PartStock


def run(monkeypatch, settings, *argv: str) -> None:
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    get_settings.cache_clear()
    try:
        cli.main(list(argv))
    finally:
        get_settings.cache_clear()


def test_people_and_keys(monkeypatch, settings, sessions, client_as, capsys):
    monkeypatch.setenv("FLEET_NEW_USER_PASSWORD", "another long password")
    run(monkeypatch, settings, "create-user", "Boss@fleet.example", "Boss", "--role", "administrator")
    client = client_as()
    login = client.post("sessions", json={"email": "boss@fleet.example", "password": "another long password"})
    assert login.json()["roles"] == ["administrator"]

    run(monkeypatch, settings, "create-api-key", "telematics", "--role", "viewer")
    key = capsys.readouterr().out.splitlines()[0].removeprefix("X-API-Key: ")
    assert client_as().get("vehicles", headers={"X-API-Key": key}).status_code == 200


def test_stock_is_imported_and_updated(monkeypatch, settings, sessions, tmp_path):
    run(monkeypatch, settings, "add-depot", "north", "North", "2 Hill street", "Europe/Lisbon")
    file = tmp_path / "stock.csv"
    for quantity in (4, 9):
        file.write_text(
            "sku,name,unit_price_cents,currency,quantity,reorder_level\n"
            f"lamp-12v,Tail lamp LED,1100,EUR,{quantity},3\n"
        )
        run(monkeypatch, settings, "import-stock", "NORTH", str(file))
    with sessions.read() as db:
        assert db.scalars(select(Part.unit_price_cents)).all() == [1100]
        assert sorted(db.scalars(select(PartStock.quantity))) == [2, 9]
