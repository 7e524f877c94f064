"""A pytest plugin: a team's own tests say what its recipes must be worth.

    def test_the_crud_recipe(backwright_eval):
        results = backwright_eval(recipe="crud", static=True)
        results.at_least("sql", 0.8)
        results.not_worse_than("baseline.json")

Answers come from recordings, so no key and no network is needed. Every test process loads this
module, so it imports nothing but pytest; an evaluation is imported and played when a test asks for one, and
one that was asked for before in the same session is not played again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assistant.experiment.comparing import Comparison
    from assistant.experiment.evaluate import Ways
    from assistant.experiment.plan import Choice
    from assistant.experiment.results import Results
    from assistant.experiment.statistics import Interval
    from assistant.experiment.summing import Group, When

Some = str | tuple[str, ...]
"""One name, or several."""


class Evaluated:
    """What an evaluation gave, with the questions that a test asks."""

    def __init__(self, results: Results, arm: str) -> None:
        from assistant.experiment.summing import group_of

        self.results = results
        """All trials, as `backwright eval --out FILE` writes them."""
        self.arm = arm
        trials = [trial for trial in results.trials if trial.key.arm == arm]
        self.group: Group = group_of(trials, arm)
        """The trials summed up."""

    def rate(self, rung: str, when: When | None = None) -> Interval:
        """The rate of a rung over cases, with its interval at the level 0.95.

        `when` is `first` or `final`; default: after repair, or the first answers where nothing was repaired
        (a static look). Without a scored case the rate is None and the interval 0 to 1.

        Raises ValueError for a rung that is none.
        """
        from assistant.experiment.statistics import wilson

        _known(rung)
        found = self.group.rate(rung, self._when(when))
        return wilson(()) if found is None else found.interval

    def at_least(self, rung: str, least: float, when: When | None = None, *, surely: bool = False) -> None:
        """Fail the test where the rate is below `least` (0 to 1), or where no case was scored.

        With `surely`, the low end of the interval must reach it, so that few cases do not do. Raises
        AssertionError, which says the interval, the cases and those that failed, and ValueError for a
        rung that is none or a `least` that is no share.
        """
        __tracebackhide__ = True
        if not 0 <= least <= 1:
            raise ValueError(f"a rate is between 0 and 1, not {least}")
        interval = self.rate(rung, when)
        reached = interval.low if surely else interval.rate
        if reached is None or reached < least:
            raise AssertionError(self._short_of(rung, least, self._when(when), surely))

    def compared(self, baseline: Results | str | Path) -> Comparison:
        """The comparison with earlier results: a value, a file, or a git revision of the committed ones.

        Raises UsageError for a baseline that cannot be read.
        """
        from assistant.experiment.comparing import compare

        return compare(_read(baseline), self.results, arm=self.arm)

    def not_worse_than(self, baseline: Results | str | Path) -> None:
        """Fail the test where a rung is shown to be worse than in the baseline, or nothing can be compared.

        Raises AssertionError and UsageError.
        """
        __tracebackhide__ = True
        from assistant.experiment.reports.words import headline, listed, moved

        found = self.compared(baseline)
        if found.regressed:
            rows = [row for row in found.whole.having("worse") if row.when]
            told = [f"  {row.spoken}: {moved(row)}; worse in {listed(row.worse)}" for row in rows]
            raise AssertionError("\n".join([headline(found), *told]))
        if all(row.verdict == "no-data" for row in found.whole.rows):
            raise AssertionError(headline(found))

    def _when(self, when: When | None) -> When:
        """Which answers are meant."""
        return when or ("first" if self.results.depth == "static" else "final")

    def _short_of(self, rung: str, least: float, when: When, surely: bool) -> str:
        """What is said of a rung that does not reach a rate."""
        from assistant.experiment.reports.words import counted, listed, percent, ranged, reasons, unscored
        from assistant.experiment.results import Status
        from assistant.experiment.summing import SPOKEN, title_of

        found = self.group.rate(rung, when)
        wanted = f"at least {percent(least)} was asked for" + (", surely" if surely else "")
        name = f"{title_of(rung)} ({SPOKEN[when]}, arm {self.arm})"
        lines = []
        if found is None:
            lines.append(f"{name}: no case was scored; {wanted}")
        else:
            over = f"{counted(found.interval.cases, 'case')}, {counted(found.samples, 'answer')}"
            lines.append(f"{name}: {ranged(found.interval)} of {over}; {wanted}")
            lines += [f"not passed by: {listed(found.not_passed, 20)}"] if found.not_passed else []
        lacking = [
            trial for trial in self.results.trials if trial.key.arm == self.arm and trial.status is not Status.SCORED
        ]
        if lacking:
            lines.append(f"not scored: {unscored(self.group.tally)}")
            lines += [f"  {what}: {counted(many, 'trial')}: {why}" for what, why, many in reasons(lacking)[:8]]
        return "\n".join(lines)


Asking = Callable[..., Evaluated]


@pytest.fixture(scope="session")
def backwright_eval(request: pytest.FixtureRequest) -> Asking:
    """Evaluate recorded answers: `backwright_eval(recipe="crud", arm="recipe", static=True)`.

    Each of `recipe`, `case` (names or globs), `tag`, `set` (`tuning`, `held-out`), `model` and `sample`
    is one name or a tuple of names, and empty for all. `arm` is one name. `static` runs nothing
    of the answers; `budget` is how many answers a run may ask for; `jobs` processes play (0: one a core);
    `fresh` takes nothing from the cache; `folders` are the library's, weakest first.
    """
    played: dict[object, Results] = {}

    def ask(
        recipe: Some = (),
        arm: str = "recipe",
        *,
        case: Some = (),
        tag: Some = (),
        set: Some = (),
        model: Some = (),
        sample: Some = (),
        static: bool = False,
        budget: int = 4,
        jobs: int = 0,
        fresh: bool = False,
        folders: tuple[Path, ...] = (),
    ) -> Evaluated:
        from assistant.experiment.evaluate import Ways
        from assistant.experiment.plan import Choice
        from assistant.experiment.play import FULL, STATIC_ONLY

        choice = Choice(
            recipes=_names(recipe),
            cases=_names(case),
            tags=_names(tag),
            sets=_names(set),
            arms=(arm,),
            models=_names(model),
            samples=_names(sample),
        )
        ways = Ways(depth=STATIC_ONLY if static else FULL, budget=budget, fresh=fresh, jobs=jobs)
        key = (choice, ways, folders, Path.cwd())
        if key not in played:
            played[key] = _evaluate(choice, ways, folders)
        return Evaluated(played[key], arm)

    return ask


def _evaluate(choice: Choice, ways: Ways, folders: tuple[Path, ...]) -> Results:
    """Play what was chosen."""
    from assistant.experiment import evaluate

    return evaluate.evaluate(choice, ways, folders=folders)


def _names(given: Some) -> tuple[str, ...]:
    """A filter's names."""
    return ((given,) if given else ()) if isinstance(given, str) else tuple(given)


def _known(rung: str) -> None:
    """Raise ValueError for a rung that is none: a misspelt one must not look like one that nobody asked for."""
    from assistant.experiment.ladder import TITLES

    titles: Mapping[str, str] = TITLES
    if rung not in titles:
        raise ValueError(f"{rung!r} is no rung; there are {', '.join(titles)}")


def _read(baseline: Results | str | Path) -> Results:
    """A baseline's results."""
    if not isinstance(baseline, str | Path):
        return baseline
    from assistant.experiment.diffing import results_at
    from assistant.library import PROJECT_FOLDER

    return results_at(str(baseline), Path.cwd() / PROJECT_FOLDER / "results.json")
