"""The report as GitHub workflow commands: what is shown as errors and notices, what could not be scored as warnings."""

from __future__ import annotations

from assistant.experiment.comparing import Comparison
from assistant.experiment.reports.words import (
    apart,
    because,
    blind,
    counted,
    headline,
    listed,
    moved,
    reasons,
    safe,
    scope,
    title,
)
from assistant.experiment.results import Results
from assistant.experiment.summing import summary

WARNINGS = 8
"""Annotations of what is not scored: GitHub shows ten of a kind and step."""


def render(results: Results, comparison: Comparison | None = None) -> str:
    """One command a line, then a plain line of summary. Nothing quoted can start a command of its own.

    `error`: a rung that is shown to be worse than before. `notice`: what got better, an amount that got
    worse, what differs between two arms, and what is not shown. `warning`: trials that count in no
    rate, alike ones together.
    """
    told = summary(results)
    lines: list[str] = []
    if comparison is not None:
        for row in comparison.whole.having("worse", "better"):
            kind = "error" if comparison.fails(row) else "notice"
            cases = row.worse if row.verdict == "worse" else row.better
            parts = [moved(row), because(row, comparison), f"{row.verdict} in: {listed(cases)}"]
            lines.append(_command(kind, f"{row.verdict}: {row.spoken}", "\n".join(part for part in parts if part)))
        rest = [headline(comparison), blind(comparison.whole, comparison), *comparison.notes]
        rest += [apart(part) for part in comparison.parts[1:]]
        lines.append(_command("notice", "what is shown", "\n".join(part for part in rest if part)))
    found = reasons(told.unscored)
    for what, why, many in found[:WARNINGS]:
        lines.append(_command("warning", what, f"{counted(many, 'trial')} not scored: {why}"))
    if len(found) > WARNINGS:
        more = sum(many for _, _, many in found[WARNINGS:])
        lines.append(_command("warning", "not scored", f"and {counted(more, 'more trial')}; the table names them"))
    whole = [f"{title(group)}: {scope(group)}" for group in told.overall if group.part == "all"]
    lines.append(f"backwright eval: {'; '.join(whole) or 'nothing was evaluated'}")
    return "\n".join(lines) + "\n"


def _command(name: str, title: str, message: str) -> str:
    """`::name title=...::message`, escaped as the runner unescapes it."""
    return f"::{name} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    """A message's escapes."""
    return safe(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property's escapes."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
