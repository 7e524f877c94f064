"""Rule view-of-auth-users."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("view-of-auth-users", family="sql", security=True)
def view_of_auth_users(schema: Schema) -> Iterator[Flaw]:
    """A view shows the table of all logins.

    Why: auth.users holds everybody's address, phone and tokens. A view in an
    exposed schema reads it with its owner's rights and so hands it to whoever may
    read the view, signed in or not.

    Bad:
        ```sql schema.sql
        CREATE VIEW members AS SELECT id, email FROM auth.users;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE profiles (
            id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
            display_name text NOT NULL
        );
        CREATE VIEW members WITH (security_invoker = true) AS SELECT id, display_name FROM profiles;
        ```

    Boundary:
        ```sql schema.sql
        CREATE SCHEMA internal;
        CREATE VIEW internal.members AS SELECT id, email FROM auth.users;
        ```

    Precision: Views in public or without a schema that are not declared
    security_invoker. What a function returns is not seen.

    Source: Supabase splinter 0002_auth_users_exposed; CWE-200.
    """
    for view in schema.views:
        if "auth.users" in view.reads and "." not in view.name and not view.security_invoker:
            yield Flaw(
                view.name,
                view.at,
                f"The view {view.name} shows rows of auth.users to whoever may read it.",
                hint="Keep what others may see in a table of profiles, or move the view out of the exposed schema.",
            )
