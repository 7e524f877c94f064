"""Hostile text made visible: what a draft, a model or a service says, before it is escaped.

A character that nobody sees, or that turns the reading direction, can make a line
look like another. Here each becomes a mark that says which it is.
"""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """`text` with line ends as LF, tabs kept, and each control, direction or invisible character as a mark."""
    return _HIDDEN.sub(_mark, text.replace("\r\n", "\n"))


def one_line(text: str, most: int = 400) -> str:
    """`text` on one line, visible, at most so many characters; what is cut off shows as `…`."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def slug(text: str) -> str:
    """A text as a part of an element's id: letters, digits and dashes; the same for the same text."""
    folded = unicodedata.normalize("NFKD", text).lower()
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60]
    return words or "x"


def counted(number: int, word: str, plural: str = "") -> str:
    """`1 line`, `2 lines`; thousands with commas."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def lasted(seconds: float) -> str:
    """A time for people: `0.12 s`, `3.4 s`, `75 s`, `12 min`; empty for none."""
    if seconds <= 0:
        return ""
    if seconds < 10:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def _mark(found: re.Match[str]) -> str:
    """A control character's picture, or the number of any other."""
    number = ord(found.group())
    if number < 0x20:
        return chr(0x2400 + number)
    return "\u2421" if number == 0x7F else f"\u27e8U+{number:04X}\u27e9"
