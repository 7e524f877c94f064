"""Rule stored-national-id."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema

_NAMES = {
    "ssn", "social_security_number", "social_security_no", "national_id", "national_id_number",
    "national_insurance_number", "passport_number", "passport_no", "drivers_license_number",
    "driver_license_number", "nino", "aadhaar", "aadhaar_number", "cpf", "personal_identity_number",
}  # fmt: skip


@rule("stored-national-id", family="sql", severity=Severity.WARNING, security=True)
def stored_national_id(schema: Schema) -> Iterator[Flaw]:
    """A number that identifies a person to the state is kept in plain text.

    Why: A social security or passport number cannot be changed after a leak, and
    opens accounts elsewhere. Keep it encrypted, or only its last digits, or do not
    keep it.

    Bad:
        ```sql schema.sql
        CREATE TABLE employees (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ssn text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE employees (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ssn_encrypted bytea NOT NULL,
            ssn_last4 text NOT NULL CHECK (ssn_last4 ~ '^[0-9]{4}$')
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE employees (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ssn bytea NOT NULL,
            tax_id_verified boolean NOT NULL DEFAULT false
        );
        ```

    Precision: By name, in columns of text or numbers. A company's tax number is
    public in many countries and is left alone.

    Source: NIST SP 800-122; CWE-312.
    """
    for table in schema.tables:
        for column in table.columns:
            if "_".join(words(column.name)) in _NAMES and column.type.family in ("text", "integer", "decimal"):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds a person's number in plain text.",
                    hint="Keep it encrypted, or only what is needed of it, such as the last digits.",
                )
