"""What every model backend speaks: a Prompt in, deltas and one Completion out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from assistant.prompt import Prompt


@dataclass(frozen=True)
class Usage:
    """What the endpoint reported; None means unknown, never zero."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True)
class Completion:
    """A model's whole answer to one prompt."""

    text: str
    model: str
    finish_reason: str = "stop"
    """`stop`, or `length` when the endpoint cut the answer."""
    usage: Usage = Usage()
    seconds: float = 0.0
    origin: str = "live"
    """`live`, `recorded`, `manual` or `scripted`."""


@dataclass(frozen=True)
class Delta:
    """A piece of an answer as it streams."""

    text: str
    fresh: bool = False
    """True when the answer was begun again: what streamed before is void."""


class Model(Protocol):
    """Anything that answers prompts. Raises a ModelError."""

    @property
    def name(self) -> str:
        """The model's name, for the screen and the evidence."""
        ...

    def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """Yield deltas (perhaps none), then exactly one Completion, last."""
        ...
