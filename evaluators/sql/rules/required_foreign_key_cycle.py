"""Rule required-foreign-key-cycle."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import ForeignKey, Schema


@rule("required-foreign-key-cycle", family="sql")
def required_foreign_key_cycle(schema: Schema) -> Iterator[Flaw]:
    """Tables reference each other in a ring of NOT NULL columns.

    Why: Each row needs the other first, so no row can ever be inserted, unless
    one of the keys may be checked at the end of the transaction.

    Bad:
        ```sql schema.sql
        CREATE TABLE teams (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            captain_id bigint NOT NULL
        );
        CREATE TABLE players (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            team_id bigint NOT NULL REFERENCES teams (id) ON DELETE RESTRICT
        );
        ALTER TABLE teams ADD FOREIGN KEY (captain_id) REFERENCES players (id) ON DELETE RESTRICT;
        CREATE INDEX teams_captain_id_idx ON teams (captain_id);
        CREATE INDEX players_team_id_idx ON players (team_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE teams (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            captain_id bigint
        );
        CREATE TABLE players (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            team_id bigint NOT NULL REFERENCES teams (id) ON DELETE RESTRICT
        );
        ALTER TABLE teams ADD FOREIGN KEY (captain_id) REFERENCES players (id) ON DELETE SET NULL;
        CREATE INDEX teams_captain_id_idx ON teams (captain_id);
        CREATE INDEX players_team_id_idx ON players (team_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);
        CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
        ```

    Precision: Exact. A column with a default is let pass, since the default may be
    a row that is always there.

    Source: PostgreSQL manual, SET CONSTRAINTS; SchemaCrawler, cycles.
    """
    needs: dict[str, dict[str, ForeignKey]] = {}
    for table in schema.tables:
        for key in table.foreign_keys:
            columns = [column for column in map(table.column, key.columns) if column is not None]
            forced = bool(columns) and not any(column.nullable or column.default for column in columns)
            if forced and not key.deferrable and key.target != table.key and schema.table(key.target):
                needs.setdefault(table.key, {})[key.target] = key
    seen: set[frozenset[str]] = set()
    for start in needs:
        ring = _ring(start, needs)
        if ring and frozenset(ring) not in seen:
            seen.add(frozenset(ring))
            first, after = ring[0], ring[1]
            key = needs[first][after]
            yield Flaw(
                f"{first}.{', '.join(key.columns)}",
                key.at,
                f"No row can be inserted: {' needs '.join((*ring, ring[0]))}.",
                hint="Let one of the columns be NULL, or make its key DEFERRABLE INITIALLY DEFERRED.",
                places=tuple(needs[left][right].at for left, right in zip(ring[1:], (*ring[2:], ring[0]), strict=True)),
            )


def _ring(start: str, needs: dict[str, dict[str, ForeignKey]]) -> tuple[str, ...]:
    """The shortest ring through `start`, beginning with it; empty where there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    known = {start}
    while paths:
        path = paths.pop(0)
        for after in needs.get(path[-1], {}):
            if after == start:
                return path
            if after not in known:
                known.add(after)
                paths.append((*path, after))
    return ()
