"""Tables, their changes and indexes, from PostgreSQL's tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from postgast import pg_query_pb2 as pg

from evaluators.sql.facts import Check, Column, ForeignKey, Index, Key, Table
from evaluators.sql.postgres_text import text_of
from evaluators.sql.postgres_tree import (
    Node,
    Reader,
    Source,
    check_of,
    column_of,
    column_type,
    foreign_key_of,
    key_of,
    strings,
    unread,
)


@dataclass
class Parts:
    """What a table's elements add up to."""

    columns: list[Column] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)
    """Columns that a table-level NOT NULL names."""

    def constraint(self, node: Node, source: Source, columns: tuple[str, ...] = ()) -> None:
        """Take one constraint; `columns` is the column that it stands on, if any."""
        if node.contype in (pg.CONSTR_PRIMARY, pg.CONSTR_UNIQUE):
            self.keys.append(key_of(node, source, columns))
        elif node.contype == pg.CONSTR_FOREIGN:
            self.foreign_keys.append(foreign_key_of(node, source, columns))
        elif node.contype == pg.CONSTR_CHECK:
            self.checks.append(check_of(node, source))
        elif node.contype == pg.CONSTR_EXCLUSION:
            elements = [each.list.items[0].index_elem for each in node.exclusions]
            self.exclusions.append(", ".join(e.name or text_of(e.expr) for e in elements))
        elif node.contype == pg.CONSTR_NOTNULL:
            self.required.extend(strings(node.keys))

    def column(self, node: Node, source: Source) -> None:
        """Take a column and the constraints written on it. DEFERRABLE follows its constraint as a node of its own."""
        self.columns.append(column_of(node, source))
        for each in node.constraints:
            if each.constraint.contype == pg.CONSTR_ATTR_DEFERRABLE and self.foreign_keys:
                self.foreign_keys[-1] = replace(self.foreign_keys[-1], deferrable=True)
            elif each.constraint.contype != pg.CONSTR_NOTNULL:
                self.constraint(each.constraint, source, (node.colname,))


def _parts(elements: Node, source: Source) -> Parts:
    """All elements of a CREATE TABLE."""
    parts = Parts()
    for element in elements:
        kind = element.WhichOneof("node")
        if kind == "column_def":
            parts.column(element.column_def, source)
        elif kind == "constraint":
            parts.constraint(element.constraint, source)
        elif kind == "table_like_clause":
            other = source.builder.tables.get(source.key(element.table_like_clause.relation))
            parts.columns.extend(other.columns if other else ())
    return parts


def _create(node: Node, source: Source) -> None:
    """CREATE TABLE, a partition or an heir included."""
    relation = node.relation
    parts = _parts(node.table_elts, source)
    parents = [source.builder.tables.get(source.key(each.range_var)) for each in node.inh_relations]
    partition = node.HasField("partbound")
    inherited = [column for parent in parents if parent for column in parent.columns]
    own = {column.name for column in parts.columns}
    columns = [*(c for c in inherited if c.name not in own), *parts.columns]
    columns = [replace(c, nullable=False) if c.name in parts.required else c for c in columns]
    table = Table(
        source.key(relation),
        relation.relname,
        relation.schemaname or source.builder.default,
        source.statement.at() if source.inside else source.at(relation.location),
        tuple(columns),
        tuple(parts.keys),
        tuple(parts.foreign_keys),
        tuple(parts.checks),
        exclusions=tuple(parts.exclusions),
        partition_of=source.key(node.inh_relations[0].range_var) if partition and node.inh_relations else "",
        partitioned_by=tuple(
            each.partition_elem.name or text_of(each.partition_elem.expr) for each in node.partspec.part_params
        ),
        temporary=relation.relpersistence == "t",
        opaque=node.HasField("of_typename") or any(parent is None for parent in parents),
    )
    source.builder.create_table(table, keep=node.if_not_exists)


def _create_as(node: Node, source: Source) -> None:
    """CREATE TABLE AS: there is a table, and its columns are the query's."""
    relation = node.into.rel
    if node.objtype == pg.OBJECT_MATVIEW:
        from evaluators.sql.postgres_objects import view_named

        view_named(relation, node.query, source, materialized=True)
        return
    schema = relation.schemaname or source.builder.default
    temporary = relation.relpersistence == "t"
    table = Table(
        source.key(relation), relation.relname, schema, source.at(relation.location), opaque=True, temporary=temporary
    )
    source.builder.create_table(table, keep=node.if_not_exists)
    unread(source, "the columns of CREATE TABLE AS are known to the database only")


def _index(node: Node, source: Source) -> None:
    """CREATE INDEX."""
    elements = [each.index_elem for each in node.index_params]
    names = tuple(element.name or text_of(element.expr) for element in elements)
    relation = node.relation
    opclasses = tuple(".".join(strings(element.opclass)) for element in elements)
    made = Index(
        node.idxname or "_".join([relation.relname, *(e.name or "expr" for e in elements), "idx"]),
        names,
        source.statement.at(),
        unique=node.unique,
        method=node.access_method or "btree",
        predicate=text_of(node.where_clause) if node.HasField("where_clause") else "",
        include=tuple(each.index_elem.name for each in node.index_including_params),
        expressions=tuple(text_of(element.expr) for element in elements if not element.name),
        opclasses=opclasses if any(opclasses) else (),
    )
    source.builder.add(source.key(relation), indexes=[made])


def _alter(node: Node, source: Source) -> None:
    """ALTER TABLE, action by action."""
    key = source.key(node.relation)
    if node.objtype != pg.OBJECT_TABLE:
        return
    for each in node.cmds:
        _action(key, each.alter_table_cmd, source)


def _action(key: str, action: Node, source: Source) -> None:
    """One action of an ALTER TABLE."""
    builder, kind = source.builder, action.subtype
    if kind == pg.AT_AddColumn:
        parts = Parts()
        parts.column(getattr(action, "def").column_def, source)
        _grow(key, parts, source)
    elif kind == pg.AT_AddConstraint:
        parts = Parts()
        parts.constraint(getattr(action, "def").constraint, source)
        _grow(key, parts, source)
    elif kind == pg.AT_DropColumn:
        builder.drop_column(key, action.name)
    elif kind == pg.AT_DropConstraint:
        builder.drop_constraint(key, action.name)
    elif kind in _TABLE_FLAGS:
        builder.change(key, _TABLE_FLAGS[kind])
    elif kind == pg.AT_AttachPartition:
        child = source.key(getattr(action, "def").partition_cmd.name)
        builder.change(child, lambda table: replace(table, partition_of=key))
    else:
        _column_action(key, action, source)


_TABLE_FLAGS: dict[int, Callable[[Table], Table]] = {
    pg.AT_EnableRowSecurity: lambda table: replace(table, row_security=True),
    pg.AT_DisableRowSecurity: lambda table: replace(table, row_security=False),
    pg.AT_ForceRowSecurity: lambda table: replace(table, row_security_forced=True),
    pg.AT_NoForceRowSecurity: lambda table: replace(table, row_security_forced=False),
}


def _column_action(key: str, action: Node, source: Source) -> None:
    """An action of ALTER TABLE that changes one column; what changes no fact is let pass."""
    kind, new = action.subtype, getattr(action, "def")

    def changed(column: Column) -> Column:
        if kind == pg.AT_SetNotNull:
            return replace(column, nullable=False)
        if kind == pg.AT_DropNotNull:
            return replace(column, nullable=True)
        if kind == pg.AT_ColumnDefault:
            return replace(column, default=text_of(new) or None)
        if kind == pg.AT_AlterColumnType:
            return replace(column, type=column_type(new.column_def.type_name, source.builder)[0])
        if kind == pg.AT_AddIdentity:
            always = new.constraint.generated_when == "a"
            return replace(column, identity="always" if always else "by default", nullable=False)
        if kind == pg.AT_DropIdentity:
            return replace(column, identity="")
        return replace(column, generated=None) if kind == pg.AT_DropExpression else column

    source.builder.change_column(key, action.name, changed)


def _grow(key: str, parts: Parts, source: Source) -> None:
    """Add what an ALTER TABLE declares."""
    source.builder.add(
        key,
        columns=parts.columns,
        keys=parts.keys,
        foreign_keys=parts.foreign_keys,
        checks=parts.checks,
        exclusions=parts.exclusions,
    )
    for name in parts.required:
        source.builder.change_column(key, name, lambda column: replace(column, nullable=False))


TABLE_READERS: dict[str, Reader] = dict(
    create_stmt=_create, create_table_as_stmt=_create_as, index_stmt=_index, alter_table_stmt=_alter
)
