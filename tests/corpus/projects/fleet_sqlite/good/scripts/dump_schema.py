"""Write schema.sql, the schema that the migrations lead to. Run after adding a migration."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from app.database import make_engine

ROOT = Path(__file__).parent.parent


def migrate(engine: Engine, revision: str = "head") -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["configure_logger"] = False
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def dump(connection: sqlite3.Connection) -> str:
    """Tables in the order of their creation, each followed by its indexes and triggers."""
    statements = connection.execute(
        """
        SELECT m.sql
        FROM sqlite_schema m
        JOIN sqlite_schema t ON t.name = m.tbl_name AND t.type = 'table'
        WHERE m.sql IS NOT NULL AND m.tbl_name <> 'alembic_version'
        ORDER BY t.rowid, m.type = 'table' DESC, m.rowid
        """
    )
    body = "\n\n".join(
        "\n".join(line.rstrip().replace("\t", "    ") for line in sql.strip().splitlines()) + ";"
        for (sql,) in statements
    )
    return (
        "-- Written by `python -m scripts.dump_schema` from the migrations. Do not edit.\n\n"
        "PRAGMA foreign_keys = ON;\n\n" + body + "\n"
    )


def current_schema() -> str:
    engine = make_engine("sqlite:///:memory:")
    try:
        migrate(engine)
        with engine.connect() as connection:
            return dump(connection.connection.driver_connection)
    finally:
        engine.dispose()


if __name__ == "__main__":
    (ROOT / "schema.sql").write_text(current_schema())
