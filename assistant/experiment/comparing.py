"""Did it get better or worse, and can we be sure? Two evaluations, or two arms of one, case by case.

Every rung of the first answers and of the repaired ones is held to an exact test over the same
cases, and so are rounds, answers and seconds; all are corrected together, so that the chance that
anything at all is wrongly called better or worse stays at `alpha`. Held-out and tuning cases are
compared once more apart, each corrected for itself; only the whole decides `regressed`.

A rung that `before` passes in more than 90 % of the cases leaves no room to be better. It is not
compared and takes no part in the correction. That must not hide a prompt that was broken
altogether, so its falls are watched: it is `worse` where the exact p-value, times the number of
all rungs and amounts, is at most alpha and the rate fell. The compared measures can give a false
`worse` with a chance of half of alpha, their tests being two-sided, and so can the watched ones.
Simulated, 1,000 pairs each without any difference in seven rungs of very different rates, two
amounts: at alpha 0.05, `regressed` was wrong in 0.0 % with 8 cases and in 0.4 % with 24, and any claim
at all in 0.0 % and 1.3 %. Exact tests of few cases are that cautious.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.arms import RECIPE
from assistant.experiment.judging import AMOUNTS, Judge, Part, Row, Verdict
from assistant.experiment.results import Results, Status, TrialResult
from assistant.experiment.summing import (
    Group,
    Means,
    PartName,
    Rate,
    Summary,
    Tally,
    case_of,
    made,
    summary,
)

__all__ = [
    "AMOUNTS",
    "Comparison",
    "Group",
    "Means",
    "Part",
    "Rate",
    "Row",
    "Side",
    "Summary",
    "Tally",
    "Verdict",
    "compare",
    "compare_arms",
    "summary",
]


@dataclass(frozen=True)
class Side:
    """One side of a comparison."""

    name: str
    """`before` and `after`, or the arms' names."""
    arm: str
    models: tuple[str, ...]
    tally: Tally
    """Over all its trials of that arm, the uncompared ones too."""
    unscored: tuple[TrialResult, ...]
    alone: tuple[str, ...]
    """Cases that only this side has scored."""
    created: str = ""


@dataclass(frozen=True)
class Comparison:
    """What changed between two sides, over the cases that both have."""

    before: Side
    after: Side
    parts: tuple[Part, ...]
    """The whole first; then tuning and held-out cases where there are both."""
    alpha: float
    power: float
    smallest: float
    notes: tuple[str, ...] = ()
    """What else differs between the sides, and so may be behind a change."""

    @property
    def whole(self) -> Part:
        """Over all cases."""
        return self.parts[0]

    @property
    def regressed(self) -> bool:
        """Whether a rung is shown to be worse over all cases: exit code 1. Amounts never fail."""
        return any(row.when for row in self.whole.having("worse"))

    def fails(self, row: Row) -> bool:
        """Whether a row is told as a failure: a rung worse than before. Of two arms neither is before the other."""
        return row.verdict == "worse" and row.when is not None and self.before.arm == self.after.arm


def compare(
    before: Results,
    after: Results,
    *,
    arm: str | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    smallest: float = 0.2,
) -> Comparison:
    """What changed from one evaluation to another.

    Args:
        before: the baseline.
        after: what is judged.
        arm: which arm of both; default: the recipes themselves, or the first arm of `after` without them.
        alpha: the chance of a false claim anywhere in the whole.
        power: of the plans for more cases.
        smallest: the drop of a rate that matters, 0 to 1; of rounds and answers the rise in
            their own unit, of seconds the rise as a share.

    Raises:
        ValueError: for an alpha, a power or a smallest drop that cannot be.
    """
    there = [trial.key.arm for trial in after.trials]
    chosen = arm or (RECIPE if RECIPE in there or not there else min(there))
    notes = [
        f"the {what} differs, before {was!r} and after {now!r}: that alone may change a rung"
        for what, was, now in (
            ("gate", before.gate, after.gate),
            ("depth", before.depth, after.depth),
            ("budget of answers", before.budget, after.budget),
        )
        if was != now
    ]
    sides = (
        _Given("before", chosen, _of_arm(before, chosen), before),
        _Given("after", chosen, _of_arm(after, chosen), after),
    )
    return _compared(*sides, notes, alpha, power, smallest)


def compare_arms(
    results: Results,
    one: str = "bare",
    other: str = RECIPE,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    smallest: float = 0.2,
) -> Comparison:
    """What one way to ask changes against another, on the same cases: `one` stands for before. Raises ValueError."""
    sides = (
        _Given(one, one, _of_arm(results, one), results),
        _Given(other, other, _of_arm(results, other), results),
    )
    return _compared(*sides, [], alpha, power, smallest)


@dataclass(frozen=True)
class _Given:
    """A side as it is given."""

    name: str
    arm: str
    trials: list[TrialResult]
    results: Results

    @property
    def scored(self) -> list[TrialResult]:
        """What can be compared, samples in the order they were made."""
        found = [trial for trial in self.trials if trial.counts]
        return sorted(found, key=lambda trial: (trial.key.model, made(trial.key.sample)))

    @property
    def models(self) -> set[str]:
        """Models with a scored trial."""
        return {trial.key.model for trial in self.scored}

    def side(self, shared: set[str]) -> Side:
        """As the comparison tells it."""
        return Side(
            self.name,
            self.arm,
            tuple(sorted(self.models)),
            Tally.of(self.trials),
            tuple(sorted((t for t in self.trials if t.status is not Status.SCORED), key=lambda trial: trial.key)),
            tuple(sorted({case_of(trial.key) for trial in self.scored} - shared)),
            self.results.created,
        )


def _of_arm(results: Results, arm: str) -> list[TrialResult]:
    return [trial for trial in results.trials if trial.key.arm == arm]


def _compared(
    before: _Given, after: _Given, notes: list[str], alpha: float, power: float, smallest: float
) -> Comparison:
    """Pair the sides and judge each part."""
    if not 0 < smallest <= 1:
        raise ValueError(f"the smallest drop that matters is above 0 and at most 1, not {smallest}")
    if not (0 < alpha < 1 and 0 < power < 1):
        raise ValueError(f"alpha and power are between 0 and 1, not {alpha} and {power}")
    models = before.models & after.models
    if before.models and after.models and before.models != after.models:
        notes = [*notes, _of_models(before, after, models)]
    was = [trial for trial in before.scored if not models or trial.key.model in models]
    now = [trial for trial in after.scored if not models or trial.key.model in models]
    shared = {case_of(trial.key) for trial in was} & {case_of(trial.key) for trial in now}
    # Both sides are told apart as the later one does: a case may have been sealed since.
    held = {case_of(trial.key) for trial in now if trial.held_out} & shared
    chosen: list[tuple[PartName, set[str]]] = [("all", shared)]
    if held and shared - held:
        chosen += [("tuning", shared - held), ("held-out", held)]
    static = "static" in (before.results.depth, after.results.depth)
    judge = Judge(
        alpha, power, smallest, max(before.results.budget, after.results.budget), static, by_model=bool(models)
    )
    parts = tuple(judge.part(name, cases, was, now) for name, cases in chosen)
    return Comparison(before.side(shared), after.side(shared), parts, alpha, power, smallest, tuple(notes))


def _of_models(before: _Given, after: _Given, both: set[str]) -> str:
    """What is said where the sides do not have the same models."""
    if both:
        return f"only answers of {', '.join(sorted(both))} are compared: the other models are on one side alone"
    was, now = ", ".join(sorted(before.models)), ", ".join(sorted(after.models))
    return f"no model is on both sides: the answers of {was} are compared with those of {now}"
