"""What CHECKs say about the range of one column, read from their text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from evaluators.sql.facts import Table

_CAST = re.compile(r"::\s*[a-z_][\w.]*(?:\s+(?:precision|varying))?(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?")
_PLAIN = {"and", "or", "not", "in", "between", "when", "then", "else", "check", "is", "cast", "coalesce"}
"""Words that may stand before a bracket without being a function."""


@dataclass(frozen=True)
class Bounds:
    """Whether the CHECKs hold a column from below and from above; True too where that cannot be told."""

    lower: bool
    upper: bool


def bounds_of(table: Table, column: str) -> Bounds:
    """The bounds of a column over all CHECKs that name it; both False where there is none."""
    lower = upper = False
    for check in table.checks_of(column):
        under, over = _bounds(_plain(check.expression), re.escape(column.lower()))
        lower, upper = lower or under, upper or over
    return Bounds(lower, upper)


def _plain(expression: str) -> str:
    """The expression in lower case without casts, quotes and needless spaces."""
    text = re.sub(r"[\"`\[\]]", "", expression.lower()[:4_000])
    return re.sub(r"\s+", " ", _CAST.sub("", text)).strip()


def _bounds(text: str, name: str) -> tuple[bool, bool]:
    """Bounds from below and above that one expression gives. A function of the column or a whole equation is both."""
    called = re.findall(rf"(\w+) ?\( ?{name}\b", text)
    if any(word not in _PLAIN for word in called):
        return True, True
    flat = re.sub(r" +", " ", re.sub(r"[()]", " ", text)).strip()
    own = rf"(?<![\w.]){name}(?![\w.])"
    if re.search(rf"{own} (?:between|in|~|=(?! any)|not between) ?", flat) and not re.search(r"\bor\b", flat):
        return True, True
    if re.search(rf"{own} (?:between|in) ", flat):
        return True, True
    lower = bool(re.search(rf"{own} >|<=? {own}", flat))
    upper = bool(re.search(rf"{own} <=? ?|>=? {own}", flat)) and not re.search(rf"{own} <> ", flat)
    return lower, upper
