"""What the trials say, summed up: rates over cases with their intervals, means, and what could not be scored.

The case is the unit (assistant/experiment/statistics). Only scored trials count in a rate, and of
them no rung that the machine left unverified; the rest is counted and listed apart.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Literal

from assistant.arms import RECIPE
from assistant.experiment.ladder import TITLES
from assistant.experiment.results import Key, Results, Score, Status, TrialResult
from assistant.experiment.statistics import Interval, discriminates, pass_at_k, pass_hat_k, wilson
from evaluators.report import State

When = Literal["first", "final"]
"""`first`: before anything was repaired; `final`: after repair."""

WHEN: tuple[When, ...] = ("first", "final")

SPOKEN: Mapping[When, str] = {"first": "first answer", "final": "after repair"}

PartName = Literal["all", "tuning", "held-out"]
"""Of the cases: `held-out` are those that no prompt was improved on."""

MOST_SAMPLES = 10
"""pass@k and pass^k are told up to this k."""


@dataclass(frozen=True)
class Tally:
    """How many trials there are, by what became of them."""

    scored: int = 0
    stale: int = 0
    missing: int = 0
    broken: int = 0
    cached: int = 0
    """Of the scored ones: those whose proof is an earlier one of the same answers by the same gate."""
    hand_fed: int = 0
    """Of the scored ones: those whose answers a person carried."""

    @property
    def unscored(self) -> int:
        """Those that count in no rate."""
        return self.stale + self.missing + self.broken

    @classmethod
    def of(cls, trials: Iterable[TrialResult]) -> Tally:
        """Count trials."""
        found = tuple(trials)
        by = Counter(trial.status for trial in found)
        scored = [trial for trial in found if trial.status is Status.SCORED]
        return cls(
            by[Status.SCORED],
            by[Status.STALE],
            by[Status.MISSING],
            by[Status.BROKEN],
            sum(trial.cached for trial in scored),
            sum(trial.endpoint == "hand-fed" for trial in scored),
        )


@dataclass(frozen=True)
class Rate:
    """One rung over the cases of a group."""

    rung: str
    title: str
    when: When
    interval: Interval
    """The rate over cases at the level 0.95; see `wilson`."""
    samples: int
    """Answers that it rests on."""
    not_passed: tuple[str, ...]
    """Cases with an answer that did not pass, `recipe/case`, sorted."""
    discriminates: bool
    """False where the rate is above 0.9: it tells prompts apart no more."""
    pass_at: Mapping[int, float] = field(default_factory=dict)
    """k -> the chance that one of k answers passes, for as many samples as there are."""
    pass_hat: Mapping[int, float] = field(default_factory=dict)
    """k -> the chance that all of k answers pass."""


@dataclass(frozen=True)
class Means:
    """Amounts of a trial, as means over cases of the case's mean; None where one scored trial did not report it."""

    rounds: float | None = None
    answers: float | None = None
    seconds: float | None = None
    """Of the answers when they were recorded."""
    tokens: float | None = None
    usd: float | None = None


@dataclass(frozen=True)
class Group:
    """Trials that are summed up together; an empty `recipe` or `model` stands for all of them."""

    arm: str
    recipe: str
    model: str
    part: PartName
    cases: int
    """Cases with a scored trial."""
    tally: Tally
    rates: tuple[Rate, ...]
    """In the order of the ladder, first answers before repaired ones; rungs without an answer are left out."""
    means: Means
    errors: tuple[tuple[str, int], ...]
    """Rule and the number of cases in whose first answers it was an error, the commonest first."""
    days: tuple[str, ...]
    """The first and the last day of recording, once where it is one; none where nobody wrote it down."""

    def rate(self, rung: str, when: When = "first") -> Rate | None:
        """The rate of a rung; None where no answer was asked for it."""
        return next((rate for rate in self.rates if rate.rung == rung and rate.when == when), None)


@dataclass(frozen=True)
class Summary:
    """All groups of an evaluation."""

    groups: tuple[Group, ...]
    """Recipe x arm x model, all cases, sorted."""
    overall: tuple[Group, ...]
    """Each arm over all recipes and models, the recipes themselves first.

    All cases, then tuning and held-out ones where there are both.
    """
    tally: Tally
    unscored: tuple[TrialResult, ...]
    """The trials that count in no rate, by key."""

    def arm(self, arm: str, part: PartName = "all") -> Group | None:
        """An arm over all recipes and models."""
        return next((group for group in self.overall if (group.arm, group.part) == (arm, part)), None)


def summary(results: Results) -> Summary:
    """Sum the trials up: per recipe, arm and model, and each arm over all."""
    by: dict[tuple[str, str, str], list[TrialResult]] = defaultdict(list)
    arms: dict[str, list[TrialResult]] = defaultdict(list)
    for trial in results.trials:
        by[trial.key.recipe, trial.key.arm, trial.key.model].append(trial)
        arms[trial.key.arm].append(trial)
    groups = [group_of(trials, arm, recipe, model) for (recipe, arm, model), trials in sorted(by.items())]
    overall: list[Group] = []
    for arm, trials in sorted(arms.items(), key=lambda each: (each[0] != RECIPE, each[0])):
        overall += [group_of(part, arm, part=name) for name, part in parts_of(trials)]
    unscored = sorted((trial for trial in results.trials if trial.status is not Status.SCORED), key=lambda t: t.key)
    return Summary(tuple(groups), tuple(overall), Tally.of(results.trials), tuple(unscored))


def group_of(
    trials: Sequence[TrialResult], arm: str, recipe: str = "", model: str = "", part: PartName = "all"
) -> Group:
    """Sum the trials of one group up."""
    scored = [trial for trial in trials if trial.counts]
    rates: list[Rate] = []
    for when in WHEN:
        found = passes(scored, when)
        rates += [_rate(rung, when, found[rung]) for rung in in_order(found)]
    days = sorted({trial.recorded for trial in scored if trial.recorded})
    return Group(
        arm,
        recipe,
        model,
        part,
        len({case_of(trial.key) for trial in scored}),
        Tally.of(trials),
        tuple(rates),
        _means(scored),
        _errors(scored),
        tuple(dict.fromkeys((days[0], days[-1]))) if days else (),
    )


def parts_of(trials: Sequence[TrialResult]) -> list[tuple[PartName, list[TrialResult]]]:
    """All trials, and apart those of tuning and of held-out cases where there are both."""
    apart: list[tuple[PartName, list[TrialResult]]] = [
        ("tuning", [trial for trial in trials if not trial.held_out]),
        ("held-out", [trial for trial in trials if trial.held_out]),
    ]
    return [("all", list(trials)), *(apart if all(part for _, part in apart) else ())]


def passes(trials: Iterable[TrialResult], when: When) -> dict[str, dict[str, list[bool]]]:
    """Rung -> case -> whether each of its samples passed, in the order the samples were made.

    Scored trials count, of those that went stale in a repair the first answers, and no mark that says
    something of the machine alone.
    """
    found: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for trial in sorted(trials, key=lambda trial: (trial.key.model, made(trial.key.sample))):
        score = score_of(trial, when) if trial.counts else None
        for rung in score.rungs if score else ():
            good = passed(trial, when, rung)
            if good is not None:
                found[rung][case_of(trial.key)].append(good)
    return {rung: dict(cases) for rung, cases in found.items()}


def score_of(trial: TrialResult, when: When) -> Score | None:
    """The score of the first answer, or of the last."""
    return trial.first if when == "first" else trial.final


def case_of(key: Key) -> str:
    """The unit: a case of a recipe."""
    return f"{key.recipe}/{key.case}"


def made(sample: str) -> tuple[tuple[int, int | str], ...]:
    """A sort key that puts sample 10 behind sample 9."""
    parts = re.findall(r"[0-9]+|[^0-9]+", sample)
    return tuple((0, int(part)) if part.isascii() and part.isdigit() else (1, part) for part in parts)


def passed(trial: TrialResult, when: When, rung: str) -> bool | None:
    """Whether a trial's answer passed a rung; None where it was not asked for, or the machine could not tell."""
    score = score_of(trial, when)
    mark = score.rungs.get(rung) if score else None
    return None if mark is None or mark.machine else mark.state is State.PASSED


def reported(amount: float | int | None) -> float | None:
    """An amount; None where nobody reported one that can be."""
    return float(amount) if amount is not None and math.isfinite(amount) and amount >= 0 else None


def in_order(rungs: Iterable[str]) -> list[str]:
    """In the order of the ladder; rungs that it does not know come last."""
    there = set(rungs)
    return [*(rung for rung in TITLES if rung in there), *sorted(there - set(TITLES))]


def title_of(rung: str) -> str:
    """A rung's title; its name where a later version made it."""
    return TITLES.get(rung, rung)


def _rate(rung: str, when: When, cases: Mapping[str, Sequence[bool]]) -> Rate:
    """A rung over the cases that it was asked of."""
    shares = [fmean(answers) for answers in cases.values()]
    counts = [(len(answers), sum(answers)) for answers in cases.values()]
    most = min(MOST_SAMPLES, max(samples for samples, _ in counts))
    at = {k: value for k in range(1, most + 1) if (value := pass_at_k(counts, k)) is not None}
    hat = {k: value for k in range(1, most + 1) if (value := pass_hat_k(counts, k)) is not None}
    return Rate(
        rung,
        title_of(rung),
        when,
        wilson(shares),
        sum(samples for samples, _ in counts),
        tuple(sorted(case for case, answers in cases.items() if not all(answers))),
        discriminates(shares),
        at,
        hat,
    )


def _means(scored: Sequence[TrialResult]) -> Means:
    """The means of what every scored trial reported."""

    def mean(amount: Callable[[TrialResult], float | int | None]) -> float | None:
        by: dict[str, list[float]] = defaultdict(list)
        for trial in (each for each in scored if each.status is Status.SCORED):
            value = reported(amount(trial))
            if value is None:
                return None
            by[case_of(trial.key)].append(value)
        return fmean(fmean(values) for values in by.values()) if by else None

    return Means(
        mean(lambda trial: trial.rounds),
        mean(lambda trial: trial.answers),
        mean(lambda trial: trial.answer_seconds),
        mean(lambda trial: trial.tokens),
        mean(lambda trial: trial.usd),
    )


def _errors(scored: Sequence[TrialResult]) -> tuple[tuple[str, int], ...]:
    """Rules that spoke in first answers, with the number of cases; the commonest first, then by name."""
    seen: dict[str, set[str]] = defaultdict(set)
    for trial in scored:
        for finding in trial.first.findings if trial.first else ():
            seen[rule_of(finding)].add(case_of(trial.key))
    return tuple(sorted(((rule, len(cases)) for rule, cases in seen.items()), key=lambda each: (-each[1], each[0])))


def rule_of(finding: str) -> str:
    """The rule of a finding in a score, which is `rule path symbol`."""
    return finding.split(" ", 1)[0]
