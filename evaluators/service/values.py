"""Values for a column, likeliest first: by its CHECKs, its type and its name. Deterministic."""

from __future__ import annotations

import re
from typing import Any

from evaluators.service.regexes import matching
from evaluators.service.tables import Column, Table

TRUE_WORDS = re.compile(r"active|enabled|verified|confirmed|valid")
LARGE = 1_000_000
FILLED = 10_000
"""What may be as much is filled from somewhere; less is a setting, or a part of a hundred."""
LARGE_NAMES = re.compile(
    r"balance|credit|stock|on_?hand|available|capacity|quota|limit|funds|remaining|inventory|budget|seats|places|supply"
)
"""What is spent: a row with little of it would refuse what a probe wants to do twice."""
RIGHTS = re.compile(r"admin|manag|operat|root|super|owner|staff|moderat|editor|:write|:\*", re.IGNORECASE)
NUMERIC = re.compile(r"(small|big)?int|numeric|decimal|real|double|float|money")


def is_ordinary(label: Any) -> bool:
    """Whether a label of a role or a scope is one that ordinary people have."""
    return not RIGHTS.search(str(label))


ENDING = re.compile(r"end|until|finish|valid_to|close")
TIMED = re.compile(r"(_at|_on|_until|date|time)$")
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
    if NUMERIC.match(column.type) and is_spent(column, table):
        return _plenty(literals)
    hour = 12 if ENDING.search(column.name) or _later(column, table) else 10
    if re.match("date|timestamp", column.type):
        return _times(column, who, number, hour)
    for pattern, made in _BY_TYPE:
        if re.match(pattern, column.type):
            return made(column, literals, who, number)
    listed = [each for each in literals if isinstance(each, str)]
    compared = any(re.search(r"\bIN\s*\(|=", check.text) for check in table.checks if column.name in check.columns)
    timed = is_time(column, table)
    texts = _texts(column, who, number, hour if timed else 0)
    formed = _formed(column, table, who, number)
    # A CHECK of a time lets pass what is none: SQLite's functions give NULL then.
    return [*listed, *formed, *texts] if compared and not timed else [*formed, *texts, *listed]


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


def is_time(column: Column, table: Table) -> bool:
    """Whether a text is a time: it is called so, or a CHECK reads it as one."""
    read = re.compile(rf"\b(?:strftime|datetime|date|julianday)\s*\([^()]*\b{re.escape(column.name)}\b", re.IGNORECASE)
    checks = (check.text for check in table.checks if column.name in check.columns)
    return TIMED.search(column.name.lower()) is not None or any(read.search(text) for text in checks)


def _formed(column: Column, table: Table, who: str, number: int) -> list[str]:
    """Texts of the form that a CHECK demands: by its regular expression, or by its length."""
    found: list[str] = []
    for check in table.checks:
        if column.name not in check.columns:
            continue
        for pattern in re.findall(r"(?<!!)~\*?\s*'((?:[^']|'')*)'", check.text):
            text = matching(pattern.replace("''", "'"))
            if text:
                others = _varied(text, pattern, who, number)
                # What need not differ stays alike: two rows of one currency, say, go together.
                found += [*others, text] if column.name in table.unique else [text, *others]
        for length in re.findall(r"length\([^()]*(?:\([^()]*\))?[^()]*\)\s*=\s*(\d{1,3})", check.text):
            # 26 is the length of a ULID, in capitals and with the varying part behind; 36 that of a UUID.
            short = f"{who}{number}".ljust(int(length), "0")[: int(length)]
            whole = {"26": [f"{number}{who.upper()}".rjust(26, "0")], "36": [_uuid(who, number)]}
            found += [*whole.get(length, ()), short]
    return found


def _varied(text: str, pattern: str, who: str, number: int) -> list[str]:
    """The same form with other characters, so that two rows differ."""
    unique = 4 * _place(who) - 3 + number
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
        # A format is none either, nor is what a function is told.
        texts = [each.replace("''", "'") for each in re.findall(r"'((?:[^']|'')*)'", text)]
        found += [each for each in texts if "%" not in each and each not in ("now", "")]
        found += [int(each) for each in re.findall(r"(?<![\w.'])-?\d{1,18}(?![\w.'])", text)]
    return list(dict.fromkeys(found))


def is_spent(column: Column, table: Table) -> bool:
    """Whether a number is what is spent: it is called so, or it is all that a row between others holds of its own.

    Or it has a default, and a CHECK lets it be nothing or very much: what begins somewhere and is filled later.
    """
    if LARGE_NAMES.search(column.name) or (column.has_default and _from_nothing(column, table)):
        return True
    pointing = {name for key in table.foreign_keys for name in key.columns}
    numbers = [each.name for each in table.columns if NUMERIC.match(each.type) and each.name not in pointing]
    between = len(table.key) > 1 and set(table.key) <= pointing
    return between and column.has_default and numbers == [column.name]


def _from_nothing(column: Column, table: Table) -> bool:
    """Whether a CHECK of a number alone allows 0, and more than ten thousand."""
    own = (re.sub(r"'(\d+)'(::\w+)?", r"\1", c.text) for c in table.checks if set(c.columns) == {column.name})
    ranges = (re.search(r"(?:>= *\(?0\)?\W.*<=|between +0 +and) *\(?(\d+)", text, re.IGNORECASE) for text in own)
    return any(found is not None and int(found[1]) >= FILLED for found in ranges)


def _plenty(literals: list[Any]) -> list[Any]:
    """A great number, then what the CHECKs name."""
    near = (value for each in literals if isinstance(each, int) for value in (each, each + 1, each - 1))
    return [LARGE, *sorted((each for each in near if each > 0), reverse=True)[:4], 1000, 100, 10, 1, 0]


def _numbers(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    numbers = [each for each in literals if isinstance(each, int)]
    near = [value for each in numbers for value in (each, each + 1, each - 1)]
    unique = _place(who) * 100 + number
    return [*([unique] if column.name.endswith("id") else []), 1, 100, unique, 10, *near, 0]


def _place(who: str) -> int:
    """The number of an identity's letter, from 1."""
    return ord(who[:1]) - ord("a") + 1


def _booleans(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    return [bool(TRUE_WORDS.search(column.name)), not TRUE_WORDS.search(column.name)]


def _uuids(column: Column, literals: list[Any], who: str, number: int) -> list[Any]:
    return [_uuid(who, number)]


def _uuid(who: str, number: int) -> str:
    """A UUID of an identity's row."""
    return f"{who}{number:07d}-0000-4000-8000-000000000001"


def _later(column: Column, table: Table) -> bool:
    """Whether a CHECK says that a column lies behind another one."""
    name = rf"\W*\b{re.escape(column.name)}\b\W*"
    forms = (rf"^{name}>=?[\s\"`(]*[a-z_]", rf"[a-z_][\s\"`)]*<=?{name}$", rf"\bor{name}>=?[\s\"`(]*[a-z_]")
    texts = [re.sub(r"^check", "", c.text, flags=re.I) for c in table.checks if len(set(c.columns)) > 1]
    return any(re.search(form, text, re.IGNORECASE) for form in forms for text in texts)


def _times(column: Column, who: str, number: int, hour: int) -> list[Any]:
    moments = _moments(column.name, who, number, hour)
    return [each[:10] for each in moments] if column.type == "date" else [f"{each}+00" for each in moments]


def _moments(name: str, who: str, number: int, hour: int) -> list[str]:
    """Times for a column, as `2030-01-02 10:00:00`: of each three rows one is past, and no two rows meet."""
    day = 2 + (number + 8 * (_place(who) - 1)) % 26
    past, future, far = (f"{year}-01-{day:02d} {hour}:00:00" for year in (2024, 2030, 2035))
    if re.search(r"expire|due|deadline", name):
        return [far, future, past] if number % 3 != 2 else [past, far, future]
    if re.search(r"created|updated|modified|born|birth|joined|opened|issued|sent|paid|published|used", name):
        return [past, future, far]
    return [future, past, far] if number % 3 != 2 else [past, future, far]


def _bytes(who: str, number: int, length: int) -> bytes:
    """Bytes of that length, of a digest say, other ones for each row."""
    return f"{who}{number}".encode().ljust(length, b"0")


def _fixed(*values: Any) -> Any:
    return lambda column, literals, who, number: list(values)


_BY_TYPE = (
    (r"(small|big|tiny)?int|serial|numeric|decimal|real|double|float|money|oid", _numbers),
    (r"bool", _booleans),
    (r"uuid", _uuids),
    (r"time", _fixed("10:00:00", "12:00:00")),
    (r"interval", _fixed("1 day", "1 hour")),
    (r"json", _fixed("{}", "[]")),
    (r"bytea|blob", lambda column, literals, who, number: [_bytes(who, number, each) for each in (32, 16, 20, 64)]),
    (r"(var)?binary", lambda column, literals, who, number: [_bytes(who, number, column.length or 16)]),
    (r"inet|cidr", _fixed("192.0.2.1")),
    (r"macaddr", _fixed("02:00:00:00:00:01")),
)


def _texts(column: Column, who: str, number: int, hour: int) -> list[Any]:
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
        named = [_uuid(who, number)]
    elif hour:
        moments = _moments(name, who, number, hour)
        named = [text for each in moments for text in (f"{each.replace(' ', 'T')}Z", each, each[:10])]
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
