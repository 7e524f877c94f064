"""Made-up words, and names put together from them the way the old ones were."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable

from tests.measure.renaming.stays import STANDARD

WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")
FIRST, SECOND, VOWELS, LAST = "bdfgklmnprtvz", "bdfgklmnprtv", "aeiou", "bdfgklmnprtv"


def split(name: str) -> list[str]:
    """The words of a name in snake, kebab, camel or Pascal case, in lower case."""
    return [word.lower() for word in WORD.findall(name)]


def singular(word: str) -> str:
    """What is left of a plural; the word itself where it is none."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]


def forms(name: str) -> Iterable[str]:
    """A name, and how code writes it elsewhere: in each case, of one and of several."""
    words = split(name)
    if not words:
        return
    *first, last = words
    one = singular(last)
    for end in {last, one, f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"}:
        parts = [*first, end]
        pascal = "".join(part.capitalize() for part in parts)
        yield from ("_".join(parts), "-".join(parts), pascal, pascal[:1].lower() + pascal[1:])
    yield name


class Lexicon:
    """One made-up word for each word: the same for the same seed, whatever else is translated."""

    def __init__(self, seed: int, taken: Collection[str]) -> None:
        self.seed = seed
        self.taken = set(taken)
        self.words: dict[str, str] = {}

    def name(self, old: str) -> str:
        """A name whose words are made up, in the case that the old one has."""
        return WORD.sub(lambda found: self._word(found[0]), old)

    def _word(self, word: str) -> str:
        lower = word.lower()
        if lower in STANDARD:
            return word
        stem = singular(lower)
        made = self._made(stem) + ("s" if stem != lower else "")
        if word.isupper() and len(word) > 1:
            return made.upper()
        return made.capitalize() if word[0].isupper() else made

    def _made(self, stem: str) -> str:
        attempt = 0
        while stem not in self.words:
            draw = random.Random(f"{self.seed}:{stem}:{attempt}")
            word = "".join(map(draw.choice, (FIRST, VOWELS, SECOND, VOWELS, LAST)))
            if word not in self.taken and f"{word}s" not in self.taken:
                self.words[stem] = word
                self.taken.add(word)
            attempt += 1
        return self.words[stem]
