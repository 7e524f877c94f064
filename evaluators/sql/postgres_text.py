"""PostgreSQL's expressions as canonical SQL text.

The parser's own deparser writes them. It takes longer than the parse of a whole
statement, so the plain forms that most defaults and CHECKs have are written
here, byte for byte alike; a test compares the two.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

import postgast
from postgast import pg_query_pb2 as pg

Node = Any

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_TYPES = {"int4": "int", "int8": "bigint", "int2": "smallint", "numeric": "numeric", "bool": "boolean"}
_OPERATORS = frozenset({"=", "<>", "<", ">", "<=", ">=", "~", "~*", "||"})


def text_of(node: Node) -> str:
    """An expression's SQL text in canonical form; empty where it cannot be written."""
    if node is None:
        return ""
    kind = node.WhichOneof("node")
    if not kind:
        return ""
    quick = _quick(node, kind)
    return quick if quick else deparsed(node)


def deparsed(node: Node) -> str:
    """An expression's text by the parser's own deparser; empty where it refuses."""
    target = pg.Node(res_target=pg.ResTarget(val=node))
    select = pg.SelectStmt(target_list=[target], limit_option=pg.LIMIT_OPTION_DEFAULT, op=pg.SETOP_NONE)
    tree = pg.ParseResult(stmts=[pg.RawStmt(stmt=pg.Node(select_stmt=select))])
    try:
        return str(postgast.deparse(tree)).removeprefix("SELECT ")
    except postgast.PgQueryError:
        return ""


def _quick(node: Node, kind: str) -> str:
    """The text of a plain form; empty where the deparser is to write it."""
    writer = _WRITERS.get(kind)
    return writer(getattr(node, kind)) if writer is not None else ""


def _atom(node: Node) -> str:
    """The text of an operand that never stands in parentheses; empty for any other."""
    kind = node.WhichOneof("node") or ""
    return _quick(node, kind) if kind in ("a_const", "column_ref", "type_cast", "func_call") else ""


def _constant(node: Node) -> str:
    kind = node.WhichOneof("val")
    if kind == "sval":
        said: str = node.sval.sval
        return "" if "\\" in said else "'" + said.replace("'", "''") + "'"
    if kind == "ival":
        return str(node.ival.ival)
    if kind == "fval":
        return str(node.fval.fval)
    if kind == "boolval":
        return "true" if node.boolval.boolval else "false"
    return "NULL" if node.isnull else ""


def _cast(node: Node) -> str:
    made = node.type_name
    names = [each.string.sval for each in made.names]
    if made.typmods or made.array_bounds or made.setof or made.pct_type or node.arg.WhichOneof("node") != "a_const":
        return ""
    if node.arg.a_const.WhichOneof("val") not in ("sval", "ival") or (
        node.arg.a_const.WhichOneof("val") == "ival" and node.arg.a_const.ival.ival < 0
    ):
        return ""
    inner = _constant(node.arg.a_const)
    name = names[0] if len(names) == 1 else _TYPES.get(names[-1], "") if names[0] == "pg_catalog" else ""
    if not inner or not name or (len(names) == 1 and not _bare(name)):
        return ""
    return f"{inner}::{name}"


def _call(node: Node) -> str:
    plain = len(node.funcname) == 1 and len(node.ListFields()) <= 3
    if not plain or node.args or node.agg_star or node.funcformat != pg.COERCE_EXPLICIT_CALL:
        return ""
    name = node.funcname[0].string.sval
    return f"{name}()" if _bare(name) else ""


def _column(node: Node) -> str:
    if len(node.fields) != 1 or node.fields[0].WhichOneof("node") != "string":
        return ""
    name: str = node.fields[0].string.sval
    return name if _bare(name) else ""


def _operation(node: Node) -> str:
    if len(node.name) != 1:
        return ""
    name: str = node.name[0].string.sval
    left = _atom(node.lexpr)
    if not left or name not in _OPERATORS:
        return ""
    if node.kind == pg.AEXPR_OP:
        right = _atom(node.rexpr)
        return f"{left} {name} {right}" if right else ""
    if node.kind == pg.AEXPR_OP_ANY and node.rexpr.WhichOneof("node") == "a_array_expr":
        values = [_atom(each) for each in node.rexpr.a_array_expr.elements]
        return f"{left} {name} ANY(ARRAY[{', '.join(values)}])" if values and all(values) else ""
    if node.kind == pg.AEXPR_IN and name == "=":
        values = [_atom(each) for each in node.rexpr.list.items]
        return f"{left} IN ({', '.join(values)})" if values and all(values) else ""
    return ""


@functools.lru_cache(maxsize=8_192)
def _bare(name: str) -> bool:
    """Whether the deparser writes a name as it is: plain, and no key word at all."""
    if not _PLAIN.fullmatch(name):
        return False
    found = postgast.scan(name).tokens
    return len(found) == 1 and found[0].keyword_kind == pg.NO_KEYWORD


_WRITERS: dict[str, Callable[[Node], str]] = {
    "a_const": _constant,
    "type_cast": _cast,
    "func_call": _call,
    "column_ref": _column,
    "a_expr": _operation,
}
