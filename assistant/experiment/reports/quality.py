"""The page on how good the recipes' answers are: `docs/quality.md`, from committed results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.arms import RECIPE
from assistant.experiment.comparing import Comparison, compare_arms
from assistant.experiment.judging import Part
from assistant.experiment.reports.markdown import table, text
from assistant.experiment.reports.words import (
    SPOKEN_PARTS,
    about,
    because,
    blind,
    compared,
    counted,
    hand_fed,
    headline,
    listed,
    moved,
    number,
    ranged,
    reasons,
    uncompared,
    unscored,
)
from assistant.experiment.results import Results, Status, TrialResult
from assistant.experiment.summing import SPOKEN, WHEN, Group, PartName, Summary, Tally, When, in_order, summary

BARE = "bare"
"""The arm that recipes are compared with: the bare sentence."""

OPENING = """\
What the recipes of the library are worth, measured: each case is one request, its recorded answers are \
proved by the gate, and the rungs below say how far they got. `bare` is the same request without a recipe: \
one turn with the sentence and the facts that the proof needs. No model judges a model."""

READING = """\
A rate is the mean over cases of the share of their answers that passed, with Wilson's 95 % interval for as many \
trials as there are cases. The comparison is exact and paired by case; all measures are corrected \
together (Holm), so that a false claim anywhere has a chance of at most {alpha}. `no-worse` holds for each measure \
alone. A rung that more than 90 % of the cases pass with the bare sentence leaves a recipe no room to show; \
it is listed and not compared, unless it falls beyond doubt. No prompt is ever improved on a held-out case."""


def render_docs(results: Results, *, one: str = BARE, other: str = RECIPE, command: str = "") -> str:
    """The whole page as Markdown; the same results give the same bytes.

    Args:
        one: the arm that stands on the left, and for before.
        other: the arm that is judged.
        command: what made the page, for its last line.
    """
    told = summary(results)
    comparison = compare_arms(results, one, other)
    blocks = ["# Quality", OPENING, "## What is shown", f"**{text(headline(comparison))}**"]
    blocks += [text(f"With this comparison: {about(results)}.")]
    blocks += list(_sides(told, one, other))
    blocks += list(_comparison(comparison))
    blocks += ["## What was measured", *_measured(results, told, one, other)]
    blocks += ["## How to read it", READING.format(alpha=f"{comparison.alpha:g}")]
    if command:
        blocks.append(f"This page is made by `{text(command)}` from the committed results.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _sides(told: Summary, one: str, other: str) -> Iterable[str]:
    """Both arms side by side: all cases, then tuning and held-out ones apart."""
    parts: tuple[PartName, ...] = ("all", "tuning", "held-out")
    for part in parts:
        left, right = told.arm(one, part), told.arm(other, part)
        groups = [group for group in (left, right) if group is not None]
        if not any(group.rates for group in groups):
            continue
        yield f"## Rates: {SPOKEN_PARTS[part]}"
        counts = "; ".join(
            f"{group.arm}: {counted(group.cases, 'case')}, {counted(group.tally.scored, 'answer')}" for group in groups
        )
        yield text(counts)
        for when in WHEN:
            rows = _rows(left, right, when)
            if rows:
                yield f"{SPOKEN[when].capitalize()}:"
                yield table(["rung", one, other, "cases"], rows)


def _rows(left: Group | None, right: Group | None, when: When) -> list[Sequence[str]]:
    """A rung a row: the rate of either arm."""
    groups = [group for group in (left, right) if group is not None]
    rows: list[Sequence[str]] = []
    for rung in in_order(rate.rung for group in groups for rate in group.rates if rate.when == when):
        rates = [group.rate(rung, when) if group else None for group in (left, right)]
        name = next(rate.title for rate in rates if rate is not None)
        cases = " and ".join(str(rate.interval.cases) if rate else "0" for rate in rates)
        rows.append([name, *(ranged(rate.interval) if rate else "not asked for" for rate in rates), cases])
    return rows


def _comparison(comparison: Comparison) -> Iterable[str]:
    """What is shown of each part, what is not discriminating, and what is undecided and by how much."""
    yield "## Comparison"
    for part in comparison.parts:
        yield f"### {SPOKEN_PARTS[part.name].capitalize()}: {counted(part.cases, 'case')} with both arms"
        if compared(part):
            yield _part(part, comparison)
        told = [*uncompared(part, comparison), blind(part, comparison)]
        yield "\n".join(f"- {text(each)}" for each in told if each)
    yield "\n".join(f"- {text(note)}" for note in comparison.notes)
    if len(comparison.parts) > 1:
        yield "Tuning and held-out cases are each corrected for themselves; the first table is the one that counts."


def _part(part: Part, comparison: Comparison) -> str:
    """The compared measures."""
    rows = [[row.spoken, row.verdict, moved(row), because(row, comparison)] for row in compared(part)]
    return table(["measure", "verdict", f"{comparison.before.name} to {comparison.after.name}", ""], rows)


def _measured(results: Results, told: Summary, one: str, other: str) -> Iterable[str]:
    """Models, days, endpoints, amounts, and what could not be scored."""
    rows = []
    for group in told.groups:
        if group.arm not in (one, other) or not group.cases:
            continue
        means = group.means
        rows.append(
            [
                group.recipe,
                group.arm,
                group.model,
                " to ".join(group.days) or "unknown",
                str(group.cases),
                str(group.tally.scored),
                number(means.answers),
                number(means.rounds),
                number(means.tokens),
                number(means.usd),
            ]
        )
    head = ["recipe", "arm", "model", "recorded", "cases", "answers scored", "asked", "repairs", "tokens", "USD"]
    yield table(head, rows, right=(4, 5, 6, 7, 8, 9))
    yield text(hand_fed(results))
    lacking = [trial for trial in told.unscored if trial.key.arm in (one, other)]
    if lacking:
        yield f"Not scored, and in no rate: {text(unscored(Tally.of(lacking)))}."
        yield table(["", "trials", "why"], [[what, str(many), why] for what, why, many in reasons(lacking)], right=(1,))
    alone = _alone(results.trials, one, other)
    if alone:
        yield text(f"Scored with one arm only, and so not compared: {listed(alone, 20)}.")


def _alone(trials: Sequence[TrialResult], one: str, other: str) -> list[str]:
    """Cases that only one of the arms has scored."""
    scored = [trial.key for trial in trials if trial.status is Status.SCORED]
    left, right = ({f"{key.recipe}/{key.case}" for key in scored if key.arm == arm} for arm in (one, other))
    return sorted(left ^ right)
