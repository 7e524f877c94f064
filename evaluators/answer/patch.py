"""Unified diffs, applied strictly: every context and removed line must be there, word for word.

Line numbers and counts in hunk heads are what models get wrong; a hunk fits
where its old lines stand: at the line it names, else at the only place where
they do. Nothing is guessed when there are two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_HUNK = re.compile(r"^@@+ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@|^@@")
_GIT = re.compile(r"^diff --git (?:a/)?(\S+) (?:b/)?(\S+)\s*$")
NOWHERE = "/dev/null"


@dataclass
class Hunk:
    """One hunk: `old` and `new` lines; `at` is the old text's line, from 1, or 0 where the head does not say."""

    at: int
    head: str
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass
class FilePatch:
    """The hunks of one file. Paths are as written, less `a/` and `b/`."""

    source: str
    target: str
    hunks: list[Hunk] = field(default_factory=list)
    renamed: bool = False


class DoesNotFit(ValueError):
    """A hunk that does not fit the text; the message says which line of it."""


def parse(text: str, label: str = "") -> list[FilePatch]:
    """The file patches of a diff; `label` is the file of hunks that come without a head."""
    patches: list[FilePatch] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        git = _GIT.match(line)
        if git:
            patches.append(FilePatch(git[1], git[2]))
        elif line.startswith("rename to ") and patches:
            patches[-1].renamed = True
        elif line.startswith("deleted file mode") and patches:
            patches[-1].target = NOWHERE
        elif _is_head(lines, at):
            source, target = _path(line), _path(lines[at + 1])
            if patches and not patches[-1].hunks and target in (patches[-1].target, NOWHERE):
                patches[-1].source, patches[-1].target = source, target
            else:
                patches.append(FilePatch(source, target))
            at += 1
        elif _HUNK.match(line):
            if not patches:
                patches.append(FilePatch(label, label))
            at = _hunk(lines, at, patches[-1])
            continue
        at += 1
    return patches


def _is_head(lines: list[str], at: int) -> bool:
    """Whether `--- x` and `+++ y` begin here."""
    return lines[at].startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ ")


def _path(line: str) -> str:
    """The path of a `---` or `+++` line, without `a/`, `b/` and a time."""
    path = line[4:].split("\t")[0].strip().strip('"')
    return path[2:] if path.startswith(("a/", "b/")) else path


def _hunk(lines: list[str], at: int, patch: FilePatch) -> int:
    """Read the hunk that begins at `at`; the number of the line after it."""
    head = _HUNK.match(lines[at])
    assert head is not None  # noqa: S101  the caller matched it
    old_left, new_left = (int((head[n] or "1")[:9]) if head[1] else 0 for n in (2, 4))
    made = Hunk(int(head[1][:9]) if head[1] else 0, lines[at])
    patch.hunks.append(made)
    at += 1
    while at < len(lines):
        line = lines[at]
        counted = old_left > 0 or new_left > 0
        if _HUNK.match(line) or _GIT.match(line) or (not counted and _is_head(lines, at)):
            break
        if line == "" and not (counted and at + 1 < len(lines)):
            break
        mark, rest = (line[0], line[1:]) if line else (" ", "")
        if mark == "\\":
            at += 1
            continue
        if mark not in " +-" or (mark == " " and not counted and not line.strip()):
            break
        if mark != "+":
            made.old.append(rest)
            old_left -= 1
        if mark != "-":
            made.new.append(rest)
            new_left -= 1
        at += 1
    return at


def apply(patch: FilePatch, before: str | None) -> str:
    """`before` with the patch applied; None for a file that is not there yet.

    Raises:
        DoesNotFit: a hunk's old lines are not in the text, or at two places.
    """
    lines = before.removesuffix("\n").split("\n") if before else []
    offset = 0
    floor = 0
    for number, hunk in enumerate(patch.hunks, start=1):
        if before is None and hunk.old:
            raise DoesNotFit(f"hunk {number} changes lines of a file that does not exist: {hunk.head}")
        place = _place(lines, hunk, offset, floor)
        if place is None:
            raise DoesNotFit(f"hunk {number} does not fit: {_why(lines, hunk)}")
        lines[place : place + len(hunk.old)] = hunk.new
        if hunk.at:
            offset = place - (hunk.at - 1) + len(hunk.new) - len(hunk.old)
        floor = place + len(hunk.new)
    return "\n".join(lines) + "\n" if lines else ""


def _place(lines: list[str], hunk: Hunk, offset: int, floor: int) -> int | None:
    """The index in `lines`, not before `floor`, at which the hunk fits; None where nowhere or unclear."""
    old, size = hunk.old, len(hunk.old)
    if not old:
        # A pure insertion goes after the line it names; without a place it can only fill an empty file.
        wanted = hunk.at + offset if hunk.at else len(lines)
        return wanted if floor <= wanted <= len(lines) and (hunk.at or not lines) else None if lines else 0
    fits: Callable[[int], bool] = lambda at: lines[at : at + size] == old  # noqa: E731
    wanted = hunk.at - 1 + offset
    if hunk.at and wanted >= floor and fits(wanted):
        return wanted
    places = [at for at in range(floor, len(lines) - size + 1) if lines[at] == old[0] and fits(at)]
    return places[0] if len(places) == 1 else None


def _why(lines: list[str], hunk: Hunk) -> str:
    """Which old line is missing, or that the place is not clear."""
    if not hunk.old:
        return "it inserts lines and does not say where"
    there = set(lines)
    missing = next((line for line in hunk.old if line not in there), None)
    if missing is not None:
        return f"the file has no line {missing.strip()[:120]!r}"
    return "its lines do not stand together in the file, or at more than one place"
