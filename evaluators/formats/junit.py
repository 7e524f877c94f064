"""The report as JUnit XML: a case for each stage and for each finding."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from evaluators.finding import Finding, Severity
from evaluators.formats._shown import line, said, summary
from evaluators.report import Report, Stage, State, Suppressed

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Two suites, `stages` and `findings`.

    A failed stage and an error are failures, an unverified stage is an error
    (it must not look like a pass), warnings and infos pass and say their text,
    what was suppressed, excluded or known is skipped with its reason.
    """
    top = ET.Element("testsuites", {"name": "backwright"})
    stages = _suite(top, "stages", [_stage(stage) for stage in report.stages])
    missing = [f"not checked: {each.what}: {each.why}" for each in report.not_checked]
    ET.SubElement(stages, "system-out").text = _legal("\n".join([summary(report), *missing]))
    cases = [_finding(finding) for finding in report.findings]
    cases += [_skipped(each) for each in report.suppressed]
    _suite(top, "findings", cases)
    _total(top, list(top))
    ET.indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _suite(top: ET.Element, name: str, cases: list[ET.Element]) -> ET.Element:
    """Add a suite with its counts."""
    suite = ET.SubElement(top, "testsuite", {"name": name})
    suite.extend(cases)
    suite.set("tests", str(len(cases)))
    for kind in ("failure", "error"):
        suite.set(f"{kind}s", str(sum(case.find(kind) is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")
    return suite


def _total(top: ET.Element, suites: list[ET.Element]) -> None:
    """Add the suites' counts up."""
    for name in ("tests", "failures", "errors"):
        top.set(name, str(sum(int(suite.get(name, 0)) for suite in suites)))
    top.set("time", f"{sum(float(suite.get('time', 0)) for suite in suites):.3f}")


def _stage(stage: Stage) -> ET.Element:
    """A stage as a case."""
    case = ET.Element("testcase", {"classname": "stage", "name": _legal(stage.name), "time": f"{stage.seconds:.3f}"})
    words = _legal(said(stage))
    if stage.state is State.FAILED:
        ET.SubElement(case, "failure", {"type": "failed", "message": words or "failed"})
    elif stage.state is State.UNVERIFIED:
        ET.SubElement(case, "error", {"type": "unverified", "message": f"unverified: {words}"})
    return case


def _finding(finding: Finding) -> ET.Element:
    """A finding as a case."""
    attributes = {
        "classname": _legal(finding.location.path or "draft"),
        "name": _legal(line(f"{finding.rule} {finding.symbol}")),
        "time": "0.000",
    }
    case = ET.Element("testcase", attributes)
    parts = [
        f"{finding.location}: {finding.message}",
        *(f"also at {place} {place.symbol}".rstrip() for place in finding.places),
        finding.evidence,
        f"reproduce: {finding.reproduce}" if finding.reproduce else "",
        f"hint: {finding.hint}" if finding.hint else "",
    ]
    text = _legal("\n".join(part for part in parts if part))
    if finding.severity is Severity.ERROR:
        failure = ET.SubElement(
            case, "failure", {"type": _legal(finding.rule), "message": _legal(line(finding.message))}
        )
        failure.text = text
    else:
        ET.SubElement(case, "system-out").text = f"{finding.severity.value}: {text}"
    return case


def _skipped(each: Suppressed) -> ET.Element:
    """A finding that does not count."""
    finding = each.finding
    attributes = {
        "classname": _legal(finding.location.path or "draft"),
        "name": _legal(line(f"{finding.rule} {finding.symbol}")),
        "time": "0.000",
    }
    case = ET.Element("testcase", attributes)
    message = _legal(line(f"{each.means.value}: {each.reason}"))
    ET.SubElement(case, "skipped", {"message": message}).text = _legal(f"{finding.location}: {finding.message}")
    return case


def _legal(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold, escaped or not."""
    return _ILLEGAL.sub("?", text)
