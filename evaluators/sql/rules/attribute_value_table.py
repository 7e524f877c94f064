"""Rule attribute-value-table."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, singular, words
from evaluators.sql.schema import Column, Schema, Table

_NAMES = {"attribute", "attr", "property", "field", "meta"}
_PAIRS = {"setting", "preference", "config", "configuration", "translation", "label", "header", "option", "cache"}


@rule("attribute-value-table", family="sql", severity=Severity.WARNING)
def attribute_value_table(schema: Schema) -> Iterator[Flaw]:
    """A table keeps attributes as rows: an entity, an attribute's name, and a value as text.

    Why: No value has a type, a CHECK, NOT NULL or a foreign key, an entity is put
    together from as many joins as it has attributes, and a misspelled name is a new
    attribute. Real columns, or one jsonb column for what is really open, say more.

    Bad:
        ```sql schema.sql
        CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE product_attributes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
            attribute_name text NOT NULL,
            attribute_value text NOT NULL,
            UNIQUE (product_id, attribute_name)
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            colour text NOT NULL,
            weight_grams integer NOT NULL CHECK (weight_grams > 0),
            attributes jsonb NOT NULL DEFAULT '{}'
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE user_settings (
            user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            key text NOT NULL,
            value text NOT NULL,
            PRIMARY KEY (user_id, key)
        );
        ```

    Precision: Settings, preferences, translations, labels and headers are pairs by
    nature and are left alone, and so is a table without a reference. A shape under
    other names than attribute, property, field or meta is not seen unless the
    attribute is a reference itself.

    Source: Bill Karwin, SQL Antipatterns (Entity-Attribute-Value); sqlcheck.
    """
    for table in schema.tables:
        about = {singular(word) for word in words(table.name)}
        if not table.foreign_keys or about & _PAIRS or is_log(table):
            continue
        attribute = next((column for column in table.columns if _names_one(table, column, about)), None)
        values = [column for column in table.columns if "value" in words(column.name) and column is not attribute]
        entity = [key for key in table.foreign_keys if attribute is None or attribute.name not in key.columns]
        if attribute is None or not values or not entity or len(table.columns) > len(values) + 6:
            continue
        if any(table.foreign_key_of(column.name) or not column.type.is_text for column in values[:1]):
            continue
        yield Flaw(
            table.key,
            table.at,
            f"{table.key} keeps the attributes of {entity[0].target} as rows of {attribute.name} and {values[0].name}.",
            hint="Make them columns, or keep what is really open in one json column.",
        )


def _names_one(table: Table, column: Column, about: set[str]) -> bool:
    """Whether a column names an attribute, or points at a table of attributes."""
    parts = {singular(word) for word in words(column.name)}
    key = table.foreign_key_of(column.name)
    if key is not None:
        return bool(_NAMES & {singular(word) for word in words(key.target.split(".")[-1])})
    if not column.type.is_text or "value" in parts:
        return False
    return bool(_NAMES & parts) or (bool(_NAMES & about) and bool({"key", "name"} & parts))
