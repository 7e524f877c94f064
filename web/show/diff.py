"""What changed between two texts, side by side: rows of a left and a right cell, changed words marked.

Lines that occur once on both sides anchor the comparison (patience); what lies between
two anchors is matched by difflib. That keeps it quick and readable for thousands of lines.
"""

from __future__ import annotations

import bisect
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from web.show.plain import counted, visible

CONTEXT = 4
"""Unchanged lines shown around a change."""

MOST_ROWS = 6_000
"""Rows of one file that are shown."""

LONGEST_LINE = 1_000
"""Characters of a line that are shown."""

ALIKE = 0.35
"""From this likeness on, the words that differ are marked."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Cell:
    """One side of a row. `number` is the line's, 0 for none."""

    number: int
    html: Markup
    kind: str
    """`same`, `removed`, `added` or `none`."""


@dataclass(frozen=True)
class Row:
    """A left and a right cell; or, where `folded` is not 0, so many unchanged lines that are not shown."""

    left: Cell
    right: Cell
    folded: int = 0

    @property
    def changed(self) -> bool:
        """Whether the two sides differ."""
        return self.left.kind != "same"


@dataclass(frozen=True)
class FileDiff:
    """One file. `change` is `added`, `removed`, `changed` or `same`."""

    path: str
    change: str
    added: int
    removed: int
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


NONE = Cell(0, Markup(""), "none")


def diff_files(before: Mapping[str, str], after: Mapping[str, str], *, whole: bool = False) -> tuple[FileDiff, ...]:
    """Every path of either side that is not the same on both, sorted by path."""
    paths = sorted({*before, *after})
    pairs = [(path, before.get(path), after.get(path)) for path in paths]
    return tuple(diff(path, old, new, whole=whole) for path, old, new in pairs if old != new)


def diff(path: str, before: str | None, after: str | None, *, whole: bool = False) -> FileDiff:
    """One file; None for a side that does not have it. `whole` shows unchanged lines too."""
    old, new = _lines(before), _lines(after)
    rows = list(_rows(old, new))
    removed = sum(row.left.kind == "removed" for row in rows)
    added = sum(row.right.kind == "added" for row in rows)
    change = "added" if before is None else "removed" if after is None else "changed" if before != after else "same"
    if not whole:
        rows = list(_folded(rows))
    notes = []
    if change == "changed" and not added and not removed:
        notes.append("Only the line end at the end of the file changed.")
    if len(rows) > MOST_ROWS:
        notes.append(
            f"{counted(len(rows) - MOST_ROWS, 'more row')} of this file are not shown; the patch has them all."
        )
        rows = rows[:MOST_ROWS]
    return FileDiff(path, change, added, removed, tuple(rows), tuple(notes))


def _lines(text: str | None) -> list[str]:
    """The lines, visible, without their ends."""
    if not text:
        return []
    lines = visible(text).split("\n")
    return lines[:-1] if not lines[-1] else lines


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """All rows, nothing folded."""
    a = b = 0
    for start, other, size in matches(old, new):
        yield from _changed(old, new, (a, start), (b, other))
        for step in range(size):
            html = _shown(old[start + step])
            yield Row(Cell(start + step + 1, html, "same"), Cell(other + step + 1, html, "same"))
        a, b = start + size, other + size
    yield from _changed(old, new, (a, len(old)), (b, len(new)))


def matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Blocks that are the same: start on the left, start on the right, length; rising."""
    found: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        a, a_end, b, b_end = waiting.pop()
        while a < a_end and b < b_end and old[a] == new[b]:
            found.append((a, b))
            a, b = a + 1, b + 1
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            found.append((a_end, b_end))
        if a == a_end or b == b_end:
            continue
        anchors = _anchors(old, new, a, a_end, b, b_end)
        if not anchors:
            found += _matched(old, new, a, a_end, b, b_end)
            continue
        for left, right in anchors:
            waiting.append((a, left, b, right))
            found.append((left, right))
            a, b = left + 1, right + 1
        waiting.append((a, a_end, b, b_end))
    return _blocks(sorted(found))


def _anchors(old: Sequence[str], new: Sequence[str], a: int, a_end: int, b: int, b_end: int) -> list[tuple[int, int]]:
    """Lines that occur once on both sides, as many as keep the same order (longest rising sequence)."""
    left, right = Counter(old[a:a_end]), Counter(new[b:b_end])
    where = {new[at]: at for at in range(b, b_end) if right[new[at]] == 1}
    pairs = [(at, where[old[at]]) for at in range(a, a_end) if left[old[at]] == 1 and old[at] in where]
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for number, (_, at) in enumerate(pairs):
        place = bisect.bisect_left(tails, at)
        tails[place : place + 1] = [at]
        ends[place : place + 1] = [number]
        back.append(ends[place - 1] if place else -1)
    kept = []
    number = ends[-1] if ends else -1
    while number >= 0:
        kept.append(pairs[number])
        number = back[number]
    return kept[::-1]


def _matched(old: Sequence[str], new: Sequence[str], a: int, a_end: int, b: int, b_end: int) -> list[tuple[int, int]]:
    """What difflib matches where no line is unique; large stretches by its quick way."""
    large = (a_end - a) * (b_end - b) > 250_000
    matcher = difflib.SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=large)
    return [
        (a + block.a + step, b + block.b + step)
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]


def _blocks(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Neighbouring pairs as blocks."""
    blocks: list[tuple[int, int, int]] = []
    for a, b in pairs:
        if blocks and blocks[-1][0] + blocks[-1][2] == a and blocks[-1][1] + blocks[-1][2] == b:
            start, other, size = blocks[-1]
            blocks[-1] = (start, other, size + 1)
        else:
            blocks.append((a, b, 1))
    return blocks


def _changed(old: Sequence[str], new: Sequence[str], left: tuple[int, int], right: tuple[int, int]) -> Iterator[Row]:
    """The rows of a stretch that differs: line beside line."""
    for step in range(max(left[1] - left[0], right[1] - right[0])):
        a, b = left[0] + step, right[0] + step
        has_a, has_b = a < left[1], b < right[1]
        if has_a and has_b:
            before, after = _marked(old[a], new[b])
            yield Row(Cell(a + 1, before, "removed"), Cell(b + 1, after, "added"))
        elif has_a:
            yield Row(Cell(a + 1, _shown(old[a]), "removed"), NONE)
        else:
            yield Row(NONE, Cell(b + 1, _shown(new[b]), "added"))


def _marked(old: str, new: str) -> tuple[Markup, Markup]:
    """Both lines with the words that differ marked; unmarked where hardly anything is alike."""
    if max(len(old), len(new)) > LONGEST_LINE:
        return _shown(old), _shown(new)
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < ALIKE:
        return escape(old), escape(new)
    left: list[Markup] = []
    right: list[Markup] = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        for parts, words in ((left, a[a1:a2]), (right, b[b1:b2])):
            text = "".join(words)
            if text:
                parts.append(escape(text) if kind == "equal" else Markup("<mark>{}</mark>").format(text))
    return Markup("").join(left), Markup("").join(right)


def _shown(line: str) -> Markup:
    """A line, escaped; one that is too long is cut and says so."""
    if len(line) <= LONGEST_LINE:
        return escape(line)
    more = len(line) - LONGEST_LINE
    return Markup('{}<span class="cut">… {:,} more characters</span>').format(line[:LONGEST_LINE], more)


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows with long unchanged stretches folded into one."""
    near = [False] * len(rows)
    for at, row in enumerate(rows):
        if row.changed:
            for other in range(max(0, at - CONTEXT), min(len(rows), at + CONTEXT + 1)):
                near[other] = True
    skipped = 0
    for at, row in enumerate(rows):
        # A single line takes no more room than the words for it.
        if near[at] or (0 < at < len(rows) - 1 and near[at - 1] and near[at + 1]):
            if skipped:
                yield Row(NONE, NONE, skipped)
                skipped = 0
            yield row
        else:
            skipped += 1
    if skipped:
        yield Row(NONE, NONE, skipped)
