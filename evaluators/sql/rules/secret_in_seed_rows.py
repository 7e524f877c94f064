"""Rule secret-in-seed-rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema

_KEPT = {"password", "passwd", "pwd", "secret", "token", "passphrase"}
_HASH = re.compile(
    r"\$\w+\$|\{\w+\}|pbkdf2|scrypt|argon2|bcrypt|[0-9a-f]{32,}$|[A-Za-z0-9+/_-]{40,}={0,2}$", re.IGNORECASE
)
_BLANK = re.compile(r"<.*>|\$\{?\w+\}?|:\w+|%\(?\w*\)?s|\?|x+|\*+|!|-|disabled|none|null|n/a", re.IGNORECASE)
_TOKEN = re.compile(
    r"sk_live_\w{16,}|rk_live_\w{16,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[abp]-[\w-]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|AIza[\w-]{35}|SG\.[\w-]{20,}\.[\w-]{20,}"
)
_ROLE = re.compile(
    r"(?:create|alter)\s+(?:role|user|login)\b[^;]*?\b(?:password|identified\s+by)\s*=?\s*(?:N|E)?'((?:[^']|'')+)'",
    re.IGNORECASE,
)


@rule("secret-in-seed-rows", family="sql", severity=Severity.WARNING, security=True)
def secret_in_seed_rows(schema: Schema) -> Iterator[Flaw]:
    """A script writes a password or a key into the database in plain text.

    Why: It is in the repository's history for good, and the same one works wherever
    the script ran. Judged are values in columns for passwords and secrets that are
    no hash, tokens by their known forms, and CREATE ROLE ... PASSWORD.

    Bad:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            password_hash text NOT NULL
        );
        INSERT INTO users (email, password_hash) VALUES ('admin@example.com', 'Summer2026!');
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            password_hash text NOT NULL
        );
        INSERT INTO users (email, password_hash) VALUES ('admin@example.com', current_setting('app.admin_hash'));
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            password_hash text NOT NULL
        );
        INSERT INTO users (email, password_hash)
        VALUES ('a@example.com', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA'), ('b@example.com', '');
        ```

    Precision: Hashes are told by their form ($2b$, $argon2, pbkdf2, long
    hexadecimal), placeholders by theirs ($1, :name, <...>, changeme-like words
    count as passwords). Values that a query computes are not seen.

    Source: CWE-798; OWASP Secrets Management Cheat Sheet.
    """
    for statement in schema.statements:
        found = _ROLE.match(statement.text)
        if found and not _HASH.match(found[1]) and not _BLANK.fullmatch(found[1]) and "SCRAM-SHA-256$" not in found[1]:
            at = statement.at(found.start(1))
            yield Flaw(_head(statement.text), at, "The password of a role is written in plain text.", hint=_HINT)
    for insert in schema.inserts:
        table = schema.table(insert.table)
        names = insert.columns or tuple(column.name for column in table.columns if table) if table else insert.columns
        for row in insert.rows:
            for name, value in zip(names, row, strict=False) if names else (("", each) for each in row):
                text = value[1:-1] if value[:1] == "'" else ""
                plain = bool(_KEPT & set(words(name))) and not _EXEMPT & set(words(name)) and _secret(text)
                if plain or _TOKEN.search(text):
                    at, where = insert.at, f"{insert.table}.{name}" if name else insert.table
                    yield Flaw(
                        where,
                        at,
                        f"A row of {insert.table} holds a secret in plain text ({name or 'a key'}).",
                        hint=_HINT,
                    )
                    break


_HINT = "Take it from the environment when the script runs, and change the one that was published."
_EXEMPT = {"type", "at", "id", "name", "count", "url", "expires", "expiry", "hint", "policy", "reset"}


def _secret(text: str) -> bool:
    """Whether a value in a secret's column is one: neither a hash nor a placeholder."""
    return len(text) >= 4 and not _HASH.match(text) and not _BLANK.fullmatch(text)


def _head(text: str) -> str:
    """The statement's first words, without the password."""
    return " ".join(text.split()[:3])
