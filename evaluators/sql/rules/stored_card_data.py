"""Rule stored-card-data."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema

_CARD = {"cvv", "cvc", "cvv2", "card_number", "credit_card_number", "cc_number", "card_cvv", "card_cvc", "card_pin"}


@rule("stored-card-data", family="sql", security=True)
def stored_card_data(schema: Schema) -> Iterator[Flaw]:
    """A card's number or its security code is stored.

    Why: A security code may not be stored after the payment at all, encrypted
    or not, and a number only under rules that few services keep. The payment
    provider's token and the last four digits are enough.

    Bad:
        ```sql schema.sql
        CREATE TABLE cards (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            card_number text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE cards (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider_token text NOT NULL UNIQUE,
            card_last4 text NOT NULL CHECK (card_last4 ~ '^[0-9]{4}$')
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE cards (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            card_number_last4 text NOT NULL,
            card_number_hash bytea NOT NULL
        );
        ```

    Precision: By name. A card of another kind (a library's, a playing card) under
    the name card_number is reported.

    Source: PCI DSS 4.0, requirements 3.3 and 3.5; CWE-311.
    """
    for table in schema.tables:
        for column in table.columns:
            if "_".join(words(column.name)) in _CARD and column.type.family in ("text", "integer", "decimal"):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} stores card data.",
                    hint="Keep the payment provider's token and the last four digits.",
                )
