"""What SQL Server's (and MySQL's) own tools write and sqlglot does not read: storage, and constraints added apart."""

from __future__ import annotations

import re
from dataclasses import replace

from evaluators.sql.builder import Builder
from evaluators.sql.facts import Check
from evaluators.sql.statements import Statement

LONGEST = 4_000
"""Characters of a statement that is read by its form; a longer one is left to the parser."""

_STORAGE = re.compile(
    r"\bWITH\s*\(\s*(?:PAD_INDEX|STATISTICS_\w+|IGNORE_DUP_KEY|ALLOW_\w+|FILLFACTOR|OPTIMIZE_\w+|DATA_COMPRESSION|ONLINE"
    r"|SORT_IN_TEMPDB|DROP_EXISTING)\b[^()]*\)"
    r"|\b(?:TEXTIMAGE_|FILESTREAM_)?ON\s+(?:\[PRIMARY\]|PRIMARY\b)"
    r"|\bNOT\s+FOR\s+REPLICATION\b|\bROWGUIDCOL\b|\bSPARSE\b(?=\s+(?:NOT\s+)?NULL)"
    r"|(?<=\])\s+WITH\s+(?:NO)?CHECK(?=\s+ADD\b)|(?<=\w)\s+WITH\s+(?:NO)?CHECK(?=\s+ADD\b)",
    re.IGNORECASE,
)
_CLUSTERED = re.compile(
    r"\b((?:PRIMARY\s+KEY|UNIQUE|CREATE|CREATE\s+UNIQUE|INDEX\s+\S+)\s+)((?:NON)?CLUSTERED)\b", re.IGNORECASE
)
_NAME = r"(?:\[[^\]]+\]|`[^`]+`|\"[^\"]+\"|\w+)"
_DEFAULT = re.compile(
    rf"ALTER\s+TABLE\s+(?P<table>{_NAME}(?:\s*\.\s*{_NAME})*)\s+ADD\s+(?:CONSTRAINT\s+{_NAME}\s+)?DEFAULT\s+"
    rf"(?P<value>.+?)\s+FOR\s+(?P<column>{_NAME})\s*$",
    re.IGNORECASE | re.DOTALL,
)
_CHECK = re.compile(
    rf"ALTER\s+TABLE\s+(?P<table>{_NAME}(?:\s*\.\s*{_NAME})*)\s+(?:WITH\s+(?:NO)?CHECK\s+)?ADD\s+CHECK\s*"
    r"\((?P<said>.+)\)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_NAME_IN = re.compile(r"'(?:[^']|'')*'|[\[`\"]?(\w+)[\]`\"]?")
_TRUSTED = re.compile(rf"ALTER\s+TABLE\s+\S+\s+(?:NO)?CHECK\s+CONSTRAINT\s+{_NAME}\s*$", re.IGNORECASE)


def without_storage(text: str) -> str:
    """A statement's text with options that no fact needs blanked, of the same length."""
    text = _CLUSTERED.sub(lambda found: found.group(1) + " " * len(found.group(2)), text)
    return _STORAGE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def read_apart(statement: Statement, builder: Builder) -> bool:
    """Read a default or a CHECK without a name that is added apart, or a constraint that is switched on.

    False for anything else.
    """
    if len(statement.text) > LONGEST:
        return False
    found = _CHECK.match(statement.text)
    if found is not None:
        key = _key(found["table"], builder)
        table = builder.tables.get(key)
        named = {each[1].lower() for each in _NAME_IN.finditer(found["said"]) if each[1]}
        own = sorted(column.name for column in table.columns if column.name.lower() in named) if table else []
        made = Check(found["said"].strip(), tuple(own), statement.at(found.start("said")))
        builder.add(key, checks=[made])
        return True
    found = _DEFAULT.match(statement.text)
    if found is None:
        return _TRUSTED.match(statement.text) is not None
    key = _key(found["table"], builder)
    value = found["value"].strip()
    builder.change_column(key, _bare(found["column"]), lambda column: replace(column, default=value))
    return True


def _key(written: str, builder: Builder) -> str:
    """The builder's key of a name as written."""
    names = [_bare(part) for part in re.findall(_NAME, written)]
    return builder.key(names[-2] if len(names) > 1 else "", names[-1])


def _bare(name: str) -> str:
    """A name without its brackets or quotes."""
    return name.strip("[]\"`' ")
