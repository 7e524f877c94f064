"""How one part of the cases is judged: each measure held to its test, all of them corrected together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Literal

from assistant.experiment.results import Status, TrialResult
from assistant.experiment.statistics import (
    Interval,
    Paired,
    Shift,
    bootstrap_difference,
    chance_of_missing,
    decide,
    discriminates,
    holm,
    mcnemar,
    wilson,
)
from assistant.experiment.statistics.paired import SAME
from assistant.experiment.summing import (
    SPOKEN,
    WHEN,
    PartName,
    When,
    case_of,
    in_order,
    passed,
    reported,
    score_of,
    title_of,
)

Verdict = Literal["better", "worse", "no-worse", "undecided", "not-discriminating", "no-data"]

AMOUNTS: Mapping[str, str] = {
    "rounds": "rounds of repair",
    "answers": "answers asked for",
    "seconds": "seconds of answering",
}
"""Measure -> title. Less is better. Seconds are compared as logarithms: a change is a factor."""


@dataclass(frozen=True)
class Row:
    """One measure of a comparison."""

    measure: str
    """A rung's name, or a key of AMOUNTS."""
    title: str
    when: When | None
    """None for amounts."""
    verdict: Verdict
    measured: Paired | Shift | None = None
    """None where no case has it on both sides. Of seconds: natural logarithms."""
    rates: tuple[Interval, Interval] | None = None
    """Of a rung: before and after, over the cases and the number of samples that both sides have."""
    means: tuple[float, float] | None = None
    """Of an amount: before and after, over the same cases; of seconds the geometric means."""
    adjusted: float | None = None
    """The p-value, corrected for the family; None where it is not compared."""
    more: int | None = None
    """Where it is undecided: how many more cases would decide; None where more than anybody writes."""
    missing: float | None = None
    """Of a rung: the chance, with the cases at hand, not to be shown a drop in a share `smallest` of the cases."""
    better: tuple[str, ...] = ()
    """Cases whose share of passed answers rose, `recipe/case`."""
    worse: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The title, and of which answer."""
        return f"{self.title} ({SPOKEN[self.when]})" if self.when else self.title


@dataclass(frozen=True)
class Part:
    """The measures over a part of the cases, corrected together."""

    name: PartName
    cases: int
    """Cases that both sides have scored."""
    rows: tuple[Row, ...]
    family: int
    """How many measures are corrected together."""

    def row(self, measure: str, when: When | None = "first") -> Row | None:
        """The row of a rung, or of an amount (`when` None)."""
        return next((row for row in self.rows if (row.measure, row.when) == (measure, when)), None)

    def having(self, *verdicts: Verdict) -> tuple[Row, ...]:
        """The rows with these verdicts."""
        return tuple(row for row in self.rows if row.verdict in verdicts)


@dataclass(frozen=True)
class Judge:
    """Settings of a comparison, and how a part of the cases is judged by them."""

    alpha: float
    power: float
    smallest: float
    budget: int
    static: bool
    by_model: bool

    def part(self, name: PartName, cases: set[str], was: Sequence[TrialResult], now: Sequence[TrialResult]) -> Part:
        """All measures over these cases."""
        was = [trial for trial in was if case_of(trial.key) in cases]
        now = [trial for trial in now if case_of(trial.key) in cases]
        rows: list[Row] = []
        # A static look knows first answers only, and one answer each.
        for when in WHEN[:1] if self.static else WHEN:
            scores = [score for trial in (*was, *now) if (score := score_of(trial, when))]
            rows += [
                self._rung(rung, when, was, now) for rung in in_order(dict.fromkeys(r for s in scores for r in s.rungs))
            ]
        if not self.static:
            rows += [self._amount(measure, was, now) for measure in AMOUNTS]
        everything = [row for row in rows if row.measured is not None]
        compared = {row.spoken: row for row in everything if row.verdict != "not-discriminating"}
        adjusted = holm({spoken: row.measured.p for spoken, row in compared.items() if row.measured})
        judged = [
            self._decided(row, adjusted[row.spoken], len(compared))
            if row.spoken in compared
            else self._watched(row, len(everything))
            for row in rows
        ]
        return Part(name, len(cases), tuple(judged), len(compared))

    def _rung(self, rung: str, when: When, was: Sequence[TrialResult], now: Sequence[TrialResult]) -> Row:
        """A rung, not judged yet unless there is nothing to compare."""
        before, after = self._even(was, now, lambda trial: passed(trial, when, rung))
        row = Row(rung, title_of(rung), when, "no-data")
        if not before:
            return row
        old = {case: fmean(values) for case, values in before.items()}
        new = {case: fmean(values) for case, values in after.items()}
        return replace(
            row,
            verdict="undecided" if discriminates(list(old.values())) else "not-discriminating",
            measured=mcnemar(old, new, 1 - self.alpha),
            rates=(wilson(list(old.values()), 1 - self.alpha), wilson(list(new.values()), 1 - self.alpha)),
            better=tuple(sorted(case for case in old if new[case] - old[case] > SAME)),
            worse=tuple(sorted(case for case in old if old[case] - new[case] > SAME)),
        )

    def _amount(self, measure: str, was: Sequence[TrialResult], now: Sequence[TrialResult]) -> Row:
        """An amount, not judged yet."""
        before, after = self._even(was, now, lambda trial: _amount_of(trial, measure))
        row = Row(measure, AMOUNTS[measure], None, "no-data")
        if not before:
            return row
        means = (fmean(fmean(each) for each in before.values()), fmean(fmean(each) for each in after.values()))
        limit = None
        if measure == "seconds":
            means = (math.exp(means[0]), math.exp(means[1]))
        else:
            limit = float(
                max(self.budget, 1, *(value for side in (before, after) for each in side.values() for value in each))
            )
        shift = bootstrap_difference(before, after, 1 - self.alpha, limit=limit)
        return replace(
            row,
            verdict="undecided",
            measured=shift,
            means=means,
            better=tuple(sorted(case for case in before if fmean(after[case]) < fmean(before[case]))),
            worse=tuple(sorted(case for case in before if fmean(after[case]) > fmean(before[case]))),
        )

    def _decided(self, row: Row, adjusted: float, family: int) -> Row:
        """A compared measure with its verdict."""
        assert row.measured is not None  # noqa: S101  it was compared
        smallest = math.log1p(self.smallest) if row.measure == "seconds" else self.smallest
        decision = decide(row.measured, adjusted, self.alpha, smallest, power=self.power, family=family)
        return replace(
            row, verdict=decision.verdict, more=decision.more, adjusted=adjusted, missing=self._missing(row, family)
        )

    def _watched(self, row: Row, everything: int) -> Row:
        """A rung that nearly every case passed before: `worse` where it fell beyond doubt."""
        rung = row.measured
        if not isinstance(rung, Paired):
            return row
        adjusted = min(1.0, rung.p * everything)
        fell = rung.worse > rung.better and (rung.difference or 0.0) < 0 and adjusted <= self.alpha
        row = replace(row, missing=self._missing(row, everything))
        return replace(row, verdict="worse", adjusted=adjusted) if fell else row

    def _missing(self, row: Row, measures: int) -> float | None:
        """The chance to miss a drop, at what is asked of the first measure that is shown."""
        if not isinstance(row.measured, Paired):
            return None
        return chance_of_missing(row.measured.cases, self.smallest, self.alpha / measures)

    def _even(
        self, was: Iterable[TrialResult], now: Iterable[TrialResult], value: Callable[[TrialResult], float | None]
    ) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        """Case -> values of its samples, before and after: as many of each model on both sides, the first ones."""
        old, new = self._values(was, value), self._values(now, value)
        before: dict[str, list[float]] = defaultdict(list)
        after: dict[str, list[float]] = defaultdict(list)
        for unit in old:
            count = min(len(old[unit]), len(new.get(unit, ())))
            if count:
                before[unit[0]] += old[unit][:count]
                after[unit[0]] += new[unit][:count]
        return dict(before), dict(after)

    def _values(
        self, trials: Iterable[TrialResult], value: Callable[[TrialResult], float | None]
    ) -> dict[tuple[str, str], list[float]]:
        """(case, model) -> values; trials without one are left out."""
        found: dict[tuple[str, str], list[float]] = defaultdict(list)
        for trial in trials:
            given = value(trial)
            if given is not None:
                found[case_of(trial.key), trial.key.model if self.by_model else ""].append(given)
        return found


def _amount_of(trial: TrialResult, measure: str) -> float | None:
    """The amount as it is compared; None for a run that was not played to its end."""
    if trial.status is not Status.SCORED:
        return None
    if measure == "seconds":
        seconds = reported(trial.answer_seconds)
        # No answer takes no time: nobody measured.
        return math.log(seconds) if seconds else None
    return reported(trial.rounds if measure == "rounds" else trial.answers)
