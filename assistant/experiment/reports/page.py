"""The report as one HTML file: nothing is fetched, nothing runs, and every word of an answer is text.

The charts are drawn in the template from the values made here. Their coordinates are percentages of
the width, so their letters keep their size on a phone; each chart has its figures in a table below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

from assistant.experiment.comparing import Comparison
from assistant.experiment.judging import Row
from assistant.experiment.reports.words import (
    LEGEND,
    about,
    apart,
    because,
    blind,
    hand_fed,
    headline,
    line,
    listed,
    moved,
    number,
    percent,
    points,
    ranged,
    reasons,
    repeated,
    scope,
    title,
    uncompared,
    unscored,
)
from assistant.experiment.results import Results, TrialResult
from assistant.experiment.statistics import Paired
from assistant.experiment.summing import SPOKEN, WHEN, Group, in_order, summary

TEMPLATE = "page.html.j2"

TRIALS = 1_000
"""Rows of the table of trials."""

_LEFT, _RIGHT = 38.0, 84.0
"""Where the bars begin and end, in percent of the width: labels are on the left of them, figures on the right."""

_STEP = 18
"""Pixels of a bar's line."""

_HEAD = 24
"""Pixels of a rung's title."""

_DOT = 58
"""Pixels of a row of the dot plot."""

_PLAIN_PATH = re.compile(r"(?!\.{1,2}(?:/|$))[\w.-]+(?:/(?!\.{1,2}(?:/|$))[\w.-]+)*", re.ASCII)


@dataclass(frozen=True)
class Bar:
    """One rate of the chart; x in percent of the width, y in pixels."""

    label: str
    shown: str
    y: int
    start: float
    width: float
    low: float
    high: float
    colour: int
    """Of the arm, 0 to 3."""
    solid: bool
    """First answers; repaired ones are drawn as an outline."""


@dataclass(frozen=True)
class Dot:
    """One rung of the dot plot."""

    title: str
    verdict: str
    shown: str
    y: int
    at: float
    low: float
    high: float


def render(results: Results, comparison: Comparison | None = None) -> str:
    """A whole HTML document with its styles and charts inside."""
    from jinja2 import Environment, StrictUndefined

    told = summary(results)
    arms = [group for group in told.overall if group.part == "all"]
    bars, rungs, height = _bars(arms)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files(__package__).joinpath(TEMPLATE).read_text(encoding="utf-8"))
    return (
        template.render(
            about=about(results),
            hand_fed=hand_fed(results),
            legend=LEGEND if any(repeated(rate) for group in told.overall for rate in group.rates) else "",
            comparison=comparison and _compared(comparison),
            bars=bars,
            rungs=rungs,
            height=height,
            ticks=[(_place(share), f"{share:.0%}".replace("%", " %")) for share in (0.0, 0.5, 1.0)],
            groups=[_group(group) for group in told.overall],
            table=[_means(group) for group in told.groups],
            errors=[(title(group), group.errors) for group in arms if group.errors],
            unscored=unscored(told.tally),
            reasons=reasons(told.unscored),
            trials=[_trial(trial) for trial in results.trials[:TRIALS]],
            more=max(0, len(results.trials) - TRIALS),
            line=line,
        ).rstrip("\n")
        + "\n"
    )


def _place(share: float) -> float:
    """Where a share stands in the chart of rates, in percent of the width."""
    return round(_LEFT + (_RIGHT - _LEFT) * share, 2)


def _bars(arms: list[Group]) -> tuple[list[Bar], list[tuple[int, str]], int]:
    """The chart of rates: bars, (y, title) of each rung, and its height in pixels."""
    bars: list[Bar] = []
    rungs: list[tuple[int, str]] = []
    y = 0
    for rung in in_order(rate.rung for group in arms for rate in group.rates):
        found = [
            (number_, group.arm, rate)
            for number_, group in enumerate(arms)
            for when in WHEN
            if (rate := group.rate(rung, when)) is not None and rate.interval.rate is not None
        ]
        rungs.append((y + 16, _short(found[0][2].title, 40)))
        y += _HEAD
        for number_, arm, rate in found:
            share = rate.interval.rate or 0.0
            bars.append(
                Bar(
                    f"{_short(arm)}, {'first' if rate.when == 'first' else 'repaired'}",
                    percent(share),
                    y,
                    _LEFT,
                    round((_RIGHT - _LEFT) * share, 2),
                    _place(rate.interval.low),
                    _place(rate.interval.high),
                    number_ % 4,
                    rate.when == "first",
                )
            )
            y += _STEP
    return bars, rungs, y + 22


def _short(name: str, most: int = 9) -> str:
    """A name that a phone has room for."""
    name = line(name)
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _compared(comparison: Comparison) -> dict[str, object]:
    """What the template shows of a comparison."""
    whole = comparison.whole
    notes = [*uncompared(whole, comparison), blind(whole, comparison), *map(apart, comparison.parts[1:])]
    notes += comparison.notes
    for side in (comparison.before, comparison.after):
        notes += [f"only {side.name} has: {listed(side.alone)}"] if side.alone else []
        notes += [f"not scored in {side.name}: {unscored(side.tally)}"] if side.unscored else []
    dots = [dot for place, row in enumerate(_dotted(whole.rows)) if (dot := _dot(row, place)) is not None]
    rows = [(row.spoken, row.verdict, moved(row), because(row, comparison)) for row in whole.rows]
    flips = [(row.spoken, listed(row.worse, 40), listed(row.better, 40)) for row in whole.having("worse", "better")]
    return {
        "sides": f"{line(comparison.before.name)} to {line(comparison.after.name)}",
        "headline": headline(comparison),
        "regressed": comparison.regressed,
        "level": percent(1 - comparison.alpha),
        "dots": dots,
        "height": len(dots) * _DOT + 22,
        "rows": rows,
        "notes": [note for note in notes if note],
        "flips": flips,
    }


def _dotted(rows: tuple[Row, ...]) -> list[Row]:
    """The rungs of the dot plot."""
    return [row for row in rows if isinstance(row.measured, Paired) and row.measured.difference is not None]


def _dot(row: Row, place: int) -> Dot | None:
    """A rung as a dot with its interval; the plot goes from -100 to +100 points."""
    change = row.measured
    if not isinstance(change, Paired) or change.difference is None:
        return None
    told = f"{SPOKEN[row.when]}: {row.verdict}" if row.when else row.verdict
    shown = f"{told}, {points(change.difference)} ({points(change.low)} to {points(change.high)})"
    low, at, high = (round(50 + 48 * share, 2) for share in (change.low, change.difference, change.high))
    return Dot(_short(row.title, 40), row.verdict, shown, place * _DOT, at, low, high)


def _group(group: Group) -> dict[str, object]:
    """A group's rates as a table."""
    rows = []
    for rung in in_order(rate.rung for rate in group.rates):
        rates = [group.rate(rung, when) for when in WHEN]
        either = next(rate for rate in rates if rate is not None)
        cells = [ranged(rate.interval) if rate else "" for rate in rates]
        rows.append((line(either.title), *cells, either.interval.cases, repeated(rates[0])))
    return {"title": title(group), "scope": scope(group), "head": [SPOKEN[when] for when in WHEN], "rows": rows}


def _means(group: Group) -> tuple[str, ...]:
    """A group's means as a row."""
    means = group.means
    amounts = (means.rounds, means.answers, means.seconds, means.tokens, means.usd)
    about_it = (line(group.recipe), line(group.arm), line(group.model) or "(none)", str(group.cases))
    return (*about_it, str(group.tally.scored), unscored(group.tally), *map(number, amounts))


def _trial(trial: TrialResult) -> dict[str, str]:
    """A trial as a row; its evidence is linked where its name is a plain path beside the page."""
    evidence = trial.evidence if _PLAIN_PATH.fullmatch(trial.evidence) else ""
    told = [trial.verdict, trial.reason or trial.why]
    return {
        "key": line(str(trial.key)),
        "status": trial.status.value + (" (held out)" if trial.held_out else ""),
        "told": line(": ".join(part for part in told if part)),
        "rounds": str(trial.rounds),
        "evidence": evidence,
    }
