"""The report for a terminal: stages, findings with their source, what was not checked, the verdict. Fits 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity
from evaluators.formats._shown import at_length, cut, line, safe, said, seconds, summary, unjudged, width_of
from evaluators.report import Report, Stage, State

WIDTH = 80
"""Columns. Only a `reproduce` line may be wider: it is there to be copied."""

EVIDENCE_LINES = 14
"""Lines of one finding's evidence that are shown."""

PLACES = 8
"""Places of one finding that are shown."""

_COLOURS = {
    "passed": "32", "failed": "31", "unverified": "33",
    "error": "31", "warning": "33", "info": "36", "dim": "2", "bold": "1",
}  # fmt: skip
_INDENT = "    "


def render(report: Report, *, colour: bool = False, width: int = WIDTH, sources: Draft | None = None) -> str:
    """The report as text. With `colour`, ANSI colours are added and nothing else changes; `sources` give excerpts."""
    paint = _Paint(colour)
    shown = at_length(report.findings)
    quoted: dict[str, set[int]] = {}
    for at in (found[0].location for found in shown):
        quoted.setdefault(at.path, set()).add(at.line)
    lines = {each.path: _lines(each.text, quoted[each.path]) for each in sources or () if each.path in quoted}
    blocks = [_stages(report.stages, paint, width)] if report.stages else []
    blocks += [
        _finding(found[0], paint, width, lines) if len(found) == 1 else _more(found, paint, width) for found in shown
    ]
    if report.not_checked:
        blocks.append(_not_checked(report, paint, width))
    verdict = report.verdict.value
    blocks.append(paint(verdict, summary(report).replace(verdict, verdict.upper(), 1)) + "\n")
    return "\n".join(blocks)


_BLOCK = 1 << 12
"""Characters that are passed over at once where the line is further on."""


def _lines(text: str, numbers: Iterable[int]) -> dict[int, str]:
    """The lines of those numbers, from 1 on. A file may have half a million, of which a report shows a few."""
    found: dict[int, str] = {}
    at, now = 0, 1
    for number in sorted(each for each in numbers if each > 0):
        while now < number:
            passed = text.count("\n", at, at + _BLOCK)
            if passed < number - now and at + _BLOCK < len(text):
                at, now = at + _BLOCK, now + passed
                continue
            after = text.find("\n", at) + 1
            if not after:
                return found
            at, now = after, now + 1
        begin = text.rfind("\n", 0, at) + 1
        end = text.find("\n", begin)
        found[number] = text[begin : end if end >= 0 else len(text)]
        at = begin
    return found


class _Paint:
    """Colours words, or leaves them."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, name: str, text: str) -> str:
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if self._on and text else text


def _stages(stages: tuple[Stage, ...], paint: _Paint, width: int) -> str:
    """The table of stages: name, state, time, words."""
    names = max(8, *(len(stage.name) for stage in stages))
    rows = []
    for stage in stages:
        room = width - names - 24
        words = textwrap.wrap(said(stage), max(20, room)) or [""]
        head = f"{line(stage.name):<{names}}  {paint(stage.state.value, f'{stage.state.value:<10}')}"
        rows.append(f"{head}  {seconds(stage.seconds):>7}   {words[0]}".rstrip())
        rows += [" " * (names + 24) + word for word in words[1:]]
    if len(stages) > 1:
        total = seconds(sum(stage.seconds for stage in stages))
        rows.append(paint("dim", f"{'':<{names}}  {'':<10}  {total:>7}   in all".rstrip()))
    return "\n".join(rows) + "\n"


def _finding(finding: Finding, paint: _Paint, width: int, lines: Mapping[str, Mapping[int, str]]) -> str:
    """One finding: head, message, source, evidence, how to see it again, how to mend it."""
    tag = paint(finding.severity.value, finding.severity.value)
    rows = [f"{tag} {paint('bold', line(finding.rule))}  {line(str(finding.location))}".rstrip()]
    rows += _wrapped("", finding.message, width)
    rows += [paint("dim", each) for each in _source(finding, width, lines.get(finding.location.path, {}))]
    evidence = safe(finding.evidence).rstrip("\n")
    seen = evidence.split("\n") if evidence else []
    rows += [
        paint("dim", f"{_INDENT}| {cut(each.expandtabs(4), width - 6)}".rstrip()) for each in seen[:EVIDENCE_LINES]
    ]
    if len(seen) > EVIDENCE_LINES:
        rows.append(paint("dim", f"{_INDENT}| ({len(seen) - EVIDENCE_LINES} more lines)"))
    rows += _also(finding, width)
    if finding.reproduce:
        rows.append(f"{_INDENT}reproduce:")
        rows += [f"{_INDENT}  {each}".rstrip() for each in safe(finding.reproduce).strip("\n").split("\n")]
    if finding.hint:
        rows += _wrapped("hint: ", finding.hint, width)
    return "\n".join(rows) + "\n"


def _more(findings: tuple[Finding, ...], paint: _Paint, width: int) -> str:
    """Further findings of a rule that was shown at length: where they are."""
    first = findings[0]
    tag = paint(first.severity.value, first.severity.value)
    rows = [f"{tag} {paint('bold', line(first.rule))}  {len(findings)} more"]
    rows += [cut(f"{_INDENT}also {line(each.symbol)}  {line(str(each.location))}", width) for each in findings[:PLACES]]
    if len(findings) > PLACES:
        rows.append(f"{_INDENT}and {len(findings) - PLACES} more; --format json has them all")
    return "\n".join(rows) + "\n"


def _source(finding: Finding, width: int, lines: Mapping[int, str]) -> list[str]:
    """The line that a finding points at and a caret below it; nothing where the evidence quotes the line."""
    at = finding.location
    raw = lines.get(at.line, "")
    if not raw.strip() or " ".join(raw.split()) in " ".join(finding.evidence.split()):
        return []
    head = f"{_INDENT}{at.line} | "
    room = width - len(head)
    before = safe(raw[: max(at.column - 1, 0)]).expandtabs(4)
    text = safe(raw).expandtabs(4)
    indent = len(text) - len(text.lstrip())
    # A caret far to the right, or deep indentation: the line is shown from a later column on.
    start = indent if width_of(before) < indent + room - 8 else len(before) - room // 2
    shown = [head + cut(text[start:].rstrip(), room)]
    if at.column and start <= len(before) <= len(text):
        shown.append(" " * (len(head) - 2) + "| " + " " * width_of(before[start:]) + "^")
    return shown


def _also(finding: Finding, width: int) -> list[str]:
    """The further places: a line each where each has a symbol of its own, else in one row."""
    if not finding.places:
        return []
    more = len(finding.places) - PLACES
    if finding.parts:
        rows = [cut(f"{_INDENT}also {_named(place)}", width) for place in finding.places[:PLACES]]
        return [*rows, f"{_INDENT}and {more} more"] if more > 0 else rows
    shown = ", ".join(line(str(place)) for place in finding.places[:PLACES])
    return _wrapped("also at: ", shown + (f" and {more} more" if more > 0 else ""), width)


def _named(place: Location) -> str:
    """What a place is about, and the place."""
    return f"{line(place.symbol)}  {line(str(place))}"


def _wrapped(head: str, text: str, width: int) -> list[str]:
    """`head` and `text`, indented and wrapped."""
    return textwrap.wrap(
        head + line(text), width, initial_indent=_INDENT, subsequent_indent=_INDENT + " " * len(head),
        break_on_hyphens=False,
    )  # fmt: skip


def _not_checked(report: Report, paint: _Paint, width: int) -> str:
    """What exists and was not judged."""
    rows = [paint("bold", "not checked")]
    for what, why in unjudged(report):
        rows += textwrap.wrap(
            f"{what}: {why}", width, initial_indent="  ", subsequent_indent=_INDENT, break_on_hyphens=False
        )
    return "\n".join(rows) + "\n"


def colour_of(state: State | Severity) -> str:
    """The ANSI code of a state or severity, for live progress that matches the table."""
    return _COLOURS[state.value]
