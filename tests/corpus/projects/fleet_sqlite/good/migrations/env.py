from logging.config import fileConfig
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Integer, TypeDecorator

from app.config import get_settings
from app.database import make_engine
from app.models import Base

config = context.config
if config.config_file_name is not None and config.attributes.get("configure_logger", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write plain storage types into migrations: they must not change when the models do."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.Integer()" if isinstance(item.impl, Integer) else "sa.Text()"
    return False


def configure(**options: Any) -> None:
    # SQLite runs DDL inside transactions, and app.database emits BEGIN itself: a migration that
    # fails leaves nothing behind.
    context.configure(
        target_metadata=Base.metadata,
        render_item=render_item,
        transactional_ddl=True,
        transaction_per_migration=True,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_offline() -> None:
    configure(url=get_settings().database_url, literal_binds=True, dialect_opts={"paramstyle": "named"})


def run_online(connection: Connection) -> None:
    configure(connection=connection)


if context.is_offline_mode():
    run_offline()
elif given := config.attributes.get("connection"):
    run_online(given)
else:
    engine = make_engine(get_settings().database_url)
    with engine.connect() as own:
        run_online(own)
    engine.dispose()
