"""Rule tenant-missing-in-unique-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_people, words
from evaluators.sql.schema import Schema, Table

_WORLDWIDE = {
    "token", "hash", "secret", "key", "external", "uuid", "guid", "ulid", "digest", "fingerprint", "checksum",
    "subject", "sub", "url", "uri", "host", "hostname", "subdomain", "domain", "id", "ref", "stripe", "provider",
    "email", "login", "username", "handle", "phone", "iban", "serial", "imei", "mac", "address", "public", "short",
    "path", "etag", "invite", "invitation", "api", "device", "license", "nonce", "signature",
}  # fmt: skip
"""Words of what is unique in the world or made up at random, whoever owns the row."""


@rule("tenant-missing-in-unique-key", family="sql", severity=Severity.WARNING)
def tenant_missing_in_unique_key(schema: Schema) -> Iterator[Flaw]:
    """A tenant's own code or name is unique over all tenants, unlike in other tables.

    Why: One tenant takes the code from all others, and the refusal tells them that
    somebody has it. The other tables hold such names unique within a tenant.

    Bad:
        ```sql schema.sql
        CREATE TABLE shops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            name text NOT NULL,
            UNIQUE (shop_id, name)
        );
        CREATE TABLE shelves (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            label text NOT NULL,
            UNIQUE (shop_id, label)
        );
        CREATE TABLE discounts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            code text NOT NULL,
            UNIQUE (shop_id, code)
        );
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            code text NOT NULL UNIQUE
        );
        CREATE INDEX products_shop_id_idx ON products (shop_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE shops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            name text NOT NULL,
            UNIQUE (shop_id, name)
        );
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            code text NOT NULL,
            UNIQUE (shop_id, code)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE shops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            name text NOT NULL,
            UNIQUE (shop_id, name)
        );
        CREATE TABLE shelves (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            label text NOT NULL,
            UNIQUE (shop_id, label)
        );
        CREATE TABLE discounts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            code text NOT NULL,
            UNIQUE (shop_id, code)
        );
        CREATE TABLE invitations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            shop_id bigint NOT NULL REFERENCES shops (id) ON DELETE CASCADE,
            token_hash text NOT NULL UNIQUE
        );
        CREATE INDEX invitations_shop_id_idx ON invitations (shop_id);
        ```

    Precision: A tenant is what four tables and half of all reference by the same
    required column, three of them in a unique key with a text of their own. Tokens,
    addresses, domains and ids of others are unique in the world and left alone, by
    their names; so are keys that hold a reference.

    Source: CWE-204; PostgreSQL manual, 5.5.3 Unique Constraints.
    """
    for tenant, target in _tenants(schema):
        mine = [table for table in schema.tables if _within(table, tenant)]
        scoped = [table for table in mine if any(tenant in names and _texts(table, names) for names, _ in _keys(table))]
        if len(mine) < 4 or len(mine) * 2 < len(schema.tables) or len(scoped) < 3:
            continue
        loose = [(table, names, at) for table in mine for names, at in _keys(table) if _own(table, names)]
        if len(loose) * 3 > len(scoped):
            continue
        for table, names, at in loose:
            yield Flaw(
                f"{table.key}.{', '.join(names)}",
                at,
                f"{table.key} ({', '.join(names)}) is unique over all {target}, in {len(scoped)} tables within one.",
                hint=f"UNIQUE ({', '.join((tenant, *names))})",
            )


def _tenants(schema: Schema) -> tuple[tuple[str, str], ...]:
    """(column, table) of each single reference that two tables or more share, people left out."""
    found: dict[tuple[str, str], int] = {}
    for table in schema.tables:
        for key in table.foreign_keys:
            target = schema.table(key.target)
            if len(key.columns) == 1 and target is not None and target is not table and not is_people(target):
                found[key.columns[0], key.target] = found.get((key.columns[0], key.target), 0) + 1
    return tuple(sorted(pair for pair, count in found.items() if count > 1))


def _within(table: Table, tenant: str) -> bool:
    """Whether each row of the table has a tenant."""
    column = table.column(tenant)
    return column is not None and not column.nullable


def _keys(table: Table) -> tuple[tuple[tuple[str, ...], Location], ...]:
    """The unique keys but the primary one, with their places; partial indexes count."""
    keys = [(key.columns, key.at) for key in table.keys if not key.primary]
    return (*keys, *((index.columns, index.at) for index in table.indexes if index.unique and not index.expressions))


def _texts(table: Table, names: tuple[str, ...]) -> bool:
    """Whether a text that is no reference is among the columns."""
    found = [column for name in names if (column := table.column(name)) is not None]
    return any(column.type.is_text and table.foreign_key_of(column.name) is None for column in found)


def _own(table: Table, names: tuple[str, ...]) -> bool:
    """Whether a key is made of texts and numbers that a tenant gives, none of them unique in the world."""
    found = [column for name in names if (column := table.column(name)) is not None]
    if len(found) != len(names) or not _texts(table, names):
        return False
    plain = all(column.type.family in ("text", "integer", "enum", "date") and not column.generated for column in found)
    said = {word for name in names for word in words(name)}
    return plain and not said & _WORLDWIDE and not any(table.foreign_key_of(name) for name in names)
