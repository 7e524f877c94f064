"""Which schema object of the contract is which table, and which property which column.

A contract may say it (`x-table`, `x-column`). Most do not, so names and structure
are the evidence: the name without its role (`OrderCreate`, `order_in`), the
resource of the path that answers with it, and how many properties are columns. A
doubtful match is none: nothing is said about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from evaluators.contract.facts import Contract, Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import Property, Shape
from evaluators.contract.words import words_of
from evaluators.cross.names import folded, plain, singular, table_names
from evaluators.sql.facts import Column, Schema, Table

LIKENESS = 0.5
"""Least share of a shape's properties that are columns, for its name to mean a table."""

SURE = 0.75
"""Least share where the name is only like the table's (a prefix more), or where only the path says it."""

FEW = 3
"""Fewer properties than this say nothing about a table by themselves."""

DELETED = frozenset(
    (
        *("deletedat", "isdeleted", "deleted", "archivedat", "isarchived", "archived", "removedat", "discardedat"),
        *("deletedon", "deleteddate", "deactivatedat", "isactive", "active", "voidedat", "retiredat", "cancelledat"),
    )
)
"""Columns by which a row may count as gone, folded."""

PEOPLE = frozenset(
    ("user", "member", "person", "employee", "agent", "staff", "account", "profile", "customer", "owner")
)
"""Last words of tables whose rows are people who log in."""

_SCHEMA_KEYS = frozenset(("properties", "items", "allOf", "oneOf", "anyOf", "schema", "content", "responses"))


@dataclass(frozen=True)
class Matching:
    """The matches of one contract with one schema."""

    schema: Schema
    contract: Contract

    def table_of(self, shape: Shape) -> Table | None:
        """The table that a shape stands for, where that is not doubtful."""
        if shape.table:
            return self.named(shape.table)
        if not shape.properties:
            return None
        by_name = self._by_name(shape)
        return by_name if by_name is not None else self._by_path(shape)

    def named(self, name: str) -> Table | None:
        """The table that `x-table: name` means: exact, then without case and default schema."""
        exact = self.schema.table(name)
        if exact is not None:
            return exact
        bare = name.lower().removeprefix("public.").removeprefix("main.").removeprefix("dbo.")
        return self.schema.table(bare) or next((t for t in self.schema.tables if t.key.lower() == bare), None)

    def column_of(self, found: Property, table: Table | None, said: bool) -> tuple[Table, Column] | None:
        """The column of a property. Beside properties that say theirs, one that says nothing has none."""
        if found.column:
            where, _, name = found.column.rpartition(".")
            table = self.named(where) if where else table
            column = column_named(table, name) if table else None
            return (table, column) if table and column else None
        if table is None or said:
            return None
        column = self.own_column(table, found.name)
        return (table, column) if column is not None else None

    def own_column(self, table: Table, name: str) -> Column | None:
        """The column of `table` that a property's name means, or None.

        `id` is the key where that is one column called after its table (`order_id`,
        `OrderId`); `customer` is no `customer_id`, since it may be the whole customer.
        """
        wanted = folded(name)
        same = [column for column in table.columns if folded(column.name) == wanted]
        if len(same) == 1:
            return same[0]
        key = table.primary_columns
        if same or wanted != "id" or len(key) != 1:
            return None
        column = table.column(key[0])
        own = {plain(table.name) + "id", _last_word(table.name) + "id"}
        return column if column is not None and folded(column.name) in own else None

    def at_path(self, path: str) -> Table | None:
        """The table of the resource that a path ends in, by its name, where that is not doubtful."""
        name = resource(path)
        tables = self._plainly.get(name, ()) if name else ()
        if len(tables) == 1:
            return tables[0]
        longer = [table for table in self.schema.tables if len(name) > FEW and plain(table.name).endswith(name)]
        return longer[0] if not tables and len(longer) == 1 else None

    def listed(self, operation: Operation) -> Table | None:
        """The table whose rows an operation lists, straight or in an envelope; None where it lists nothing known."""
        for answer in operation.successes:
            for schema in (media.schema for media in answer.media if media.schema is not None):
                for items in _lists(schema):
                    table = self.table_of(self.contract.shape_at(items))
                    if table is not None:
                        return table
        return None

    def likeness(self, shape: Shape, table: Table) -> float:
        """The share of a shape's properties that are columns of the table."""
        if not shape.properties:
            return 0.0
        return sum(self.own_column(table, found.name) is not None for found in shape.properties) / len(shape.properties)

    def _by_name(self, shape: Shape) -> Table | None:
        """The table by the shape's own name, without its role."""
        name = name_of(shape.node)
        if not name:
            return None
        for wanted in table_names(name):
            tables = self._plainly.get(wanted, ())
            if len(tables) == 1:
                return tables[0] if self.likeness(shape, tables[0]) >= LIKENESS else None
            if tables:
                return self._likeliest(shape, tables)
        longer = [
            table
            for wanted in table_names(name)
            for table in self.schema.tables
            if plain(table.name).endswith(wanted) and len(wanted) > FEW
        ]
        return self._likeliest(shape, dict.fromkeys(longer))

    def _by_path(self, shape: Shape) -> Table | None:
        """The table by the resources of the operations that send or answer with the shape."""
        names = self._resources.get(_place(shape.node), set())
        tables = {table.key: table for name in names for table in self._plainly.get(name, ())}
        return self._likeliest(shape, tables.values())

    def _likeliest(self, shape: Shape, tables: Iterable[Table]) -> Table | None:
        """The one table that the shape is surely like, or None."""
        if len(shape.properties) < FEW:
            return None
        sure = [table for table in tables if self.likeness(shape, table) >= SURE]
        return sure[0] if len(sure) == 1 else None

    @cached_property
    def _plainly(self) -> dict[str, tuple[Table, ...]]:
        """Plain name -> the tables called so."""
        found: defaultdict[str, list[Table]] = defaultdict(list)
        for table in self.schema.tables:
            found[plain(table.name)].append(table)
            bare = _unprefixed(table.name)
            if bare != table.name:
                found[plain(bare)].append(table)
        return {name: tuple(dict.fromkeys(tables)) for name, tables in found.items()}

    @cached_property
    def _resources(self) -> dict[tuple[str, tuple[str, ...]], set[str]]:
        """Place of a schema -> plain names of the resources whose operations use it as a whole value or in a list."""
        found: defaultdict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for operation in self.contract.operations:
            name = resource(operation.path)
            bodies = [operation.body.media] if operation.body else []
            bodies += [response.media for response in operation.successes]
            for media in (each for body in bodies for each in body):
                if name and media.schema is not None:
                    for node in _wholes(media.schema):
                        found[_place(node)].add(name)
        return found


def column_named(table: Table, name: str) -> Column | None:
    """The column that `x-column: name` means: exact, then without case."""
    return table.column(name) or next((c for c in table.columns if c.name.lower() == name.lower()), None)


def name_of(node: Node) -> str:
    """The name under which a schema is kept (`#/components/schemas/Order`, `order.yaml#/Order`), or empty."""
    tokens = node.tokens
    if tokens[:2] == ("components", "schemas") and len(tokens) == 3:
        return tokens[2]
    if not tokens:
        return node.path.rpartition("/")[2].partition(".")[0]
    return "" if len(tokens) > 1 or tokens[0] in _SCHEMA_KEYS or tokens[0] in ("paths", "components") else tokens[0]


def resource(path: str) -> str:
    """The plain name of the resource that a path is about: its last part that is no parameter and no version."""
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return plain(parts[-1]) if parts else ""


def _lists(node: Node) -> list[Node]:
    """The items of a list, or of the lists in an envelope around it."""
    top = node.followed()
    inner = [child.followed() for _, child in top.items("properties")]
    return [items.followed() for each in (top, *inner) if (items := each.get("items")) is not None]


def _wholes(node: Node) -> list[Node]:
    """The schemas that a body's schema stands for as a whole: itself, and what a list or an envelope holds."""
    inner = node.followed().down("properties", "data")
    return [node.followed(), *_lists(node), *([inner.followed()] if inner is not None else [])]


def marks_deleted(table: Table) -> Column | None:
    """The column by which a row counts as deleted while it stays, or None."""
    return next((column for column in table.columns if folded(column.name) in DELETED), None)


def names_a_person(table: Table, column: Column) -> bool:
    """Whether a column refers to whoever acts: a user, a member, an account."""
    key = table.foreign_key_of(column.name)
    return key is not None and _last_word(key.target.rpartition(".")[2]) in PEOPLE


def _place(node: Node) -> tuple[str, tuple[str, ...]]:
    return (node.path, node.tokens)


def _last_word(name: str) -> str:
    words = words_of(name)
    return singular(words[-1]) if words else name.lower()


def _unprefixed(name: str) -> str:
    """A table's name without a prefix that says that it is one: `tbl_orders`, `TOrders` stay `orders`."""
    words = words_of(name)
    return "_".join(words[1:]) if len(words) > 1 and words[0] in ("tbl", "tb", "table", "t") else name
