"""A file with syntax colours, line by line, each with an anchor and the findings about it.

Colours are classes (Pygments' short names), never styles. A file that is too large
to show at once comes in windows, and a line that is too long is cut; both say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from web.show.plain import counted, visible

if TYPE_CHECKING:
    from web.show.report import FindingView

WINDOW = 2_000
"""Lines of a file that are shown at once."""

LONGEST_LINE = 2_000
"""Characters of a line that are shown."""

COLOURED = 160_000
"""Characters up to which a window is coloured."""

_NAMES = {"dockerfile": "docker", "makefile": "make", ".env": "bash", ".env.example": "bash", "procfile": "yaml"}
_ENDINGS = {
    ".py": "python", ".pyi": "python", ".sql": "postgresql", ".yaml": "yaml", ".yml": "yaml", ".json": "json",
    ".toml": "toml", ".md": "markdown", ".ini": "ini", ".cfg": "ini", ".sh": "bash", ".js": "javascript",
    ".mjs": "javascript", ".ts": "typescript", ".html": "html", ".css": "css", ".go": "go", ".rs": "rust",
    ".java": "java", ".php": "php", ".xml": "xml", ".graphql": "graphql", ".txt": "", ".lock": "",
}  # fmt: skip
_CLASSES = {
    "Keyword": "k", "Keyword.Type": "kt", "Keyword.Constant": "kc", "Name.Function": "nf", "Name.Class": "nc",
    "Name.Decorator": "nd", "Name.Builtin": "nb", "Name.Tag": "nt", "Name.Attribute": "na", "Name.Constant": "no",
    "Name.Exception": "ne", "Literal.String": "s", "Literal.Number": "m", "Literal": "l", "Comment": "c",
    "Operator.Word": "ow", "Operator": "o", "Generic.Heading": "gh", "Generic.Subheading": "gh",
    "Generic.Strong": "gs", "Generic.Emph": "ge",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line: its number from 1, its escaped text, and what was found in it."""

    number: int
    html: Markup
    findings: tuple[FindingView, ...] = ()
    cut: int = 0
    """Characters that are not shown."""


@dataclass(frozen=True)
class CodeView:
    """A window of a file. `language` is Pygments' name, empty for plain text."""

    path: str
    language: str
    lines: tuple[Line, ...]
    first: int
    """Number of the first line shown, from 1."""
    total: int
    """Lines in the whole file."""
    notes: tuple[str, ...] = ()
    """What is not shown or not coloured, in words."""
    unplaced: tuple[FindingView, ...] = ()
    """Findings of the file without a line, or with one that it does not have."""
    windows: tuple[int, ...] = ()
    """First lines of all windows, where there are several."""

    @property
    def last(self) -> int:
        """Number of the last line shown."""
        return self.first + len(self.lines) - 1


def code_view(path: str, text: str, findings: Sequence[FindingView] = (), *, first: int = 1) -> CodeView:
    """The window of a file that holds line `first` (from 1)."""
    lines = visible(text).split("\n")
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    total = len(lines)
    start = (min(max(first, 1), total) - 1) // WINDOW * WINDOW
    shown = lines[start : start + WINDOW]
    by_line: dict[int, list[FindingView]] = {}
    unplaced = []
    for finding in findings:
        if 1 <= finding.line <= total:
            by_line.setdefault(finding.line, []).append(finding)
        else:
            unplaced.append(finding)
    notes = []
    if total > WINDOW:
        notes.append(f"Lines {start + 1:,} to {start + len(shown):,} of {total:,}; the others are a window further.")
    language = language_of(path)
    coloured, note = _coloured([line[:LONGEST_LINE] for line in shown], language)
    notes += [note] * bool(note)
    long = sum(len(line) > LONGEST_LINE for line in shown)
    if long:
        what = counted(long, "line is", "lines are")
        notes.append(f"{what} longer than {LONGEST_LINE:,} characters and cut here; the download has all of it.")
    made = tuple(
        Line(number, html, tuple(by_line.get(number, ())), max(0, len(line) - LONGEST_LINE))
        for number, line, html in zip(range(start + 1, start + len(shown) + 1), shown, coloured, strict=True)
    )
    windows = tuple(range(1, total + 1, WINDOW)) if total > WINDOW else ()
    return CodeView(path, language, made, start + 1, total, tuple(notes), tuple(unplaced), windows)


def language_of(path: str) -> str:
    """Pygments' name of the language that a path promises; empty where nobody knows."""
    pure = PurePosixPath(path.lower())
    return _NAMES.get(pure.name, _ENDINGS.get(pure.suffix, ""))


def coloured(text: str, language: str) -> tuple[Markup, ...]:
    """Escaped lines of a text with colours; plain where the language is unknown."""
    return _coloured(visible(text).split("\n"), language)[0]


def _coloured(lines: Sequence[str], language: str) -> tuple[tuple[Markup, ...], str]:
    """The lines with colours, and a note where they stay plain although the language is known."""
    size = sum(len(line) + 1 for line in lines)
    if not language:
        return tuple(escape(line) for line in lines), ""
    if size > COLOURED:
        return tuple(escape(line) for line in lines), f"Shown without colours: {size:,} characters."
    made = _kept("\n".join(lines), language)
    # A lexer that loses or adds a line must not shift the findings.
    return (made, "") if len(made) == len(lines) else (tuple(escape(line) for line in lines), "")


@lru_cache(maxsize=48)
def _kept(text: str, language: str) -> tuple[Markup, ...]:
    """The text's lines with colours; of texts that are looked at again, worked out once."""
    return tuple(_lines_of(text, language))


def _lines_of(text: str, language: str) -> Iterator[Markup]:
    """Tokens as spans, split at line ends; neighbours of one class share a span."""
    parts: list[str] = []
    last, words = "", ""
    for kind, value in _lexer(language).get_tokens(text):
        name = _class(kind)
        for number, piece in enumerate(value.split("\n")):
            if number:
                yield Markup("".join([*parts, _span(last, words)]))  # noqa: S704  each piece was escaped
                parts, words = [], ""
            if name != last:
                parts.append(_span(last, words))
                last, words = name, ""
            words += piece
    yield Markup("".join([*parts, _span(last, words)]))  # noqa: S704


def _span(name: str, text: str) -> str:
    """Escaped text in a span of its class."""
    shown = str(escape(text))
    return f'<span class="{name}">{shown}</span>' if name and shown else shown


@lru_cache(maxsize=64)
def _lexer(language: str):  # type: ignore[no-untyped-def]
    """The lexer, which keeps every line as it is."""
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

    return get_lexer_by_name(language, stripnl=False, stripall=False, ensurenl=False)


@lru_cache(maxsize=512)
def _class(kind: object) -> str:
    """The class of a token: that of its nearest named ancestor, or none."""
    name = str(kind).removeprefix("Token").lstrip(".")
    while name:
        if name in _CLASSES:
            return _CLASSES[name]
        name = name.rpartition(".")[0]
    return ""


def counts(files: Mapping[str, str], findings: Sequence[FindingView]) -> dict[str, tuple[int, int]]:
    """For each path: its lines, and how many findings are about it."""
    told: dict[str, int] = {}
    for finding in findings:
        told[finding.path] = told.get(finding.path, 0) + 1
    return {path: (text.count("\n") + (not text.endswith("\n")), told.get(path, 0)) for path, text in files.items()}
