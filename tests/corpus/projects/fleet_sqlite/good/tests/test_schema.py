import re
import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from app.database import make_engine
from app.models import Base
from scripts.dump_schema import ROOT, current_schema, migrate

CHECK = re.compile(r"CONSTRAINT (ck_\w+)\s+CHECK \((.*?)\)(?=,?\s*(?:$|CONSTRAINT|\w+ (?:TEXT|INTEGER)))", re.M)


@pytest.fixture
def migrated():
    engine = make_engine("sqlite:///:memory:")
    migrate(engine)
    yield engine
    engine.dispose()


def checks_of(engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE type = 'table'").all()
    return {
        name: " ".join(text.split())
        for (sql,) in rows
        for name, text in CHECK.findall(sql)
    }


def test_schema_sql_is_what_the_migrations_lead_to():
    assert (ROOT / "schema.sql").read_text() == current_schema()


def test_schema_sql_loads_by_itself():
    connection = sqlite3.connect(":memory:")
    connection.executescript((ROOT / "schema.sql").read_text())
    tables = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()
    assert tables == (len(Base.metadata.tables),) == (21,)


def test_models_equal_the_migrations(migrated):
    with migrated.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_checks_and_columns_equal_the_migrations(migrated):
    created = make_engine("sqlite:///:memory:")
    Base.metadata.create_all(created)
    checks = checks_of(migrated)
    assert checks == checks_of(created)
    assert len(checks) > 100
    for table in Base.metadata.tables:
        columns = [
            {
                c["name"]: (str(c["type"]), c["nullable"], c["default"], c["primary_key"])
                for c in inspect(engine).get_columns(table)
            }
            for engine in (migrated, created)
        ]
        assert columns[0] == columns[1], table
    created.dispose()


def test_every_table_is_strict_and_foreign_keys_are_on(migrated):
    with migrated.connect() as connection:
        listed = connection.exec_driver_sql("PRAGMA table_list").all()
        strict = {row[1]: row[5] for row in listed}
        assert all(strict[table] for table in Base.metadata.tables)
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_every_foreign_key_is_indexed(migrated):
    inspector = inspect(migrated)
    for table in Base.metadata.tables:
        leading = [index["column_names"] for index in inspector.get_indexes(table)]
        leading += [unique["column_names"] for unique in inspector.get_unique_constraints(table)]
        leading.append(inspector.get_pk_constraint(table)["constrained_columns"])
        for key in inspector.get_foreign_keys(table):
            columns = key["constrained_columns"]
            assert any(index[: len(columns)] == columns for index in leading), (table, columns)


def test_migrations_go_down_again(migrated):
    migrate(migrated, "base")
    assert set(inspect(migrated).get_table_names()) == {"alembic_version"}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO depots (code, name, address, time_zone) VALUES ('main', 'x', 'y', 'Europe/Lisbon')",
        "INSERT INTO parts (sku, name, unit_price_cents, currency) VALUES ('A', 'x', 9.5, 'EUR')",
        "INSERT INTO parts (sku, name, unit_price_cents, currency) VALUES ('A', 'x', 9, 'eur')",
        "INSERT INTO vehicles (depot_id, registration, vin, make, model, model_year, fuel_type, acquired_on)"
        " VALUES (1, 'AA', 'WZ9ZZZ7TZKE004217', 'm', 'm', 2024, 'diesel', '2026-02-30')",
        "INSERT INTO vehicles (depot_id, registration, vin, make, model, model_year, fuel_type, acquired_on)"
        " VALUES (99, 'AA', 'WZ9ZZZ7TZKE004217', 'm', 'm', 2024, 'diesel', '2026-02-20')",
    ],
    ids=["lower-case code", "fractional cents", "lower-case currency", "no such day", "no such depot"],
)
def test_the_database_refuses(migrated, statement):
    with migrated.connect() as connection:
        with connection.begin():
            connection.exec_driver_sql(
                "INSERT INTO depots (id, code, name, address, time_zone) VALUES (1, 'AA', 'x', 'y', 'UTC')"
            )
        with pytest.raises(IntegrityError), connection.begin():
            connection.exec_driver_sql(statement)
