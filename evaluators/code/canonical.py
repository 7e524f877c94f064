"""Texts of errors in a canonical form: the same bytes on every machine."""

from __future__ import annotations

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\x1b\[[0-9;]*[A-Za-z]"), ""),
    (re.compile(r"[ ]*\(/[^()\n]*\)"), ""),
    (re.compile(r"(?:/[\w.+@-]+)*/site-packages/"), ""),
    (re.compile(r"(?:/[\w.+@-]+)*/lib(?:64)?/python3\.\d+/"), ""),
    (re.compile(r"/app/"), ""),
    (re.compile(r"/(?:tmp|var|root|home|private)/[\w./+@-]+"), "PATH"),
    (re.compile(r" at 0x[0-9a-fA-F]+"), ""),
    (re.compile(r"\bid='?\d{6,}'?"), "id=N"),
    (re.compile(r"\b(127\.0\.0\.1|localhost):\d+"), r"\1"),
    (re.compile(r"\bport \d{2,5}\b"), "port"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "UUID"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), "TOKEN"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "TIME"),
    (re.compile(r"datetime\.datetime\([^)]*\)"), "TIME"),
    (re.compile(r"\b\d{10}\.\d+\b"), "TIME"),
    (re.compile(r"\n?\s*For further information visit https://errors\.pydantic\.dev/\S+"), ""),
    (re.compile(r"\n?\s*\(Background on this error at: \S+\)"), ""),
    (re.compile(r"\bin \d+\.\d+s\b"), ""),
)


def canonical(text: str, limit: int = 1200) -> str:
    """`text` without paths, addresses, ports, times and random ids; at most `limit` characters.

    What is longer keeps its beginning and its end.
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    text = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    if len(text) <= limit:
        return text
    half = (limit - 5) // 2
    return f"{text[:half]}\n...\n{text[-half:]}"
