"""Identities whose rows the gate wrote: a password, or a client's secret, whose hash it knows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.shapes import shape_of
from evaluators.service.database import Look
from evaluators.service.entering import FAILURES, Account, account, logins, media_of, open_posts, variants
from evaluators.service.lifting import put
from evaluators.service.member import quietly
from evaluators.service.oracle import Row
from evaluators.service.seeding import Seeds, plain
from evaluators.service.step import Watch
from evaluators.service.tables import Table
from evaluators.service.values import HASHES, PASSWORD
from evaluators.service.ways import Acceptance, Way, readings

FORMATS = (*HASHES, hashlib.sha256(PASSWORD.encode()).hexdigest(), PASSWORD)
"""The password as services keep it: argon2id, bcrypt, PBKDF2, SHA-256 in hexadecimal, plain."""
SECRET = re.compile(r"passw|pwd|hash|secret|digest", re.IGNORECASE)
HOLDER = re.compile(r"client|app|consumer|machine|service|integration|partner|credential|user|account|member", re.I)
NAMED = (r"client_?(id|key)", r"(^|_)key$|identifier", r"mail", r"user_?name|login|handle|nick", r"^id$", r"name|slug")
AMID = 3.5
"""The rank of a text that is a row's alone and whose name says nothing."""
TABLES = 4
NAMES = 3


@dataclass(frozen=True)
class Planted:
    """What worked: the table, the column of the hash, how it is written, and the way in."""

    table: Table
    column: str
    form: str
    way: Way

    def values(self, row: Row) -> list[tuple[str, object]]:
        """What a row is given, so that its identity gets in."""
        return _values(self.table, row, self.column, self.form)


def is_client(contract: Contract, operation: Operation) -> bool:
    """Whether an operation gives tokens to clients (RFC 6749, section 4.4)."""
    media = media_of(operation)
    names = shape_of(media.schema).names if media is not None and media.schema is not None else frozenset()
    granted = any(scheme.node.down("flows", "clientCredentials") is not None for scheme in contract.schemes)
    people = any(each for each in names if re.fullmatch(r"user_?name|e?-?mail", each, re.IGNORECASE))
    return (granted and "grant_type" in names and not people) or (
        {"client_id", "client_secret"} <= names and not people
    )


def candidates(seeds: Seeds) -> list[tuple[Table, list[str]]]:
    """Tables whose rows may be identities with a secret, likeliest first, with the columns that may hold its hash."""
    found = []
    for table in seeds.tables:
        columns = [column.name for column in table.columns if SECRET.search(column.name)
                   and re.match(r"text|char|varchar|character|citext|$", column.type)]  # fmt: skip
        if columns and len(table.key) == 1 and seeds.rows.get(table.name):
            found.append((table, columns))

    def rank(pair: tuple[Table, list[str]]) -> tuple[bool, bool, int]:
        owned = any(key.table == seeds.users for key in pair[0].foreign_keys)
        return pair[0].name != seeds.users, owned or not HOLDER.search(pair[0].name), len(pair[0].foreign_keys)

    return sorted(found, key=rank)[:TABLES]


def known_as(table: Table, row: Row, secret: str) -> tuple[str, ...]:
    """What a row may be called at a login, likeliest first: by names, a text of its own before ids."""

    def rank(name: str) -> float:
        known = next((n for n, pattern in enumerate(NAMED) if re.search(pattern, name, re.IGNORECASE)), len(NAMED))
        return AMID if known == len(NAMED) and _is_name(table, row, name) else known

    names = [column.name for column in table.columns if column.name != secret and row.get(column.name) is not None]
    names = [name for name in names if rank(name) < len(NAMED)]
    return tuple(dict.fromkeys(str(plain(row[name])) for name in sorted(names, key=rank)))[:NAMES]


def _is_name(table: Table, row: Row, name: str) -> bool:
    """Whether a column is a text that no other row has, and no key."""
    return isinstance(row.get(name), str) and name in table.unique and name not in table.key


def spelled(table: Table, row: Row, secret: str) -> Row:
    """The row with names that a login's body takes: without spaces."""
    texts = {name: value for name, value in row.items() if isinstance(value, str) and name not in (*table.key, secret)}
    named = {name for name in texts if any(re.search(pattern, name, re.IGNORECASE) for pattern in NAMED)}
    names = {name for name in named if any(re.search(pattern, name, re.IGNORECASE) for pattern in NAMED[:2])}
    names |= {name for name in texts if name not in named and _is_name(table, row, name)}
    return {**row, **{name: re.sub(r"\s+", "-", texts[name]) for name in names}}


def holder(who: str, table: Table, row: Row, secret: str) -> Account:
    """The account that a row is."""
    given = account(who)
    row = spelled(table, row, secret)
    given.rows = [(table.name, {name: plain(value) for name, value in row.items()})]
    given.known_as = known_as(table, row, secret)
    given.sent = {
        name: plain(value) for name, value in row.items()
        if isinstance(value, str) and name != secret and len(value) < 100
    }  # fmt: skip
    given.email = next((name for name in given.known_as if "@" in name), given.email)
    return given


def _values(table: Table, row: Row, column: str, form: str) -> list[tuple[str, object]]:
    changed = [(name, value) for name, value in spelled(table, row, column).items() if value != row[name]]
    return [(column, form), *changed]


async def planted(watch: Watch, look: Look, contract: Contract, seeds: Seeds, accepted: Acceptance) -> Planted | None:
    """Write known hashes into the seeded rows, each form into another row, and try to get in with them."""
    failed: Counter[str] = Counter()
    for table, columns in candidates(seeds):
        rows = [row for owned in seeds.rows[table.name].values() for row in owned]
        for column in columns:
            for number, form in enumerate(FORMATS):
                row = rows[number % len(rows)]
                if number >= FAILURES * len(rows) or not await put(look, table, row, _values(table, row, column, form)):
                    continue
                given = holder("a", table, row, column)
                async for way in _in(watch, contract, given, accepted, failed):
                    return Planted(table, column, form, way)
    return None


async def _in(
    watch: Watch, contract: Contract, given: Account, accepted: Acceptance, failed: Counter[str]
) -> AsyncIterator[Way]:
    """The ways by which an account gets in; `failed` counts what was refused, by the name that was sent."""
    clients = [op for op in open_posts(contract) if is_client(contract, op)]
    people = [op for op in logins(contract, given, None) if op not in clients]
    for operation in (*clients, *people):
        client = operation in clients
        for login in variants(operation, replace(given), client=client):
            name = login.called(given)
            if failed[name] >= FAILURES:
                continue
            step = await quietly(watch, login.request(given), {})
            if not 200 <= step.status < 400:
                failed[name] += 1
                continue
            for reading in readings(contract, [step], client=client):
                held = reading.of([step], given.who, given)
                if held is not None and await accepted.of(held.headers):
                    yield Way(login, reading)
                    return
