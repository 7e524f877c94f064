"""A sentence as tokens: words, punctuation, quoted text, and the terms of the vocabulary among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.brief.terms import SUFFIXES, Strength, Term, Vocabulary, vocabulary, word_set

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|“[^”]*”')
_PUNCTUATION = re.compile(r"[,;:!?()\[\]{}|+&=/—–]|\.{1,3}(?=\s|$|[)\]])|-(?=\s)|\*(?=\s)")
_PAUSES = frozenset(".,;:!?")
_BACKTICKED = re.compile(r"`[^`\s]*`")
_SUFFIX = re.compile(rf"-(?:{'|'.join(sorted(SUFFIXES))})(?!\w)", re.IGNORECASE)
_INSIDE = re.compile(r"[\w./@`'’$#-]")
_WORD = re.compile(r"[^\s,;:!?()\[\]{}|+&=—–\"“]+")

VERBS = word_set(
    "write create generate build make implement design add develop code scaffold produce draft provide "
    "give show need want"
)
"""Verbs that ask for code and are no part of the action."""

GENERIC = word_set("code snippet example implementation solution script program logic boilerplate")
"""Nouns that name no kind: `FastAPI code`."""

DETERMINERS = word_set("a an the my our your some this its")
CONNECTORS = word_set("to for that which where so when who")
_NEGATION = word_set("not no without never than except avoid unlike like non instead dont doesnt")
_PREPOSITIONS = word_set("in with using use uses via on")
_CHOOSING = _PREPOSITIONS | word_set("and plus or as at over by from me us please new simple async secure") | VERBS
_SLOT_NOUNS = word_set(
    "validation storage token tokens library client driver framework app application project backend api "
    "apis server auth authentication authorization database db level mode style orm developer developers "
    "router handler middleware controller service tests"
)
_AFTER = word_set("and or with using use to for that in on via as which plus")


@dataclass(frozen=True)
class Token:
    """One piece of a sentence. `space` says whether white space stood before it."""

    text: str
    space: bool
    kind: str
    """`word`, `mark` (punctuation) or `quoted`."""
    term: Term | None = None
    """The vocabulary's term that the text names."""
    strength: Strength = Strength.STRONG

    @property
    def low(self) -> str:
        """The text in lower case; empty for quoted text, which is never read."""
        return "" if self.kind == "quoted" else self.text.lower()

    def of(self, *slots: str) -> bool:
        """True when the token names a term of one of the slots."""
        return self.term is not None and self.term.slot in slots

    @property
    def mention(self) -> bool:
        """True for a term that is a choice, not a kind's noun."""
        return self.term is not None and self.term.slot != "kind"


def tokens_of(sentence: str) -> list[Token]:
    """The tokens of a clean sentence; weak words are terms only where a choice is made."""
    found = list(_scan(sentence, vocabulary()))
    return [_settled(found, index) for index in range(len(found))]


def _scan(sentence: str, words: Vocabulary) -> Iterator[Token]:
    position, space, previous = 0, False, ""
    while position < len(sentence):
        if sentence[position].isspace():
            position, space = position + 1, True
            continue
        token = _token_at(sentence, position, space, previous, words)
        yield token
        previous = "term" if token.term else token.text
        position, space = position + len(token.text), False


def _token_at(sentence: str, position: int, space: bool, previous: str, words: Vocabulary) -> Token:
    quoted = _QUOTED.match(sentence, position)
    if quoted:
        return Token(quoted[0], space, "quoted")
    ticked = _BACKTICKED.match(sentence, position)
    if ticked:
        term, strength = words.aliases.get(ticked[0].strip("`").lower(), (None, Strength.STRONG))
        return Token(ticked[0], space, "word", term, strength)
    # A term begins a word; or follows a slash or a plus behind another term (FastAPI/PostgreSQL).
    if (
        position == 0
        or not _INSIDE.match(sentence[position - 1])
        or (sentence[position - 1] == "/" and previous == "/")
    ):
        named = words.pattern.match(sentence, position)
        if named:
            term, strength = words.aliases[named[0].lower()]
            return Token(named[0], space, "word", term, strength)
    mark = _PUNCTUATION.match(sentence, position)
    if mark and not (mark[0] == "/" and previous != "term"):
        return Token(mark[0], space, "mark")
    suffix = _SUFFIX.match(sentence, position) if previous == "term" else None
    word = suffix or _WORD.match(sentence, position)
    text = word[0] if word else sentence[position]
    trimmed = text.rstrip(".") if re.fullmatch(r".*[^.]\.{1,3}", text) else text
    return Token(trimmed, space, "word")


def _settled(tokens: list[Token], index: int) -> Token:
    """The token, without its term where a plain word was meant."""
    token = tokens[index]
    if token.term is None or token.strength is Strength.STRONG:
        return token
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    chosen = _led(tokens, index, before, token) and _ended(tokens, index, after)
    return token if chosen else replace(token, term=None)


def _led(tokens: list[Token], index: int, before: Token | None, token: Token) -> bool:
    """True when what stands before the word makes it a choice."""
    if before is None or before.kind == "mark" or (before.mention and before.strength is Strength.STRONG):
        return token.strength is Strength.WEAK
    level = token.of("level")
    if before.low in ("and", "or", "plus"):
        return index > 1 and (tokens[index - 2].mention or tokens[index - 2].low in _SLOT_NOUNS)
    if token.strength is Strength.BARE and token.text != (token.term.value if token.term else ""):
        return before.low in _PREPOSITIONS
    if before.low in DETERMINERS or (level and before.low in ("for", "at")):
        return True
    return before.low in _CHOOSING


def _ended(tokens: list[Token], index: int, after: Token | None) -> bool:
    """True when what stands behind the word leaves it a choice."""
    before = tokens[index - 1] if index else None
    noun = after is None or after.of("kind") or after.low in GENERIC | _SLOT_NOUNS or after.low.startswith("-")
    if noun and after is not None:
        return True
    if before is not None and before.low in DETERMINERS:
        return after is not None and after.mention and after.strength is Strength.STRONG
    if after is None or after.kind == "mark":
        return True
    if after.low in ("and", "or"):
        return index + 2 < len(tokens) and (tokens[index + 2].mention or tokens[index + 2].low in _PREPOSITIONS)
    return after.low in _AFTER or (after.mention and after.strength is Strength.STRONG)


def negated(tokens: list[Token], index: int, reach: int = 3) -> bool:
    """True when one of the `reach` words before `index` says no: `doesn't use`, `instead of`."""
    near = [token.low for token in tokens[max(0, index - reach) : index] if token.kind == "word"]
    return any(word in _NEGATION or word.endswith(("n't", "n’t")) for word in near)


def joined(tokens: list[Token]) -> str:
    """Tokens as text again, tidied where something was taken out of their midst."""
    kept: list[Token] = []
    for token in tokens:
        if kept and token.kind == kept[-1].kind == "mark" and kept[-1].text in _PAUSES and token.text in _PAUSES:
            if kept[-1].text != "." and token.text in ".!?":
                kept[-1] = token
            continue
        kept.append(token)
    text = ""
    for token in kept:
        split = token.kind != "mark" and text[-1:].isalnum() and token.text[0].isalnum()
        text += (" " if text and (token.space or split) else "") + token.text
    text = re.sub(r"\(\s*\)", "", text)
    text = " ".join(re.sub(r"\s+([,;.!?)])(?=\s|$)", r"\1", text).split())
    text = text.strip(",;:—– ")
    return (text[:-1] if text.endswith((".", "?", "!")) and not text.endswith("..") else text).strip(",;:—– ")
