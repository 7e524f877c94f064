"""Tables and columns that a query names and a schema does not have."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.queries.facts import Parsed
from evaluators.queries.scopes import HOLE, column_of, table_of
from evaluators.sql.facts import Table

_SYSTEM = (
    "pg_", "information_schema", "sqlite_", "sys", "mysql", "performance_schema", "dual", "inserted", "deleted",
    "excluded", "alembic_version", "spatial_ref_sys", "auth", "storage", "cron", "extensions",
)  # fmt: skip


def unknown_tables(query: Parsed, views: set[str]) -> Iterator[exp.Table]:
    """The tables that a query names, none of the schema's, its own WITH, a view, or the system's."""
    own = {cte.alias.lower() for cte in query.tree.find_all(exp.CTE)}
    told: set[str] = set()
    for node in query.tree.find_all(exp.Table):
        name = node.name.lower()
        plain = isinstance(node.this, exp.Identifier) and name and not node.args.get("db") and name not in told
        if not plain or name in own | views or name.startswith((*_SYSTEM, "#", "@", HOLE)) or _is_alias(query, name):
            continue
        if table_of(node, query.schema) is None:
            told.add(name)
            yield node


def _is_alias(query: Parsed, name: str) -> bool:
    """Whether a name is an alias of the query itself (`UPDATE o SET ... FROM orders o`)."""
    return any(each.alias.lower() == name for each in query.tree.find_all(exp.Table, exp.Subquery) if each.alias)


def unknown_columns(query: Parsed) -> Iterator[tuple[Table, str, exp.Expr | None]]:
    """(table, column, node) of each column that a query names and its table has not."""
    for level in query.levels:
        grouped = _inside_order(level.node)
        for named in level.columns:
            name = named.node.name.lower()
            labelled = name in level.labels and id(named.node) in grouped
            if named.table is None or named.column is not None or not named.certain or labelled:
                continue
            if not named.table.opaque and not named.table.partition_of and not _is_word(query, named.node):
                yield named.table, name, named.node
    if isinstance(query.tree, exp.Insert) and query.target is not None and isinstance(query.tree.this, exp.Schema):
        for each in query.tree.this.expressions:
            name = each.name.lower()
            if name and not name.startswith(HOLE) and column_of(query.target, name) is None:
                yield query.target, name, each


def _inside_order(node: exp.Expr) -> set[int]:
    """The ids of the nodes of ORDER BY, GROUP BY and HAVING, where a label may be meant."""
    parts = [node.args.get(key) for key in ("order", "group", "having", "qualify")]
    return {id(each) for part in parts if isinstance(part, exp.Expr) for each in part.walk()}


def _is_word(query: Parsed, node: exp.Column) -> bool:
    """Whether a name may be a word of the language or a whole row (`count(orders)`, `SELECT o`), not a column."""
    name = node.name.lower()
    if node.table:
        return False
    rows = {alias for level in query.levels for alias in level.sources}
    quoted = isinstance(node.this, exp.Identifier) and bool(node.this.args.get("quoted"))
    words = {
        "day",
        "month",
        "year",
        "hour",
        "minute",
        "second",
        "week",
        "now",
        "default",
        "row",
        "user",
        "epoch",
        "value",
    }
    # SQLite and MySQL take a text in double quotes where there is no such column.
    return name in rows or name in words or (quoted and query.dialect in ("sqlite", "mysql"))
