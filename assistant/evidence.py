"""What of a run's end goes into its evidence, whatever kind of run it was."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from assistant.events import Finished
from evaluators.finding import Finding


def proved(finished: Finished) -> dict[str, Any]:
    """The verdict, what was found, proved and not checked, and the files it is about, as JSON can hold it."""
    from evaluators.service.engine import SEED

    return {
        "verdict": finished.outcome.value,
        "reason": finished.reason,
        "findings": [line_of(finding) for finding in finished.report.findings],
        "stages": [{**asdict(stage), "seconds": round(stage.seconds, 3)} for stage in finished.report.stages],
        "not_checked": [asdict(each) for each in finished.report.not_checked],
        "seeds": {"schemathesis": SEED},
        "files": {each.path: hashlib.sha256(each.text.encode()).hexdigest() for each in finished.draft},
    }


def line_of(finding: Finding) -> dict[str, str]:
    """A finding in a line of the evidence."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "place": str(finding.location),
        "symbol": finding.symbol,
        "message": finding.message,
        "fingerprint": finding.fingerprint,
    }
