"""SQLAlchemy's columns, types and constraints, as written in a revision -> SQL text of a dialect."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable


class Static(Exception):
    """Something is not written out, so only running it would tell; the message says what."""


_PLAIN = {
    "Integer": "integer", "INTEGER": "integer", "INT": "integer", "BigInteger": "bigint", "BIGINT": "bigint",
    "SmallInteger": "smallint", "SMALLINT": "smallint", "Text": "text", "TEXT": "text", "UnicodeText": "text",
    "Boolean": "boolean", "BOOLEAN": "boolean", "Date": "date", "DATE": "date", "Interval": "interval",
    "INTERVAL": "interval", "LargeBinary": "bytea", "BYTEA": "bytea", "JSON": "json", "JSONB": "jsonb", "INET": "inet",
    "CIDR": "cidr", "TSVECTOR": "tsvector", "CITEXT": "citext", "Float": "double precision",
    "FLOAT": "double precision",
    "REAL": "real", "Double": "double precision", "DOUBLE_PRECISION": "double precision", "HSTORE": "hstore",
    "TINYINT": "tinyint", "MEDIUMTEXT": "mediumtext", "LONGTEXT": "longtext", "DATETIME": "timestamp",
    "MACADDR": "macaddr", "BLOB": "bytea", "MONEY": "money", "OID": "oid", "INT4RANGE": "int4range",
    "INT8RANGE": "int8range", "NUMRANGE": "numrange", "TSRANGE": "tsrange", "TSTZRANGE": "tstzrange",
    "DATERANGE": "daterange",
}  # fmt: skip

_ELSEWHERE = {
    "mysql": {"bytea": "longblob", "jsonb": "json", "double precision": "double", "uuid": "char(32)"},
    "sqlite": {"bytea": "blob", "jsonb": "json", "uuid": "char(32)", "timestamp with time zone": "datetime"},
    "tsql": {"bytea": "varbinary(max)", "jsonb": "nvarchar(max)", "json": "nvarchar(max)", "text": "nvarchar(max)",
             "boolean": "bit", "double precision": "float", "uuid": "uniqueidentifier",
             "timestamp with time zone": "datetimeoffset", "timestamp": "datetime2"},
}  # fmt: skip
"""Dialect -> the type's name there, where it is another one."""

_SAFE = re.compile(r"[a-z_][a-z0-9_]*")


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The named argument, or None."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def literal(node: ast.expr | None) -> str:
    """A text literal, also one that is joined from literals, or op.f of one. Raises Static."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return literal(node.left) + literal(node.right)
    if (
        isinstance(node, ast.Call)
        and node.args
        and getattr(node.func, "attr", "") in ("f", "text", "quoted_name", "dedent")
    ):
        return literal(node.args[0])
    raise Static("a name or a text is worked out when it runs")


def identifier(name: str, dialect: str) -> str:
    """A name as SQL, quoted where it must be."""
    if _SAFE.fullmatch(name):
        return '"' + name + '"' if name in _RESERVED and dialect != "mysql" else name
    if dialect == "mysql":
        return "`" + name.replace("`", "``") + "`"
    return '"' + name.replace('"', '""') + '"'


_RESERVED = {
    "user",
    "order",
    "group",
    "table",
    "check",
    "default",
    "end",
    "desc",
    "limit",
    "offset",
    "references",
    "to",
}


def _name_of(node: ast.expr) -> str:
    """The last name of a dotted one, called or not."""
    target = node.func if isinstance(node, ast.Call) else node
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _numbers(node: ast.expr) -> list[int]:
    """The numbers among a call's positional arguments and its usual named ones."""
    if not isinstance(node, ast.Call):
        return []
    given = [*node.args, *(keyword(node, name) for name in ("length", "precision", "scale"))]
    return [each.value for each in given if isinstance(each, ast.Constant) and type(each.value) is int]


def type_sql(node: ast.expr, dialect: str) -> tuple[str, list[str]]:
    """A type as SQL, and the statements that make it first (an enumerated type of PostgreSQL). Raises Static."""
    name = _name_of(node)
    sizes = _numbers(node)
    size = f"({', '.join(map(str, sizes))})" if sizes else ""
    renamed = _ELSEWHERE.get(dialect, {})
    if name in ("String", "VARCHAR", "Unicode", "AutoString", "NVARCHAR"):
        return f"varchar{size}", []
    if name in ("CHAR", "NCHAR"):
        return f"char{size}", []
    if name in ("Numeric", "NUMERIC", "DECIMAL"):
        return f"numeric{size}", []
    if name in ("DateTime", "TIMESTAMP", "Time", "TIME"):
        zone = keyword(node, "timezone") if isinstance(node, ast.Call) else None
        word = "time" if name in ("Time", "TIME") else "timestamp"
        aware = isinstance(zone, ast.Constant) and zone.value is True
        full = f"{word} with time zone" if aware else word
        return renamed.get(full, full), []
    if name in ("Uuid", "UUID"):
        return renamed.get("uuid", "uuid"), []
    if name == "ARRAY" and isinstance(node, ast.Call) and node.args:
        inner, before = type_sql(node.args[0], dialect)
        return f"{inner}[]", before
    if name in ("Enum", "ENUM") and isinstance(node, ast.Call):
        return _enum(node, dialect)
    if name in _PLAIN:
        return renamed.get(_PLAIN[name], _PLAIN[name]), []
    raise Static(f"the type {name or 'of a column'} is not known")


def _enum(node: ast.Call, dialect: str) -> tuple[str, list[str]]:
    """An enumerated type."""
    values = ", ".join("'" + literal(each).replace("'", "''") + "'" for each in node.args)
    named = keyword(node, "name")
    native = keyword(node, "native_enum")
    if dialect == "mysql":
        return f"enum({values})", []
    if dialect != "postgres" or named is None or (isinstance(native, ast.Constant) and native.value is False):
        return "varchar(255)", []
    made = identifier(literal(named), dialect)
    kept = keyword(node, "create_type")
    made_before = isinstance(kept, ast.Constant) and kept.value is False
    return made, [] if made_before or not values else [f"CREATE TYPE {made} AS ENUM ({values});"]


def default_sql(node: ast.expr) -> str:
    """A server default as SQL; empty for None. Raises Static."""
    if isinstance(node, ast.Constant):
        return "" if node.value is None else "'" + str(node.value).replace("'", "''") + "'"
    name = _name_of(node)
    if isinstance(node, ast.Call) and name == "text" and node.args:
        return literal(node.args[0])
    if name in ("true", "false", "null"):
        return name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _name_of(node.func.value) == "func":
        return "CURRENT_TIMESTAMP" if name in ("now", "current_timestamp") else f"{name}()"
    raise Static("a default is worked out when it runs")


def words_of(parts: Iterable[ast.Call]) -> frozenset[str]:
    """The columns of a PrimaryKeyConstraint among a table's parts."""
    found = [each for each in parts if _name_of(each) == "PrimaryKeyConstraint"]
    return frozenset(str(arg.value) for each in found for arg in each.args if isinstance(arg, ast.Constant))


def column_sql(node: ast.Call, dialect: str, primary: frozenset[str]) -> tuple[str, list[str]]:
    """A sa.Column as SQL, and the statements that come before. Raises Static."""
    if len(node.args) < 2:
        raise Static("a column is not written out")
    name = literal(node.args[0])
    made, before = type_sql(node.args[1], dialect)
    key = _is(node, "primary_key", True)
    links = [each for each in node.args[2:] if _name_of(each) == "ForeignKey"]
    alone = (key and not primary) or primary == {name}
    words = [identifier(name, dialect), made]
    if alone and made in ("integer", "bigint", "smallint") and not links and not _is(node, "autoincrement", False):
        words = [words[0], *_numbered(made, dialect, node)]
    words.extend(_written(node, dialect, key))
    for each in links:
        if isinstance(each, ast.Call) and each.args:
            table, _, column = literal(each.args[0]).rpartition(".")
            target = ".".join(identifier(part, dialect) for part in table.split("."))
            words.append(f"REFERENCES {target} ({identifier(column, dialect)})")
            action = keyword(each, "ondelete")
            if action is not None:
                words.append(f"ON DELETE {literal(action)}")
    return " ".join(words), before


def _numbered(made: str, dialect: str, node: ast.Call) -> list[str]:
    """A key that the database numbers, in the dialect's own words."""
    if any(_name_of(each) == "Identity" for each in node.args[2:]) or keyword(node, "server_default") is not None:
        return [made]
    if dialect == "postgres":
        return [{"integer": "serial", "bigint": "bigserial", "smallint": "smallserial"}[made]]
    return [made, {"mysql": "AUTO_INCREMENT", "tsql": "IDENTITY(1, 1)"}.get(dialect, "")]


def _is(node: ast.Call, name: str, value: bool) -> bool:
    """Whether a named argument is that literal."""
    found = keyword(node, name)
    return isinstance(found, ast.Constant) and found.value is value


def _written(node: ast.Call, dialect: str, key: bool) -> list[str]:
    """A column's own constraints."""
    words: list[str] = []
    default = keyword(node, "server_default")
    if default is not None and _name_of(default) not in ("Identity", "Computed", "FetchedValue"):
        said = default_sql(default)
        words.extend(["DEFAULT", said] if said else [])
    for each in (*node.args[2:], *([default] if default is not None else [])):
        kind = _name_of(each)
        if kind == "Identity" and dialect == "postgres":
            words.append("GENERATED BY DEFAULT AS IDENTITY")
        elif kind == "Computed" and isinstance(each, ast.Call) and each.args:
            words.append(f"GENERATED ALWAYS AS ({literal(each.args[0])}) STORED")
        elif kind == "CheckConstraint" and isinstance(each, ast.Call) and each.args:
            words.append(f"CHECK ({literal(each.args[0])})")
    if key:
        words.append("PRIMARY KEY")
    elif _is(node, "nullable", False):
        words.append("NOT NULL")
    if _is(node, "unique", True):
        words.append("UNIQUE")
    return words


def constraint_sql(node: ast.Call, kind: str, dialect: str) -> str:
    """A table's constraint as SQL. Raises Static."""
    named = keyword(node, "name")
    label = f"CONSTRAINT {identifier(literal(named), dialect)} " if named is not None and not _none(named) else ""
    if kind in ("PrimaryKeyConstraint", "UniqueConstraint"):
        columns = ", ".join(identifier(literal(each), dialect) for each in node.args)
        return f"{label}{'PRIMARY KEY' if kind.startswith('P') else 'UNIQUE'} ({columns})"
    if kind == "CheckConstraint" and node.args:
        return f"{label}CHECK ({literal(node.args[0])})"
    if kind == "ForeignKeyConstraint" and len(node.args) > 1:
        local, remote = ([literal(each) for each in getattr(arg, "elts", [])] for arg in node.args[:2])
        if not local or not remote:
            raise Static("a foreign key is not written out")
        table = ".".join(identifier(part, dialect) for part in remote[0].split(".")[:-1])
        columns = ", ".join(identifier(each.split(".")[-1], dialect) for each in remote)
        action = keyword(node, "ondelete")
        tail = f" ON DELETE {literal(action)}" if action is not None and not _none(action) else ""
        own = ", ".join(identifier(each, dialect) for each in local)
        return f"{label}FOREIGN KEY ({own}) REFERENCES {table} ({columns}){tail}"
    raise Static(f"{kind or 'a part'} is not read")


def _none(node: ast.expr) -> bool:
    """Whether a node is the literal None."""
    return isinstance(node, ast.Constant) and node.value is None
