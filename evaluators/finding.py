"""A Finding: one defect, where it is, and the evidence for it. Ground module."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass, replace


class Severity(enum.StrEnum):
    """How bad a finding is. Only errors fail a stage."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst; for sorting."""
        return list(Severity).index(self)


@dataclass(frozen=True, order=True)
class Location:
    """A place in an artifact. `line` and `column` count from 1; 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True)
class Finding:
    """One defect. Findings with one cause are one finding with several `places`."""

    rule: str
    severity: Severity
    location: Location
    symbol: str
    """What it is about, stable under edits: `table.column`, `METHOD /path`, a module or name."""
    message: str
    """One sentence; canonical: the same bytes on every machine."""
    evidence: str = ""
    """What was seen (canonical too): lines, the request and its answer, a log excerpt."""
    reproduce: str = ""
    """A command that shows the defect again; `$BASE_URL` and `$TOKEN` stand for what differs."""
    hint: str = ""
    """How to mend it, where one way is plainly right."""
    places: tuple[Location, ...] = ()
    """Further places of the same cause."""

    @property
    def fingerprint(self) -> str:
        """Rule, artifact and symbol, hashed; never the line. 16 hex digits."""
        text = "\0".join((self.rule, self.location.path, self.symbol))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def as_severity(self, severity: Severity) -> Finding:
        """The same finding at another severity."""
        return replace(self, severity=severity)


def in_order(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings sorted: worst first, then place, rule and symbol. Canonical."""
    return tuple(sorted(findings, key=lambda f: (f.severity.rank, f.location, f.rule, f.symbol, f.message)))


def grouped(findings: list[Finding] | tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding for each fingerprint: later ones become places of the first."""
    alike: dict[str, list[Finding]] = {}
    for finding in in_order(findings):
        alike.setdefault(finding.fingerprint, []).append(finding)
    return tuple(_joined(group) if len(group) > 1 else group[0] for group in alike.values())


def _joined(group: list[Finding]) -> Finding:
    """The first finding, with all places of the others."""
    places = {place for finding in group for place in (finding.location, *finding.places)}
    return replace(group[0], places=tuple(sorted(places - {group[0].location})))
