"""Placeholders in SQL text: found outside of quotes and comments, and written in one way for the parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<skip>'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|::|%%)
    |(?P<format>%s)
    |(?P<pyformat>%\((?P<py>\w+)\)s)
    |(?P<numeric>\$(?P<number>\d+))
    |(?P<named>(?<![\w:\]])[:](?P<name>[A-Za-z_]\w*))
    |(?P<at>(?<![\w@])@(?P<atname>[A-Za-z_]\w*))
    |(?P<qmark>\?(?P<qnumber>\d*)(?![|&]))
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Placeholders:
    """What a text's placeholders are."""

    styles: frozenset[str]
    """`format` (%s), `pyformat` (%(name)s), `numeric` ($1), `named` (:name), `at` (@name), `qmark` (?)."""
    count: int
    """How many values they want: each `?` and `%s` one, of numbers the highest, of names each once."""
    names: frozenset[str]


def find(text: str, dialect: str) -> tuple[str, Placeholders]:
    """The text with each placeholder as `:phN`, lines kept; and what they are. Never raises."""
    styles: list[str] = []
    names: list[str] = []
    highest = plain = number = 0

    def put(match: re.Match[str]) -> str:
        nonlocal highest, plain, number
        style = match.lastgroup or ""
        style = next(key for key in ("skip", "format", "pyformat", "numeric", "named", "at", "qmark") if match[key])
        if style == "skip":
            return "%" if match["skip"] == "%%" else match["skip"]
        if (style == "at" and dialect not in ("tsql", "sqlite")) or (style == "qmark" and _is_operator(text, match)):
            return match.group()
        styles.append(style)
        number += 1
        if style == "numeric":
            highest = max(highest, int(match["number"][:6]))
        elif style in ("format", "qmark"):
            plain += 1
        else:
            names.append(match["py"] or match["name"] or match["atname"])
        return f":ph{number}"

    readable = _TOKEN.sub(put, text)
    count = highest + plain + len(set(names))
    return readable, Placeholders(frozenset(styles), count, frozenset(names))


def _is_operator(text: str, match: re.Match[str]) -> bool:
    """Whether a question mark is PostgreSQL's operator on documents: a text follows it."""
    return bool(re.match(r"\s*'", text[match.end() : match.end() + 4]))
