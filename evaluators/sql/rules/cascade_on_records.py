"""Rule cascade-on-records."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_money, is_people, singular, words
from evaluators.sql.schema import Schema, Table

_MONEY_RECORDS = {"transaction", "transfer", "payment", "invoice", "refund", "repayment", "payout", "charge"}
_TENANTS = {"tenant", "workspace", "organization", "organisation", "org", "company", "team"}
_RECORDS = {
    "transaction",
    "transfer",
    "payment",
    "ledger",
    "audit",
    "invoice",
    "refund",
    "journal",
    "repayment",
    "payout",
    "charge",
}


@rule("cascade-on-records", family="sql", severity=Severity.WARNING)
def cascade_on_records(schema: Schema) -> Iterator[Flaw]:
    """Deleting a person, an account or an order deletes the records of money or the audit trail.

    Why: What was paid stays paid, and the law wants the books. Lines that
    belong to a record may go with it; the record may not go with its owner.

    Bad:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE payments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            amount numeric(19, 4) NOT NULL CHECK (amount > 0)
        );
        CREATE INDEX payments_user_id_idx ON payments (user_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE payments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
            amount numeric(19, 4) NOT NULL CHECK (amount > 0)
        );
        CREATE INDEX payments_user_id_idx ON payments (user_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE payments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users (id) ON DELETE RESTRICT
        );
        CREATE TABLE payment_refunds (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            payment_id bigint NOT NULL REFERENCES payments (id) ON DELETE CASCADE
        );
        ```

    Precision: By the names of both tables: records are payments, invoices, ledgers,
    audits and the like, owners are people and accounts; where a table of payments
    keeps an amount, anything that is no record itself (an order, a booking). Tenants
    that go with all they have are left alone. A cascade over two steps is not
    followed.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys (the choice of an action).
    """
    for table in schema.tables:
        if not _RECORDS & {singular(word) for word in words(table.name)}:
            continue
        for key in table.foreign_keys:
            target = schema.table(key.target)
            owner = key.target == "auth.users" or (target is not None and is_people(target))
            if key.on_delete == "cascade" and (owner or (target is not None and _paid_for(table, target))):
                yield Flaw(
                    f"{table.key}.{', '.join(key.columns)}",
                    key.at,
                    f"Deleting a row of {key.target} deletes its {table.key}.",
                    hint="Use ON DELETE RESTRICT, and close or anonymize the owner instead.",
                )


def _paid_for(table: Table, target: Table) -> bool:
    """Whether a table keeps money that changed hands, and `target` is what it was for."""
    record, about = words(table.name), {singular(word) for word in words(target.name)}
    if not record or singular(record[-1]) not in _MONEY_RECORDS or about & (_RECORDS | _TENANTS):
        return False
    return any(is_money(table, column) for column in table.columns)
