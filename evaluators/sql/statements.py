"""SQL text cut into statements, each with its place; any text is cut, none raises.

One scanner serves all dialects and knows what hides a semicolon: quotes, dollar
quotes, comments, `COPY ... FROM stdin` data, `BEGIN ATOMIC` and trigger bodies,
psql's backslash lines, MySQL's DELIMITER, T-SQL's GO. PostgreSQL's own splitter
ends the whole file at one unclosed quote; this one goes on at the next line that
begins a statement. Tests compare the two wherever PostgreSQL's succeeds.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.finding import Location

FRESH = re.compile(
    r"^(?:CREATE\s+(?:OR\s+REPLACE\s+|TEMP\w*\s+|UNLOGGED\s+|UNIQUE\s+|MATERIALIZED\s+)*"
    r"(?:TABLE|INDEX|TYPE|DOMAIN|VIEW|FUNCTION|PROCEDURE|TRIGGER|POLICY|EXTENSION|SCHEMA|SEQUENCE)\b"
    r"|ALTER\s+(?:TABLE|TYPE|DOMAIN|SEQUENCE)\b|DROP\s+(?:TABLE|INDEX|TYPE|VIEW)\b|INSERT\s+INTO\b"
    r"|COMMENT\s+ON\b|GRANT\b[^\n]*\bTO\b)",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that plainly begins a statement: where reading goes on after a broken one."""

MAX_FLAWS = 100
"""Broken statements after which the rest of a text is taken as one: each costs a search through the rest."""

_BODY = re.compile(r"^CREATE (?:.* )?(?:TRIGGER|PROCEDURE|PROC|FUNCTION|EVENT)\b")
_TABULAR = frozenset({"TABLE", "INDEX", "UNIQUE", "VIEW", "TYPE", "POLICY", "SEQUENCE", "DOMAIN", "EXTENSION"})
_PLAIN = re.compile(r"""(?:[^;'"$/\\\-eE]+|\$(?<=\w\$)|/(?!\*)|-(?!-)|[eE](?!')|[eE](?<=\w[eE]))+""")
"""PostgreSQL's text without a separator and without anything that may begin a quote, a comment or a client's line."""
_COPY = re.compile(r"^COPY .*\bFROM STDIN\b")


class Kind(enum.StrEnum):
    """What a piece of the text is."""

    STATEMENT = "statement"
    GAP = "gap"
    """Blanks, comments and separators."""
    META = "meta"
    """A line for psql, mysql or sqlcmd, not for the server."""
    DATA = "data"
    """Rows after COPY ... FROM stdin."""


@dataclass(frozen=True)
class Piece:
    """A span of the text. The pieces of a text follow each other and cover all of it."""

    kind: Kind
    start: int
    end: int
    flaw: str = ""
    """Why the statement is broken on its face, such as an unclosed quote."""
    flaw_at: int = 0
    """Where the flaw begins, an offset into the whole text."""


@dataclass(frozen=True)
class Statement:
    """One statement. `line` and `column` (from 1) are where its text begins."""

    path: str
    text: str
    line: int
    column: int
    data: str = ""
    """The rows that follow a COPY ... FROM stdin, as written."""
    flaw: str = ""
    flaw_at: int = 0
    """Offset of the flaw in `text`."""

    def at(self, offset: int = 0) -> Location:
        """The place of a character of the text; an offset outside it means its begin."""
        if not 0 < offset <= len(self.text):
            return Location(self.path, self.line, self.column)
        before = self.text[:offset]
        breaks = before.count("\n")
        if not breaks:
            return Location(self.path, self.line, self.column + offset)
        return Location(self.path, self.line + breaks, offset - before.rfind("\n"))

    @property
    def head(self) -> str:
        """Its first words in upper case, at most four: what kind of statement it is."""
        return " ".join(re.findall(r"\w+", self.text[:200])[:4]).upper()


def split(path: str, text: str, dialect: str = "postgres") -> tuple[Statement, ...]:
    """The statements of an artifact, in order. Never raises."""
    found: list[Statement] = []
    line, begin, seen = 1, 0, 0
    for piece in pieces(text, dialect):
        if piece.kind is Kind.DATA and found:
            last = found.pop()
            data = text[piece.start : piece.end]
            found.append(Statement(path, last.text, last.line, last.column, data, last.flaw, last.flaw_at))
        if piece.kind is not Kind.STATEMENT:
            continue
        line += text.count("\n", seen, piece.start)
        begin = text.rfind("\n", 0, piece.start) + 1
        seen = piece.start
        body = text[piece.start : piece.end]
        column = piece.start - begin + 1 - text.count("\ufeff", begin, piece.start)
        found.append(Statement(path, body, line, column, "", piece.flaw, max(piece.flaw_at - piece.start, 0)))
    return tuple(found)


def pieces(text: str, dialect: str = "postgres") -> tuple[Piece, ...]:
    """The whole text as pieces without gap or overlap. Never raises."""
    return tuple(_Cutter(text, dialect).cut())


@functools.cache
def tokens(dialect: str) -> re.Pattern[str]:
    """The dialect's tokens, as far as a splitter cares."""
    backslashed = r"'(?:[^'\\]|\\.|'')*'"
    strings = [backslashed] if dialect == "mysql" else [r"[eE]" + backslashed, r"'[^']*(?:''[^']*)*'"]
    names = [r'"(?:[^"\\]|\\.|"")*"' if dialect == "mysql" else r'"[^"]*(?:""[^"]*)*"']
    if dialect in ("mysql", "sqlite"):
        names.append(r"`[^`]*(?:``[^`]*)*`")
    if dialect in ("tsql", "sqlite"):
        names.append(r"\[[^\]\n]*\]")
    comment = r"--[^\n]*|\#[^\n]*" if dialect == "mysql" else r"--[^\n]*"
    dollar = r"\$(?:[^\W\d]\w*)?\$" if dialect == "postgres" else r"(?!)"
    opened = "['\"`]" if dialect in ("mysql", "sqlite") else "['\"]"
    parts = {
        "space": r"[\s\ufeff]+",
        "comment": comment,
        "block": r"/\*",
        "string": "|".join(strings),
        "name": "|".join(names),
        "dollar": dollar,
        "word": r"[\w$]+",
        "open": opened,
        "other": r".",
    }
    return re.compile("|".join(f"(?P<{name}>{form})" for name, form in parts.items()), re.DOTALL)


class _Cutter:
    """One pass over one text."""

    def __init__(self, text: str, dialect: str) -> None:
        self.text = text
        self.dialect = dialect
        self.token = tokens(dialect)
        self.skip = _PLAIN if dialect == "postgres" else None
        self.delimiter = ";"
        self.done = 0
        """End of the last piece that was given out."""
        self.flaws = 0
        self._reset()

    def _reset(self) -> None:
        """No statement is open."""
        self.start = -1
        self.last = 0
        """End of the last token that counts."""
        self.words: list[str] = []
        self.depth = 0
        """Blocks that are open in a routine's body."""
        self.flaw = ""
        self.flaw_at = 0
        self.quick = False
        """No word of the statement changes any more where it ends."""

    def cut(self) -> Iterator[Piece]:
        """All pieces."""
        position = 0
        while position < len(self.text):
            meta = self._meta(position)
            if meta > position:
                yield from self._close(position)
                yield from self._plain(Kind.META, meta)
                position = meta
            elif self.text.startswith(self.delimiter, position) and not self.depth:
                copies = self.words[:1] == ["COPY"] and _COPY.match(" ".join(self.words)) is not None
                copies = copies and self.dialect == "postgres"
                yield from self._close(position)
                position += len(self.delimiter)
                yield from self._plain(Kind.GAP, position)
                if copies:
                    position = self._data_end(position)
                    yield from self._plain(Kind.DATA, position)
            else:
                plain = self._plainly(position)
                position = plain if plain > position else self._step(position)
                if self.flaw:
                    yield from self._close(position)
        yield from self._close(len(self.text))
        yield from self._plain(Kind.GAP, len(self.text))

    def _close(self, at: int) -> Iterator[Piece]:
        """Give out the open statement, if any, and what precedes `at`."""
        if self.start >= 0:
            yield from self._plain(Kind.GAP, self.start)
            yield Piece(Kind.STATEMENT, self.start, self.last, self.flaw, self.flaw_at)
            self.done = self.last
        self._reset()
        yield from self._plain(Kind.GAP, at)

    def _plain(self, kind: Kind, end: int) -> Iterator[Piece]:
        """Give out all text up to `end` as one piece."""
        if end > self.done:
            yield Piece(kind, self.done, end)
            self.done = end

    def _step(self, position: int) -> int:
        """Take one token; return where the next begins."""
        found = self.token.match(self.text, position)
        if found is None:
            return position + 1
        kind, end = found.lastgroup, found.end()
        if kind in ("space", "comment"):
            return end
        if kind == "block":
            end = self._block_end(position)
            return end if end >= 0 else self._broken(position, "a comment is not closed")
        if self.start < 0:
            self.start = position
        if kind == "open":
            return self._broken(position, "a quote is not closed")
        if kind == "string" and self._swallows(position, end):
            return self._broken(position, "a quote is not closed")
        if kind == "dollar":
            closing = self.text.find(found.group(), end)
            if closing < 0:
                return self._broken(position, "a dollar quote is not closed")
            end = closing + len(found.group())
        if kind == "word":
            self._word(found.group().upper())
        self.last = end
        return end

    def _plainly(self, position: int) -> int:
        """End of the text from here on that can hide nothing, where only its end matters any more."""
        if self.skip is None or self.start < 0 or self.depth:
            return position
        if not self.quick:
            head = self.words
            known = bool(head) and head[0] not in ("CREATE", "COPY")
            made = len(head) > 1 and head[0] == "CREATE" and head[1] in _TABULAR
            self.quick = known or made or (len(head) >= 8 and head[0] != "COPY" and not _BODY.match(" ".join(head[:8])))
        found = self.skip.match(self.text, position) if self.quick else None
        if found is None:
            return position
        skipped = found.group().rstrip()
        if skipped:
            self.last = position + len(skipped)
        return found.end()

    def _word(self, word: str) -> None:
        """Remember the statement's words, and count the blocks of a routine's body."""
        previous = self.words[-1] if self.words else ""
        if len(self.words) < 4_000:
            self.words.append(word)
        else:
            self.words[-1] = word
        if self.dialect == "postgres":
            if word == "ATOMIC" and previous == "BEGIN":
                self.depth = 1
            elif self.depth and word in ("CASE", "END"):
                self.depth += 1 if word == "CASE" else -1
            return
        if not _BODY.match(" ".join(self.words[:8])):
            return
        if previous == "END" and word in ("IF", "LOOP", "WHILE", "REPEAT", "CASE"):
            self.depth += word != "CASE"
        elif word in ("BEGIN", "CASE"):
            self.depth += 1
        elif word == "END":
            self.depth = max(self.depth - 1, 0)

    def _broken(self, position: int, flaw: str) -> int:
        """The statement cannot be read from here on; go on at the next that plainly begins."""
        self.flaws += 1
        fresh = FRESH.search(self.text, position + 1) if self.flaws <= MAX_FLAWS else None
        end = fresh.start() if fresh else len(self.text)
        if self.start < 0:
            self.start = position
        self.flaw, self.flaw_at = flaw, position
        self.last = self.start + len(self.text[self.start : end].rstrip())
        return end

    def _swallows(self, position: int, end: int) -> bool:
        """Whether a string runs over the begin of a statement, so that its quote was left open."""
        if "\n" not in self.text[position:end] or self.words[:1] == ["DO"] or _BODY.match(" ".join(self.words[:8])):
            return False
        return FRESH.search(self.text, position + 1, end) is not None

    def _block_end(self, position: int) -> int:
        """End of a block comment; nested ones count where the dialect nests them; -1 if open."""
        if self.dialect not in ("postgres", "tsql"):
            closing = self.text.find("*/", position + 2)
            return closing + 2 if closing >= 0 else -1
        depth = 0
        for mark in re.compile(r"/\*|\*/").finditer(self.text, position):
            depth += 1 if mark.group() == "/*" else -1
            if not depth:
                return mark.end()
        return -1

    def _meta(self, position: int) -> int:
        """End of a client's own line that begins here, else `position`."""
        if self.text[position] not in "\\DdGg" or self.dialect == "sqlite":
            return position
        begin = self.text.rfind("\n", 0, position) + 1
        if self.text[begin:position].strip("\ufeff \t"):
            return position
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        line = self.text[position:end].strip()
        if self.dialect == "postgres" and line.startswith("\\"):
            return end
        if self.dialect == "tsql" and re.fullmatch(r"GO(\s+\d+)?;?", line, re.IGNORECASE):
            return end
        changed = re.fullmatch(r"DELIMITER\s+(\S+)", line, re.IGNORECASE) if self.dialect == "mysql" else None
        if changed:
            self.delimiter = changed.group(1)
            return end
        return position

    def _data_end(self, position: int) -> int:
        """End of a COPY's rows: the line with a backslash and a dot included."""
        closing = re.compile(r"^\\\.[ \t\r]*$\n?", re.MULTILINE).search(self.text, position)
        return closing.end() if closing else len(self.text)
