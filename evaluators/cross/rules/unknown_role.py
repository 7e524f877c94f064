"""Rule unknown-role."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.expressions import last_name, words
from evaluators.code.module import Module
from evaluators.cross.bounds import bounds_of
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.facts import Column, Table

_MEANT = {"role", "roles"}


@rule("unknown-role", family="cross", severity=Severity.WARNING, security=True)
def unknown_role(facts: Facts) -> Iterator[Flaw]:
    """The code lets in a role that the schema's column of roles cannot hold.

    Why: Nobody can ever have it. Those who were meant are turned away, or a check compares with a role of another
    day.

    Bad:
        ```sql schema.sql
        create table members (
          id bigint generated always as identity primary key,
          role text not null check (role in ('owner', 'admin', 'billing'))
        );
        ```
        ```python app/auth.py
        VOID_ROLES = ("owner", "admin", "finance")


        def may_void(member):
            return member.role in VOID_ROLES
        ```

    Good:
        ```sql schema.sql
        create table members (
          id bigint generated always as identity primary key,
          role text not null check (role in ('owner', 'admin', 'billing'))
        );
        ```
        ```python app/auth.py
        VOID_ROLES = ("owner", "admin", "billing")


        def may_void(member):
            return member.role in VOID_ROLES
        ```

    Boundary:
        ```sql schema.sql
        create table members (
          id bigint generated always as identity primary key,
          role text not null check (role in ('owner', 'admin', 'billing'))
        );
        ```
        ```python app/auth.py
        SERVICE_ROLES = ("reader", "writer", "owner")
        ADMIN_PAGES = ("owner", "admin", "reports")


        def may_read(client):
            return client.service_role in SERVICE_ROLES
        ```

    Precision: Only collections of texts whose surroundings speak of roles and in which at least two are known and
    more are known than not. A role that the code makes up for itself beside two stored ones is named wrongly.

    Source: Cross rule of code and schema: roles that only one of them knows.
    """
    held = list(_columns_of_roles(facts))
    known = {value for *_, values in held for value in values} | _enumerated(facts)
    for module in facts.code.own if facts.code is not None and held else ():
        told: set[str] = set()
        for node in module.nodes:
            if not isinstance(node, (ast.Tuple, ast.List, ast.Set)):
                continue
            texts = [each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            strange = [text for text in dict.fromkeys(texts) if text not in known]
            common = [text for text in dict.fromkeys(texts) if text in known]
            if not strange or len(texts) < len(node.elts) or len(common) < 2 or len(strange) >= len(common):
                continue
            if not _speaks_of_roles(module, node):
                continue
            table, column, _ = max(held, key=lambda each: len(each[2] & set(common)))
            for text in (each for each in strange if each not in told):
                told.add(text)
                yield Flaw(
                    f"{table.key}.{column.name} {text}",
                    module.at(node),
                    f"{module.name} knows a role `{text}`, which {table.key}.{column.name} cannot hold.",
                    module.source(node),
                    "Use a role of the column, or add this one to it.",
                    (column.at,),
                )


def _columns_of_roles(facts: Facts) -> Iterator[tuple[Table, Column, frozenset[str]]]:
    """The columns that hold roles, with the texts that they accept."""
    for table in facts.schema.tables:
        for column in table.columns:
            if _MEANT & set(words(column.name)[-1:]):
                values = bounds_of(table, column, facts.schema.dialect).values
                if values:
                    yield table, column, values


def _enumerated(facts: Facts) -> set[str]:
    """The texts of the code's own enumerations of roles: these are judged where they are declared."""
    enums = facts.code.enums if facts.code is not None else {}
    return {text for name, texts in enums.items() if _MEANT & set(words(name.rpartition(".")[2])) for text in texts}


def _speaks_of_roles(module: Module, node: ast.AST) -> bool:
    """Whether a collection is given the name of roles, is compared with a role, or is passed as roles."""
    parent: ast.AST | None = module.parents.get(node)
    child: ast.AST = node
    while isinstance(parent, ast.Call) and last_name(parent.func) in ("frozenset", "set", "tuple", "list"):
        child = parent
        parent = module.parents.get(parent)
    names: list[ast.AST | str | None] = []
    if isinstance(parent, ast.Assign):
        names = list(parent.targets)
    elif isinstance(parent, ast.AnnAssign):
        names = [parent.target]
    elif isinstance(parent, ast.keyword):
        names = [parent.arg]
    elif isinstance(parent, ast.Compare):
        names = [each for each in (parent.left, *parent.comparators) if each is not child]
    elif isinstance(parent, ast.Call):
        names = [parent.func]
    said = (each if isinstance(each, str) else last_name(each) for each in names)
    return any(_MEANT & set(words(each)) for each in said)
