"""Rule definer-without-search-path."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("definer-without-search-path", family="sql", security=True)
def definer_without_search_path(schema: Schema) -> Iterator[Flaw]:
    """A SECURITY DEFINER function does not fix its search_path.

    Why: It runs with its owner's rights and looks names up where the caller
    says. A caller puts a table or an operator of the same name first, and the
    function uses that, with the owner's rights.

    Bad:
        ```sql schema.sql
        CREATE FUNCTION count_users() RETURNS bigint LANGUAGE sql SECURITY DEFINER
        AS $$ SELECT count(*) FROM users $$;
        ```

    Good:
        ```sql schema.sql
        CREATE FUNCTION count_users() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = ''
        AS $$ SELECT count(*) FROM public.users $$;
        ```

    Boundary:
        ```sql schema.sql
        CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
        ALTER FUNCTION f() SET search_path = '';
        ```

    Precision: Overloads of one name are taken together. What the path is set to is
    not judged.

    Source: PostgreSQL manual, CREATE FUNCTION, Writing SECURITY DEFINER Functions Safely; CVE-2018-1058.
    """
    for function in schema.functions:
        if function.security_definer and "search_path" not in function.settings:
            yield Flaw(
                function.name,
                function.at,
                f"The function {function.name} runs with its owner's rights and its caller's search_path.",
                hint="Add SET search_path = '' and qualify the names inside.",
            )
