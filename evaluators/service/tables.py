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

MY_COLUMNS = """
SELECT table_name AS owner, column_name AS name, data_type AS kind, column_type AS whole,
       is_nullable = 'YES' AS nullable, extra LIKE '%GENERATED%' AS computed,
       coalesce(column_default, 'NULL') <> 'NULL' OR extra LIKE '%auto_increment%' AS has_default,
       coalesce(character_maximum_length, numeric_precision) AS length
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = database() AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position
"""
MY_KEYS = """
SELECT table_name AS owner, constraint_name AS name, column_name AS ours, referenced_table_name AS target,
       referenced_column_name AS theirs FROM information_schema.key_column_usage
WHERE table_schema = database() AND referenced_table_schema = database()
ORDER BY table_name, constraint_name, ordinal_position
"""
MY_INDEXES = """
SELECT table_name AS owner, index_name AS name, group_concat(column_name ORDER BY seq_in_index SEPARATOR '\\n') AS parts
FROM information_schema.statistics WHERE table_schema = database() AND non_unique = 0
GROUP BY table_name, index_name HAVING count(sub_part) = 0 ORDER BY table_name, index_name
"""
MY_CHECKS = """
SELECT table_name AS owner, constraint_name AS name, check_clause AS body FROM information_schema.check_constraints
WHERE constraint_schema = database() ORDER BY table_name, constraint_name
"""
MY_TYPES = {
    "tinyint(1)": "boolean",
    "bit(1)": "boolean",
    "mediumint": "int",
    "datetime": "timestamp",
    "year": "smallint",
}
"""MySQL's names of types -> the ones that the rest of the gate reads."""


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
    """Every table of the database behind a connection of psycopg, pymysql or sqlite3, by name."""
    return {"postgres": _postgres, "mysql": _mysql}.get(dialect, _sqlite)(session)


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


def _mysql(session: Any) -> tuple[Table, ...]:
    from evaluators.service.mariadb_session import fetched

    columns: dict[str, list[Column]] = {}
    checks: dict[str, list[Check]] = {}
    documents = set()
    for each in fetched(session, MY_CHECKS):
        document = re.fullmatch(r'json_valid\("(.*)"\)', each["body"])
        if document:
            documents.add((each["owner"], document.group(1)))
        else:
            checks.setdefault(each["owner"], []).append(_my_check(each["name"], each["body"]))
    for each in fetched(session, MY_COLUMNS):
        is_document = (each["owner"], each["name"]) in documents
        columns.setdefault(each["owner"], []).append(_my_column(each, is_document))
    foreign: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for each in fetched(session, MY_KEYS):
        foreign.setdefault(each["owner"], {}).setdefault(each["name"], []).append(each)
    indexes: dict[str, dict[str, tuple[str, ...]]] = {}
    for each in fetched(session, MY_INDEXES):
        indexes.setdefault(each["owner"], {})[each["name"]] = tuple(each["parts"].split("\n"))
    return tuple(
        Table(
            name,
            tuple(columns[name]),
            indexes.get(name, {}).get("PRIMARY", ()),
            tuple(
                ForeignKey(tuple(p["ours"] for p in parts), parts[0]["target"], tuple(p["theirs"] for p in parts))
                for parts in foreign.get(name, {}).values()
            ),
            tuple(checks.get(name, ())),
            tuple(dict.fromkeys(parts[0] for parts in indexes.get(name, {}).values() if len(parts) == 1)),
        )
        for name in sorted(columns)
    )


LENGTHS = {"char", "varchar", "binary", "varbinary", "decimal"}


def _my_column(each: dict[str, Any], document: bool) -> Column:
    """A column as MariaDB tells it; a type as the rest of the gate reads it: `mediumtext` is text."""
    kind = MY_TYPES.get(each["whole"]) or MY_TYPES.get(each["kind"])
    kind = kind or re.sub(r"^(?:tiny|medium|long)(?=text|blob)", "", each["kind"])
    labels = re.findall(r"'((?:[^']|'')*)'", each["whole"]) if kind in ("enum", "set") else ()
    return Column(
        each["name"],
        "json" if document else kind,
        bool(each["nullable"]),
        bool(each["has_default"]),
        bool(each["computed"]),
        tuple(label.replace("''", "'") for label in labels),
        int(each["length"]) if kind in LENGTHS and each["length"] is not None else None,
    )


def _my_check(name: str, clause: str) -> Check:
    """A CHECK as MariaDB tells it, in the words in which the others do."""
    text = re.sub(r"\\(.)", lambda found: "''" if found.group(1) == "'" else found.group(1), clause)
    names = re.findall(r'"([^"]+)"', re.sub(r"'(?:[^']|'')*'", "", text))
    text = re.sub(r"\bnot regexp\b", "!~", text, flags=re.IGNORECASE)
    return Check(name, re.sub(r"\bregexp\b", "~", text, flags=re.IGNORECASE), tuple(dict.fromkeys(names)))


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
