"""What counts of what the rules found: presets, levels, exclusions, suppressions and a baseline.

Pure: a stage's result goes in, what remains comes out, and its state follows
from what remains. Everything that is taken out is kept in `suppressed`.
"""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from evaluators.catalogue import rule_called
from evaluators.finding import Finding, Location, Severity
from evaluators.report import Means, NotChecked, Reason, Stage, StageResult, State, Suppressed, judged
from evaluators.rule import PRESETS

HIDING_RULES = frozenset({"sql-not-parsed", "syntax-error", "unreadable-contract"})
"""Where one of these holds, something was not read: without it there is still no proof."""

HIDING_STAGES = frozenset({"answer", "database", "boot", "part", "tests"})
"""Stages that stop at an error: without it there is still no proof that the rest runs."""


@dataclass(frozen=True)
class Level:
    """What a configuration says of one rule."""

    rule: str
    severity: Severity | None = None
    """None: as the rule has it."""
    off: bool = False
    exclude: tuple[str, ...] = ()
    """Globs of paths where it does not count (`matches`)."""
    symbols: tuple[str, ...] = ()
    """Globs of symbols for which it does not count; `*` passes over dots."""


@dataclass(frozen=True)
class Suppression:
    """A comment (or key) that allows rules: in a whole file, or from `first` to `last` (line, column)."""

    at: Location
    rules: tuple[str, ...]
    reason: str
    whole: bool = False
    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (0, 0)

    def covers(self, place: Location) -> bool:
        """Whether a place lies in it. A place whose column is unknown is compared by its line."""
        if place.path != self.at.path:
            return False
        if self.whole:
            return True
        if not place.column:
            return bool(place.line) and self.first[0] <= place.line <= self.last[0]
        return self.first <= (place.line, place.column) <= self.last


@dataclass(frozen=True)
class Policy:
    """How findings are weighed. The default is what `check` does without any configuration."""

    preset: str = PRESETS[0]
    levels: tuple[Level, ...] = ()
    fail_on: Severity = Severity.ERROR
    """The mildest severity that fails a stage."""
    suppressions: tuple[Suppression, ...] = ()
    baseline: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Fingerprint -> how many places were known."""
    where: str = "backwright.toml"
    """What the levels were read from, for messages."""

    def level(self, rule: str) -> Level:
        """What is said of a rule; an empty level where nothing is."""
        return next((each for each in self.levels if each.rule == rule), Level(rule))

    def in_force(self, rule: str) -> bool:
        """Whether a rule's findings count: by its level where there is one, else by the preset."""
        level = self.level(rule)
        if level.off:
            return False
        return level.severity is not None or self.preset in presets_of(rule)


def presets_of(rule: str) -> tuple[str, ...]:
    """The presets that hold a rule. What an engine or a parser reports is in all of them; of ruff, what is security."""
    known = rule_called(rule)
    if known is not None:
        return known.presets
    if rule.startswith("ruff-") and not rule.startswith("ruff-s"):
        return ("recommended", "strict")
    return PRESETS


def settled(result: StageResult, policy: Policy) -> StageResult:
    """A stage's result as the policy sees it: what remains, what was taken out, and the state that follows."""
    remaining: list[Finding] = []
    taken: list[Suppressed] = []
    dropped = 0
    rules = {finding.rule for finding in result.findings}
    levels = {rule: policy.level(rule) for rule in rules}
    in_force = {rule for rule in rules if policy.in_force(rule)}
    for finding in result.findings:
        level = levels[finding.rule]
        if finding.rule not in in_force:
            dropped += finding.severity is Severity.ERROR and not level.off
            continue
        found = finding.as_severity(level.severity) if level.severity else finding
        left, out = _sorted(found, level, policy)
        remaining += left
        taken += out
    if dropped:
        told = NotChecked(f"stage {result.stage.name}: {dropped} errors", f"outside the preset {policy.preset}")
        result = replace(result, not_checked=(*result.not_checked, told))
    return _weighed(result, remaining, taken, policy.fail_on)


def _sorted(finding: Finding, level: Level, policy: Policy) -> tuple[list[Finding], list[Suppressed]]:
    """What remains of a finding and what does not count: of one that stands for several, part by part."""
    if not (policy.suppressions or level.exclude or level.symbols or policy.baseline):
        return [finding], []
    judged_apart = apart(finding)
    why = [_taken_out(each, level, policy) for each in judged_apart]
    out = [Suppressed(each, *means) for each, means in zip(judged_apart, why, strict=True) if means is not None]
    if not out:
        return [finding], []
    left = [part for part, means in zip(finding.parts, why, strict=False) if means is None]
    if not left:
        return [], out
    message = f"{finding.message} {len(out)} of these {'does' if len(out) == 1 else 'do'} not count."
    others = tuple(place for place in finding.places if not place.symbol)
    return [replace(finding, location=left[0], places=(*left[1:], *others), message=message)], out


def apart(finding: Finding) -> tuple[Finding, ...]:
    """The findings that one stands for, each with its own symbol; itself where it stands for itself."""
    if not finding.parts:
        return (finding,)
    return tuple(
        replace(finding, symbol=part.symbol, location=replace(part, symbol=""), places=()) for part in finding.parts
    )


def _taken_out(finding: Finding, level: Level, policy: Policy) -> tuple[Means, str] | None:
    """By what means a finding does not count, and why; None where it counts."""
    for each in policy.suppressions:
        if each.reason and _covered(each, finding):
            return Means.COMMENT, each.reason
    for glob in level.exclude:
        if matches(finding.location.path, glob):
            return Means.CONFIGURATION, f"{policy.where} excludes {glob}"
    for glob in level.symbols:
        if fnmatch.fnmatchcase(finding.symbol, glob):
            return Means.CONFIGURATION, f"{policy.where} excludes the symbols {glob}"
    known = policy.baseline.get(finding.fingerprint, 0)
    return (Means.BASELINE, "known") if known >= 1 + len(finding.places) else None


def _weighed(result: StageResult, remaining: list[Finding], taken: list[Suppressed], fail_on: Severity) -> StageResult:
    """The result with what remains. An error that hid something leaves doubt behind when it is taken out."""
    stage, doubt = result.stage, result.doubt
    failing = [finding for finding in remaining if finding.severity.rank <= fail_on.rank]
    had = any(finding.severity is Severity.ERROR for finding in result.findings)
    dropped = had and stage.state is State.FAILED and not failing
    if dropped and doubt is None and (stage.name in HIDING_STAGES or _hid(result, remaining)):
        doubt = Reason.SUPPRESSED
    made = replace(result, findings=tuple(remaining), suppressed=(*result.suppressed, *taken), doubt=doubt)
    if failing:
        return replace(made, stage=Stage(stage.name, State.FAILED, None, stage.detail, stage.seconds))
    if not dropped:
        return made
    detail = stage.detail
    if doubt is Reason.SUPPRESSED:
        detail = f"{detail}; what an error hid is no proof without it".removeprefix("; ")
    state = State.UNVERIFIED if doubt else State.PASSED
    return replace(made, stage=Stage(stage.name, state, doubt, detail, stage.seconds))


def _hid(result: StageResult, remaining: list[Finding]) -> bool:
    """Whether an error that says "not read" is no longer one."""
    left = {finding.fingerprint for finding in remaining if finding.severity is Severity.ERROR}
    return any(
        finding.rule in HIDING_RULES and finding.severity is Severity.ERROR and finding.fingerprint not in left
        for finding in result.findings
    )


def off(policy: Policy) -> tuple[NotChecked, ...]:
    """The rules that a configuration switched off, for the report."""
    return tuple(NotChecked(f"rule {each.rule}", f"off by {policy.where}") for each in policy.levels if each.off)


def closing(
    results: Iterable[StageResult], policy: Policy, ran: frozenset[str], extra: list[Finding]
) -> StageResult | None:
    """The stage `suppressions`: comments that are wrong or did nothing, and what of the baseline is gone.

    `ran` names the stages whose rules all ran; `extra` are findings about the
    comments' form. None where there is nothing to say and nothing was taken out.
    """
    from evaluators.catalogue import known, stage_of

    taken = [each for result in results for each in result.suppressed]
    findings = [*extra]
    for each in policy.suppressions:
        used = {s.finding.rule for s in taken if s.means is Means.COMMENT and _covered(each, s.finding)}
        for rule in each.rules:
            if not each.reason or rule in used or not known(rule):
                continue
            if policy.in_force(rule) and stage_of(rule) in ran:
                findings.append(_unused(each, rule))
    made = judged("suppressions", findings, detail=_counted(taken))
    if not findings and not taken:
        return None
    return settled(made, replace(policy, suppressions=(), baseline=MappingProxyType({})))


FEW = 2
"""So many further places are counterparts (a property and its column): a comment at any of them will do."""


def _covered(suppression: Suppression, finding: Finding) -> bool:
    """Whether the finding is one that the suppression allows."""
    places = (finding.location, *(finding.places if len(finding.places) <= FEW else ()))
    return finding.rule in suppression.rules and any(suppression.covers(place) for place in places)


def _unused(suppression: Suppression, rule: str) -> Finding:
    """A suppression that allowed nothing."""
    return Finding(
        "unused-suppression",
        Severity.WARNING,
        suppression.at,
        rule,
        f"{rule} is allowed here and does not object to anything.",
        hint="Delete the comment, so that it does not hide a later defect.",
    )


def _counted(taken: list[Suppressed]) -> str:
    """How many findings were taken out, by means."""
    counts = [(means, sum(each.means is means for each in taken)) for means in Means]
    words = {Means.COMMENT: "by comment", Means.CONFIGURATION: "by configuration", Means.BASELINE: "known"}
    return ", ".join(f"{number} {words[means]}" for means, number in counts if number)


def matches(path: str, glob: str) -> bool:
    """Whether a path fits a glob: `*` stays in a name, `**` passes over folders.

    A glob without a slash fits a name anywhere, one that ends in a slash all below a folder.
    """
    if "/" not in glob:
        glob = f"**/{glob}"
    if glob.endswith("/"):
        glob += "**"
    return bool(_pattern(glob.removeprefix("./").removeprefix("/")).fullmatch(path))


@functools.lru_cache(maxsize=512)
def _pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression."""
    made = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", glob):
        made += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part) or re.escape(part)
    return re.compile(made, re.DOTALL)
