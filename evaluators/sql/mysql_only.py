"""What MySQL understands and MariaDB refuses: such a statement is not judged, since no MySQL is asked.

A code alone rarely says it: 1064 is any text that cannot be read. So the
statement is searched for the known differences. One that is on no list here
would be a false finding, one that is listed and meant otherwise a silence.
"""

from __future__ import annotations

import re

DOUBTFUL = {
    1178: "the storage engine cannot do it",
    1235: "not yet supported",
    1845: "an algorithm of ALTER TABLE",
    1846: "an algorithm of ALTER TABLE",
    1901: "a function in a generated column, a default or a check",
    1902: "a generated column",
    1904: "a generated column",
    1905: "a foreign key on a generated column",
    1906: "a value for a generated column",
    1911: "an option of a table",
}
"""Codes whose bounds are MariaDB's own -> what they are about."""

SYNTAX = 1064
SYNTAXES = (
    (r"->>?\s*''", "the operator -> of JSON"),
    (r"\b(?:KEY|INDEX|UNIQUE|ON)\b[^()]*\((?:[^()]*,)?\s*\(", "an index on an expression"),
    (r"\bARRAY\s*\)", "an index of several values"),
    (r"\bMEMBER\s+OF\b", "MEMBER OF"),
    (r"\b(?:IN)?VISIBLE\b", "an invisible index"),
    (r"\bENFORCED\b", "NOT ENFORCED"),
    (r"\b(?:DROP|ALTER)\s+CHECK\b", "DROP CHECK"),
    (r"\bAS\s+[\w`]+\s*(?:\([^)]*\)\s*)?ON\s+DUPLICATE\b", "a name for the new row"),
    (r"\bROW\s*\(|^TABLE\b|\bTABLE\s+[\w`.]+\s*(?:ORDER|LIMIT|UNION|\))", "VALUES ROW and TABLE"),
    (r"\bLATERAL\b", "LATERAL"),
    (r"\bFOR\s+(?:SHARE|UPDATE\s+OF)\b", "FOR SHARE"),
    (r"\bSRID\b|\bSPATIAL\s+REFERENCE\b|\bGEOMCOLLECTION\b", "spatial references"),
    (r"\bAS\s+(?:JSON|YEAR|REAL|POINT|LINESTRING|POLYGON|MULTI\w+)\b|,\s*JSON\s*\)", "a CAST to that type"),
    (r"\bRETURNING\b[^)]*\)", "JSON_VALUE with a type"),
    (r"\bAT\s+TIME\s+ZONE\b", "AT TIME ZONE"),
    (r"\b(?:RESPECT|IGNORE)\s+NULLS\b", "RESPECT NULLS"),
    (r"\bSTACKED\s+DIAGNOSTICS\b", "GET STACKED DIAGNOSTICS"),
    (r"\bPERSIST(?:_ONLY)?\b", "SET PERSIST"),
    (r"ENGINE_ATTRIBUTE|SECONDARY_ENGINE|AUTOEXTEND_SIZE|\bENCRYPTION\b|\bCOLUMN_FORMAT\b", "an option of a table"),
    (r"\bLANGUAGE\s+JAVASCRIPT\b", "routines in JavaScript"),
    (r"\bFORMAT\s*=\s*TREE\b|^(?:EXPLAIN|DESCRIBE|DESC)\s+ANALYZE\b", "EXPLAIN"),
)
"""What a statement holds, its texts and comments left out -> what it is."""

RESERVED = re.compile(
    "current_role|delete_domain_id|do_domain_ids|general|ignore_domain_ids|ignore_server_ids|intersect|"
    "master_heartbeat_period|offset|page_checksum|parse_vcol_expr|ref_system_id|returning|rownum|slow|"
    "stats_auto_recalc|stats_persistent|stats_sample_pages|vector|conversion",
    re.IGNORECASE,
)
"""Words that are names in MySQL and reserved in MariaDB."""

FUNCTION_CODES = (1128, 1305, 1582, 1630)
FUNCTIONS = re.compile(
    r"\b(uuid_to_bin|bin_to_uuid|is_uuid|any_value|grouping|regexp_(?:like|replace|substr|instr)|random_bytes|"
    r"json_(?:pretty|storage_\w+|schema_\w+|overlaps|value|table|arrayagg|objectagg)|st_\w+|mbr\w+|"
    r"statement_digest\w*|format_(?:bytes|pico_time)|ps_\w+|roles_graphml|icu_version|gtid_\w+|"
    r"wait_for_executed_gtid_set|source_pos_wait|string_to_vector|vector_\w+|to_vector|from_vector|ngram|mecab)\b",
    re.IGNORECASE,
)
"""Functions and parsers that MySQL has, or has with other parameters."""

NAMED = {
    1115: re.compile(r"gb18030", re.IGNORECASE),
    1273: re.compile(r"_0900_|gb18030", re.IGNORECASE),
    1286: re.compile(r"ndb(?:cluster)?|federated|archive|blackhole|example|csv|merge|mrg_myisam", re.IGNORECASE),
    4161: re.compile(r"vector|geomcollection", re.IGNORECASE),
}
"""Codes of an unknown character set, collation, storage engine and type -> the names that MySQL knows."""

INCOMPLETE_KEY = 1005
MATCHES = re.compile(
    r"\bREGEXP_LIKE\s*\(\s*([\w`.]+|\w+\([\w`.]+\))\s*,\s*('(?:[^'\\]|\\.|'')*')\s*(?:,\s*'([ci])'\s*)?\)",
    re.IGNORECASE,
)
SAME = (
    (r"\bDROP\s+CHECK\b", "DROP CONSTRAINT"),
    (r"\)(\s+(?:COMMENT\s+'[^']*'\s+)?)INVISIBLE\b", r")\1IGNORED"),
    (r"\bSRID\s+\d+", ""),
)
"""What is tried where a statement was refused, texts and comments included: it is there to be run, not to be kept."""
COLLATION = re.compile(r"\butf8mb4_(?:\w+_)?0900_(bin|as_cs|\w+)\b", re.IGNORECASE)
NEAR = re.compile(r"near '(.*)' at line (\d+)", re.DOTALL)


def mysql_only(code: int, message: str, statement: str) -> str:
    """What of a refused statement is MySQL's alone; an empty text where MySQL would refuse it too."""
    bare = bared(statement)
    named = NAMED.get(code)
    if code in DOUBTFUL:
        return DOUBTFUL[code]
    if named is not None:
        found = named.search(message)
        return found.group() if found else ""
    if code in FUNCTION_CODES:
        called = FUNCTIONS.search(message)
        return f"{called.group(1).lower()}()" if called else ""
    if (
        code == INCOMPLETE_KEY
        and re.search(r"\bREFERENCES\b", bare, re.I)
        and not re.search(r"\bFOREIGN\b", bare, re.I)
    ):
        return "a reference beside its column, which MySQL passes over"
    if code != SYNTAX:
        return ""
    near = NEAR.search(message)
    word = re.match(r"`?(\w+)", near.group(1)) if near else None
    if word and RESERVED.fullmatch(word.group(1)):
        return f"the name {word.group(1)}"
    return next((what for pattern, what in SYNTAXES if re.search(pattern, bare, re.IGNORECASE | re.DOTALL)), "")


def bared(statement: str) -> str:
    """A statement without what stands in its texts and comments."""
    hidden = r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|--\s[^\n]*|\#[^\n]*|/\*.*?\*/"
    return re.sub(hidden, lambda found: "''" if found.group()[0] in "'\"" else " ", statement, flags=re.DOTALL).strip()


def nearest(statement: str) -> str:
    """The statement with MariaDB's words for some of MySQL's that mean the same; its lines stay where they are."""
    text = COLLATION.sub(_collation, statement)
    text = MATCHES.sub(_matching, text)
    for pattern, word in SAME:
        text = re.sub(pattern, word, text, flags=re.IGNORECASE)
    return text


def _collation(found: re.Match[str]) -> str:
    kind = found.group(1).lower()
    return "utf8mb4_nopad_bin" if kind in ("bin", "as_cs") else "utf8mb4_unicode_520_nopad_ci"


def _matching(found: re.Match[str]) -> str:
    """`REGEXP_LIKE(code, '^a$', 'c')` as `(code REGEXP '(?-i)^a$')`."""
    subject, pattern, flags = found.groups()
    case = {"c": "(?-i)", "i": "(?i)"}.get((flags or "").lower(), "")
    return f"({subject} REGEXP '{case}{pattern[1:]})"
