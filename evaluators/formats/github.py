"""The report as GitHub workflow commands: annotations on the lines concerned."""

from __future__ import annotations

from evaluators.finding import Finding, Severity
from evaluators.formats._shown import safe, said, summary
from evaluators.report import Report, State

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

PLACES = 8
"""Further places that an annotation names."""


def render(report: Report) -> str:
    """One command a line, then the summary. Nothing quoted can start a command of its own."""
    lines = [_annotation(finding) for finding in report.findings]
    lines += [
        _command("warning", {"title": f"stage {stage.name} is unverified"}, said(stage))
        for stage in report.stages
        if stage.state is State.UNVERIFIED
    ]
    lines.append(f"backwright {summary(report)}")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding) -> str:
    """A finding as a command."""
    at = finding.location
    place = {"file": at.path, "line": str(at.line or ""), "col": str(at.column or ""), "title": finding.rule}
    also = ", ".join(f"{place} {place.symbol}".rstrip() for place in finding.places[:PLACES])
    more = f" and {len(finding.places) - PLACES} more" if len(finding.places) > PLACES else ""
    further = f"Also at {also}{more}" if finding.places else ""
    parts = [finding.message, finding.evidence, further, finding.reproduce, finding.hint]
    return _command(_COMMANDS[finding.severity], place, "\n".join(part.strip("\n") for part in parts if part))


def _command(name: str, properties: dict[str, str], message: str) -> str:
    """`::name key=value,...::message`, escaped as the runner unescapes it."""
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    """A message's escapes."""
    return safe(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property's escapes."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
