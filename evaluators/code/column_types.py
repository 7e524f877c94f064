"""What a declared column's type becomes in SQL, in the words that the schema's reader uses."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from evaluators.code.module import Module


@dataclass(frozen=True)
class Kind:
    """A column's type; `name` is empty where it cannot be told."""

    name: str = ""
    """`integer`, `bigint`, `varchar`, `text`, `numeric`, `timestamptz`, `boolean`, `uuid`, `json`, ..."""
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    values: tuple[str, ...] = ()
    """An enumeration's values where they are written out."""


UNKNOWN = Kind()
"""A type of which nothing can be told."""

_SQLALCHEMY = {
    "Integer": "integer", "INTEGER": "integer", "INT": "integer", "BigInteger": "bigint", "BIGINT": "bigint",
    "SmallInteger": "smallint", "SMALLINT": "smallint", "Text": "text", "TEXT": "text", "UnicodeText": "text",
    "String": "varchar", "VARCHAR": "varchar", "Unicode": "varchar", "NVARCHAR": "varchar", "AutoString": "varchar",
    "CHAR": "char", "Numeric": "numeric", "NUMERIC": "numeric", "DECIMAL": "numeric", "Float": "float",
    "FLOAT": "float", "REAL": "real", "Double": "double precision", "DOUBLE_PRECISION": "double precision",
    "Boolean": "boolean", "BOOLEAN": "boolean", "Date": "date", "DATE": "date", "Time": "time", "TIME": "time",
    "DateTime": "timestamp", "DATETIME": "timestamp", "TIMESTAMP": "timestamp", "Interval": "interval",
    "INTERVAL": "interval", "LargeBinary": "bytea", "BYTEA": "bytea", "BLOB": "bytea", "JSON": "json",
    "JSONB": "jsonb", "Uuid": "uuid", "UUID": "uuid", "Enum": "enum", "ENUM": "enum", "ARRAY": "array",
    "INET": "inet", "CITEXT": "citext", "TSVECTOR": "tsvector",
}  # fmt: skip
_PYTHON = {
    "int": "integer", "str": "text", "float": "float", "bool": "boolean", "Decimal": "numeric",
    "datetime": "timestamp", "date": "date", "time": "time", "UUID": "uuid", "bytes": "bytea", "dict": "json",
    "timedelta": "interval",
}  # fmt: skip
_DJANGO = {
    "AutoField": "integer", "BigAutoField": "bigint", "SmallAutoField": "smallint", "IntegerField": "integer",
    "BigIntegerField": "bigint", "SmallIntegerField": "smallint", "PositiveIntegerField": "integer",
    "PositiveBigIntegerField": "bigint", "PositiveSmallIntegerField": "smallint", "CharField": "varchar",
    "SlugField": "varchar", "EmailField": "varchar", "URLField": "varchar", "TextField": "text",
    "DecimalField": "numeric", "FloatField": "double precision", "BooleanField": "boolean", "DateField": "date",
    "DateTimeField": "timestamptz", "TimeField": "time", "DurationField": "interval", "UUIDField": "uuid",
    "JSONField": "jsonb", "BinaryField": "bytea", "GenericIPAddressField": "inet", "FileField": "varchar",
    "ImageField": "varchar",
}  # fmt: skip
_DJANGO_LENGTHS = {"SlugField": 50, "EmailField": 254, "URLField": 200, "FileField": 100, "ImageField": 100}


def of_sqlalchemy(module: Module, node: ast.expr) -> Kind:
    """The type that `String(80)`, `sa.Numeric(12, 2)` or `DateTime(timezone=True)` is."""
    call = node if isinstance(node, ast.Call) else None
    name = module.dotted(call.func if call else node).rpartition(".")[2]
    kind = _SQLALCHEMY.get(name, "")
    if call is None or not kind:
        return Kind("timestamptz" if name == "TIMESTAMPTZ" else kind)
    given = {each.arg: each.value for each in call.keywords if each.arg}
    numbers = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, int)]
    if kind == "timestamp" and isinstance(zone := given.get("timezone"), ast.Constant) and zone.value is True:
        return Kind("timestamptz")
    if kind in ("varchar", "char"):
        return Kind(kind, numbers[0] if numbers else _whole(given.get("length")))
    if kind == "numeric":
        whole = numbers[0] if numbers else _whole(given.get("precision"))
        return Kind(kind, None, whole, numbers[1] if len(numbers) > 1 else _whole(given.get("scale")))
    if kind == "enum":
        return Kind(kind, values=tuple(str(a.value) for a in call.args if isinstance(a, ast.Constant)))
    return Kind(kind)


def of_python(annotation: str) -> Kind:
    """The type that an annotation becomes (`Mapped[int | None]`)."""
    inner = re.sub(r"^(?:\w+\.)*Mapped\[(.*)\]$", r"\1", annotation.strip())
    inner = re.sub(r"^(?:\w+\.)*Optional\[(.*)\]$", r"\1", inner)
    inner = re.sub(r"\s*\|\s*None\s*$|^None\s*\|\s*", "", inner).strip().strip("'\"")
    return Kind(_PYTHON.get(inner.rpartition(".")[2], ""))


def of_django(made: str, options: dict[str, str]) -> Kind:
    """The type that a Django field becomes; of a foreign key nothing is said."""
    kind = _DJANGO.get(made, "")
    if kind == "varchar":
        said = options.get("max_length", "")
        return Kind(kind, int(said) if said.isdigit() else _DJANGO_LENGTHS.get(made))
    if kind == "numeric":
        digits, places = options.get("max_digits", ""), options.get("decimal_places", "")
        return Kind(kind, None, int(digits) if digits.isdigit() else None, int(places) if places.isdigit() else None)
    return Kind(kind)


def _whole(node: ast.expr | None) -> int | None:
    """The whole number that a node is, or None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else None
