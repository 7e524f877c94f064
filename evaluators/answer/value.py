"""What reading an answer gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evaluators.draft import Draft
from evaluators.finding import Finding

_LINE_ENDS = re.compile(r"\r\n?")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")

REPLACED = "\ufffd"
"""Stands where a character was that no text file can hold (NUL, half of a surrogate pair)."""


@dataclass(frozen=True)
class Truncation:
    """Where an answer was cut: inside the file `path` (empty: before its name was known)."""

    path: str
    line: int
    """The answer's line, from 1, in which the unfinished block opens."""
    text: str
    """What came of the file before the cut."""


@dataclass(frozen=True)
class Answer:
    """The files of an answer and what was wrong with it.

    `draft` holds only what this answer says, each file whole. `malformed` are
    findings for the repair; `notes` say what was passed over or understood
    in a way that is worth telling, and need no repair.
    """

    draft: Draft = field(default_factory=Draft)
    malformed: tuple[Finding, ...] = ()
    truncated: Truncation | None = None
    notes: tuple[str, ...] = ()


def plain(text: str) -> str:
    """`text` without a byte order mark, with LF line ends, and encodable as UTF-8."""
    return _UNWRITABLE.sub(REPLACED, _LINE_ENDS.sub("\n", text.removeprefix("\ufeff")))


def normal(text: str) -> str:
    """A file's text as drafts hold it: `plain`, and its last line ended, unless it is empty."""
    text = plain(text)
    return text if not text or text.endswith("\n") else text + "\n"


def unwritable(text: str) -> bool:
    """Whether `plain` has to replace a character of `text`."""
    return _UNWRITABLE.search(text) is not None


def excerpt(text: str, size: int = 400) -> str:
    """The beginning of `text`, and its end when it is long: at most about `size` characters."""
    text = text.strip()
    if len(text) <= size:
        return text
    return f"{text[: size * 2 // 3].rstrip()}\n[...]\n{text[-size // 3 :].lstrip()}"
