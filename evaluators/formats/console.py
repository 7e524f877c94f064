"""The report for a terminal: stages, findings, what was not checked, the verdict. Fits 80 columns."""

from __future__ import annotations

import textwrap

from evaluators.finding import Finding, Severity
from evaluators.formats._shown import cut, line, safe, said, seconds, summary
from evaluators.report import Report, Stage, State

WIDTH = 80
"""Columns. Only a `reproduce` line may be wider: it is there to be copied."""

EVIDENCE_LINES = 14
"""Lines of one finding's evidence that are shown."""

_COLOURS = {
    "passed": "32", "failed": "31", "unverified": "33",
    "error": "31", "warning": "33", "info": "36", "dim": "2", "bold": "1",
}  # fmt: skip
_INDENT = "    "


def render(report: Report, *, colour: bool = False, width: int = WIDTH) -> str:
    """The report as text; with `colour`, ANSI colours are added and nothing else changes."""
    paint = _Paint(colour)
    blocks = [_stages(report.stages, paint, width)] if report.stages else []
    blocks += [_finding(finding, paint, width) for finding in report.findings]
    if report.not_checked:
        blocks.append(_not_checked(report, paint, width))
    verdict = report.verdict.value
    blocks.append(paint(verdict, summary(report).replace(verdict, verdict.upper(), 1)) + "\n")
    return "\n".join(blocks)


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


def _finding(finding: Finding, paint: _Paint, width: int) -> str:
    """One finding: head, message, evidence, how to see it again, how to mend it."""
    tag = paint(finding.severity.value, finding.severity.value)
    rows = [f"{tag} {paint('bold', line(finding.rule))}  {line(str(finding.location))}".rstrip()]
    rows += _wrapped("", finding.message, width)
    if finding.places:
        shown = ", ".join(line(str(place)) for place in finding.places[:8])
        more = len(finding.places) - 8
        rows += _wrapped("also at: ", shown + (f" and {more} more" if more > 0 else ""), width)
    evidence = safe(finding.evidence).rstrip("\n")
    lines = evidence.split("\n") if evidence else []
    rows += [
        paint("dim", f"{_INDENT}| {cut(each.expandtabs(4), width - 6)}".rstrip()) for each in lines[:EVIDENCE_LINES]
    ]
    if len(lines) > EVIDENCE_LINES:
        rows.append(paint("dim", f"{_INDENT}| ({len(lines) - EVIDENCE_LINES} more lines)"))
    if finding.reproduce:
        rows.append(f"{_INDENT}reproduce:")
        rows += [f"{_INDENT}  {each}".rstrip() for each in safe(finding.reproduce).strip("\n").split("\n")]
    if finding.hint:
        rows += _wrapped("hint: ", finding.hint, width)
    return "\n".join(rows) + "\n"


def _wrapped(head: str, text: str, width: int) -> list[str]:
    """`head` and `text`, indented and wrapped."""
    return textwrap.wrap(
        head + line(text), width, initial_indent=_INDENT, subsequent_indent=_INDENT + " " * len(head),
        break_on_hyphens=False,
    )  # fmt: skip


def _not_checked(report: Report, paint: _Paint, width: int) -> str:
    """What exists and was not judged."""
    rows = [paint("bold", "not checked")]
    for each in report.not_checked:
        rows += textwrap.wrap(
            f"{line(each.what)}: {line(each.why)}", width, initial_indent="  ", subsequent_indent=_INDENT,
            break_on_hyphens=False,
        )  # fmt: skip
    return "\n".join(rows) + "\n"


def colour_of(state: State | Severity) -> str:
    """The ANSI code of a state or severity, for live progress that matches the table."""
    return _COLOURS[state.value]
