"""A Prompt: rendered messages and their fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

ChatRole = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One chat message."""

    role: ChatRole
    content: str


@dataclass(frozen=True)
class Prompt:
    """What is sent to a model, word for word."""

    messages: tuple[Message, ...]
    recipe: str = ""
    """The recipe's id."""
    version: str = ""
    """The recipe's version."""
    turn: str = ""
    """The turn's name (`design`)."""
    round: int = 0
    """0 for the first answer of a turn, then the number of the repair."""
    parts: tuple[str, ...] = ()
    """Templates that went into it, in order; for the screen."""
    missing: tuple[str, ...] = ()
    """Parts that the brief's slots asked for and the library lacks; for the screen."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 over roles and contents alone, in hex."""
        text = json.dumps(self.as_messages(), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def as_messages(self) -> list[dict[str, str]]:
        """The messages in the shape of the chat completions API."""
        return [{"role": message.role, "content": message.content} for message in self.messages]

    @property
    def size(self) -> int:
        """Characters over all messages."""
        return sum(len(message.content) for message in self.messages)
