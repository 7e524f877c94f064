"""The facts are compared with PostgreSQL's own catalog after it ran the same file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import psycopg
import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.sql.live import loaded_database
from evaluators.sql.schema import Table, schema_of

CORPUS = Path(__file__).parents[2] / "corpus" / "schemas"

COLUMNS = """
    SELECT c.relname, a.attname, NOT a.attnotnull, a.attgenerated <> '', a.attidentity
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
CONSTRAINTS = """
    SELECT c.relname, k.contype::text,
        ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (num, place)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.place),
        coalesce(t.relname, ''), k.confdeltype::text
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class t ON t.oid = k.confrelid
    WHERE n.nspname = 'public' AND k.contype IN ('p', 'u', 'f', 'c')
"""
INDEXES = """
    SELECT c.relname, i.relname, x.indisunique, m.amname, x.indpred IS NOT NULL, x.indnkeyatts
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am m ON m.oid = i.relam
    WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)
"""
ACTIONS = {"": "a", "no action": "a", "restrict": "r", "cascade": "c", "set null": "n", "set default": "d"}


async def catalog(subject: Subject) -> tuple[list[Any], list[Any], list[Any]]:
    async with Bench() as bench:
        database = await loaded_database(subject, bench)
        async with await psycopg.AsyncConnection.connect(**database.admin) as connection:
            found = [await (await connection.execute(query)).fetchall() for query in (COLUMNS, CONSTRAINTS, INDEXES)]
    return found[0], found[1], found[2]


def declared(table: Table) -> list[tuple[Any, ...]]:
    of_domains = {column.name for column in table.columns if column.type.domain}
    keys = [(table.name, "p" if key.primary else "u", list(key.columns), "", " ") for key in table.keys]
    references = [
        (table.name, "f", list(fk.columns), fk.target.split(".")[-1], ACTIONS[fk.on_delete])
        for fk in table.foreign_keys
    ]
    own = [check for check in table.checks if not set(check.columns) <= of_domains]
    return [*keys, *references, *((table.name, "c", list(check.columns), "", " ") for check in own)]


@pytest.mark.parametrize("name", ["shop", "saas"])
def test_the_catalog_says_the_same(name: str) -> None:
    draft = Draft.of({"schema.sql": (CORPUS / "good" / f"{name}.sql").read_text(encoding="utf-8")})
    subject = Subject(draft, options=(("supabase", "yes"),))
    columns, constraints, indexes = asyncio.run(catalog(subject))
    tables = subject.fact(schema_of).tables
    ours = [
        (t.name, c.name, c.nullable, c.generated is not None, {"always": "a", "by default": "d"}.get(c.identity, ""))
        for t in sorted(tables, key=lambda t: t.name)
        for c in t.columns
    ]
    assert ours == columns
    assert len(constraints) > 25
    theirs = sorted((row[0], row[1], sorted(row[2]) if row[1] == "c" else row[2], *row[3:]) for row in constraints)
    assert sorted(row for table in tables for row in declared(table)) == theirs
    made = [(t.name, i.unique, i.method, bool(i.predicate), len(i.columns)) for t in tables for i in t.indexes]
    assert sorted(made) == sorted((row[0], *row[2:]) for row in indexes)
