"""What the readers of PostgreSQL's tree share: places, names, expressions, columns and constraints.

Positions in the tree are offsets into the statement's UTF-8 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import postgast
from google.protobuf.message import DecodeError
from postgast import pg_query_pb2 as pg

from evaluators.finding import Location
from evaluators.sql.builder import Builder, quiet
from evaluators.sql.facts import Check, Column, ForeignKey, Key, Unread
from evaluators.sql.postgres_text import text_of
from evaluators.sql.statements import Statement
from evaluators.sql.types import ColumnType, type_of

Node = Any
"""A protobuf message of the parser's tree."""

ACTIONS = {"a": "", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
"""The parser's letter for ON DELETE; it does not tell NO ACTION from silence."""

SERIALS = {"smallserial": "smallint", "serial": "integer", "bigserial": "bigint"}


class Source:
    """The statement being read: turns the parser's byte offsets into places."""

    def __init__(self, statement: Statement, builder: Builder, inside: bool = False) -> None:
        self.statement = statement
        self.builder = builder
        self.bytes = b"" if statement.text.isascii() else statement.text.encode()
        self.inside = inside
        """True for SQL inside a DO block, whose offsets mean nothing out here."""

    def at(self, offset: int) -> Location:
        """The place of a byte offset."""
        if self.inside:
            return self.statement.at()
        if self.bytes:
            offset = len(self.bytes[:offset].decode(errors="ignore"))
        return self.statement.at(offset)

    def key(self, relation: Node) -> str:
        """The builder's key of a RangeVar."""
        return self.builder.key(relation.schemaname, relation.relname)


Reader = Callable[[Node, Source], None]
READERS: dict[str, Reader] = {}
"""Node name -> what reads it; filled by `evaluators.sql.postgres`."""


def dispatch(node: Node, source: Source) -> None:
    """Hand a statement's node to its reader; the rest is listed unless it declares nothing."""
    kind = node.WhichOneof("node") or ""
    reader = READERS.get(kind)
    if reader is not None:
        reader(getattr(node, kind), source)
    elif kind not in _HARMLESS and not quiet(source.statement):
        unread(source, f"only the database reads {source.statement.head.split(' ')[0]} statements of this kind")


_HARMLESS = {
    "select_stmt",
    "transaction_stmt",
    "variable_set_stmt",
    "alter_owner_stmt",
    "alter_default_privileges_stmt",
    "grant_role_stmt",
    "create_role_stmt",
    "alter_role_stmt",
    "vacuum_stmt",
    "refresh_mat_view_stmt",
}
"""Statements that declare nothing which these facts hold."""


def unread(source: Source, why: str) -> None:
    """List the statement as accepted and not understood."""
    source.builder.unread.append(Unread(source.statement, why, source.statement.at()))


def nested(text: str, source: Source) -> None:
    """Read SQL found inside a DO block; what fails there is the block's own business."""
    try:
        tree = postgast.parse(text)
    except (postgast.PgQueryError, DecodeError):
        unread(source, "a statement inside its block is read by the database only")
        return
    inner = Source(source.statement, source.builder, inside=True)
    for raw in tree.stmts:
        dispatch(raw.stmt, inner)


def strings(nodes: Iterable[Node]) -> tuple[str, ...]:
    """The text of a list of String nodes."""
    return tuple(node.string.sval for node in nodes if node.WhichOneof("node") == "string")


def columns_in(message: Node) -> tuple[str, ...]:
    """Every column that an expression names, sorted."""
    found: set[str] = set()
    for reference in messages(message, "ColumnRef"):
        parts = strings(reference.fields)
        if parts:
            found.add(parts[-1])
    return tuple(sorted(found))


def messages(message: Node, name: str) -> Iterator[Node]:
    """Every message of one type in a tree."""
    if message.DESCRIPTOR.name == name:
        yield message
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for child in value if field.is_repeated else (value,):
            yield from messages(child, name)


def column_type(node: Node, builder: Builder) -> tuple[ColumnType, bool]:
    """A TypeName as a column type, and whether it was written as a serial."""
    parts = strings(node.names)
    schema, name = (parts[0] if len(parts) > 1 else ""), (parts[-1] if parts else "")
    if name == "char" and schema != "pg_catalog":
        name = '"char"'
    serial = name in ("serial", "bigserial", "smallserial", "serial2", "serial4", "serial8")
    sizes = tuple(
        const.a_const.ival.ival for const in node.typmods if const.a_const.WhichOneof("val") in ("ival", None)
    )
    if serial:
        canonical = type_of(name).name
        return type_of(SERIALS[canonical]), True
    made = type_of(name, sizes, array=bool(node.array_bounds))
    if made.family == "other":
        made = type_of(builder.key(schema, name), sizes, array=bool(node.array_bounds))
    return made, False


def key_of(node: Node, source: Source, columns: tuple[str, ...] = ()) -> Key:
    """A PRIMARY KEY or UNIQUE constraint."""
    return Key(
        strings(node.keys) or columns,
        source.at(node.location),
        primary=node.contype == pg.CONSTR_PRIMARY,
        name=node.conname,
        nulls_distinct=not node.nulls_not_distinct,
    )


def foreign_key_of(node: Node, source: Source, columns: tuple[str, ...] = ()) -> ForeignKey:
    """A FOREIGN KEY or REFERENCES constraint."""
    said = ACTIONS.get(node.fk_del_action, "")
    begin = node.location
    if not said and not source.inside and "NO ACTION" in " ".join(source.statement.text[begin:].upper().split())[:300]:
        said = "no action"
    return ForeignKey(
        strings(node.fk_attrs) or columns,
        source.key(node.pktable),
        strings(node.pk_attrs),
        source.at(begin),
        name=node.conname,
        on_delete=said,
        on_update=ACTIONS.get(node.fk_upd_action, ""),
        deferrable=node.deferrable,
    )


def check_of(node: Node, source: Source) -> Check:
    """A CHECK constraint."""
    return Check(text_of(node.raw_expr), columns_in(node.raw_expr), source.at(node.location), node.conname)


def column_of(node: Node, source: Source) -> Column:
    """A column definition without its table-level constraints; `parts_of` reads those."""
    made, serial = column_type(node.type_name, source.builder)
    nullable, default, identity, generated = True, None, "serial" if serial else "", None
    for each in node.constraints:
        constraint = each.constraint
        kind = constraint.contype
        if kind in (pg.CONSTR_NOTNULL, pg.CONSTR_PRIMARY):
            nullable = False
        elif kind == pg.CONSTR_DEFAULT:
            said = text_of(constraint.raw_expr)
            default = None if said == "NULL" or said.startswith("NULL::") else said
        elif kind == pg.CONSTR_IDENTITY:
            identity = "always" if constraint.generated_when == "a" else "by default"
        elif kind == pg.CONSTR_GENERATED:
            generated = text_of(constraint.raw_expr)
    bits = made.bits if serial else 0
    at = source.at(node.location)
    return Column(node.colname, made, at, nullable, default, identity, generated, sequence_bits=bits)
