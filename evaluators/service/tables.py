"""The tables of a live database as the gate finds them, for filling them with rows."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

PG_COLUMNS = """
SELECT c.oid, n.nspname, c.relname, a.attname,
       coalesce(format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END,
                            CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END), ''),
       NOT (a.attnotnull OR t.typnotnull), a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL,
       a.attidentity = 'a' OR a.attgenerated <> '',
       ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = a.atttypid ORDER BY enumsortorder),
       ARRAY(SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid = a.atttypid AND contype = 'c')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_'
  AND n.nspname NOT IN ('information_schema', 'backwright_sealed')
ORDER BY n.nspname, c.relname, a.attnum
"""
PG_CONSTRAINTS = """
SELECT k.conrelid, k.conname, k.contype::text, pg_get_constraintdef(k.oid), k.confrelid,
       ARRAY(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place),
       ARRAY(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(number, place)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place)
FROM pg_constraint k WHERE k.conrelid <> 0 ORDER BY k.conrelid, k.conname
"""
PG_UNIQUE = """
SELECT i.indrelid, a.attname::text FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indisunique AND i.indnkeyatts = 1 AND i.indpred IS NULL AND i.indexprs IS NULL ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Column:
    """A column; `type` is in lower case without its length, which is in `length`."""

    name: str
    type: str
    nullable: bool
    has_default: bool
    computed: bool
    """Cannot be written: generated, or always an identity."""
    labels: tuple[str, ...] = ()
    """The values of an enumeration."""
    length: int | None = None


@dataclass(frozen=True)
class ForeignKey:
    """Columns that point to another table's columns."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """A CHECK constraint: its name and its text."""

    name: str
    text: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; `name` is `schema.table`, without `public.`."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    checks: tuple[Check, ...]
    unique: tuple[str, ...] = ()
    """Columns that are unique for themselves, the key's among them."""

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


def tables_of(session: Any, dialect: str) -> tuple[Table, ...]:
    """Every table of the database behind a connection of psycopg or sqlite3, by name."""
    return _postgres(session) if dialect == "postgres" else _sqlite(session)


def _typed(text: str) -> tuple[str, int | None]:
    """`character varying(20)` -> (`character varying`, 20)."""
    found = re.search(r"\((\d+)", text)
    bare = re.sub(r"\s*\([^)]*\)", "", text).strip().lower()
    return bare, int(found.group(1)) if found else None


def _postgres(session: Any) -> tuple[Table, ...]:
    columns: dict[int, list[Column]] = {}
    names: dict[int, str] = {}
    checks: dict[int, list[Check]] = {}
    for oid, schema, table, name, type_, nullable, default, computed, labels, domain in session.execute(PG_COLUMNS):
        names[oid] = table if schema == "public" else f"{schema}.{table}"
        bare, length = _typed(type_)
        columns.setdefault(oid, []).append(Column(name, bare, nullable, default, computed, tuple(labels), length))
        checks.setdefault(oid, []).extend(Check("", text.replace("VALUE", name), (name,)) for text in domain)
    keys: dict[int, tuple[str, ...]] = {}
    foreign: dict[int, list[ForeignKey]] = {}
    for oid, name, kind, text, target, ours, theirs in session.execute(PG_CONSTRAINTS):
        if kind == "p":
            keys[oid] = tuple(ours)
        elif kind == "f" and target in names:
            foreign.setdefault(oid, []).append(ForeignKey(tuple(ours), names[target], tuple(theirs)))
        elif kind == "c" and oid in names:
            checks.setdefault(oid, []).append(Check(name, text, tuple(ours)))
    unique: dict[int, list[str]] = {}
    for oid, name in session.execute(PG_UNIQUE):
        unique.setdefault(oid, []).append(name)
    made = (
        Table(
            name,
            tuple(columns[oid]),
            keys.get(oid, ()),
            tuple(foreign.get(oid, ())),
            tuple(checks.get(oid, ())),
            tuple(unique.get(oid, ())),
        )
        for oid, name in names.items()
    )
    return tuple(sorted(made, key=lambda table: table.name))


def _sqlite(session: sqlite3.Connection) -> tuple[Table, ...]:
    listed = session.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
    ).fetchall()
    return tuple(_sqlite_table(session, name, text or "") for name, text in listed)


def _sqlite_table(session: sqlite3.Connection, name: str, text: str) -> Table:
    columns: list[Column] = []
    key: list[tuple[int, str]] = []
    for _, column, type_, required, default, place, hidden in session.execute(
        "SELECT * FROM pragma_table_xinfo(?)", (name,)
    ):
        bare, length = _typed(type_)
        row_id = bool(place) and bare == "integer"
        columns.append(
            Column(column, bare, not required and not place, default is not None or row_id, hidden > 1, (), length)
        )
        if place:
            key.append((place, column))
    foreign: dict[int, list[tuple[str, str, str]]] = {}
    for number, _, table, ours, theirs, *_ in session.execute("SELECT * FROM pragma_foreign_key_list(?)", (name,)):
        foreign.setdefault(number, []).append((table, ours, theirs or "id"))
    keys = tuple(
        ForeignKey(tuple(each[1] for each in parts), parts[0][0], tuple(each[2] for each in parts))
        for _, parts in sorted(foreign.items())
    )
    names = [column.name for column in columns]
    checks = tuple(
        Check(called, body, tuple(each for each in names if re.search(rf"\b{re.escape(each)}\b", body)))
        for called, body in _checks(text)
    )
    primary = tuple(column for _, column in sorted(key))
    unique = [primary[0]] if len(primary) == 1 else []
    for _, index, is_unique, _, partial in session.execute("SELECT * FROM pragma_index_list(?)", (name,)).fetchall():
        inside = [column for _, _, column in session.execute("SELECT * FROM pragma_index_info(?)", (index,))]
        unique += inside if is_unique and not partial and len(inside) == 1 and inside[0] else []
    return Table(name, tuple(columns), primary, keys, checks, tuple(dict.fromkeys(unique)))


def _checks(text: str) -> list[tuple[str, str]]:
    """(name, or nothing; body) of the CHECKs in a CREATE TABLE."""
    found = []
    for start in re.finditer(r'(?:\bCONSTRAINT\s+["`]?(\w+)["`]?\s+)?\bCHECK\s*\(', text, re.IGNORECASE):
        depth, place = 1, start.end()
        while place < len(text) and depth:
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            place += 1
        found.append((start.group(1) or "", text[start.end() : place - 1]))
    return found
