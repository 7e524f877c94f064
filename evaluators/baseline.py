"""The baseline of an old project: findings that are known and do not fail, by fingerprint with counts.

The file is JSON, sorted, an entry a line, so that a diff shows what came and went:

    {"version": 1, "findings": [
      {"path": "schema.sql", "rule": "missing-primary-key", "symbol": "audit", "count": 1, "fingerprint": "..."}
    ]}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from evaluators.finding import Finding, Location, Severity, fingerprint_of, grouped
from evaluators.policy import Policy, apart
from evaluators.report import Means, StageResult

VERSION = 1

SHOWN = 20
"""Entries that no longer occur which a finding lists."""


class BaselineError(ValueError):
    """A file that is no baseline; the message says where and why, on one line."""


@dataclass(frozen=True, order=True)
class Entry:
    """One known finding; `count` is its places."""

    path: str
    rule: str
    symbol: str
    count: int = 1

    @property
    def fingerprint(self) -> str:
        """As the finding's."""
        return fingerprint_of(self.rule, self.path, self.symbol)

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}: {self.symbol}"


def entries_of(results: Iterable[StageResult]) -> tuple[Entry, ...]:
    """What a new baseline holds: every finding that counts, and every one that was known already."""
    findings: list[Finding] = []
    for result in results:
        findings += result.findings
        findings += [each.finding for each in result.suppressed if each.means is Means.BASELINE]
    single = [each for finding in findings for each in apart(finding)]
    made = (Entry(f.location.path, f.rule, f.symbol, 1 + len(f.places)) for f in grouped(single))
    return tuple(sorted(made))


def render(entries: Iterable[Entry]) -> str:
    """The file's text."""
    lines = [
        json.dumps(
            {
                "path": each.path,
                "rule": each.rule,
                "symbol": each.symbol,
                "count": each.count,
                "fingerprint": each.fingerprint,
            }
        )
        for each in sorted(entries)
    ]
    held = "\n" + ",\n".join(f"    {line}" for line in lines) + "\n  " if lines else ""
    return f'{{\n  "version": {VERSION},\n  "findings": [{held}]\n}}\n'


def parse(text: str) -> tuple[Entry, ...]:
    """The entries of a file. Raises BaselineError."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"no JSON: {str(error)[:100]}") from error
    if not isinstance(value, dict) or value.get("version") != VERSION or not isinstance(value.get("findings"), list):
        raise BaselineError(f'an object with "version": {VERSION} and a list "findings" is needed')
    return tuple(_entry(each, number) for number, each in enumerate(value["findings"]))


def _entry(value: object, number: int) -> Entry:
    """One entry. Its fingerprint is worked out anew, so that it cannot disagree."""
    if not isinstance(value, dict):
        raise BaselineError(f"findings[{number}] is no object")
    texts = [value.get(name) for name in ("path", "rule", "symbol")]
    count = value.get("count", 1)
    if not all(isinstance(text, str) for text in texts) or not isinstance(count, int) or count < 1:
        raise BaselineError(f"findings[{number}] needs the texts path, rule and symbol, and a count from 1")
    path, rule, symbol = (str(text) for text in texts)
    return Entry(path, rule, symbol, count)


def known(entries: Iterable[Entry]) -> dict[str, int]:
    """Fingerprint -> count, as a policy holds it."""
    counts: dict[str, int] = {}
    for each in entries:
        counts[each.fingerprint] = counts.get(each.fingerprint, 0) + each.count
    return counts


def stale(
    entries: Iterable[Entry], results: Iterable[StageResult], policy: Policy, ran: frozenset[str], path: str
) -> list[Finding]:
    """One finding for the entries that no longer occur, or occur less, though their rules ran; else none."""
    from evaluators.catalogue import known as is_rule
    from evaluators.catalogue import stage_of

    left: dict[str, int] = {}
    for result in results:
        held = (*result.findings, *(each.finding for each in result.suppressed))
        for finding in (each for one in held for each in apart(one)):
            left[finding.fingerprint] = left.get(finding.fingerprint, 0) + 1 + len(finding.places)
    gone = [
        each
        for each in entries
        if left.get(each.fingerprint, 0) < each.count
        and (not is_rule(each.rule) or (policy.in_force(each.rule) and stage_of(each.rule) in ran))
    ]
    if not gone:
        return []
    more = [f"and {len(gone) - SHOWN} more"] if len(gone) > SHOWN else []
    return [
        Finding(
            "stale-baseline-entry",
            Severity.INFO,
            Location(path),
            "baseline",
            f"{len(gone)} known findings of the baseline no longer occur, or occur in fewer places.",
            "\n".join([*(str(each) for each in sorted(gone)[:SHOWN]), *more]),
            hint=f"Write it anew with --write-baseline {path}, so that they cannot come back unseen.",
        )
    ]
