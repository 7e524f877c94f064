"""Secrets out of text, before anything is written: values we know, and shapes that keys have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

REDACTED = "[redacted]"
"""What stands where a secret stood."""

SHORTEST = 12
"""Known values shorter than this count only with a digit and 8 characters or more.

Words like `ollama` are set as keys where none is needed; replacing them would cut
ordinary text to pieces.
"""

SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("OpenAI style key", re.compile(r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}")),
    ("OpenAI organization or project id", re.compile(r"\b(?:org|proj)[-_][A-Za-z0-9]{20,}\b")),
    ("bearer header", re.compile(r"(?<=[Aa]uthorization: Bearer )[A-Za-z0-9._~+/=-]{12,}")),
    ("AWS key id", re.compile(r"\bAKIA[0-9A-Z]{16}\b")),
    ("GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})")),
    ("Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("Slack token", re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{20,}")),
    ("live payment key", re.compile(r"\b[sr]k_live_[0-9A-Za-z]{16,}")),
)
"""Name and pattern of keys whose shape alone gives them away.

Kept narrow on purpose: example URLs, test keys and placeholders of generated code
stay as they are.
"""


def _is_secret(value: str) -> bool:
    """Whether a configured value is more than a word."""
    return len(value) >= SHORTEST or (len(value) >= 8 and any(character.isdigit() for character in value))


class Redactor:
    """Replaces secrets. `known` are values that must never be written (API keys, passwords)."""

    def __init__(self, known: Iterable[str | None] = ()) -> None:
        values = {value for value in known if value and _is_secret(value)}
        self._known = sorted(values, key=len, reverse=True)

    def text(self, text: str) -> str:
        """`text` without secrets."""
        for value in self._known:
            text = text.replace(value, REDACTED)
        for _, shape in SHAPES:
            text = shape.sub(REDACTED, text)
        return text

    def value(self, value: Any) -> Any:
        """The same for anything that JSON can hold: strings inside lists and mappings, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value

    def found(self, text: str) -> tuple[str, ...]:
        """The kinds of secrets that `text` holds; never the secrets themselves."""
        kinds = ["a configured key"] if any(value in text for value in self._known) else []
        kinds.extend(name for name, shape in SHAPES if shape.search(text))
        return tuple(kinds)
