"""The report as Markdown, for a pull request or a job's summary."""

from __future__ import annotations

import re

from evaluators.finding import Finding
from evaluators.formats._shown import line, safe, said, seconds, summary
from evaluators.report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def render(report: Report) -> str:
    """Summary, table of stages, findings, what was not checked."""
    verdict, _, rest = summary(report).partition(": ")
    blocks = [f"## backwright: {verdict}\n\n{_text(rest)}"]
    if report.stages:
        rows = [
            f"| {_text(stage.name)} | {stage.state.value} | {seconds(stage.seconds)} | {_text(said(stage))} |"
            for stage in report.stages
        ]
        blocks.append("\n".join(["| stage | state | time | |", "|---|---|---:|---|", *rows]))
    blocks += [_finding(finding) for finding in report.findings]
    if report.not_checked:
        rows = [f"- {_text(each.what)}: {_text(each.why)}" for each in report.not_checked]
        blocks.append("\n".join(["### Not checked", "", *rows]))
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding) -> str:
    """One finding."""
    where = f" at {_code(str(finding.location))}" if str(finding.location) else ""
    parts = [f"### {finding.severity.value}: {_text(finding.rule)}{where}", _text(finding.message)]
    if finding.places:
        parts.append("Also at " + ", ".join(_code(str(place)) for place in finding.places[:20]))
    if finding.evidence:
        parts.append(_fenced("text", finding.evidence))
    if finding.reproduce:
        parts.append("Reproduce:\n\n" + _fenced("sh", finding.reproduce))
    if finding.hint:
        parts.append(f"Hint: {_text(finding.hint)}")
    return "\n\n".join(parts)


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
