"""Which columns a query with aggregates leaves ungrouped."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from evaluators.queries.scopes import Level


def ungrouped(level: Level) -> Iterator[str]:
    """The columns that are selected beside aggregates and not grouped by; nothing where that is not certain."""
    node = level.node
    if not isinstance(node, exp.Select) or any(
        each.find(exp.Window, exp.Star) and not _counts(each) for each in node.expressions
    ):
        return
    group = node.args.get("group")
    aggregated = any(each.find(exp.AggFunc) for each in node.expressions)
    if not isinstance(group, exp.Group) and not aggregated:
        return
    if any(isinstance(each, exp.Anonymous) for each in node.find_all(exp.Anonymous)):
        return
    grouped = group.expressions if isinstance(group, exp.Group) else []
    if any(not isinstance(each, exp.Column) for each in grouped) or (isinstance(group, exp.Group) and not grouped):
        return
    names = {each.name.lower() for each in grouped}
    keyed = {table.key for table in level.tables if table.primary_columns and set(table.primary_columns) <= names}
    for each in node.expressions:
        inner = each.unalias()
        if not isinstance(inner, exp.Column) or inner.name.lower() in names or each.alias.lower() in names:
            continue
        meant = level.meaning(inner)
        if meant.table is None or meant.column is None or meant.candidates != 1 or meant.table.key in keyed:
            continue
        yield inner.sql()


def _counts(node: exp.Expr) -> bool:
    """Whether a star is that of `count(*)`."""
    return isinstance(node.unalias(), exp.Count) and not node.find(exp.Window)
