"""The fences of a Markdown text and the prose above each, with the usual broken nestings mended.

markdown-it parses. It follows CommonMark, which ends a fence at the first bare
run of marks; models that put fences into a README of equal marks mean another
one. Such a fence is found here, its marks are made longer, and the text is
parsed again.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluators.answer.labels import language, language_of, of_info

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MENDS = 60
"""Most fences of one answer that are mended; each costs a parse."""

LOOKAHEAD = 2_000
"""Most fence lines that are looked at for the end of one fence."""

_FENCE_LINE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_OPENER = re.compile(r"^([ \t]*)(`{3,}|~{3,})(.*)")


@dataclass(frozen=True)
class Prose:
    """A line of text between fences."""

    text: str
    heading: bool
    adjacent: bool = False
    """Whether it is the last line before the fence."""


@dataclass(frozen=True)
class Fence:
    """A fenced block: `line` is the answer's line, from 1, in which it opens."""

    info: str
    content: str
    mark: str
    line: int
    closed: bool
    before: tuple[Prose, ...] = ()


@functools.cache
def _parser() -> MarkdownIt:
    """A block parser: inline text is not needed, and HTML blocks would swallow fences."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").disable(["html_block", "reference"])
    parser.core.ruler.disable("inline")
    return parser


def fences(text: str) -> list[Fence]:
    """Every fence of `text` (LF line ends), in order; a fence inside a fence is its content."""
    lines = text.split("\n")
    tokens = _parser().parse(text)
    done = -1
    for _ in range(MENDS):
        at = _mend(tokens, lines, done)
        if at is None:
            break
        done = at
        tokens = _parser().parse("\n".join(lines))
    return list(_split(_walk(tokens, 0)))


def _walk(tokens: list[Token], offset: int) -> Iterator[Fence]:
    """The tokens' fences with the prose before each."""
    prose: list[Prose] = []
    heading = False
    for token in tokens:
        start = (token.map[0] if token.map else 0) + offset
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type == "inline":
            prose.extend(Prose(line, heading) for line in token.content.split("\n"))
        elif token.type == "fence":
            yield Fence(token.info.strip(), token.content, token.markup, start + 1, _closed(token), _adjacent(prose))
            prose = []
        elif token.type == "code_block" and _OPENER.match(token.content):
            # A fence that is indented by four or more is code to CommonMark; nobody means that.
            for number, inner in enumerate(_walk(_parser().parse(token.content), start)):
                yield replace(inner, before=_adjacent(prose)) if number == 0 else inner
            prose = []


def _adjacent(prose: list[Prose]) -> tuple[Prose, ...]:
    """The prose with its last line marked."""
    return (*prose[:-1], replace(prose[-1], adjacent=True)) if prose else ()


def _closed(token: Token) -> bool:
    """Whether a fence's own end was there (the token's map spans it)."""
    assert token.map is not None  # noqa: S101  markdown-it maps every block
    content = token.content
    count = content.count("\n") + (1 if content and not content.endswith("\n") else 0)
    return token.map[1] - token.map[0] == count + 2


def _split(found: Iterator[Fence]) -> Iterator[Fence]:
    """Fences whose end was forgotten, ended where the next labelled file begins."""
    for fence in found:
        yield from _pieces(fence)


def _pieces(fence: Fence) -> list[Fence]:
    """One fence, or several when its content holds openings of further files."""
    if not _of_file(fence.info) or _is_markdown(fence.info):
        return [fence]
    pieces: list[Fence] = []
    current: list[str] = []
    head = fence
    for number, line in enumerate(re.findall(r"[^\n]*\n|[^\n]+", fence.content)):
        opening = _FENCE_LINE.match(line.rstrip("\n"))
        if opening and opening[1].startswith(fence.mark) and _of_file(opening[2]):
            pieces.append(replace(head, content="".join(current), closed=True))
            head = Fence(opening[2].strip(), "", fence.mark, fence.line + 1 + number, fence.closed)
            current = []
        else:
            current.append(line)
    if not pieces:
        return [fence]
    return [*pieces, replace(head, content="".join(current))]


def _of_file(info: str) -> bool:
    """Whether an info string names a file."""
    return of_info(info) is not None


def _is_markdown(info: str) -> bool:
    """Whether a fence holds Markdown, in which fences are at home."""
    label = of_info(info)
    if label is not None and language_of(label.path):
        return language_of(label.path) == "markdown"
    return language(info) == "markdown"


def _mend(tokens: list[Token], lines: list[str], done: int) -> int | None:
    """Change `lines` so that the first broken fence after line `done` parses as meant; its line, or None."""
    for token in tokens:
        if token.type != "fence" or token.map is None or token.map[0] <= done:
            continue
        start, opener = token.map[0], _OPENER.match(lines[token.map[0]])
        if opener is None:  # inside a quote or right behind a list's mark: as CommonMark has it
            continue
        if not _closed(token) and token.map[1] < len(lines) - 1:
            if _dedent(lines, start, opener):
                return start
            continue
        meant = _meant(token, lines, start)
        if meant is not None:
            _lengthen(lines, start, meant, token.markup[0])
            return start
    return None


def _dedent(lines: list[str], start: int, opener: re.Match[str]) -> bool:
    """A fence in a list whose content is not indented: put its marks at the margin."""
    end = next((n for n in range(start + 1, len(lines)) if lines[n].strip() == opener[2]), None)
    if not opener[1] or end is None:
        return False
    lines[start] = lines[start].lstrip()
    lines[end] = lines[end].strip()
    return True


def _meant(token: Token, lines: list[str], start: int) -> int | None:
    """The line that is meant to end a fence where CommonMark ends it elsewhere; None where both agree.

    `len(lines)` means that the fence was never ended.
    """
    assert token.map is not None  # noqa: S101  markdown-it maps every block
    actual = token.map[1] - 1 if _closed(token) else len(lines)
    if _is_markdown(token.info):
        end = _markdown_end(lines, start, token.markup)
    elif language(token.info) == "python":
        end = _python_end(lines, start, actual, token.markup)
    else:
        end = actual
    return None if end == actual else end


def _marks(lines: list[str], start: int, markup: str) -> list[tuple[int, str, str]]:
    """Fence lines after `start` that `markup` does not outrank: (line, marks, info)."""
    found: list[tuple[int, str, str]] = []
    for number in range(start + 1, len(lines)):
        match = _FENCE_LINE.match(lines[number])
        if match and match[1].startswith(markup) and "`" not in match[2]:
            found.append((number, match[1], match[2].strip()))
            if len(found) >= LOOKAHEAD:
                break
    return found


def _markdown_end(lines: list[str], start: int, markup: str) -> int:
    """The end of a Markdown file's fence, its inner fences paired off."""
    marks = _marks(lines, start, markup)
    inner = ""
    for index, (number, run, info) in enumerate(marks):
        if inner:
            if not info and run.startswith(inner):
                inner = ""
        elif info or _opens(lines, number, marks[index + 1 :]):
            inner = run
        else:
            return number
    # Not paired: a file that would be swallowed shows that one mark closed both; else the answer was cut.
    swallowed = any(info and _of_file(info) for _, _, info in marks)
    bare = next((number for number, _, info in marks if not info), None)
    return bare if swallowed and bare is not None else len(lines)


def _opens(lines: list[str], number: int, later: list[tuple[int, str, str]]) -> bool:
    """Whether a bare mark opens an inner fence: text right below, none right above, and two ends to come."""
    above = lines[number - 1].strip()
    below = lines[number + 1].strip() if number + 1 < len(lines) else ""
    bare = 0
    for _, _, info in later:
        if info and _of_file(info):
            break
        bare += not info
    return bool(below) and (not above or above.endswith(":")) and bare >= 2


def _python_end(lines: list[str], start: int, actual: int, markup: str) -> int:
    """The end of a Python fence: not inside a docstring that shows a fence itself."""

    def open_at(end: int) -> bool:
        text = "\n".join(lines[start + 1 : end])
        return any(text.count(quote) % 2 for quote in ('"""', "'''"))

    if actual >= len(lines) or not open_at(actual):
        return actual
    for number, _, info in _marks(lines, start, markup)[:50]:
        if info and _of_file(info):
            break
        if not info and number > actual and not open_at(number):
            return number
    return actual


def _lengthen(lines: list[str], start: int, end: int, mark: str) -> None:
    """Give the fence from `start` to `end` marks that nothing inside can end."""
    inner = [re.match(rf"\s*({re.escape(mark)}+)", line) for line in lines[start + 1 : end]]
    longest = max((len(found[1]) for found in inner if found), default=0)
    opener = _OPENER.match(lines[start])
    assert opener is not None  # noqa: S101  the caller matched it
    marks = mark * (max(longest, len(opener[2])) + 1)
    lines[start] = opener[1] + marks + opener[3]
    if end < len(lines):
        lines[end] = opener[1] + marks
