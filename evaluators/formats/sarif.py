"""The report as SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning."""

from __future__ import annotations

from importlib import metadata
from typing import Any
from urllib.parse import quote

from evaluators.finding import Finding, Location, Severity
from evaluators.formats._shown import line, said, summary
from evaluators.formats.json import dump
from evaluators.report import Means, Report, Stage, State, Suppressed
from evaluators.rule import REGISTRY

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report) -> str:
    """One run; results carry `partialFingerprints`, so that a moved line is the same result.

    An unverified stage is a notification, and the run then counts as not
    executed successfully: an empty list of results is no proof.
    """
    findings = (*report.findings, *(each.finding for each in report.suppressed))
    rules = tuple(dict.fromkeys(finding.rule for finding in findings))
    unverified = [stage for stage in report.stages if stage.state is State.UNVERIFIED]
    run = {
        "tool": {"driver": {"name": "backwright", **_version(), "rules": [_rule(id, findings) for id in rules]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The project's folder."}}},
        "invocations": [
            {
                "executionSuccessful": bool(report.stages) and not unverified,
                "toolExecutionNotifications": [_notification(stage) for stage in unverified],
            }
        ],
        "results": _results(report, rules),
        "properties": {
            "verdict": report.verdict.value,
            "summary": summary(report),
            "notChecked": [{"what": each.what, "why": each.why} for each in report.not_checked],
        },
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _version() -> dict[str, str]:
    """The tool's version, where it is installed."""
    try:
        return {"version": metadata.version("backwright")}
    except metadata.PackageNotFoundError:
        return {}


def _rule(id: str, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """A rule's descriptor, with its manual where the rule is registered."""
    severity = min((f.severity for f in findings if f.rule == id), key=lambda each: each.rank)
    descriptor: dict[str, Any] = {"id": id, "defaultConfiguration": {"level": _LEVELS[severity]}}
    known = REGISTRY.get(id)
    if known is not None:
        descriptor["shortDescription"] = {"text": known.title}
        descriptor["fullDescription"] = {"text": line(known.section("Why"))}
        descriptor["help"] = {"text": known.doc, "markdown": known.doc}
        tags = [known.family, *(f"preset-{name}" for name in known.presets), *(["security"] * known.security)]
        descriptor["properties"] = {"tags": tags, "precision": "high" if known.severity is Severity.ERROR else "medium"}
    return descriptor


def _results(report: Report, rules: tuple[str, ...]) -> list[dict[str, Any]]:
    """The findings that count, then those that do not. Where any is suppressed, each says whether it is."""
    results = [_result(finding, rules.index(finding.rule)) for finding in report.findings]
    if not report.suppressed:
        return results
    for result in results:
        result["suppressions"] = []
    return results + [
        {**_result(each.finding, rules.index(each.finding.rule)), "suppressions": [_suppression(each)]}
        for each in report.suppressed
    ]


def _suppression(each: Suppressed) -> dict[str, Any]:
    """By what means a finding does not count, and why."""
    kind = "inSource" if each.means is Means.COMMENT else "external"
    return {"kind": kind, "status": "accepted", "justification": line(each.reason)}


def _notification(stage: Stage) -> dict[str, Any]:
    """An unverified stage."""
    return {
        "descriptor": {"id": stage.reason.value if stage.reason else "unverified"},
        "level": "warning",
        "message": {"text": f"stage {stage.name} is unverified: {said(stage)}"},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    """A finding."""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [_location(finding.location, finding.location.symbol or finding.symbol)],
        "partialFingerprints": {"backwright/v1": finding.fingerprint},
        "properties": {
            "symbol": finding.symbol,
            "evidence": finding.evidence,
            "reproduce": finding.reproduce,
            "hint": finding.hint,
        },
    }
    if finding.places:
        result["relatedLocations"] = [
            {"id": number, **_location(place, place.symbol)} for number, place in enumerate(finding.places, start=1)
        ]
    return result


def _message(finding: Finding) -> str:
    """The message and what shows it again; viewers show nothing else."""
    parts = [line(finding.message)]
    if finding.hint:
        parts.append(line(finding.hint))
    if finding.reproduce:
        parts.append(f"Reproduce: {finding.reproduce.strip()}")
    return "\n".join(parts)


def _location(at: Location, symbol: str) -> dict[str, Any]:
    """A place: the file by a relative URI, the line where it is known, the symbol by name."""
    location: dict[str, Any] = {}
    if at.path:
        physical: dict[str, Any] = {
            "artifactLocation": {"uri": quote(at.path, errors="replace"), "uriBaseId": "SRCROOT"}
        }
        if at.line > 0:
            physical["region"] = {"startLine": at.line, **({"startColumn": at.column} if at.column > 0 else {})}
        location["physicalLocation"] = physical
    if symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": symbol}]
    return location
