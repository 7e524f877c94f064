"""Column types, normalized over the dialects."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace

FAMILIES = (
    "integer",
    "decimal",
    "float",
    "text",
    "boolean",
    "timestamp",
    "date",
    "time",
    "interval",
    "uuid",
    "json",
    "bytes",
    "enum",
    "network",
    "range",
    "geometry",
    "search",
    "other",
)
"""What a value of a type is like; `other` is a type that nothing here knows."""

_INTEGER_BITS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "integer": 32, "bigint": 64}

_ALIASES = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial2": "smallserial",
    "serial4": "serial",
    "serial8": "bigserial",
    "float4": "real",
    "float8": "double precision",
    "double": "double precision",
    "decimal": "numeric",
    "dec": "numeric",
    "bool": "boolean",
    "bit": "bit",
    "character varying": "varchar",
    "character": "char",
    "bpchar": "char",
    "nchar": "char",
    "nvarchar": "varchar",
    "varying": "varchar",
    "datetime": "timestamp",
    "datetime2": "timestamp",
    "smalldatetime": "timestamp",
    "datetimeoffset": "timestamptz",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "timestampltz": "timestamptz",
    "time with time zone": "timetz",
    "uniqueidentifier": "uuid",
    "rowversion": "bytea",
    "image": "bytea",
    "blob": "bytea",
    "binary": "bytea",
    "varbinary": "bytea",
    "varbit": "bit varying",
    "smallmoney": "money",
}

_FAMILY_OF = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "integer", "bigint", "year"), "integer"),
    **dict.fromkeys(("numeric", "money"), "decimal"),
    **dict.fromkeys(("real", "double precision", "float"), "float"),
    **dict.fromkeys(
        ("text", "varchar", "char", '"char"', "name", "citext", "tinytext", "mediumtext", "longtext", "ntext", "xml"),
        "text",
    ),
    "boolean": "boolean",
    **dict.fromkeys(("timestamp", "timestamptz"), "timestamp"),
    "date": "date",
    **dict.fromkeys(("time", "timetz"), "time"),
    "interval": "interval",
    "uuid": "uuid",
    **dict.fromkeys(("json", "jsonb"), "json"),
    **dict.fromkeys(("bytea", "tinyblob", "mediumblob", "longblob"), "bytes"),
    **dict.fromkeys(("inet", "cidr", "macaddr", "macaddr8"), "network"),
    **dict.fromkeys(("point", "geometry", "geography", "line", "polygon", "circle", "box", "path"), "geometry"),
    **dict.fromkeys(("tsvector", "tsquery"), "search"),
}


@dataclass(frozen=True)
class ColumnType:
    """A column's type.

    `length` is in characters, `bits` is an integer's width, `values` are an
    enum's in order. A domain keeps its own name in `domain`, and the rest is
    its base type's. `sized` is False where a length or precision was left out.
    """

    name: str
    """Canonical lower-case name: integer, bigint, numeric, varchar, timestamptz, an enum's name, ..."""
    family: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    timezone: bool = False
    array: bool = False
    bits: int = 0
    unsigned: bool = False
    values: tuple[str, ...] = ()
    domain: str = ""

    def __str__(self) -> str:
        sizes = [str(size) for size in (self.length, self.precision, self.scale) if size is not None]
        text = self.domain or self.name
        if sizes and not self.domain:
            text += f"({', '.join(sizes)})"
        return text + ("[]" if self.array else "")

    @property
    def is_text(self) -> bool:
        """Whether it holds one piece of text."""
        return self.family == "text" and not self.array

    @property
    def is_number(self) -> bool:
        """Whether it holds one number."""
        return self.family in ("integer", "decimal", "float") and not self.array


@functools.lru_cache(maxsize=4_096)
def type_of(name: str, sizes: tuple[int, ...] = (), *, array: bool = False, unsigned: bool = False) -> ColumnType:
    """The type that a dialect's `name` and the numbers in its parentheses mean.

    An unknown name gets the family `other`; the builder resolves enums and domains.
    """
    plain = re.sub(r"\s+", " ", name.strip())
    lowered = plain.lower() if plain != '"char"' else plain
    canonical = _ALIASES.get(lowered, lowered)
    family = _FAMILY_OF.get(canonical, "range" if re.fullmatch(r"\w+range", canonical) else "other")
    made = ColumnType(canonical, family, array=array, unsigned=unsigned, bits=_INTEGER_BITS.get(canonical, 0))
    first = sizes[0] if sizes else None
    if family == "text":
        implied = 1 if canonical == "char" and first is None else first
        return replace(made, length=implied)
    if canonical == "numeric" and sizes:
        return replace(made, precision=first, scale=sizes[1] if len(sizes) > 1 else 0)
    if canonical in ("timestamptz", "timetz"):
        return replace(made, timezone=True)
    return made


def comparable(left: ColumnType, right: ColumnType) -> bool:
    """Whether a foreign key of type `left` may point at `right` without losing or refusing values."""
    if "other" in (left.family, right.family):
        return True
    if left.array != right.array or left.family != right.family:
        return False
    if left.family == "integer":
        return left.bits == right.bits and left.unsigned == right.unsigned
    if left.family == "enum":
        return left.name == right.name
    if left.family == "decimal":
        return (left.scale or 0) == (right.scale or 0)
    if left.length is not None and right.length is not None:
        return left.length >= right.length
    return not (left.length is not None and right.length is None and right.family == "text")
