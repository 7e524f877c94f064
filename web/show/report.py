"""A report for the page: stages, findings by file with their evidence, and what was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from evaluators.finding import Finding, Location, Severity
from web.show.plain import counted, lasted, one_line, slug, visible

if TYPE_CHECKING:
    from evaluators.report import Report, Stage

LONGEST_EVIDENCE = 20_000
"""Characters of one finding's evidence that a page shows."""

PLACES = 50
"""Further places of one finding that a page lists."""


@dataclass(frozen=True)
class Place:
    """Somewhere in a file: its words and its line, 0 for unknown."""

    path: str
    line: int
    words: str


@dataclass(frozen=True)
class FindingView:
    """One finding. Every text is visible and not yet escaped."""

    id: str
    """For an anchor: unique in its report."""
    rule: str
    severity: str
    path: str
    line: int
    symbol: str
    message: str
    evidence: str
    reproduce: str
    hint: str
    places: tuple[Place, ...]
    more_places: int
    fingerprint: str
    notes: tuple[str, ...] = ()

    @property
    def rule_url(self) -> str:
        """The rule's page."""
        return f"/rules/{quote(self.rule, safe='')}"


@dataclass(frozen=True)
class StageView:
    """One stage with its state, its words and its time."""

    name: str
    state: str
    reason: str
    detail: str
    time: str
    seconds: float = 0.0
    id: str = ""


@dataclass(frozen=True)
class FileFindings:
    """The findings of one file, worst first."""

    path: str
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class ReportView:
    """A whole report."""

    verdict: str
    stages: tuple[StageView, ...]
    files: tuple[FileFindings, ...]
    not_checked: tuple[tuple[str, str], ...]
    """What, and why."""
    suppressed: tuple[tuple[FindingView, str, str], ...]
    """A finding that does not count, by what means and why."""
    counts: tuple[tuple[str, int], ...]
    """Severity and number, worst first, none left out."""
    seconds: str = ""
    all: tuple[FindingView, ...] = field(default=(), repr=False)

    @property
    def words(self) -> str:
        """`2 errors, 1 warning`, or `nothing found`."""
        said = [counted(number, name, name if name == "info" else "") for name, number in self.counts if number]
        return ", ".join(said) or "nothing found"


def report_view(report: Report) -> ReportView:
    """A report as the page shows it."""
    findings = finding_views(report.findings)
    by_file: dict[str, list[FindingView]] = {}
    for each in findings:
        by_file.setdefault(each.path, []).append(each)
    suppressed = finding_views([each.finding for each in report.suppressed], prefix="s")
    return ReportView(
        verdict=report.verdict.value,
        stages=tuple(stage_view(stage) for stage in report.stages),
        files=tuple(FileFindings(path, tuple(group)) for path, group in by_file.items()),
        not_checked=tuple((one_line(each.what), one_line(each.why)) for each in report.not_checked),
        suppressed=tuple(
            (view, each.means.value, one_line(each.reason))
            for view, each in zip(suppressed, report.suppressed, strict=True)
        ),
        counts=tuple((kind.value, sum(f.severity is kind for f in report.findings)) for kind in Severity),
        seconds=lasted(sum(stage.seconds for stage in report.stages)),
        all=findings,
    )


def stage_view(stage: Stage) -> StageView:
    """One stage as the page shows it."""
    reason = stage.reason.value if stage.reason else ""
    name = one_line(stage.name, 60)
    return StageView(
        name, stage.state.value, reason, one_line(stage.detail), lasted(stage.seconds), stage.seconds, slug(name)
    )


def finding_views(findings: Sequence[Finding], prefix: str = "f") -> tuple[FindingView, ...]:
    """Findings as the page shows them, with anchors that are theirs alone."""
    seen: dict[str, int] = {}
    views = []
    for finding in findings:
        number = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        id = f"{prefix}-{finding.fingerprint}" + (f"-{number}" if number > 1 else "")
        views.append(finding_view(finding, id))
    return tuple(views)


def finding_view(finding: Finding, id: str = "") -> FindingView:
    """One finding as the page shows it."""
    evidence = visible(finding.evidence).strip("\n")
    notes = []
    if len(evidence) > LONGEST_EVIDENCE:
        notes.append(f"The evidence has {len(evidence):,} characters; the first {LONGEST_EVIDENCE:,} are shown.")
        evidence = evidence[:LONGEST_EVIDENCE]
    return FindingView(
        id=id or f"f-{finding.fingerprint}",
        rule=one_line(finding.rule, 120),
        severity=finding.severity.value,
        path=visible(finding.location.path),
        line=finding.location.line,
        symbol=one_line(finding.symbol, 200),
        message=one_line(finding.message, 2_000),
        evidence=evidence,
        reproduce=visible(finding.reproduce).strip("\n"),
        hint=one_line(finding.hint, 2_000),
        places=tuple(_place(place) for place in finding.places[:PLACES]),
        more_places=max(0, len(finding.places) - PLACES),
        fingerprint=finding.fingerprint,
        notes=tuple(notes),
    )


def of_lines(findings: Sequence[FindingView], path: str) -> tuple[FindingView, ...]:
    """The findings whose first place is in the file."""
    return tuple(finding for finding in findings if finding.path == path)


def _place(place: Location) -> Place:
    """A further place."""
    return Place(visible(place.path), place.line, one_line(place.symbol, 200))
