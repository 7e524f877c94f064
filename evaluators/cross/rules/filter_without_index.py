"""The rule filter-without-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.contract.node import Node
from evaluators.contract.shapes import facets, flattened
from evaluators.cross.bounds import bounds_of
from evaluators.sql.facts import Column, Table


def _items(schema: Node) -> Iterator[Node]:
    """The schemas of the entries of a list, at the top or one property below."""
    for part in flattened(schema)[0]:
        items = part.get("items")
        if items is not None:
            yield items
        for _, child in part.items("properties"):
            if "array" in facets(child).types:
                yield from (found for each in flattened(child)[0] if (found := each.get("items")) is not None)


def _few_values(table: Table, column: Column) -> bool:
    """Whether a column has so few values that an index on it alone says little."""
    listed = bounds_of(table, column, "postgres").values is not None
    return listed or column.type.family in ("boolean", "enum")


def _found(table: Table, column: Column) -> bool:
    """Whether an index begins with the column, or with references and then the column."""
    for columns in table.indexed:
        before = columns[: columns.index(column.name)] if column.name in columns else None
        if before is not None and all(table.foreign_key_of(name) for name in before):
            return True
    return False
