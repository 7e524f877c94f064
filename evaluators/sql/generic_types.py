"""sqlglot's data types and table properties in the words of the facts, and what it does not read by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from sqlglot import exp

from evaluators.sql.tsql import without_storage
from evaluators.sql.types import ColumnType, type_of

_UNKNOWN = {
    "sqlite": re.compile(r"(\)\s*(?:STRICT\s*)?)(,?\s*WITHOUT\s+ROWID(?:\s*,\s*STRICT)?)\s*$", re.IGNORECASE),
}
"""Words that sqlglot does not read and that no fact needs: blanked, so that places stay."""

TRIGGER = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP\w*\s+)?TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?[`\"\[]?(?P<name>\w+)[`\"\]]?\s+"
    r"(?P<timing>BEFORE|AFTER|INSTEAD\s+OF)?\s*(?P<event>INSERT|UPDATE|DELETE)\b.*?\bON\s+[`\"\[]?(?P<table>\w+)",
    re.IGNORECASE | re.DOTALL,
)
"""The head of a trigger in SQLite and MySQL, whose body sqlglot does not read."""


def readable(text: str, dialect: str) -> str:
    """A statement's text without words that sqlglot does not read, of the same length."""
    if dialect == "tsql":
        return without_storage(text)
    unknown = _UNKNOWN.get(dialect)
    return unknown.sub(lambda found: found.group(1) + " " * len(found.group(2)), text) if unknown else text


def clustered_otherwise(text: str, dialect: str) -> bool:
    """Whether a CREATE TABLE keeps its rows in another order than its primary key's (SQL Server)."""
    return dialect == "tsql" and re.search(r"\bPRIMARY\s+KEY\s+NONCLUSTERED\b", text, re.IGNORECASE) is not None


def indexed(node: Any, written: str) -> tuple[str, bool]:
    """What an index holds: a column's name, or an expression's text and True. Prefixes and collations are left out."""
    if isinstance(node, exp.Collate):
        return indexed(node.this, written)
    prefix = isinstance(node, exp.Anonymous) and [type(each) for each in node.expressions] == [exp.Literal]
    if prefix or isinstance(node, (exp.Column, exp.Identifier)):
        return str(node.name), False
    return written, True


def data_type(node: Any, dialect: str) -> ColumnType:
    """A DataType as a column type; anything else as an unknown one."""
    if not isinstance(node, exp.DataType):
        return type_of("")
    kind = node.this.value if isinstance(node.this, exp.DType) else str(node.this)
    if kind in ("USERDEFINED", "USER-DEFINED"):
        return type_of(str(node.args.get("kind") or ""))
    if kind == "ARRAY":
        inner = node.expressions[0] if node.expressions else None
        return replace(data_type(inner, dialect), array=True)
    if kind == "ENUM":
        return replace(type_of("enum"), family="enum", values=tuple(each.name for each in node.expressions))
    params = [each.this if isinstance(each, exp.DataTypeParam) else each for each in node.expressions]
    sizes = tuple(int(each.name) for each in params if each.name.isdigit())
    unsigned = kind.startswith("U") and kind[1:] in ("INT", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "DECIMAL")
    return type_of(_spelled(kind[1:] if unsigned else kind, dialect), sizes, unsigned=unsigned)


def _spelled(kind: str, dialect: str) -> str:
    """sqlglot's name of a type as the dialect means it."""
    names = {"INT": "integer", "DOUBLE": "double precision", "FLOAT": "real", "VARBINARY": "bytea"}
    if kind == "TIMESTAMPTZ" and dialect == "mysql":
        return "timestamptz"
    if kind == "BIT" and dialect == "tsql":
        return "boolean"
    return names.get(kind, kind.lower())


def option(node: exp.Expression) -> tuple[str, str]:
    """A table's property as (name, value), the name empty for those that no rule wants."""
    names: dict[type, str] = {
        exp.EngineProperty: "engine",
        exp.CharacterSetProperty: "charset",
        exp.CollateProperty: "collate",
        exp.StrictProperty: "strict",
    }
    return names.get(type(node), ""), node.name.lower()
