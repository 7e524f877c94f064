"""The tables of a schema file, with the place of each column's text. It takes what sqlglot does not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

NAME = r'"?(\w+)"?'
TABLE = re.compile(rf"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?(?:\w+\.)?{NAME}\s*\(", re.IGNORECASE)
OTHER = re.compile(
    rf"\bconstraint\s+{NAME}|\bcreate\s+(?:unique\s+)?index\s+(?:if\s+not\s+exists\s+)?{NAME}"
    rf"|\bcreate\s+(?:or\s+replace\s+)?(?:type|view|function|trigger|domain|sequence)\s+{NAME}",
    re.IGNORECASE,
)
RULES = frozenset({"constraint", "primary", "unique", "check", "foreign", "exclude", "like", "key", "index"})


@dataclass(frozen=True)
class Item:
    """A column, or a rule of a table, with its place in the text."""

    text: str
    start: int

    @property
    def column(self) -> str:
        """The column's name, or nothing for a rule of the table."""
        first = re.match(NAME, self.text)
        return "" if first is None or first[1].lower() in RULES else first[1]


@dataclass
class Table:
    """A table as it is written."""

    name: str
    items: list[Item] = field(default_factory=list)

    @property
    def columns(self) -> list[Item]:
        """Its columns."""
        return [item for item in self.items if item.column]


def blank(sql: str) -> str:
    """The text with its comments as spaces, each place where it was."""
    return re.sub(r"--[^\n]*|/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), sql, flags=re.DOTALL)


def tables(sql: str) -> list[Table]:
    """The tables that a text creates."""
    text = blank(sql)
    return [Table(found[1], _items(text, found.end())) for found in TABLE.finditer(text)]


def others(sql: str) -> set[str]:
    """The names of constraints, indexes, types and what else is made."""
    return {name for found in OTHER.findall(blank(sql)) for name in found if name}


def _items(text: str, start: int) -> list[Item]:
    """What stands between commas, up to the bracket that ends the table."""
    found, depth, began, quoted = [], 0, start, False
    for place in range(start, len(text)):
        char = text[place]
        quoted ^= char == "'"
        if quoted:
            continue
        if (char == "," and depth == 0) or (char == ")" and depth == 0):
            part = text[began:place]
            found.append(Item(part.strip(), began + len(part) - len(part.lstrip())))
            began = place + 1
            if char == ")":
                break
        depth += (char == "(") - (char == ")")
    return [item for item in found if item.text]
