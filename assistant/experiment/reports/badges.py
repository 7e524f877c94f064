"""A line of proof for each recipe: of which model, when, over how many cases, and how far its answers got."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.arms import RECIPE
from assistant.experiment.reports.words import counted, line, ranged
from assistant.experiment.results import Results, Status, TrialResult
from assistant.experiment.summing import Rate, When, case_of, group_of


@dataclass(frozen=True)
class Badge:
    """What is known of a recipe's answers, from scored trials of the recipe itself."""

    recipe: str
    model: str
    """The model of the newest answers; of several that day, the one with the most cases."""
    date: str
    """The day of its last answer, `2026-11-22`; empty where nobody wrote it down."""
    cases: int
    samples: int
    when: When
    """Which answers the rungs are about: after repair, or the first ones of a static look."""
    rungs: tuple[Rate, ...]
    """In the order of the ladder, each with its interval."""
    hand_fed: bool
    """Whether a person carried some of the answers."""

    def rung(self, name: str) -> Rate | None:
        """The rate of a rung; None where no answer was asked for it."""
        return next((rate for rate in self.rungs if rate.rung == name), None)

    @property
    def weakest(self) -> Rate | None:
        """The rung that the fewest passed, the later one of two."""
        return min(reversed(self.rungs), key=lambda rate: rate.interval.rate or 0.0, default=None)

    def __str__(self) -> str:
        """In one line."""
        about = [line(self.model) or "an unknown model", counted(self.cases, "case")]
        about += [self.date] if self.date else []
        about += ["hand-fed"] if self.hand_fed else []
        weakest = self.weakest
        if weakest is None:
            return ", ".join(about)
        least = f"{weakest.title} {ranged(weakest.interval)}"
        return f"{', '.join(about)}: " + (f"at worst {least}" if len(self.rungs) > 1 else least)


def badges(results: Results) -> Mapping[str, Badge]:
    """Recipe -> its badge; recipes without a scored trial have none."""
    by: dict[str, dict[str, list[TrialResult]]] = defaultdict(lambda: defaultdict(list))
    for trial in results.trials:
        if trial.status is Status.SCORED and trial.key.arm == RECIPE:
            by[trial.key.recipe][trial.key.model].append(trial)
    return {recipe: _badge(recipe, *_newest(models), results.depth) for recipe, models in sorted(by.items())}


def _newest(models: Mapping[str, list[TrialResult]]) -> tuple[str, list[TrialResult]]:
    """The model with the newest answer, and its trials."""

    def rank(model: str) -> tuple[str, int, str]:
        trials = models[model]
        return max(trial.recorded for trial in trials), len({case_of(trial.key) for trial in trials}), model

    newest = max(models, key=rank)
    return newest, models[newest]


def _badge(recipe: str, model: str, trials: list[TrialResult], depth: str) -> Badge:
    """The badge of a recipe, from the scored trials of one model."""
    group = group_of(trials, RECIPE, recipe, model)
    when: When = "first" if depth == "static" else "final"
    return Badge(
        recipe,
        model,
        group.days[-1] if group.days else "",
        group.cases,
        group.tally.scored,
        when,
        tuple(rate for rate in group.rates if rate.when == when),
        bool(group.tally.hand_fed),
    )
