"""Stage `answer`: was the answer readable, and is everything there that was asked for?"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity
from evaluators.report import StageResult, judged

NAME = "answer"


def delivered(expected: str, draft: Draft) -> bool:
    """Whether the draft has `expected`: a path, a glob, or a folder ending in `/`."""
    if expected.endswith("/"):
        return any(path.startswith(expected) for path in draft.paths)
    return any(fnmatch.fnmatchcase(path, expected) for path in draft.paths)


def judge_delivery(draft: Draft, malformed: Iterable[Finding], expects: Iterable[str]) -> StageResult:
    """What the reader could not read, and each expected artifact that is missing."""
    findings = list(malformed)
    for expected in expects:
        if not delivered(expected, draft):
            findings.append(
                Finding(
                    rule="artifact-missing",
                    severity=Severity.ERROR,
                    location=Location(expected),
                    symbol=expected,
                    message=f"{expected} was asked for and is not in the answer.",
                    hint=f"Send {expected} as a whole file in a fence of its own.",
                )
            )
    return judged(NAME, findings, detail=f"{len(draft)} files")
