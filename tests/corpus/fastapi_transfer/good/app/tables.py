"""The tables, as schema.sql makes them."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, MetaData, String, Table, func

Key = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", Key, primary_key=True),
    Column("email", String, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("owner_id", Key, ForeignKey("users.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("balance_cents", BigInteger, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
transfers = Table(
    "transfers",
    metadata,
    Column("id", Key, primary_key=True),
    Column("from_account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("to_account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("note", String, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
