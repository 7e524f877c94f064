"""Values for a column, likeliest first: by its CHECKs, its type and its name. Deterministic."""

from __future__ import annotations

import re
from typing import Any

from evaluators.service.regexes import matching
from evaluators.service.tables import Column, Table

TRUE_WORDS = re.compile(r"active|enabled|verified|confirmed|valid")
LARGE = 1_000_000
LISTED = re.compile(r"\bIN\s*\(|=\s*ANY\s*\(|=\s*'[^']*'(?:::\w+(?:\s\w+)?)?\)?\s*OR\b", re.IGNORECASE)


PASSWORD = "Correct-Horse-9-Battery"  # noqa: S105 - of an invented user
HASHES = (
    "$argon2id$v=19$m=19456,t=2,p=1$UN+4Hgl2oF6qCc3+7ciEIA$KhQ/g7ZoJj7psZLARYgFx6W3Y/Kv3fkpbkNl+lfWAl4",
    "$2b$10$3nYiD2D1NrqzZmLCnMarO.qE54H30vZG9U.KQC57ptBu7m6cEuOVa",
    "pbkdf2_sha256$600000$gateseasalt00001$sc31edECGJq+rlozQLLZjyCOPA/k2TGeJ/cQpda5nZY=",
)
"""`PASSWORD` as services store it: argon2id, bcrypt, PBKDF2 as Django writes it."""


def candidates(column: Column, table: Table, who: str, number: int) -> list[Any]:
    """The values to try for a column of the row `number` of identity `who`; never empty."""
    labels = labels_of(column, table)
    if labels:
        # Each row in another state, so that every transition finds one to begin with.
        turn = number % len(labels)
        return [*labels[turn:], *labels[:turn]]
    literals = _literals(column, table)
    if column.type.endswith("[]"):
        return [[], ["example"], [1]]
    for pattern, made in _BY_TYPE:
        if re.match(pattern, column.type):
            return made(column, literals, who, number)
    listed = [each for each in literals if isinstance(each, str)]
    compared = any(re.search(r"\bIN\s*\(|=", check.text) for check in table.checks if column.name in check.columns)
    texts = _texts(column, who, number)
    formed = _formed(column, table, who, number)
    return [*listed, *formed, *texts] if compared else [*formed, *texts, *listed]


def labels_of(column: Column, table: Table) -> tuple[Any, ...]:
    """The values that an enumeration or a CHECK of this column alone lists; empty where there are none."""
    if column.labels:
        return column.labels
    for check in table.checks:
        if tuple(dict.fromkeys(check.columns)) != (column.name,) or not LISTED.search(check.text):
            continue
        found = [each.replace("''", "'") for each in re.findall(r"'((?:[^']|'')*)'", check.text)]
        if len(found) > 1:
            return tuple(dict.fromkeys(found))
    return ()


def _formed(column: Column, table: Table, who: str, number: int) -> list[str]:
    """Texts of the form that a CHECK demands: by its regular expression, or by its length."""
    found: list[str] = []
    for check in table.checks:
        if column.name not in check.columns:
            continue
        for pattern in re.findall(r"(?<!!)~\*?\s*'((?:[^']|'')*)'", check.text):
            text = matching(pattern.replace("''", "'"))
            if text:
                found += [*_varied(text, pattern, who, number), text]
        for length in re.findall(r"length\([^()]*(?:\([^()]*\))?[^()]*\)\s*=\s*(\d{1,3})", check.text):
            found.append(f"{who}{number}".ljust(int(length), "0")[: int(length)])
    return found


def _varied(text: str, pattern: str, who: str, number: int) -> list[str]:
    """The same form with other characters, so that two rows differ."""
    unique = (1 if who == "a" else 5) + number
    for letter in (str(unique % 10), chr(ord("a") + unique), chr(ord("A") + unique)):
        changed = text[:-1] + letter
        if changed != text and re.search(pattern, changed):
            return [changed]
    return []


def _literals(column: Column, table: Table) -> list[Any]:
    """The quoted texts and the whole numbers that the CHECKs of a column compare it with."""
    found: list[Any] = []
    for check in table.checks:
        if column.name not in check.columns:
            continue
        # A pattern is no value.
        text = re.sub(r"(!?~\*?|\bLIKE\b|\bREGEXP\b)\s*'(?:[^']|'')*'", "", check.text, flags=re.IGNORECASE)
        found += [each.replace("''", "'") for each in re.findall(r"'((?:[^']|'')*)'", text)]
        found += [int(each) for each in re.findall(r"(?<![\w.'])-?\d{1,18}(?![\w.'])", text)]
    return list(dict.fromkeys(found))


def _numbers(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    numbers = [each for each in literals if isinstance(each, int)]
    near = [value for each in numbers for value in (each, each + 1, each - 1)]
    unique = ("abc".index(who) + 1) * 100 + number
    large = [LARGE] if re.search("balance|credit|stock|amount|quantity|limit|total|price|cents", column.name) else []
    return [*large, *([unique] if column.name.endswith("id") else []), 1, 100, unique, 10, *near, 0]


def _booleans(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    return [bool(TRUE_WORDS.search(column.name)), not TRUE_WORDS.search(column.name)]


def _uuids(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    return [f"{who}{number:07d}-0000-4000-8000-000000000001"]


def _times(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    later = re.search(r"end|until|expire|due|finish|valid_to", column.name)
    past = re.search(r"created|updated|modified|born|birth|joined|_at$", column.name)
    days = ["2035-01-02", "2030-01-02", "2024-01-02"] if later else ["2030-01-02", "2024-01-02", "2035-01-02"]
    days = ["2024-01-02", *days] if past and not later else days
    return days if column.type == "date" else [f"{day} 10:00:00+00" for day in days]


def _fixed(*values: Any) -> Any:
    return lambda column, literals, who, number: list(values)


_BY_TYPE = (
    (r"(small|big|tiny)?int|serial|numeric|decimal|real|double|float|money|oid", _numbers),
    (r"bool", _booleans),
    (r"uuid", _uuids),
    (r"date|timestamp", _times),
    (r"time", _fixed("10:00:00", "12:00:00")),
    (r"interval", _fixed("1 day", "1 hour")),
    (r"json", _fixed("{}", "[]")),
    (r"bytea|blob", _fixed(b"example", b"0" * 32)),
    (r"inet|cidr", _fixed("192.0.2.1")),
    (r"macaddr", _fixed("02:00:00:00:00:01")),
)


def _texts(column: Column, who: str, number: int) -> list[Any]:
    """Texts that are plausible for the name, then texts of other forms and lengths."""
    name, unique = column.name.lower(), f"{who}{number}"
    named: list[str] = []
    if "mail" in name:
        named = [f"{unique}@example.com"]
    elif re.search("password|hash|secret|token|digest", name):
        named = (
            [*HASHES, f"{unique}{'0' * 62}"] if re.search("password|passwd|pwd|hash", name) else [f"{unique}{'0' * 62}"]
        )
    elif "currency" in name:
        named = ["EUR", "USD", "eur"]
    elif re.search("country", name):
        named = ["DE", "DEU"]
    elif re.search("url|link|website", name):
        named = [f"https://example.com/{unique}"]
    elif "phone" in name:
        named = [f"+1555000{ord(who):03d}{number}"]
    elif re.search("uuid|(^|_)id$", name):
        named = [f"{who}{number:07d}-0000-4000-8000-000000000001"]
    elif re.search(r"(_at|_on|date|time)$", name):
        named = ["2030-01-02 10:00:00", "2030-01-02T10:00:00Z"]
    elif re.search("role|kind|type", name):
        named = ["user", "member"]
    elif re.search("status|state", name):
        named = ["active", "pending", "open"]
    forms = [
        f"example {unique}",
        f"example-{unique}",
        unique,
        unique.upper(),
        f"example_{unique}",
        "EUR",
        "e",
        "12345678",
    ]
    forms += [f"{unique}{'0' * 30}", f"{unique}@example.com", f"+1555000{ord(who):03d}{number}"]
    forms += [f"https://example.com/{unique}"]
    return [each for each in (*named, *forms) if column.length is None or len(each) <= column.length] or ["e"]
