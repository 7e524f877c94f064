"""PostgreSQL's own tree -> the steps of a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import postgast
from google.protobuf.message import DecodeError
from postgast import pg_query_pb2 as pg

from evaluators.migrations.facts import Act, Step
from evaluators.sql.builder import Builder
from evaluators.sql.postgres_tables import Parts
from evaluators.sql.postgres_text import text_of
from evaluators.sql.postgres_tree import Node, Source, column_type, columns_in, foreign_key_of, key_of, strings
from evaluators.sql.statements import Statement


def postgres_steps(statement: Statement, builder: Builder) -> list[Step]:
    """What the statement does; nothing for one that is not read."""
    try:
        tree = postgast.parse(statement.text)
    except (postgast.PgQueryError, DecodeError):
        return []
    source = Source(statement, builder)
    return [step for raw in tree.stmts for step in _steps(raw.stmt, source)]


def _steps(stmt: Node, source: Source) -> Iterator[Step]:
    """The steps of one node."""
    kind = stmt.WhichOneof("node") or ""
    reader = _READERS.get(kind)
    if reader is not None:
        yield from reader(getattr(stmt, kind), source)
    elif kind != "select_stmt":
        yield _step(Act.OTHER, source)


def _step(act: Act, source: Source, key: str = "", **facts: Any) -> Step:
    """A step at the statement's begin."""
    return Step(act, source.statement.at(), source.statement, key, before=source.builder.tables.get(key), **facts)


def _create(node: Node, source: Source) -> Iterator[Step]:
    key = source.key(node.relation)
    yield _step(Act.CREATE_TABLE, source, key, name=key, guarded=node.if_not_exists)


def _create_as(node: Node, source: Source) -> Iterator[Step]:
    key = source.key(node.into.rel)
    yield _step(Act.CREATE_TABLE, source, key, name=key, guarded=node.if_not_exists)


def _index(node: Node, source: Source) -> Iterator[Step]:
    names = tuple(each.index_elem.name for each in node.index_params)
    yield _step(
        Act.CREATE_INDEX,
        source,
        source.key(node.relation),
        name=node.idxname,
        columns=names,
        unique=node.unique,
        concurrently=node.concurrent,
        guarded=node.if_not_exists,
    )


def _alter(node: Node, source: Source) -> Iterator[Step]:
    if node.objtype != pg.OBJECT_TABLE:
        return
    key = source.key(node.relation)
    for each in node.cmds:
        yield from _action(key, each.alter_table_cmd, source)


def _action(key: str, action: Node, source: Source) -> Iterator[Step]:
    """One action of an ALTER TABLE."""
    kind, cascade = action.subtype, action.behavior == pg.DROP_CASCADE
    definition = getattr(action, "def")
    if kind == pg.AT_AddColumn:
        parts = Parts()
        parts.column(definition.column_def, source)
        column = parts.columns[0]
        yield _step(Act.ADD_COLUMN, source, key, name=column.name, column=column, guarded=action.missing_ok)
        for fk in parts.foreign_keys:
            yield _step(Act.ADD_FOREIGN_KEY, source, key, columns=fk.columns, foreign_key=fk, column=column)
        for each in parts.keys:
            act = Act.ADD_PRIMARY_KEY if each.primary else Act.ADD_UNIQUE
            yield _step(act, source, key, columns=each.columns, column=column)
    elif kind == pg.AT_AddConstraint:
        yield from _constraint(key, definition.constraint, source)
    elif kind == pg.AT_AlterColumnType:
        made = definition.column_def
        using = text_of(made.raw_default) if made.HasField("raw_default") else ""
        yield _step(
            Act.RETYPE_COLUMN,
            source,
            key,
            name=action.name,
            type=column_type(made.type_name, source.builder)[0],
            using=using,
        )
    else:
        acts = {
            pg.AT_DropColumn: Act.DROP_COLUMN,
            pg.AT_SetNotNull: Act.SET_NOT_NULL,
            pg.AT_ValidateConstraint: Act.VALIDATE,
            pg.AT_DropConstraint: Act.DROP_CONSTRAINT,
        }
        act = acts.get(kind, Act.OTHER)
        yield _step(act, source, key, name=action.name, cascade=cascade, guarded=action.missing_ok)


def _constraint(key: str, node: Node, source: Source) -> Iterator[Step]:
    """ADD CONSTRAINT."""
    valid, ready = not node.skip_validation, bool(node.indexname)
    if node.contype == pg.CONSTR_FOREIGN:
        fk = foreign_key_of(node, source)
        yield _step(
            Act.ADD_FOREIGN_KEY, source, key, name=node.conname, columns=fk.columns, foreign_key=fk, valid=valid
        )
    elif node.contype in (pg.CONSTR_UNIQUE, pg.CONSTR_PRIMARY):
        made = key_of(node, source)
        act = Act.ADD_PRIMARY_KEY if made.primary else Act.ADD_UNIQUE
        yield _step(act, source, key, name=node.conname, columns=made.columns, ready=ready)
    elif node.contype == pg.CONSTR_NOTNULL:
        for name in strings(node.keys):
            yield _step(Act.SET_NOT_NULL, source, key, name=name, valid=valid)
    elif node.contype == pg.CONSTR_CHECK:
        said, columns = text_of(node.raw_expr), columns_in(node.raw_expr)
        yield _step(Act.ADD_CHECK, source, key, name=node.conname, columns=columns, valid=valid, using=said)


def _drop(node: Node, source: Source) -> Iterator[Step]:
    """DROP of tables, indexes and the rest."""
    cascade = node.behavior == pg.DROP_CASCADE
    for each in node.objects:
        names = strings(each.list.items) or strings(each.type_name.names) or strings([each])
        name = source.builder.key(names[-2] if len(names) > 1 else "", names[-1]) if names else ""
        if node.remove_type == pg.OBJECT_TABLE:
            yield _step(Act.DROP_TABLE, source, name, name=name, cascade=cascade, guarded=node.missing_ok)
        elif node.remove_type == pg.OBJECT_INDEX:
            yield _step(Act.DROP_INDEX, source, name=name, cascade=cascade, concurrently=node.concurrent)
        else:
            what = _KINDS.get(node.remove_type, "")
            yield _step(Act.DROP_OTHER, source, name=f"{what} {name}".strip(), cascade=cascade)


_KINDS = {
    pg.OBJECT_VIEW: "view",
    pg.OBJECT_MATVIEW: "materialized view",
    pg.OBJECT_TYPE: "type",
    pg.OBJECT_SCHEMA: "schema",
    pg.OBJECT_EXTENSION: "extension",
    pg.OBJECT_SEQUENCE: "sequence",
    pg.OBJECT_DOMAIN: "domain",
    pg.OBJECT_FUNCTION: "function",
}


def _drop_database(node: Node, source: Source) -> Iterator[Step]:
    yield _step(Act.DROP_OTHER, source, name=f"database {node.dbname}")


def _rename(node: Node, source: Source) -> Iterator[Step]:
    key = source.key(node.relation)
    if node.rename_type == pg.OBJECT_TABLE:
        yield _step(Act.RENAME_TABLE, source, key, name=key, to=node.newname)
    elif node.rename_type == pg.OBJECT_COLUMN:
        yield _step(Act.RENAME_COLUMN, source, key, name=node.subname, to=node.newname)
    elif node.rename_type == pg.OBJECT_TYPE:
        names = strings(node.object.list.items)
        if names:
            enum = source.builder.enums.get(names[-1])
            yield _step(Act.RENAME_TYPE, source, name=names[-1], to=node.newname, enum=enum)


def _truncate(node: Node, source: Source) -> Iterator[Step]:
    for each in node.relations:
        key = source.key(each.range_var)
        yield _step(Act.TRUNCATE, source, key, name=key, cascade=node.behavior == pg.DROP_CASCADE)


def _enum(node: Node, source: Source) -> Iterator[Step]:
    names = strings(node.type_name)
    name = names[-1] if names else ""
    yield _step(Act.CREATE_ENUM, source, name=name, values=strings(node.vals), enum=source.builder.enums.get(name))


def _alter_enum(node: Node, source: Source) -> Iterator[Step]:
    names = strings(node.type_name)
    if names and not node.old_val:
        yield _step(Act.ADD_ENUM_VALUE, source, name=names[-1], to=node.new_val)


def _set(node: Node, source: Source) -> Iterator[Step]:
    value = next((each.a_const.sval.sval or str(each.a_const.ival.ival) for each in node.args), "")
    yield _step(Act.SET, source, name=node.name, to=value)


def _transaction(node: Node, source: Source) -> Iterator[Step]:
    if node.kind in (pg.TRANS_STMT_BEGIN, pg.TRANS_STMT_START):
        yield _step(Act.BEGIN, source)
    elif node.kind in (pg.TRANS_STMT_COMMIT, pg.TRANS_STMT_ROLLBACK):
        yield _step(Act.COMMIT, source)


def _write(node: Node, source: Source) -> Iterator[Step]:
    """INSERT, UPDATE, DELETE."""
    key = source.key(node.relation)
    whole = "where_clause" in node.DESCRIPTOR.fields_by_name and not node.HasField("where_clause")
    word = node.DESCRIPTOR.name.removesuffix("Stmt").lower()
    targets = getattr(node, "target_list", None) or getattr(node, "cols", None) or ()
    columns = tuple(each.res_target.name for each in targets)
    yield replace(_step(Act.WRITE_ROWS, source, key, name=word, columns=columns), whole=whole)


def _refresh(node: Node, source: Source) -> Iterator[Step]:
    yield _step(Act.REFRESH, source, name=node.relation.relname, concurrently=node.concurrent)


_READERS: dict[str, Callable[[Node, Source], Iterator[Step]]] = {
    "create_stmt": _create,
    "create_table_as_stmt": _create_as,
    "index_stmt": _index,
    "alter_table_stmt": _alter,
    "drop_stmt": _drop,
    "dropdb_stmt": _drop_database,
    "rename_stmt": _rename,
    "truncate_stmt": _truncate,
    "create_enum_stmt": _enum,
    "alter_enum_stmt": _alter_enum,
    "variable_set_stmt": _set,
    "transaction_stmt": _transaction,
    "insert_stmt": _write,
    "update_stmt": _write,
    "delete_stmt": _write,
    "refresh_mat_view_stmt": _refresh,
}
