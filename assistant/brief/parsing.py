"""From a sentence to a Brief, without a model.

First the slot phrases are taken out, then the sentence's head is read (`Write a FastAPI
route to ...`); all that remains is the action. Terms inside the action count where
nothing else chose their slot, and stay in its text. Text in double quotes is never read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from assistant.brief.phrases import Phrases
from assistant.brief.slots import MAX_SENTENCE, Brief, clean, fill, two_of
from assistant.brief.terms import SUFFIXES, Term, shortened, vocabulary, word_set
from assistant.brief.words import CONNECTORS, DETERMINERS, GENERIC, VERBS, Token, joined, negated, tokens_of
from assistant.errors import BriefError

EXAMPLE = 'for example: "Write FastAPI code to create an endpoint for booking rooms, with JWT and PostgreSQL"'

_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|please|kindly|can you|could you|would you|can we|"
    r"i want you to|i need you to|i'd like you to|i'd like to|"
    r"i want to|i need to|we need to|we want to|i would like|i'd like|help me(?: to)?|let's|"
    r"(?:i|we)(?= (?:need|want)\b))\b[ ,!]*)+",
    re.IGNORECASE,
)
_REFACTOR = word_set(
    "refactor optimize optimise rewrite improve modernize modernise port convert migrate restructure "
    "simplify translate clean"
)
_MOVING = word_set(
    "refactor port convert migrate rewrite translate move switch moving migrating porting converting switching from"
)
_NP_ENDS = CONNECTORS | word_set("with using in on by from via and into at")
_PLAIN_CODE = word_set(
    "clean secure production production-ready async asynchronous good simple robust efficient tested "
    "backend server server-side api sample example modern idiomatic high-quality quality maintainable "
    "source new web rest complete working typed type-safe well-tested best readable minimal basic "
    "advanced full short starter boilerplate sql database orm model test"
)


@dataclass
class _Said:
    """What was found so far, slot by slot: terms that were chosen, and terms that the action mentions."""

    chosen: dict[str, list[Term]] = field(default_factory=dict)
    mentioned: dict[str, list[Term]] = field(default_factory=dict)

    def choose(self, term: Term) -> None:
        self.chosen.setdefault(term.slot, []).append(term)

    def mention(self, term: Term) -> None:
        self.mentioned.setdefault(term.slot, []).append(term)


def parse(sentence: str) -> Brief:
    """The brief that a sentence asks for. A pure function: no model, no files.

    Raises:
        BriefError: empty, too long, control characters, no action, an unknown framework
            or database, or a contradiction; one line, with a hint.
    """
    if len(sentence) > MAX_SENTENCE:
        raise BriefError(
            f"the sentence has {len(sentence)} characters; {MAX_SENTENCE} are the most",
            "say it shorter, or put the detail into a recipe",
        )
    text = clean(sentence)
    if not any(character.isalnum() for character in text):
        raise BriefError("the sentence is empty", EXAMPLE)
    if re.fullmatch(r'"[^"]*"', text):
        text = text[1:-1].strip()
    tokens = tokens_of(_POLITE.sub("", text))
    said = _Said()
    rest = _without_phrases(tokens, said)
    _refuse_named_framework(rest)
    kind, action = _Head(rest, said).read()
    return _brief(said, kind, action, text)


def _without_phrases(tokens: list[Token], said: _Said) -> list[Token]:
    """The tokens without slot phrases, whose terms are chosen."""
    rest: list[Token] = []
    index = 0
    for phrase in Phrases(tokens).taken():
        rest += tokens[index : phrase.start]
        for term in phrase.terms:
            said.choose(term)
        index = phrase.end
    return rest + tokens[index:]


def _refuse_named_framework(tokens: list[Token]) -> None:
    """`the Foobar framework`: a framework by its own word, and none that we know."""
    for index, token in enumerate(tokens[1:], 1):
        name = tokens[index - 1]
        led = index > 1 and tokens[index - 2].low in DETERMINERS | {"in", "with", "using", "use"}
        if token.low == "framework" and led and name.kind == "word" and name.term is None and name.text[0].isupper():
            raise unknown_framework(name.text)


class _Head:
    """Reads `[verb] [a] [modifiers] KIND [to|for|that]` off the front; the remainder is the action."""

    def __init__(self, tokens: list[Token], said: _Said) -> None:
        self.tokens = tokens
        self.said = said

    def read(self) -> tuple[str, str]:
        """(kind or "", action)."""
        start = self._skip_marks(0)
        first = self._low(start)
        if first in _REFACTOR:
            kept = start + 1 if first == "refactor" else start
            return "refactoring", self._action([], self.tokens[kept:], self.tokens[start:kept])
        if first in ("test", "tests") and self._low(start + 1) in DETERMINERS:
            return "test", self._action([], self.tokens[start + 1 :])
        return self._noun_phrase(start)

    def _low(self, index: int) -> str:
        return self.tokens[index].low if 0 <= index < len(self.tokens) else ""

    def _skip_marks(self, index: int) -> int:
        while index < len(self.tokens) and self.tokens[index].kind == "mark" and self.tokens[index].text in ",;:.!-—":
            index += 1
        return index

    def _noun_phrase(self, start: int) -> tuple[str, str]:
        if self._low(start) in ("to", "for") and self._has_kind(start + 1 + (self._low(start + 1) in VERBS)):
            start += (
                1  # `Using Koa, to write an endpoint`, `JWT and FastAPI for a users API`: the choices are taken out
            )
        verb = self._low(start) in VERBS
        begin = start + 1 if verb else start
        while self._low(begin) in DETERMINERS | {"me", "us", "new", "set", "up"}:
            begin += 1
        end = begin
        while end < len(self.tokens) and (self._joins(end) or not self._ends_phrase(end)):
            end += 1
        nouns = [i for i in range(begin, end) if self.tokens[i].of("kind")]
        if nouns:
            return self._kind_at(begin, nouns[-1])
        generic = [i for i in range(begin, end) if self._low(i) in GENERIC]
        if generic and (verb or generic[-1] > begin or begin == start):
            return self._generic(begin, generic[-1])
        for i in range(begin, end):
            if self.tokens[i].of("framework", "level", "language", "style"):
                self._choose(i)
        self._refuse_misspelt(self.tokens[begin:end])
        kept = [t for t in self.tokens[begin:end] if not (t.of("framework", "level", "language"))]
        lead = (
            self.tokens[start:begin] if verb and self._low(start) in ("create", "add", "make", "show", "give") else []
        )
        return self._later_kind(), self._action([], lead + kept + self.tokens[end:])

    def _ends_phrase(self, index: int) -> bool:
        return self.tokens[index].kind == "mark" or self._low(index) in _NP_ENDS

    def _joins(self, index: int) -> bool:
        """True for the `and` or slash between two terms: `a FastAPI/PostgreSQL service`."""
        between = self._low(index) in ("and", ",", "/", "+", "&", "or")
        return between and self._mentions_at(index - 1) and self._mentions_at(index + 1)

    def _mentions_at(self, index: int) -> bool:
        return 0 <= index < len(self.tokens) and self.tokens[index].mention

    def _kind_at(self, begin: int, place: int) -> tuple[str, str]:
        """The head's kind is the noun at `place`; what stands before it are choices or words of the action."""
        kind = self.tokens[place].term
        before = self._modifiers(begin, place)
        words = [t for t in before if not t.mention]
        self._refuse_misspelt(words)
        if self.tokens[place].low in ("webhook", "webhooks") and self._low(place + 1) in ("handler", "endpoint"):
            place += 1
        after = self._skip_marks(place + 1)
        rest = self.tokens[after:]
        if rest and rest[0].low in CONNECTORS and not before:
            rest = rest[1:]
        action = self._action(before, rest)
        if not action:
            action = joined([t for t in self.tokens[begin : place + 1] if not t.of("framework", "level", "language")])
            action = "" if action.lower() == self.tokens[place].low else action
        return (kind.value if kind else ""), action

    def _modifiers(self, begin: int, place: int) -> list[Token]:
        """The words between the determiner and the noun that stay in the action; choices among them are noted."""
        kept: list[Token] = []
        last_word = max((i for i in range(begin, place) if not self._chooses(i)), default=-1)
        for i in range(begin, place):
            token = self.tokens[i]
            if token.term and token.mention:
                self._choose(i)
                if i < last_word and not token.of("framework", "level", "style", "language"):
                    kept.append(token)
            elif not self._chooses(i) and token.low not in DETERMINERS:
                kept.append(token)
        return kept

    def _chooses(self, index: int) -> bool:
        """True for a term, and for what hangs on one (`-protected`, `auth`)."""
        token = self.tokens[index]
        hangs = token.low.lstrip("-") in SUFFIXES | {"auth", "authenticated"} and self._mentions_at(index - 1)
        return token.mention or hangs or self._joins(index)

    def _choose(self, index: int) -> None:
        term = self.tokens[index].term
        if term is not None:
            self.said.choose(term)

    def _generic(self, begin: int, place: int) -> tuple[str, str]:
        """`Write FastAPI code to create an endpoint for ...`: the kind may follow behind a connector and a verb."""
        named = [i for i in range(begin, place) if self.tokens[i].mention]
        plain = [
            t for t in self.tokens[begin:place] if not t.mention and t.low not in _PLAIN_CODE | DETERMINERS | {"and"}
        ]
        if plain and not any(self.tokens[i].of("framework") for i in named) and len(plain) <= 2:
            raise unknown_framework(joined(plain))
        for i in named:
            self._choose(i)
        kept = plain
        after = self._skip_marks(place + 1)
        if self._low(after) in CONNECTORS:
            after += 1
        asked = self._low(after) in VERBS | DETERMINERS
        if not kept and asked and self._has_kind(after + 1):
            return self._noun_phrase(after)
        return self._later_kind() if not kept else "", self._action(kept, self.tokens[after:])

    def _has_kind(self, index: int) -> bool:
        while index < len(self.tokens) and self.tokens[index].kind != "mark" and self._low(index) not in _NP_ENDS:
            if self.tokens[index].of("kind"):
                return True
            index += 1
        return False

    def _later_kind(self) -> str:
        """The kind that a later sentence asks for: `I run a shop. Write an endpoint ...`."""
        for index in range(1, len(self.tokens)):
            if self._low(index) in VERBS and self.tokens[index - 1].kind == "mark":
                for place in range(index + 1, min(index + 8, len(self.tokens))):
                    term = self.tokens[place].term
                    if self._low(place) in _NP_ENDS:
                        break
                    if term is not None and term.slot == "kind":
                        return term.value
        return ""

    def _refuse_misspelt(self, words: list[Token]) -> None:
        """A word that is nearly a framework's name, where a framework would stand."""
        if "framework" in self.said.chosen:
            return
        for word in words[:12]:
            for name in vocabulary().values("framework"):
                near = (
                    len(name) >= 5
                    and name not in ("Express", "Spring Boot", "Pyramid")
                    and abs(len(name) - len(word.text)) <= 1
                )
                swapped = sorted(word.low) == sorted(name.lower())
                if near and (swapped or SequenceMatcher(None, word.low, name.lower()).ratio() >= 0.83):
                    raise unknown_framework(word.text)

    def _action(self, before: list[Token], rest: list[Token], verb: list[Token] | None = None) -> str:
        """The action's text, its terms noted; `verb` is read with it and not part of it."""
        tokens = before + rest
        while len(tokens) > 1 and tokens[0].kind == "quoted" and tokens[-1].kind == "mark" and tokens[-1].text in ".,;":
            tokens.pop()
        if len(tokens) == 1 and tokens[0].kind == "quoted" and tokens[0].text.startswith('"'):
            return re.sub(r"\\(.)", r"\1", tokens[0].text[1:-1])
        _mentions((verb or []) + tokens, self.said)
        return joined(tokens)


def _mentions(tokens: list[Token], said: _Said) -> None:
    """Note the terms of the action: not what is negated, moved away from, or only for tests."""
    for index, token in enumerate(tokens):
        if not token.mention or token.term is None:
            continue
        if negated(tokens, index):
            continue
        after = [t.low for t in tokens[index + 1 : index + 4]]
        if (
            after[:1]
            and after[0] in ("for", "in")
            and {"tests", "testing", "development", "dev", "local"} & set(after[1:])
        ):
            continue
        if _left_behind(tokens, index):
            continue
        said.mention(token.term)


def _left_behind(tokens: list[Token], index: int) -> bool:
    """True for the first of `from Flask to FastAPI`, `port this Express app to NestJS`."""
    moving = any(t.low in _MOVING for t in tokens[max(0, index - 6) : index])
    later = tokens[index + 1 : index + 10]
    term = tokens[index].term
    slot = term.slot if term else ""
    return moving and any(t.low in ("to", "into") for t in later) and any(t.of(slot) for t in later)


def unknown_framework(name: str) -> BriefError:
    """The error for a framework that we do not know: the known ones, nearest first."""
    known = vocabulary().nearest("framework", name)
    return BriefError(f"unknown framework {shortened(name)!r}", f"known, nearest first: {', '.join(known)}")


def _one(said: _Said, slot: str) -> Term | None:
    """The slot's one term: what was chosen before what was mentioned. Raises BriefError for two."""
    chosen = said.chosen.get(slot, [])
    terms = chosen or said.mentioned.get(slot, [])
    known = [term for term in terms if not term.foreign]
    if chosen and len(known) < len(chosen):
        return _foreign(chosen)
    values = list(dict.fromkeys(term.value for term in known))
    if len(values) > 1 and (chosen or slot in ("framework", "database", "level")):
        raise two_of(slot, known)
    return known[0] if known else None


def _foreign(terms: list[Term]) -> Term:
    term = next(term for term in terms if term.foreign)
    if term.slot == "framework":
        raise unknown_framework(term.value)
    known = vocabulary().nearest(term.slot, term.value)
    raise BriefError(
        f"unknown {term.slot} {term.value!r}", f"known, nearest first: {', '.join(v for v in known if v != 'none')}"
    )


def _brief(said: _Said, kind: str, action: str, sentence: str) -> Brief:
    slots: dict[str, Any] = {"kind": kind, "action": action}
    tools = {t.value for t in (*said.chosen.get("tools", []), *said.mentioned.get("tools", []))}
    tools |= _second_roles(said)
    for slot in ("framework", "authentication", "validation", "database", "level", "style"):
        term = _one(said, slot)
        slots[slot] = term.value if term else ""
    hosts = {t.hosted for t in (*said.chosen.get("database", []), *said.mentioned.get("database", [])) if t.hosted}
    languages = list(dict.fromkeys(t.value for t in said.chosen.get("language", [])))
    mentioned = [t.value for t in said.mentioned.get("language", [])]
    if len(languages) > 1:
        raise two_of("framework", said.chosen["language"])
    language = (languages or mentioned or [""])[0]
    framework = vocabulary().terms["framework"].get(slots["framework"])
    if languages and framework and framework.language != language:
        raise BriefError(f"{framework.value} is {framework.language}, not {language}", "name one of the two")
    if language and not framework:
        slots["framework"] = "" if language == "Python" else vocabulary().framework_of(language)
    return fill({**slots, "tools": _fitting(said, tools, slots), "hosted": next(iter(hosts), "")}, sentence)


def _second_roles(said: _Said) -> set[str]:
    """Terms that stand beside the main one of their slot: Redis beside a database, OAuth 2.0 beside JWT."""
    tools: set[str] = set()
    for slot, second, first in (("database", "Redis", ""), ("authentication", "OAuth 2.0", "JWT")):
        where = said.chosen if slot in said.chosen else said.mentioned
        terms = where.get(slot, [])
        others = {t.value for t in terms} - {second}
        if others and (not first or others == {first}) and len(others) < len({t.value for t in terms}):
            where[slot] = [t for t in terms if t.value != second]
            tools.add(second)
    return tools


def _fitting(said: _Said, tools: set[str], slots: dict[str, Any]) -> tuple[str, ...]:
    """Chosen tools, and mentioned ones that fit the framework: a mention of another language's is prose."""
    words = vocabulary()
    chosen = {t.value for t in said.chosen.get("tools", [])} | (
        tools - {t.value for t in said.mentioned.get("tools", [])}
    )
    framework = slots["framework"]
    language = words.term("framework", framework).language if framework else ""

    def fits(tool: str) -> bool:
        term = words.term("tools", tool)
        return not language or (
            term.language in ("", language) and (not term.frameworks or framework in term.frameworks)
        )

    return tuple(tool for tool in sorted(tools) if tool in chosen or fits(tool))
