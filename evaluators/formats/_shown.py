"""What every format says alike: counts, a stage's words, and text without control characters.

Findings quote drafts and services, and both are hostile: an escape sequence in
them must not reach a terminal or a log.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from evaluators.finding import Finding, Severity
from evaluators.report import Means, Report, Stage, State

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """`text` with line ends as LF and control, direction and surrogate characters made visible as `?`."""
    return _CONTROL.sub("?", text.replace("\r\n", "\n").replace("\r", "\n"))


def line(text: str) -> str:
    """`text` on one line, safe."""
    return " ".join(safe(text).split())


def said(stage: Stage) -> str:
    """A stage's words: the reason before the detail."""
    return line(": ".join(part for part in (stage.reason or "", stage.detail) if part))


def seconds(value: float) -> str:
    """A time for people: `0.12 s`, `3.4 s`, `12 s`; empty for none."""
    if value <= 0:
        return ""
    return f"{value:.2f} s" if value < 1 else f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def summary(report: Report) -> str:
    """One line: the verdict, what was found and which stages are unverified."""
    counts = [_count(sum(f.severity is each for f in report.findings), each.value) for each in Severity]
    parts = [part for part in counts if part]
    lacking = [line(stage.name) for stage in report.stages if stage.state is State.UNVERIFIED]
    if lacking:
        parts.append(f"unverified: {', '.join(lacking)}")
    if not report.stages:
        parts.append("no stage ran")
    parts += taken_out(report)
    return f"{report.verdict.value}: {', '.join(parts) or 'nothing found'}"


def taken_out(report: Report) -> list[str]:
    """What does not count, by means: `2 suppressed`, `1 excluded`, `30 known`."""
    words = {Means.COMMENT: "suppressed", Means.CONFIGURATION: "excluded", Means.BASELINE: "known"}
    counts = [(words[means], sum(each.means is means for each in report.suppressed)) for means in Means]
    return [f"{number} {word}" for word, number in counts if number]


PER_RULE = 5
"""So many findings of one rule people are shown at length."""

EXAMPLES = 3
"""Of more, so many; of the others they see the places."""


def at_length(findings: Sequence[Finding]) -> list[tuple[Finding, ...]]:
    """Findings in their order, each alone; what is too much of one rule together, behind its severity's last."""
    blocks: list[tuple[Finding, ...]] = []
    for severity in Severity:
        every = Counter(finding.rule for finding in findings if finding.severity is severity)
        shown: Counter[str] = Counter()
        rest: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.severity is not severity:
                continue
            shown[finding.rule] += 1
            if every[finding.rule] <= PER_RULE or shown[finding.rule] <= EXAMPLES:
                blocks.append((finding,))
            else:
                rest.setdefault(finding.rule, []).append(finding)
        blocks += [tuple(more) for more in rest.values()]
    return blocks


def unjudged(report: Report) -> list[tuple[str, str]]:
    """(what, why) of what was not checked; things with the same reason in one line, three of them by name."""
    by_reason: dict[str, list[str]] = {}
    for each in report.not_checked:
        by_reason.setdefault(line(each.why), []).append(line(each.what))
    return [(_some(things), why) for why, things in by_reason.items()]


def _some(things: list[str]) -> str:
    """Up to twelve things by name, of more the first three and how many more."""
    if len(things) <= 12:
        return ", ".join(things)
    return f"{', '.join(things[:3])} and {len(things) - 3} more"


def _count(number: int, word: str) -> str:
    """`2 errors`; empty for none. `info` has no plural."""
    return "" if not number else f"{number} {word}" + ("s" if number > 1 and word != "info" else "")


def width_of(text: str) -> int:
    """How many columns a terminal needs for one line of `text`."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """One line of at most `width` columns; what is cut off shows as `…`."""
    if width_of(text) <= width:
        return text
    kept = ""
    used = 1
    for character in text:
        used += width_of(character)
        if used > width:
            break
        kept += character
    return kept.rstrip() + "…"
