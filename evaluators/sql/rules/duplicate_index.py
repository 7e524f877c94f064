"""Rule duplicate-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("duplicate-index", family="sql", severity=Severity.WARNING)
def duplicate_index(schema: Schema) -> Iterator[Flaw]:
    """An index has the columns of a key or of another index.

    Why: A primary key and a UNIQUE constraint are indexes already. The second
    one is written on every insert and read by nothing.

    Bad:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            label text NOT NULL UNIQUE
        );
        CREATE INDEX tags_label_idx ON tags (label);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            label text NOT NULL UNIQUE
        );
        CREATE INDEX tags_label_lower_idx ON tags (lower(label));
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL UNIQUE);
        CREATE INDEX tags_label_prefix_idx ON tags (label text_pattern_ops);
        CREATE INDEX tags_label_set_idx ON tags (label) WHERE label <> '';
        ```

    Precision: Exact: columns, method, predicate and operator classes agree. The
    direction of columns and collations are not compared.

    Source: Supabase splinter 0009_duplicate_index; SchemaCrawler redundant indexes.
    """
    for table in schema.tables:
        taken: dict[tuple[tuple[str, ...], str, str, tuple[str, ...]], str] = {}
        for key in table.keys:
            taken[key.columns, "btree", "", ()] = "its primary key" if key.primary else "a unique key"
        for index in sorted(table.indexes, key=lambda index: not index.unique):
            said = (index.columns, index.method, index.predicate, index.opclasses)
            if said in taken:
                columns = ", ".join(index.columns)
                yield Flaw(
                    f"{table.key}.{index.name}",
                    index.at,
                    f"The index {index.name} on {table.key} ({columns}) doubles {taken[said]}.",
                    hint=f"Drop {index.name}.",
                )
            taken.setdefault(said, f"the index {index.name}")
