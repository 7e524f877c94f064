"""The report as Markdown, for a pull request or a job's summary."""

from __future__ import annotations

import re

from evaluators.finding import Finding, Severity
from evaluators.formats._shown import at_length, line, safe, said, seconds, summary, unjudged
from evaluators.report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")

ROWS = 200
"""Rows of the table of further findings: a pull request's comment has a bound."""


def render(report: Report) -> str:
    """Summary, table of stages, errors at length, the other findings as a table, what was not checked."""
    verdict, _, rest = summary(report).partition(": ")
    blocks = [f"## backwright: {verdict}\n\n{_text(rest)}"]
    if report.stages:
        rows = [
            f"| {_text(stage.name)} | {stage.state.value} | {seconds(stage.seconds)} | {_text(said(stage))} |"
            for stage in report.stages
        ]
        blocks.append("\n".join(["| stage | state | time | |", "|---|---|---:|---|", *rows]))
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    blocks += [_finding(found[0]) if len(found) == 1 else _more(found) for found in at_length(errors)]
    others = [finding for finding in report.findings if finding.severity is not Severity.ERROR]
    if others:
        rows = [_row(finding) for finding in others[:ROWS]]
        rows += [f"| | | | and {len(others) - ROWS} more |"] if len(others) > ROWS else []
        blocks.append("\n".join(["### Further findings", "", "| | rule | where | |", "|---|---|---|---|", *rows]))
    if report.not_checked:
        rows = [f"- {_text(what)}: {_text(why)}" for what, why in unjudged(report)]
        blocks.append("\n".join(["### Not checked", "", *rows]))
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding) -> str:
    """One finding."""
    where = f" at {_code(str(finding.location))}" if str(finding.location) else ""
    parts = [f"### {finding.severity.value}: {_text(finding.rule)}{where}", _text(finding.message)]
    if finding.places:
        parts.append("Also at " + ", ".join(_code(str(place)) for place in finding.places[:20]) + _further(finding))
    if finding.evidence:
        parts.append(_fenced("text", finding.evidence))
    if finding.reproduce:
        parts.append("Reproduce:\n\n" + _fenced("sh", finding.reproduce))
    if finding.hint:
        parts.append(f"Hint: {_text(finding.hint)}")
    return "\n\n".join(parts)


def _more(findings: tuple[Finding, ...]) -> str:
    """Further errors of a rule that was shown at length: where they are."""
    where = ", ".join(_code(str(each.location)) for each in findings[:20])
    more = f" and {len(findings) - 20} more" if len(findings) > 20 else ""
    return f"### error: {_text(findings[0].rule)}, {len(findings)} more\n\n{where}{more}"


def _further(finding: Finding) -> str:
    """How many places are not named."""
    return f" and {len(finding.places) - 20} more" if len(finding.places) > 20 else ""


def _row(finding: Finding) -> str:
    """A finding as a row of a table."""
    more = f" (+{len(finding.places)})" if finding.places else ""
    # A bar ends a cell, in a code span too.
    where = _code(str(finding.location)).replace("|", "\\|") + more if str(finding.location) else ""
    return f"| {finding.severity.value} | {_text(finding.rule)} | {where} | {_text(finding.message)} |"


def _text(text: str) -> str:
    """`text` on one line, shown as it is written."""
    return _SPECIAL.sub(r"\\\1", line(text))


def _code(text: str) -> str:
    """A code span that holds any ticks."""
    text = line(text)
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _fenced(language: str, text: str) -> str:
    """A fence that holds any ticks."""
    text = safe(text).strip("\n")
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"
