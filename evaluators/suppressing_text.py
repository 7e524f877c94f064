"""Comments and keys that speak to backwright, with what they stand for: text in, places out."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

END = 1_000_000_000
"""A column behind any line's end."""

KEY = "x-backwright-allow"


@dataclass(frozen=True)
class Comment:
    """A comment's text without its marks, its place, and the span (line, column) that it stands for."""

    text: str
    line: int
    column: int
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True)
class Key:
    """The object of a JSON or YAML document that holds `x-backwright-allow`, and what it allows: (rule, reason)."""

    allowed: tuple[tuple[str, str], ...]
    line: int
    column: int
    first: tuple[int, int]
    last: tuple[int, int]
    whole: bool
    """The document's root."""


def hashed(text: str) -> Iterator[Comment]:
    """Comments of languages with `#`: YAML, TOML, .env, Dockerfile, requirements, shell."""
    return _by_line(text, re.compile(r"(?:^|(?<=\s))#(.*backwright:.*)", re.IGNORECASE), re.compile(r"\s*#"))


def slashed(text: str) -> Iterator[Comment]:
    """Comments of languages with `//` and `/* */` on one line."""
    marks = re.compile(r"(?://|/\*)(.*backwright:.*?)(?:\*/.*)?$", re.IGNORECASE)
    return _by_line(text, marks, re.compile(r"\s*(?://|/\*)"))


def _by_line(text: str, marks: re.Pattern[str], alone: re.Pattern[str]) -> Iterator[Comment]:
    """Comments found line by line: behind something for their line, alone for the next line that is no comment."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = marks.search(line)
        if found is None:
            continue
        on = number
        if not line[: found.start()].strip():
            on = next(
                (
                    n
                    for n in range(number + 1, len(lines) + 1)
                    if lines[n - 1].strip() and not alone.match(lines[n - 1])
                ),
                number,
            )
        yield Comment(found.group(1).strip(), number, found.start() + 1, (on, 0), (on, END))


def python(text: str) -> Iterator[Comment]:
    """Comments of Python, by its own tokenizer; none where it cannot read the file (which is an error of its own)."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return
    spans = list(_logical(tokens))
    for token in tokens:
        if token.type != tokenize.COMMENT or "backwright:" not in token.string.lower():
            continue
        line, column = token.start
        alone = not token.line[:column].strip()
        span = next((s for s in spans if (s[0] > line if alone else s[0] <= line <= s[1])), (line, line))
        inside = next((s for s in spans if s[0] <= line <= s[1]), None)
        if alone and inside is not None:
            # Between the lines of one statement: the next line of it.
            span = (line + 1, line + 1)
        yield Comment(token.string.lstrip("#").strip(), line, column + 1, (span[0], 0), (span[1], END))


def _logical(tokens: list[tokenize.TokenInfo]) -> Iterator[tuple[int, int]]:
    """The logical lines as (first, last) lines; decorators belong to what they decorate."""
    passed = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
    first, decorated = 0, 0
    mark = ""
    for token in tokens:
        if token.type in passed:
            continue
        if token.type == tokenize.NEWLINE:
            if mark == "@":
                decorated = decorated or first
            else:
                yield decorated or first, token.start[0]
                decorated = 0
            first, mark = 0, ""
        elif not first:
            first, mark = token.start[0], token.string


_SQL = re.compile(
    r"--(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/|'(?:[^'\\]|''|\\.)*'|\"[^\"\n]*\"|`[^`\n]*`|(?P<dollar>\$\w*\$)|(?P<end>;)",
    re.DOTALL,
)


def sql(text: str) -> Iterator[Comment]:
    """Comments of SQL outside of strings. One alone before a statement stands for the statement, else for a line."""
    lines = _Lines(text)
    found = [m for m in _SQL.finditer(text) if m["line"] is not None or m["block"] is not None]
    if not any("backwright:" in m.group().lower() for m in found):
        return
    blank = _blanked(text, found)
    ends = _ends(text)
    for match in found:
        said = match["line"] if match["line"] is not None else match["block"]
        if "backwright:" not in said.lower():
            continue
        line, column = lines.at(match.start())
        start = lines.start(line)
        if blank[start : match.start()].strip():
            yield Comment(said.strip(), line, column, (line, 0), (line, END))
            continue
        following = re.compile(r"\S").search(blank, match.end())
        if following is None:
            yield Comment(said.strip(), line, column, (line, 0), (line, END))
            continue
        on = lines.at(following.start())[0]
        before = blank[: match.start()].rstrip()
        last = on
        if not before or before.endswith(";") or before.lower().endswith("\ngo"):
            last = lines.at(next((end for end in ends if end >= following.start()), len(text)))[0]
        yield Comment(said.strip(), line, column, (on, 0), (last, END))


def _blanked(text: str, comments: list[re.Match[str]]) -> str:
    """The text with its comments as blanks, so that places stay."""
    parts: list[str] = []
    at = 0
    for match in comments:
        parts += [text[at : match.start()], re.sub(r"[^\n]", " ", match.group())]
        at = match.end()
    return "".join([*parts, text[at:]])


def _ends(text: str) -> list[int]:
    """Where statements end: semicolons outside of strings, comments and dollar quotes."""
    ends: list[int] = []
    at = 0
    while (match := _SQL.search(text, at)) is not None:
        at = match.end()
        if match["end"]:
            ends.append(match.start())
        elif match["dollar"]:
            closed = text.find(match["dollar"], at)
            at = closed + len(match["dollar"]) if closed >= 0 else at
    return ends


class _Lines:
    """Offsets as lines and columns from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        import bisect

        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """The offset at which a line begins."""
        return self._starts[line - 1]


_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


def keys(text: str, is_json: bool) -> Iterator[Key]:
    """Every `x-backwright-allow` of a document; none where the document cannot be read."""
    if KEY not in text:
        return
    yield from _json_keys(text) if is_json else _yaml_keys(text)


def _json_keys(text: str) -> Iterator[Key]:
    """The keys of a JSON text: the span is the object's, from the name that it stands under to its brace."""
    lines = _Lines(text)
    stack: list[tuple[str, int, list[Key]]] = []
    name = 0
    for match in _JSON.finditer(text):
        token = match.group()
        if token in ("{", "["):
            listed = not stack or stack[-1][0] == "["
            stack.append((token, match.start() if listed else name, []))
        elif token in ("}", "]"):
            if not stack:
                return
            _, opened, held = stack.pop()
            for each in held:
                yield replace(each, first=lines.at(opened), last=lines.at(match.start()), whole=not stack)
        else:
            name = match.start()
            if token == f'"{KEY}"' and stack and (allowed := _value_at(text, match.end())) is not None:
                line, column = lines.at(name)
                stack[-1][2].append(Key(allowed, line, column, (0, 0), (0, 0), False))


def _value_at(text: str, at: int) -> tuple[tuple[str, str], ...] | None:
    """What the value behind a name allows; None where there is no name."""
    import json

    colon = re.compile(r"\s*:\s*").match(text, at)
    if colon is None:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text, colon.end())
    except (ValueError, RecursionError):
        return None
    return _allowed(value)


def _allowed(value: object) -> tuple[tuple[str, str], ...]:
    """Rule and reason of each entry; what is no object, or no text, is a rule without a reason."""
    if not isinstance(value, dict):
        return ((str(value)[:80], ""),)
    return tuple((str(rule), reason if isinstance(reason, str) else "") for rule, reason in value.items())


MAX_DEPTH = 150
"""Levels of a YAML text that are looked at; no contract has a tenth of it."""


def _depth(events: Iterable[object]) -> int:
    """How deep a YAML text is nested, as far as MAX_DEPTH."""
    depth = deepest = 0
    for event in events:
        name = type(event).__name__
        depth += name in ("MappingStartEvent", "SequenceStartEvent")
        depth -= name in ("MappingEndEvent", "SequenceEndEvent")
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            break
    return deepest


def _yaml_keys(text: str) -> Iterator[Key]:
    """The keys of a YAML text. An anchored object counts where it is written."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # YAML 1.1, which this reader speaks, ends a line at these; YAML 1.2 and every editor do not.
    text = text.translate({0x85: " ", 0x2028: " ", 0x2029: " "})
    try:
        # The composer is recursive in C, where no error stops it.
        if _depth(yaml.parse(text, Loader=loader)) > MAX_DEPTH:
            return
        documents = list(yaml.compose_all(text, Loader=loader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    seen: set[int] = set()
    waiting = [(document, document.start_mark, True) for document in documents if document is not None]
    while waiting:
        node, begin, root = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += [(each, each.start_mark, False) for each in node.value]
        if not isinstance(node, yaml.MappingNode):
            continue
        for name, value in node.value:
            waiting.append((value, name.start_mark, False))
            if name.value == KEY:
                first = (begin.line + 1, begin.column + 1)
                # A block's end is where the next thing begins.
                end = node.end_mark
                last = (end.line + 1, end.column) if node.flow_style or root else (end.line, END)
                at = name.start_mark
                yield Key(_yaml_allowed(value), at.line + 1, at.column + 1, first, last, root)


def _yaml_allowed(value: object) -> tuple[tuple[str, str], ...]:
    """Rule and reason of each entry of a YAML mapping."""
    import yaml

    if not isinstance(value, yaml.MappingNode):
        return ((str(getattr(value, "value", ""))[:80], ""),)
    return tuple(
        (str(name.value), str(reason.value) if isinstance(reason, yaml.ScalarNode) else "")
        for name, reason in value.value
    )
