"""Types, views, policies, functions, comments, rows and drops, from PostgreSQL's tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import postgast
from postgast import pg_query_pb2 as pg

from evaluators.sql.facts import Domain, Enum, Function, Grant, Insert, Policy, Trigger, View
from evaluators.sql.postgres_text import text_of
from evaluators.sql.postgres_tree import (
    READERS,
    Node,
    Reader,
    Source,
    check_of,
    column_type,
    messages,
    nested,
    strings,
    unread,
)


def _qualified(nodes: Node, source: Source) -> str:
    """The builder's key of a name given as a list of strings."""
    parts = strings(nodes)
    return source.builder.key(parts[-2] if len(parts) > 1 else "", parts[-1] if parts else "")


def _enum(node: Node, source: Source) -> None:
    name = _qualified(node.type_name, source)
    source.builder.enums[name] = Enum(name, strings(node.vals), source.statement.at())


def _alter_enum(node: Node, source: Source) -> None:
    name = _qualified(node.type_name, source)
    enum = source.builder.enums.get(name)
    if enum is None:
        return
    values = list(enum.values)
    if node.old_val:
        values = [node.new_val if value == node.old_val else value for value in values]
    elif node.new_val not in values:
        place = len(values)
        if node.new_val_neighbor in values:
            place = values.index(node.new_val_neighbor) + node.new_val_is_after
        values.insert(place, node.new_val)
    source.builder.enums[name] = replace(enum, values=tuple(values))


def _domain(node: Node, source: Source) -> None:
    name = _qualified(node.domainname, source)
    kinds = [each.constraint for each in node.constraints]
    default = next((text_of(each.raw_expr) for each in kinds if each.contype == pg.CONSTR_DEFAULT), None)
    source.builder.domains[name] = Domain(
        name,
        column_type(node.type_name, source.builder)[0],
        source.statement.at(),
        nullable=all(each.contype != pg.CONSTR_NOTNULL for each in kinds),
        default=default,
        checks=tuple(check_of(each, source) for each in kinds if each.contype == pg.CONSTR_CHECK),
    )


def _alter_domain(node: Node, source: Source) -> None:
    name = _qualified(node.type_name, source)
    domain = source.builder.domains.get(name)
    constraint = getattr(node, "def").constraint
    if domain is not None and constraint.contype == pg.CONSTR_CHECK:
        source.builder.domains[name] = replace(domain, checks=(*domain.checks, check_of(constraint, source)))


def view_named(
    relation: Node, query: Node, source: Source, *, materialized: bool = False, invoker: bool = False
) -> None:
    """A view, with the tables that its query reads."""
    key = source.key(relation)
    reads = tuple(sorted({source.key(each) for each in messages(query, "RangeVar")}))
    text = "" if source.inside else source.statement.text
    source.builder.views[key] = View(key, source.at(relation.location), text, reads, materialized, invoker)


def _view(node: Node, source: Source) -> None:
    options = {each.def_elem.defname: each.def_elem for each in node.options}
    invoker = options.get("security_invoker")
    said = "" if invoker is None else invoker.arg.string.sval.lower()
    on = invoker is not None and (said in ("", "true", "on", "yes", "1"))
    view_named(node.view, node.query, source, invoker=on)


def _policy(node: Node, source: Source) -> None:
    key = source.key(node.table)
    roles = tuple(each.role_spec.rolename or "public" for each in node.roles)
    made = Policy(
        node.policy_name,
        key,
        source.statement.at(),
        node.cmd_name or "all",
        roles,
        node.permissive,
        text_of(node.qual) if node.HasField("qual") else "",
        text_of(node.with_check) if node.HasField("with_check") else "",
    )
    source.builder.add(key, policies=[made])


def _trigger(node: Node, source: Source) -> None:
    key = source.key(node.relation)
    bits = ((4, "insert"), (8, "delete"), (16, "update"), (32, "truncate"))
    timing = "before" if node.timing & 2 else "instead of" if node.timing & 64 else "after"
    events = tuple(name for bit, name in bits if node.events & bit)
    name = ".".join(strings(node.funcname))
    made = Trigger(node.trigname, key, source.statement.at(), name, timing, events)
    source.builder.add(key, triggers=[made])


def _function(node: Node, source: Source) -> None:
    options = {each.def_elem.defname: each.def_elem.arg for each in node.options}
    settings = tuple(
        each.def_elem.arg.variable_set_stmt.name for each in node.options if each.def_elem.defname == "set"
    )
    bodies = strings(options["as"].list.items) if "as" in options else ()
    definer = "security" in options and options["security"].boolean.boolval
    returns = strings(node.return_type.names)
    made = Function(
        _qualified(node.funcname, source),
        source.statement.at(),
        options["language"].string.sval if "language" in options else "sql",
        returns[-1] if returns else "",
        bodies[0] if bodies else "",
        definer,
        settings,
    )
    source.builder.functions = [f for f in source.builder.functions if f.name != made.name] + [made]
    unread(source, "a routine's body is read by the database only")


def _alter_function(node: Node, source: Source) -> None:
    """ALTER FUNCTION ... SET; overloads of one name are taken together."""
    name = _qualified(node.func.objname, source)
    said = [each.def_elem for each in node.actions]
    settings = tuple(each.arg.variable_set_stmt.name for each in said if each.defname == "set")
    security = [each.arg.boolean.boolval for each in said if each.defname == "security"]
    source.builder.functions = [
        replace(
            each,
            settings=(*each.settings, *settings),
            security_definer=security[-1] if security else each.security_definer,
        )
        if each.name == name
        else each
        for each in source.builder.functions
    ]


def _do(node: Node, source: Source) -> None:
    """A DO block: the statements that it runs are read as if they stood alone."""
    try:
        tree = postgast.parse_plpgsql(source.statement.text)
    except (postgast.PgQueryError, ValueError):
        unread(source, "the block is read by the database only")
        return
    found = list(_queries(tree))
    for text in found:
        nested(text, source)
    if not found:
        unread(source, "the block is read by the database only")


def _queries(tree: Any) -> Iterator[str]:
    """The text of every plain SQL statement in a plpgsql tree."""
    if isinstance(tree, list):
        for each in tree:
            yield from _queries(each)
    elif isinstance(tree, dict):
        for name, value in tree.items():
            if name == "PLpgSQL_stmt_execsql":
                yield value["sqlstmt"]["PLpgSQL_expr"]["query"]
            else:
                yield from _queries(value)


def _comment(node: Node, source: Source) -> None:
    names = strings(node.object.list.items)
    if node.objtype == pg.OBJECT_TABLE and names:
        key = _qualified(node.object.list.items, source)
        source.builder.change(key, lambda table: replace(table, comment=node.comment))
    elif node.objtype == pg.OBJECT_COLUMN and len(names) > 1:
        key = source.builder.key(names[-3] if len(names) > 2 else "", names[-2])
        source.builder.change_column(key, names[-1], lambda column: replace(column, comment=node.comment))


def _insert(node: Node, source: Source) -> None:
    columns = tuple(each.res_target.name for each in node.cols)
    values = node.select_stmt.select_stmt.values_lists
    rows = tuple(tuple(text_of(value) for value in row.list.items) for row in values)
    made = Insert(source.key(node.relation), columns, rows, source.at(node.relation.location))
    source.builder.inserts.append(made)


def _copy(node: Node, source: Source) -> None:
    rows = [line.rstrip("\r") for line in source.statement.data.split("\n")]
    values = tuple(tuple(row.split("\t")) for row in rows if row and row != "\\.")
    if node.is_from:
        made = Insert(source.key(node.relation), strings(node.attlist), values, source.statement.at())
        source.builder.inserts.append(made)


def _grant(node: Node, source: Source) -> None:
    if not node.is_grant:
        return
    names = tuple(sorted(source.key(each.range_var) for each in node.objects if each.WhichOneof("node") == "range_var"))
    everything = node.targtype == pg.ACL_TARGET_ALL_IN_SCHEMA
    privileges = tuple(sorted(each.access_priv.priv_name for each in node.privileges)) or ("all",)
    roles = tuple(sorted(each.role_spec.rolename or "public" for each in node.grantees))
    made = Grant(privileges, names or (("all tables",) if everything else ()), roles, source.statement.at())
    source.builder.grants.append(made)


def _extension(node: Node, source: Source) -> None:
    source.builder.extensions.append(node.extname)


def _drop(node: Node, source: Source) -> None:
    """DROP of anything that the facts hold."""
    builder, kind = source.builder, node.remove_type
    for each in node.objects:
        names = strings(each.list.items) or strings(each.type_name.names)
        if not names:
            continue
        key = builder.key(names[-2] if len(names) > 1 else "", names[-1])
        if kind in (pg.OBJECT_TABLE, pg.OBJECT_VIEW, pg.OBJECT_MATVIEW):
            builder.drop_table(key)
        elif kind == pg.OBJECT_INDEX:
            builder.drop_index(names[-1])
        elif kind in (pg.OBJECT_TYPE, pg.OBJECT_DOMAIN):
            builder.enums.pop(key, None)
            builder.domains.pop(key, None)
        elif kind in (pg.OBJECT_POLICY, pg.OBJECT_TRIGGER) and len(names) > 1:
            owner = builder.key(names[-3] if len(names) > 2 else "", names[-2])
            (builder.drop_policy if kind == pg.OBJECT_POLICY else builder.drop_trigger)(owner, names[-1])


def _rename(node: Node, source: Source) -> None:
    builder, kind = source.builder, node.rename_type
    key = source.key(node.relation)
    if kind == pg.OBJECT_TABLE:
        builder.rename_table(key, builder.key(node.relation.schemaname, node.newname))
    elif kind == pg.OBJECT_COLUMN:
        builder.rename_column(key, node.subname, node.newname)


def _sequence(node: Node, source: Source) -> None:
    """CREATE or ALTER SEQUENCE ... AS: a width that was written."""
    written = [each.def_elem.arg.type_name for each in node.options if each.def_elem.defname == "as"]
    if written:
        bits = column_type(written[0], source.builder)[0].bits
        source.builder.sequences[source.key(node.sequence)] = bits


def _create_schema(node: Node, source: Source) -> None:
    """CREATE SCHEMA may hold further statements."""
    for element in node.schema_elts:
        kind = element.WhichOneof("node") or ""
        if kind in READERS:
            inner = getattr(element, kind)
            if hasattr(inner, "relation") and not inner.relation.schemaname:
                inner.relation.schemaname = node.schemaname
            READERS[kind](inner, source)


OBJECT_READERS: dict[str, Reader] = dict(
    create_enum_stmt=_enum,
    alter_enum_stmt=_alter_enum,
    create_domain_stmt=_domain,
    alter_domain_stmt=_alter_domain,
    view_stmt=_view,
    create_policy_stmt=_policy,
    create_trig_stmt=_trigger,
    create_function_stmt=_function,
    alter_function_stmt=_alter_function,
    do_stmt=_do,
    comment_stmt=_comment,
    insert_stmt=_insert,
    copy_stmt=_copy,
    grant_stmt=_grant,
    create_extension_stmt=_extension,
    drop_stmt=_drop,
    rename_stmt=_rename,
    create_schema_stmt=_create_schema,
    create_seq_stmt=_sequence,
    alter_seq_stmt=_sequence,
)
