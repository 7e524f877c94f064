"""The words of the formula: every slot's values with their aliases and facts, from vocabulary.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

SLOTS = ("kind", "framework", "action", "authentication", "validation", "database", "tools", "level", "style")
"""The formula's slots, in the order in which they are shown."""


class Strength(Enum):
    """How sure an alias is: STRONG anywhere, WEAK where a choice is made, BARE behind a preposition."""

    STRONG = "strong"
    WEAK = "weak"
    BARE = "bare"


@dataclass(frozen=True)
class Term:
    """One value of a slot, and its facts. Facts that do not apply are empty."""

    slot: str
    value: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    indirect: bool = False
    """True when the value alone means a term of another slot."""
    say: str = ""
    """How a sentence names it; empty: by its value."""
    language: str = ""
    frameworks: tuple[str, ...] = ()
    """The only frameworks it goes with; empty: any of its language."""
    family: str = ""
    """`sql`, `document`, ...: of a database, or what a data access needs."""
    data: str = ""
    """Of a framework: its recommended data access; of a tool: the group of data access that it belongs to."""
    database: str = ""
    authentication: str = ""
    validation: str = ""
    dialect: str = ""
    hosted: str = ""
    external: bool = False
    """True for a service that the code talks to: `pay with PayPal` is an action."""
    foreign: bool = False
    """True for what we know of and do not serve."""

    @property
    def spoken(self) -> str:
        """How a sentence names it."""
        return self.say or self.value


class Vocabulary:
    """All terms, by slot and by alias."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.terms: dict[str, dict[str, Term]] = {}
        self.aliases: dict[str, tuple[Term, Strength]] = {}
        """Alias in lower case -> its term; the first section that claims a word keeps it."""
        for slot, entries in table.items():
            if slot == "foreign":
                continue
            for entry in entries:
                self._add(slot, entry)
        for slot, names in table["foreign"].items():
            for name in names:
                self.aliases.setdefault(name.lower(), (Term(slot, name, foreign=True), Strength.STRONG))

    def _add(self, slot: str, entry: Mapping[str, Any]) -> None:
        facts: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        same_as = facts.pop("is", "")
        term = Term(slot=slot, **facts)
        if same_as:
            base = self.terms[slot][same_as]
            term = Term(slot, base.value, dialect=base.dialect, family=base.family, hosted=term.hosted, say=term.value)
        else:
            self.terms.setdefault(slot, {})[term.value] = term
        plain = {*map(str.lower, (*facts.get("weak", ()), *facts.get("bare", ())))}
        own = () if term.indirect or entry["value"].lower() in plain else (entry["value"],)
        for strength, words in (
            (Strength.STRONG, (*own, *facts.get("aliases", ()))),
            (Strength.WEAK, facts.get("weak", ())),
            (Strength.BARE, facts.get("bare", ())),
        ):
            for word in words:
                self.aliases.setdefault(word.lower(), (term, strength))

    def values(self, slot: str) -> tuple[str, ...]:
        """Every value of a slot, as shown; empty for `action`."""
        return tuple(self.terms.get(slot, {}))

    def term(self, slot: str, value: str) -> Term:
        """The term of an exact value; KeyError for any other."""
        return self.terms[slot][value]

    def value(self, slot: str, text: str) -> str:
        """The value of `slot` that `text` (a value, an alias or a slug) names.

        Raises:
            ValueError: no such value; the message names all of them, nearest first.
        """
        wanted = _plain(text)
        for value, term in self.terms.get(slot, {}).items():
            if wanted in map(_plain, (value, *term.aliases, *term.weak, *term.bare)):
                return value
        raise ValueError(
            f"unknown {slot.removesuffix('s')} {shortened(text)!r}; known: {', '.join(self.nearest(slot, text))}"
        )

    def nearest(self, slot: str, text: str) -> tuple[str, ...]:
        """Every value of `slot`, the most similar to `text` first."""
        from difflib import SequenceMatcher

        wanted = text[:100].lower()

        def distance(value: str) -> float:
            return -SequenceMatcher(None, wanted, value.lower()).ratio()

        return tuple(sorted(self.values(slot), key=distance))

    def framework_of(self, language: str) -> str:
        """The framework that a language alone means: its first."""
        return next(term.value for term in self.terms["framework"].values() if term.language == language)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Any alias, the longest first, not inside a longer word, name or path."""
        words = "|".join(re.escape(alias) for alias in sorted(self.aliases, key=len, reverse=True))
        return re.compile(
            rf"(?:{words})(?!\w)(?!\.\w)(?!-(?!(?:{'|'.join(sorted(SUFFIXES))})(?!\w))\w)(?!/\w+\.\w)", re.IGNORECASE
        )


SUFFIXES = frozenset(
    {"protected", "secured", "based", "authenticated", "backed", "powered", "driven", "only", "enabled"}
)
"""What may follow a term behind a hyphen: `JWT-protected`."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def shortened(text: str, limit: int = 60) -> str:
    """`text`, cut for a one-line message."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships; read once."""
    text = Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8")
    return Vocabulary(tomllib.loads(text))
