"""Puts an answer that was cut and its continuation together."""

from __future__ import annotations

import re

from evaluators.answer.fences import Fence, fences
from evaluators.answer.labels import language, of_info
from evaluators.answer.value import plain

_OPENER = re.compile(r"^[ \t]*(`{3,}|~{3,})(.*)$")

REPEATED_LINES = 200
"""Most lines of the first part that a continuation is expected to repeat."""

_SURE = 16
"""Characters other than blanks that one repeated whole line needs, to be a repetition and no coincidence."""

_GREETING = 4
"""Most lines of talk before a fence that was opened again."""


def join(first: str, rest: str) -> str:
    """`first`, which was cut, continued by `rest`, as if it had been one answer.

    What `rest` repeats is dropped: a fence opened again for the same file, the
    last lines once more, or the whole file from its beginning. A continuation
    that goes on with the very next character is appended as it is.
    """
    first, rest = plain(first), plain(rest)
    if not rest.strip():
        return first
    found = fences(first)
    open_fence = found[-1] if found and not found[-1].closed else None
    if open_fence is None:
        return first + rest
    if open_fence.content == "" and not first.endswith("\n"):
        return _after_half_opener(first, rest)
    again = _opened_again(rest, open_fence)
    if again is None:
        return first + rest[_overlap(first, rest) :]
    body = rest[again:]
    if _starts_over(open_fence.content, body):
        return "".join(f"{line}\n" for line in first.split("\n")[: open_fence.line]) + body
    return _seam(first, body)


def _after_half_opener(first: str, rest: str) -> str:
    """The cut is in the line that opens a fence: `rest` completes the line or says it again."""
    head, _, last = first.rpartition("\n")
    opener = _OPENER.match(rest)
    if rest.startswith(last) or (opener and opener[2].strip()):
        return (head + "\n" if head else "") + rest
    return first + rest


def _opened_again(rest: str, fence: Fence) -> int | None:
    """Where the content begins when `rest` opens the cut file's fence again; None when it does not."""
    offset = 0
    for number, line in enumerate(rest.split("\n")):
        opener = _OPENER.match(line)
        if opener:
            return offset + len(line) + 1 if _is_again(opener, rest[offset:], fence) else None
        if number >= _GREETING:
            return None
        offset += len(line) + 1
    return None


def _is_again(opener: re.Match[str], text: str, fence: Fence) -> bool:
    """Whether the fence that opens at the start of `text` is the cut one, once more."""
    info = opener[2].strip()
    label, known = of_info(info), of_info(fence.info)
    if label is not None:
        return known is not None and label.path == known.path
    inner = fences(text)[:1]
    holds_more = bool(inner) and any(
        (found := _OPENER.match(line)) and found[2].strip() for line in inner[0].content.split("\n")
    )
    if info:
        # Inside a Markdown file any other fence may be a part of it.
        return language(info) == language(fence.info) != "markdown" and not holds_more
    # A bare mark ends the cut file, unless a closed fence of plain lines follows and nothing after it.
    lines = text.rstrip("\n").split("\n")
    return (
        len(lines) > 2
        and lines[1].strip() != ""
        and bool(inner)
        and inner[0].closed
        and not holds_more
        and lines[-1].strip() == opener[1]
        and language(fence.info) != "markdown"
        and inner[0].content.count("\n") == len(lines) - 2
    )


def _starts_over(content: str, body: str) -> bool:
    """Whether `body` begins with the first lines of the file that was cut."""
    whole = content.split("\n")[:-1][:3]
    begun = body.split("\n")[: len(whole)]
    return bool(whole) and whole == begun and _weight("".join(whole)) >= _SURE // 2


def _seam(first: str, body: str) -> str:
    """The parts joined after an opened-again fence: overlap dropped, a new line where the cut line was whole."""
    overlap = _overlap(first, body)
    if overlap or first.endswith("\n"):
        return first + body[overlap:]
    last = first.rpartition("\n")[2]
    fresh = body[:1] in (" ", "\t", "\n") and last.strip() != ""
    return first + ("\n" if fresh else "") + body


def _overlap(first: str, rest: str) -> int:
    """How many characters at the beginning of `rest` repeat the end of `first`: whole lines and the cut one."""
    starts = [0]
    at = len(first)
    while len(starts) <= REPEATED_LINES and at > 0:
        at = first.rfind("\n", 0, at)
        starts.append(at + 1)
        if at < 0:
            break
    partial = not first.endswith("\n")
    for start in sorted(set(starts)):
        tail = first[start:]
        if tail and rest.startswith(tail) and _repeats(tail, partial):
            return len(tail)
    if partial:
        last = first.rpartition("\n")[2].strip()
        if _weight(last) >= _SURE // 2 and rest.startswith(last):
            return len(last)
    return 0


def _repeats(tail: str, partial: bool) -> bool:
    """Whether a tail is long enough that seeing it again is no coincidence."""
    lines = [line for line in tail.split("\n") if line.strip()]
    if partial:
        return len(lines) > 1 or _weight(tail) >= 4
    return _weight(tail) >= _SURE


def _weight(text: str) -> int:
    """Characters other than blanks."""
    return len(re.sub(r"\s", "", text))
