"""From text to files: each convention of naming a file, in order of how plainly it speaks."""

from __future__ import annotations

from evaluators.answer import patch
from evaluators.answer.bundle import files_of
from evaluators.answer.collect import Collector
from evaluators.answer.fences import Fence, Prose, fences
from evaluators.answer.labels import (
    Label,
    agree,
    language,
    language_of,
    of_content,
    of_info,
    of_line,
    of_name,
    of_sentence,
    tongue,
)
from evaluators.answer.value import Answer, Truncation, plain, unwritable
from evaluators.draft import MAX_DRAFT_BYTES, Draft

MAX_ANSWER_CHARACTERS = 2 * MAX_DRAFT_BYTES
"""Longest answer that is read at all."""

REMEMBERED = 40
"""Most lines of prose above a fence in which its path is looked for."""


def read(text: str, *, base: Draft | None = None, complete: bool = False) -> Answer:
    """Read the files of a chat answer. Never raises, never names a path outside the project.

    `base` is the draft so far: diffs are applied to it. `complete` says that the
    model ended its answer by itself, so that a last fence without an end was
    forgotten and not cut.

    Findings (all canonical): `answer-without-files`, `answer-too-long`,
    `answer-truncated`, `unsafe-path`, `path-collision`, `file-too-large`,
    `draft-too-large`, `too-many-files`, `file-elided`, `unwritable-character`,
    `diff-without-base`, `diff-does-not-apply`, `deletion-ignored`.
    """
    collector = Collector(base or Draft())
    if len(text) > MAX_ANSWER_CHARACTERS:
        collector.too_long(len(text), MAX_ANSWER_CHARACTERS)
        return collector.answer(None)
    collector.damaged = unwritable(text)
    text = plain(text)
    whole = files_of(text)
    if whole is not None:
        collector.notes.append("the answer is one JSON text")
        for path, content in whole:
            collector.add(path, content, 1)
        return _ended(collector, text, None)
    truncated = _read_fences(text, collector, complete)
    if not collector.touched and _is_diff(text.lstrip("\n")) and truncated is None:
        _read_diff(text, "", 1, collector)
    return _ended(collector, text, truncated)


def _ended(collector: Collector, text: str, truncated: Truncation | None) -> Answer:
    """The answer, with a finding when there is not one file in it."""
    if truncated is not None:
        collector.truncated(truncated)
    elif not collector.touched:
        collector.without_files(text)
    return collector.answer(truncated)


def _read_fences(text: str, collector: Collector, complete: bool) -> Truncation | None:
    """Read every fence of a Markdown answer; where the answer was cut, if it was."""
    above: list[Prose] = []
    found = fences(text)
    for number, fence in enumerate(found):
        above.extend(fence.before)
        del above[:-REMEMBERED]
        label = _label(fence, above)
        if number == len(found) - 1 and not fence.closed and not complete:
            return _cut(text, fence, label)
        if label is None and _read_unlabelled(fence, collector):
            continue
        if label is None:
            collector.passed_over(fence)
            continue
        if not label.from_info:
            above = []
        if not fence.closed:
            collector.notes.append(
                f"the fence of {label.path} has no end; the answer was complete, so it was taken whole"
            )
        _take(fence, label, collector)
    return None


def _cut(text: str, fence: Fence, label: Label | None) -> Truncation:
    """Where the answer was cut; the name counts only when its line was finished."""
    named = label is not None and (fence.content != "" or text.endswith("\n"))
    return Truncation(label.path if named and label else "", fence.line, fence.content)


def _take(fence: Fence, label: Label, collector: Collector) -> None:
    """A fence with a path: a file, or a diff of it."""
    if language(fence.info) == "diff" and language_of(label.path) != "diff":
        _read_diff(fence.content, label.path, fence.line, collector)
        return
    content = fence.content.split("\n", label.drop)[label.drop] if label.drop else fence.content
    collector.add(label.path, content, fence.line)


def _read_unlabelled(fence: Fence, collector: Collector) -> bool:
    """A fence without a path that speaks for itself: JSON with files, or a diff."""
    whole = files_of(fence.content) if language(fence.info) in ("json", "") else None
    if whole is not None:
        for path, content in whole:
            collector.add(path, content, fence.line)
        return True
    if language(fence.info) == "diff" or (not fence.info and _is_diff(fence.content)):
        return _read_diff(fence.content, "", fence.line, collector)
    return False


def _is_diff(text: str) -> bool:
    """Whether a text begins as a unified diff does."""
    lines = text.split("\n", 3)
    return lines[0].startswith("diff --git ") or (
        len(lines) > 2 and lines[0].startswith("--- ") and lines[1].startswith("+++ ") and lines[2].startswith("@@")
    )


def _read_diff(text: str, label: str, line: int, collector: Collector) -> bool:
    """Apply a diff's files; False when it holds no hunk and names no file."""
    patches = patch.parse(text, label)
    for each in patches:
        collector.patch(each, line)
    return bool(patches)


def _label(fence: Fence, above: list[Prose]) -> Label | None:
    """The path of a fence: its info string, its first line, the line above, the heading above."""
    label = of_info(fence.info)
    if label is not None:
        return label
    spoken = tongue(fence.info)
    if spoken == "diff":
        return _above(spoken, above, of_diff=True)
    inside = of_content(fence.content, spoken)
    outside = _above(spoken, above)
    # `# main.py` under the heading `app/main.py`: the longer name says the same and more.
    if inside and outside and outside.path.endswith("/" + inside.path):
        return Label(outside.path, drop=inside.drop)
    return inside or outside or of_name(fence.info)


def _above(spoken: str, above: list[Prose], of_diff: bool = False) -> Label | None:
    """The path in the prose above a fence, the nearest first, not beyond the nearest heading."""
    paths = [of_line(prose.text) for prose in above]
    for index in range(len(above) - 1, -1, -1):
        prose = above[index]
        path = paths[index] or (of_sentence(prose.text) if prose.adjacent else "")
        # Two files named one below the other are a list of files and no label.
        before = above[index - 1] if index else prose
        listed = path != "" and not prose.heading and not before.heading and paths[index - 1] not in ("", path)
        if path and not listed and (of_diff or agree(spoken, path)):
            return Label(path)
        if prose.heading or listed:
            break
    return None
