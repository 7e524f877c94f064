"""Rule foreign-key-to-nothing."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_PROVIDED = {"postgres": ("auth.", "storage.", "cron.", "vault.", "extensions.")}
"""Schemas that a hosted PostgreSQL brings along."""


@rule("foreign-key-to-nothing", family="sql")
def foreign_key_to_nothing(schema: Schema) -> Iterator[Flaw]:
    """A foreign key points at a table or column that the schema never creates.

    Why: PostgreSQL, MySQL and SQL Server refuse the statement; SQLite takes it
    and then refuses every insert. The schema cannot be used as it stands.

    Bad:
        ```sql schema.sql
        CREATE TABLE order_items (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            product_id bigint NOT NULL REFERENCES products (id) ON DELETE RESTRICT
        );
        CREATE INDEX order_items_product_id_idx ON order_items (product_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
        );
        CREATE TABLE order_items (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            product_id bigint NOT NULL REFERENCES products (id) ON DELETE RESTRICT
        );
        CREATE INDEX order_items_product_id_idx ON order_items (product_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE);
        CREATE TABLE nodes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            parent_id bigint REFERENCES nodes (id)
        );
        ```

    Precision: Exact within the files that were read: a table that another
    repository creates is missing here. What a hosted PostgreSQL brings (auth,
    storage) is known.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys.
    """
    for table in schema.tables:
        for key in table.foreign_keys:
            target = schema.table(key.target)
            if target is None:
                if not key.target or key.target.startswith(_PROVIDED.get(schema.dialect, ("\0",))):
                    continue
                yield Flaw(
                    f"{table.key}.{', '.join(key.columns)}",
                    key.at,
                    f"{table.key} ({', '.join(key.columns)}) references {key.target}, a table that is never created.",
                    hint=f"Create {key.target} before {table.key}, or drop the reference.",
                )
                continue
            lost = [name for name in key.target_columns if target.column(name) is None]
            own = [name for name in key.columns if table.column(name) is None]
            if (lost and not target.opaque) or (own and not table.opaque):
                missing = f"{target.key}.{lost[0]}" if lost and not target.opaque else f"{table.key}.{own[0]}"
                yield Flaw(
                    f"{table.key}.{', '.join(key.columns)}",
                    key.at,
                    f"The foreign key {table.key} ({', '.join(key.columns)}) names the column {missing}, "
                    "which does not exist.",
                )
