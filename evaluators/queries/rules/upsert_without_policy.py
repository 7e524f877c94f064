"""Rule upsert-without-policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from evaluators.finding import Severity
from evaluators.queries.facts import Queries
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Table

_MADE = re.compile(r"\bcreate\s+policy\b", re.IGNORECASE)


@rule("upsert-without-policy", family="queries", severity=Severity.WARNING)
def upsert_without_policy(queries: Queries) -> Iterator[Flaw]:
    """An INSERT changes the row that is there already, and row-level security lets nobody change one.

    Why: The first call goes well. The second one meets the row, wants to change it, and is refused.

    Bad:
        ```sql schema.sql
        create table answers (
          event_id bigint not null,
          user_id bigint not null,
          status text not null,
          primary key (event_id, user_id)
        );
        create index answers_user on answers (user_id);
        alter table answers enable row level security;
        create policy answers_read on answers for select using (user_id = current_setting('app.user')::bigint);
        create policy answers_add on answers for insert
          with check (user_id = current_setting('app.user')::bigint);
        ```
        ```python app/store.py
        import psycopg

        def answer(connection: psycopg.Connection, event: int, user: int, status: str):
            sql = '''
                INSERT INTO answers (event_id, user_id, status) VALUES (%s, %s, %s)
                ON CONFLICT (event_id, user_id) DO UPDATE SET status = excluded.status
            '''
            return connection.execute(sql, (event, user, status))
        ```

    Good:
        ```sql schema.sql
        create table answers (
          event_id bigint not null,
          user_id bigint not null,
          status text not null,
          primary key (event_id, user_id)
        );
        create index answers_user on answers (user_id);
        alter table answers enable row level security;
        create policy answers_read on answers for select using (user_id = current_setting('app.user')::bigint);
        create policy answers_add on answers for insert
          with check (user_id = current_setting('app.user')::bigint);
        create policy answers_change on answers for update
          using (user_id = current_setting('app.user')::bigint);
        ```
        ```python app/store.py
        import psycopg

        def answer(connection: psycopg.Connection, event: int, user: int, status: str):
            sql = '''
                INSERT INTO answers (event_id, user_id, status) VALUES (%s, %s, %s)
                ON CONFLICT (event_id, user_id) DO UPDATE SET status = excluded.status
            '''
            return connection.execute(sql, (event, user, status))
        ```

    Boundary:
        ```sql schema.sql
        create table answers (
          event_id bigint not null,
          user_id bigint not null,
          status text not null,
          primary key (event_id, user_id)
        );
        create index answers_user on answers (user_id);
        alter table answers enable row level security;
        create policy answers_read on answers for select using (user_id = current_setting('app.user')::bigint);
        create policy answers_add on answers for insert
          with check (user_id = current_setting('app.user')::bigint);
        ```
        ```python app/store.py
        import psycopg

        def answer(connection: psycopg.Connection, event: int, user: int, status: str):
            sql = '''
                INSERT INTO answers (event_id, user_id, status) VALUES (%s, %s, %s)
                ON CONFLICT (event_id, user_id) DO NOTHING
            '''
            return connection.execute(sql, (event, user, status))
        ```

    Precision: Only where every CREATE POLICY was read, and one for INSERT shows that the rows are written as somebody
    whom policies bind. Whom a policy is for, and what it asks, is not compared: one for UPDATE is enough. A role that
    bypasses row-level security is not seen.

    Source: PostgreSQL, CREATE POLICY: INSERT with ON CONFLICT DO UPDATE needs the policies of both.
    """
    # ALTER POLICY changes neither its command nor how many there are.
    if any(_MADE.search(unread.statement.text) for unread in queries.schema.unread):
        return
    for query in queries.of_kind("insert"):
        table = query.target
        if table is None or query.open or not _changes(query.tree) or not _refused(table):
            continue
        yield query.flaw(
            f"This INSERT changes the row that is there already, and `{table.key}` has a policy for INSERT and none "
            "for UPDATE.",
            f"Add a policy for UPDATE on {table.key}, or do nothing on a conflict.",
        )


def _changes(tree: exp.Expr) -> bool:
    """Whether an INSERT changes the row that it meets."""
    conflict = tree.args.get("conflict")
    action = conflict.args.get("action") if isinstance(conflict, exp.OnConflict) else None
    return action is not None and action.name.upper() == "DO UPDATE"


def _refused(table: Table) -> bool:
    """Whether policies let a row be added and none be changed."""
    commands = {policy.command.lower() for policy in table.policies if policy.permissive}
    return table.row_security and "insert" in commands and not commands & {"update", "all"}
