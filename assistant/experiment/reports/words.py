"""What every report says alike: numbers, verdicts, and the sentence above it all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant.experiment.comparing import Comparison
from assistant.experiment.judging import Part, Row, Verdict
from assistant.experiment.results import Results, Status, TrialResult
from assistant.experiment.statistics import Interval, Paired, Shift
from assistant.experiment.summing import Group, PartName, Rate, Tally
from evaluators.formats._shown import line, safe

__all__ = ["line", "safe"]

MOST = 2_000
"""Cases beyond which no number is named."""

SPOKEN_PARTS: Mapping[PartName, str] = {"all": "all cases", "tuning": "tuning cases", "held-out": "held-out cases"}

EVIDENT: tuple[Verdict, ...] = ("worse", "better")
"""Verdicts that claim a change."""

_UNSHOWN: dict[Verdict, str] = {
    "no-worse": "no worse by what matters",
    "undecided": "undecided",
    "not-discriminating": "not compared, as nearly every case passed {}",
    "no-data": "without data",
}


def percent(share: float | None) -> str:
    """`83 %`; never `100 %` or `0 %` for less or more."""
    if share is None:
        return "unknown"
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return f"{whole} %"


def ranged(interval: Interval) -> str:
    """`83 % (52 to 95 %)`."""
    if interval.rate is None:
        return "unknown"
    return f"{percent(interval.rate)} ({percent(interval.low).removesuffix(' %')} to {percent(interval.high)})"


def points(share: float) -> str:
    """A difference of rates: `+12`, `-3`, `0`."""
    whole = round(100 * share)
    return f"+{whole}" if whole > 0 else str(whole)


def number(value: float | None, unit: str = "") -> str:
    """A mean: `1.5`, `12 s`, `unknown` where not all trials reported it."""
    if value is None:
        return "unknown"
    shown = (
        f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")
    )
    return f"{shown} {unit}".rstrip()


def counted(many: int, word: str, plural: str = "") -> str:
    """`1 case`, `2 cases`."""
    return f"{many:,} {word if many == 1 else plural or word + 's'}"


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names on one line, safe; of many the first ones and how many more."""
    shown = ", ".join(line(name) or "(no name)" for name in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def moved(row: Row) -> str:
    """Before, after and the difference with its interval, in the measure's own unit; empty without data."""
    if isinstance(row.measured, Paired) and row.rates is not None and row.measured.difference is not None:
        was, now = row.rates
        change = row.measured
        ends = f"{points(change.low)} to {points(change.high)}"
        return f"{percent(was.rate)} to {percent(now.rate)}: {points(row.measured.difference)} points ({ends})"
    if isinstance(row.measured, Shift) and row.means is not None:
        old, new = (number(mean, "s" if row.measure == "seconds" else "") for mean in row.means)
        return f"{old} to {new}: {_shifted(row.measured, row.measure == 'seconds')}"
    return ""


def _shifted(shift: Shift, factor: bool) -> str:
    """How much an amount changed."""
    if shift.difference is None:
        return ""
    if not factor:
        shown = f"{shift.difference:+.2f}"
        return shown if shift.low is None or shift.high is None else f"{shown} ({shift.low:+.2f} to {shift.high:+.2f})"
    shown = f"{_times(shift.difference)} times as long"
    if shift.low is None or shift.high is None:
        return shown
    return f"{shown} ({_times(shift.low)} to {_times(shift.high)})"


def _times(logarithm: float) -> str:
    """A factor, from its logarithm; none that is beyond what can be written."""
    return f"{math.exp(logarithm):.2f}" if abs(logarithm) < 20 else "far more" if logarithm > 0 else "0"


def because(row: Row, comparison: Comparison) -> str:
    """What stands behind a verdict, in a few words."""
    if row.verdict == "not-discriminating":
        return f"more than 90 % of the cases passed {line(comparison.before.name)}"
    if row.verdict == "no-data":
        return "no case has it on both sides"
    parts = []
    if row.verdict == "undecided":
        if row.more is None:
            parts.append(f"no number up to {MOST:,} cases would decide")
        else:
            parts.append(f"{counted(row.more, 'more case')} would decide")
    if row.verdict == "no-worse":
        parts.append("taken alone, a regression that matters is excluded")
    if row.adjusted is not None:
        parts.append(f"p {probability(row.adjusted)}")
    return ", ".join(parts)


def probability(p: float) -> str:
    """`0.031`, `< 0.001`."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def compared(part: Part) -> tuple[Row, ...]:
    """The rows that are shown one by one: all but those that cannot tell."""
    return tuple(row for row in part.rows if row.verdict not in ("not-discriminating", "no-data"))


def uncompared(part: Part, comparison: Comparison) -> list[str]:
    """A line for each reason why rungs are not compared, with the rungs."""
    told = []
    full = part.having("not-discriminating")
    if full:
        shown = "; ".join(f"{row.spoken} {moved(row).split(':', 1)[0]}" for row in full)
        told.append(
            f"not discriminating, since more than 90 % of the cases passed {line(comparison.before.name)}: {shown}"
        )
    empty = part.having("no-data")
    if empty:
        told.append(f"no data, since no case has it on both sides: {', '.join(row.spoken for row in empty)}")
    return told


def headline(comparison: Comparison) -> str:
    """One to three sentences: what is shown, what is not, and what was not asked."""
    whole = comparison.whole
    if not whole.cases or all(row.verdict == "no-data" for row in whole.rows):
        lacking = comparison.after.tally
        why = f" ({unscored(lacking)})" if lacking.unscored else ""
        return f"Nothing can be compared: no case is scored on both sides{why}."
    said = []
    for verdict in EVIDENT:
        rows = whole.having(verdict)
        if rows:
            said.append(f"Shown to be {verdict}: {', '.join(row.spoken for row in rows)}.")
    if not said:
        said.append("Nothing is shown to be better or worse.")
    rest = [
        f"{counted(len(rows), 'measure is', 'measures are')} {words.format(line(comparison.before.name))}"
        for verdict, words in _UNSHOWN.items()
        if (rows := whole.having(verdict))
    ]
    if rest:
        said.append(f"{'; '.join(rest)}.")
    return " ".join(said)


def apart(part: Part) -> str:
    """What a part of the cases shows by itself; it decides no exit code."""
    shown = [f"{row.verdict}: {row.spoken} {moved(row)}" for row in part.having(*EVIDENT)]
    rest = [f"{len(rows)} {verdict}" for verdict in _UNSHOWN if (rows := part.having(verdict))]
    said = "; ".join(shown) or "nothing is shown to be better or worse"
    return f"{SPOKEN_PARTS[part.name]} apart ({part.cases}): {said}" + (f" ({', '.join(rest)})" if rest else "")


def blind(part: Part, comparison: Comparison) -> str:
    """How likely a drop is to be missed with these cases; empty where no rung is compared."""
    chances = sorted({round(row.missing, 6) for row in part.rows if row.missing is not None})
    if not chances:
        return ""
    low, high = percent(chances[0]), percent(chances[-1])
    chance = low if low == high else f"{low.removesuffix(' %')} to {high}"
    return (
        f"With {counted(part.cases, 'case')}, a rung that drops in {percent(comparison.smallest)} of them "
        f"is missed with a chance of {chance}."
    )


def unscored(tally: Tally) -> str:
    """`3 stale, 1 missing`; empty for none."""
    counts = (("stale", tally.stale), ("missing", tally.missing), ("broken", tally.broken))
    return ", ".join(f"{many:,} {word}" for word, many in counts if many)


def scope(group: Group) -> str:
    """What a group is about: `12 cases, 24 answers scored, 3 stale`."""
    told = [counted(group.cases, "case"), f"{group.tally.scored:,} scored"]
    lacking = unscored(group.tally)
    return ", ".join([*told, *([lacking] if lacking else [])])


def title(group: Group) -> str:
    """`recipe crud, m`, `arm bare, all recipes`."""
    parts = [f"recipe {line(group.recipe)}" if group.recipe else "all recipes", f"arm {line(group.arm)}"]
    parts += [line(group.model)] if group.model else []
    return ", ".join([*parts, *([SPOKEN_PARTS[group.part]] if group.part != "all" else [])])


def repeated(rate: Rate | None) -> str:
    """`@2 83 %, ^2 21 %`: one of two answers passes, both pass; empty where no case has two."""
    most = max(rate.pass_at, default=1) if rate else 1
    if rate is None or most < 2:
        return ""
    return f"@{most} {percent(rate.pass_at[most])}, ^{most} {percent(rate.pass_hat[most])}"


LEGEND = "Of k first answers to a case: @k is the chance that at least one passes, ^k that all of them do."
"""What `repeated` means."""


def reasons(trials: Sequence[TrialResult]) -> list[tuple[str, str, int]]:
    """(status and recipe, why, how many) of what is not scored, alike ones together, in order."""
    found: dict[tuple[str, str], int] = {}
    for trial in trials:
        why = line(trial.why).replace(f" --case {line(trial.key.case)}", "") or "no reason was written down"
        key = f"{trial.status.value}: {line(trial.key.recipe)}, arm {line(trial.key.arm)}", why
        found[key] = found.get(key, 0) + 1
    return [(what, why, many) for (what, why), many in found.items()]


def about(results: Results) -> str:
    """One line on an evaluation: depth, budget, gate, day."""
    kind = "static: nothing was run, first answers only" if results.depth == "static" else "full proof"
    day = line(results.created)[:10] or "an unknown day"
    return f"{kind}; budget of {counted(results.budget, 'answer')}; gate {line(results.gate) or 'unknown'}; {day}"


def hand_fed(results: Results) -> str:
    """Said wherever a person carried answers; empty where nobody did."""
    scored = [trial for trial in results.trials if trial.status is Status.SCORED]
    many = sum(trial.endpoint == "hand-fed" for trial in scored)
    if not many:
        return ""
    share = "All" if many == len(scored) else f"{many:,} of {len(scored):,}"
    return (
        f"{share} answers came through a hand-fed endpoint: a person carried them to the model and back, "
        "so their seconds, tokens and cost say nothing of an API."
    )
