"""Slot phrases: the stretches of a sentence that only choose ("with JWT auth and PostgreSQL").

A phrase is taken out of the action only when every word of it is understood; when in
doubt it stays, and its terms still count. Phrases are found from the right, so that one
may end where the next begins, in time linear in the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.brief.terms import SUFFIXES, Term, vocabulary, word_set
from assistant.brief.words import CONNECTORS, DETERMINERS, GENERIC, VERBS, Token, negated

_LEAD = word_set(
    "with using use uses via in on over through require requires requiring as by behind at plus need needs w/"
)
_LEAD_VERBS = word_set(
    "secured protected backed powered based built stored storing store persisted persist authenticated "
    "validated written saved save validate authenticate secure protect"
)
_OBJECTS = word_set("everything data requests input it them users all bodies")
_SUBJECTS = word_set("it they we i should must shall to please also and that which will be is are")
_ADJECTIVES = DETERMINERS | word_set(
    "async asynchronous secure simple standard hosted managed plain local signed valid stateless level existing proper"
)
_JOIN = frozenset({",", "and", "&", "+", "/", "plus", "|", ";"})
_ENDS = frozenset({",", ";", ".", ":", "!", "?", ")", "]", "—", "–", "-", "|", "...", "*"})
_SENTENCE_ENDS = frozenset({".", "!", "?", ")", "]"})
_NOUNS: dict[str, frozenset[str]] = {
    "authentication": word_set(
        "auth authentication authorization token tokens bearer security protection required login scheme"
    ),
    "validation": word_set("validation validator validators schemas schema models"),
    "database": word_set("database databases db storage store backend persistence instance server"),
    "tools": word_set("orm library client sdk driver"),
    "framework": word_set("framework app application project backend api server"),
    "language": word_set("code"),
    "level": word_set("level mode developers developer"),
    "style": word_set("api apis style"),
}
_PURPOSES: dict[str, frozenset[str]] = {
    "authentication": word_set("auth authentication authorization security login tokens users"),
    "validation": word_set("validation validating schemas request input data body bodies requests of and"),
    "database": word_set("storage store persistence database db data persistent persisting"),
    "tools": word_set("orm data access models persistence database db orm testing tests migrations"),
    "framework": word_set("framework backend api server"),
    "language": frozenset(),
    "level": frozenset(),
    "style": word_set("api style"),
}
_KEYS = {
    "framework": "framework", "stack": "framework", "auth": "authentication", "authentication": "authentication",
    "security": "authentication", "validation": "validation", "database": "database", "db": "database",
    "storage": "database", "orm": "tools", "tool": "tools", "tools": "tools", "level": "level", "style": "style",
    "language": "language", "lang": "language",
}  # fmt: skip


LONGEST = 80
"""Longest phrase, in tokens; keeps the search linear."""


@dataclass(frozen=True)
class Phrase:
    """A stretch that only chooses: tokens [start, end), the terms it names."""

    start: int
    end: int
    terms: tuple[Term, ...]
    connector: str = ""
    """`to`, `for`, `that` where one follows; it belongs to the phrase, unless that stands in the sentence's head."""


class Phrases:
    """Every phrase of a sentence, by the index at which it starts."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at: dict[int, Phrase] = {}
        self._limit = len(tokens)
        for index in range(len(tokens) - 1, -1, -1):
            self._limit = min(len(tokens), index + LONGEST)
            phrase = self._at(index)
            if phrase:
                self.at[index] = phrase

    def taken(self) -> list[Phrase]:
        """The phrases to take out, from the left, not overlapping."""
        chosen: list[Phrase] = []
        index, in_head = 0, False
        while index < len(self.tokens):
            phrase = self.at.get(index)
            if phrase and self._stands(phrase, in_head):
                chosen.append(phrase)
                index = phrase.end
                continue
            token = self.tokens[index]
            in_head = token.of("kind") or token.low in GENERIC or (token.kind == "mark" and token.text in ".!?")
            index += 1
        return chosen

    def _stands(self, phrase: Phrase, in_head: bool) -> bool:
        """False for what is negated, and for `Use Redis for rate limiting`, where the purpose says more."""
        if negated(self.tokens, phrase.start, 2):
            return False
        begins = phrase.start == 0 and phrase.connector == "to" and self._low(phrase.end + 1) in VERBS
        return not phrase.connector or in_head or begins

    def _low(self, index: int) -> str:
        return self.tokens[index].low if index < self._limit else ""

    def _at(self, start: int) -> Phrase | None:
        """The phrase that starts at `start`, or None."""
        bracket = self._bracketed(start)
        if bracket:
            return bracket
        index, led = self._opening(start)
        if not led and not self._loose(start, index):
            return None
        terms: list[Term] = []
        while True:
            item = self._item(index)
            if item is None:
                return None
            index = item[0]
            terms += item[1]
            if any(term.external for term in terms) and not {"use", "using", "uses"} & {
                self._low(i) for i in range(start, index)
            }:
                return None
            following = self._joined(index)
            if following is None or self._item(following) is None:
                break
            index = following
        return self._closed(start, index, terms, led)

    def _closed(self, start: int, index: int, terms: list[Term], led: bool) -> Phrase | None:
        """The phrase if what follows its list lets it end there."""
        while self._low(index) in ("required", "please", "too", "only"):
            index += 1
        if index >= self._limit:
            if index < len(self.tokens):
                return None
            return Phrase(start, index, tuple(terms))
        token = self.tokens[index]
        ended = token.kind == "mark" and token.text in (_ENDS if led else _SENTENCE_ENDS | {":", ";"})
        if ended or index in self.at or (self._joined(index) or -1) in self.at:
            return Phrase(start, index, tuple(terms))
        testing = self._low(index + 1) in ("tests", "testing", "development", "local", "dev")
        if led and token.low in CONNECTORS and not testing:
            return Phrase(start, index, tuple(terms), token.low)
        return None

    def _bracketed(self, start: int) -> Phrase | None:
        """`(FastAPI, PostgreSQL)`, with or without a leading `use`."""
        if self._low(start) not in ("(", "["):
            return None
        inner = self.at.get(start + 1)
        if inner and self._low(inner.end) in (")", "]"):
            return Phrase(start, inner.end + 1, inner.terms)
        return None

    def _opening(self, start: int) -> tuple[int, bool]:
        """Past the words that lead a phrase in: (index, True when there was one that does)."""
        index, led = start, False
        while (
            index < self._limit
            and self.tokens[index].kind == "mark"
            and self._low(index) in (",", ";", "+", "-", "—", "–", "|", "*")
        ):
            index += 1
        while self._low(index) in _SUBJECTS:
            index += 1
        while self._low(index) in _LEAD_VERBS | _LEAD:
            index, led = index + 1, True
            if self._low(index - 1) in _LEAD_VERBS and self._low(index) in _OBJECTS and self._low(index + 1) in _LEAD:
                index += 1
        term = self.tokens[index].term if index < self._limit else None
        if term is not None and term.value == "none":
            return index, True
        if self._low(index) == "for" and self._skips_to_level(index + 1):
            return index + 1, True
        if self._low(index) in _KEYS and self._low(index + 1) in (":", "=", "is", "->"):
            named = self._named(index + 2, _KEYS[self._low(index)])
            if named is not None:
                return index, True
        return index, led

    def _skips_to_level(self, index: int) -> bool:
        while self._low(index) in _ADJECTIVES:
            index += 1
        return index < self._limit and self.tokens[index].of("level")

    def _loose(self, start: int, index: int) -> bool:
        """True for a list that needs no word before it: behind punctuation or at the start."""
        if index > start:
            return self._low(start) in (",", ";", "+", "-", "—", "–", "|", "*")
        return start == 0 or self.tokens[start - 1].kind == "mark"

    def _joined(self, index: int) -> int | None:
        """The index behind `,`, `and`, `, and`; None when nothing joins here."""
        first = index
        while self._low(index) in _JOIN:
            index += 1
        return index if index > first else None

    def _named(self, index: int, slot: str) -> Term | None:
        """The term of `slot` at `index`: the token's own, or the one of its name in that slot."""
        if index >= self._limit:
            return None
        token = self.tokens[index]
        if token.term is None or token.of(slot):
            return token.term
        return vocabulary().terms.get(slot, {}).get(token.term.value)

    def _item(self, index: int, *, inside: bool = False) -> tuple[int, list[Term]] | None:
        """One thing chosen: (index behind it, its terms), or None."""
        if self._low(index) in _KEYS and self._low(index + 1) in (":", "=", "is", "->"):
            slot = _KEYS[self._low(index)]
            term = self._named(index + 2, slot)
            return (self._nouns(index + 3, term)[0], [term]) if term else None
        while self._low(index) in _ADJECTIVES and not self.tokens[index].mention:
            index += 1
        if index >= self._limit or not self.tokens[index].mention:
            return None
        term = self.tokens[index].term
        if term is None:
            return None
        index, term = self._nouns(index + 1, term)
        terms = [term]
        if self._low(index) == "(" and not inside:
            inner = self._item(index + 1, inside=True)
            if inner and self._low(inner[0]) == ")":
                index, terms = inner[0] + 1, terms + inner[1]
        if self._low(index) in ("for", "as"):
            index, terms[0] = self._purpose(index, term)
        return index, terms

    def _nouns(self, index: int, term: Term) -> tuple[int, Term]:
        """Past the nouns that go with a term (`auth`, `database`); the noun may change the slot (Redis database)."""
        while self._low(index).lstrip("-") in SUFFIXES and self._low(index):
            index += 1
        while self._low(index):
            slot = next(
                (
                    slot
                    for slot in (term.slot, "database", "authentication")
                    if self._low(index) in _NOUNS.get(slot, ())
                ),
                "",
            )
            other = vocabulary().terms.get(slot, {}).get(term.value) if slot else None
            if slot != term.slot and other is None:
                break
            term = other if other is not None and slot != term.slot else term
            index += 1
        return index, term

    def _purpose(self, index: int, term: Term) -> tuple[int, Term]:
        """Past `for validation`, `as the database`; stays where the purpose says more than the slot does."""
        place = index + 1
        while self._low(place) in DETERMINERS:
            place += 1
        for slot in ("database", term.slot):
            other = term if slot == term.slot else vocabulary().terms["database"].get(term.value)
            end = place
            while self._low(end) and self._low(end) in _PURPOSES.get(slot, ()) and self._joined(end) is None:
                end += 1
            if other is not None and end > place:
                return end, other
        return index, term
