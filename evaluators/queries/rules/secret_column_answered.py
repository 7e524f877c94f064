"""Rule secret-column-answered."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.queries.facts import Queries
from evaluators.queries.stars import returned_whole, starred_secrets
from evaluators.rule import Flaw, rule


@rule("secret-column-answered", family="queries", security=True)
def secret_column_answered(queries: Queries) -> Iterator[Flaw]:
    """A route answers with rows read by `*` from a table with a secret column.

    Why: The hash or token goes to whoever asks. Nobody wrote its name, so no review sees it.

    Bad:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          password_hash text not null
        );
        ```
        ```python app/main.py
        import psycopg
        from fastapi import Depends, FastAPI

        from app.db import connect

        app = FastAPI()

        @app.get("/users/{user_id}")
        def user(user_id: int, connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT * FROM users WHERE id = %s", (user_id,)).fetchone()
        ```

    Good:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          password_hash text not null
        );
        ```
        ```python app/main.py
        import psycopg
        from fastapi import Depends, FastAPI

        from app.db import connect

        app = FastAPI()

        @app.get("/users/{user_id}")
        def user(user_id: int, connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT id, email FROM users WHERE id = %s", (user_id,)).fetchone()
        ```

    Boundary:
        ```sql schema.sql
        create table users (
          id bigint primary key,
          email text not null unique,
          password_hash text not null
        );
        ```
        ```python app/main.py
        import psycopg
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel

        from app.db import connect

        app = FastAPI()

        class User(BaseModel):
            id: int
            email: str

        @app.get("/users/{user_id}", response_model=User)
        def user(user_id: int, connection: psycopg.Connection = Depends(connect)):
            return connection.execute("SELECT * FROM users WHERE id = %s", (user_id,)).fetchone()

        @app.post("/login")
        def login(email: str, connection: psycopg.Connection = Depends(connect)):
            row = connection.execute("SELECT * FROM users WHERE email = %s", (email,)).fetchone()
            return {"id": row["id"]}
        ```

    Precision: Only where the row itself is returned, whole, by the function that a route serves and no response
    model filters it. Rows that are handed through other functions are not followed.

    Source: OWASP API3:2023 Broken Object Property Level Authorization; CWE-200.
    """
    for query in queries.of_kind("select"):
        secrets = starred_secrets(query)
        if not secrets or query.query is None or not returned_whole(query.query):
            continue
        for route in query.routes:
            if route.function == query.name and not route.response:
                told = f"{route.symbol} answers with every column of `{query.table}`, `{secrets[0]}` too."
                yield query.flaw(told, "Name the columns that callers may see.")
                break
