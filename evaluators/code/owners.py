"""Who owns a row, and who asks for it."""

from __future__ import annotations

import ast
import re

from evaluators.code.expressions import words
from evaluators.code.facts import Code
from evaluators.code.models import Table
from evaluators.code.routes import Route
from evaluators.code.walking import walk

_OWNERS = ("user_id", "owner_id", "account_id", "customer_id", "author_id", "created_by", "member_id", "owner", "user")
_PRIVILEGED = re.compile(
    r"admin|role|permission|scope|staff|superuser|internal|service|manager|operator|moderator", re.I
)


_AUTHORS = {"author_id", "created_by"}
"""What an author wrote is often there for everybody to read, and not to change."""


def owner_columns(table: Table) -> set[str]:
    """The attributes of a table that say whose a row is."""
    names = {column.attribute for column in table.columns} | {column.name for column in table.columns}
    found = names & set(_OWNERS)
    # A table of users is nobody's, and a foreign key to accounts of money is no owner.
    people = set(words(table.name)) & {"user", "users", "account", "accounts", "profile", "profiles"}
    return set() if people else found


def is_about_one(route: Route) -> bool:
    """Whether a route reads, changes or removes the one row that its address names."""
    return route.method in ("GET", "PUT", "PATCH", "DELETE") and route.path.rstrip("/").endswith("}")


def counted(route: Route, columns: set[str]) -> set[str]:
    """Those of the owner's columns that count for a route."""
    return columns - _AUTHORS if route.method == "GET" else columns


def user_parameters(code: Code, route: Route) -> set[str]:
    """The parameters of a route that carry who asks."""
    table = code.tools.table
    found = set()
    for name, keys in table.of_parameters(route.module, route.node).items():
        guards = [key for key in keys if code.tools.guards.is_guard(key)]
        if guards and any(re.search(r"user|account|principal|identity|member|customer", key, re.I) for key in guards):
            found.add(name)
    return found


def is_privileged(route: Route) -> bool:
    """Whether a route is for people who may see everybody's rows."""
    return any(_PRIVILEGED.search(key.rpartition(".")[2]) for key in route.guards) or bool(
        _PRIVILEGED.search(route.path) or _PRIVILEGED.search(route.function.rpartition(".")[2])
    )


def reads_any(route: Route, names: set[str]) -> bool:
    """Whether a route's body reads one of the names."""
    return any(
        isinstance(node, ast.Name) and node.id in names for statement in route.node.body for node in walk(statement)
    )
