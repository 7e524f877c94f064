"""The report as Markdown, for a job's summary or a pull request."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from assistant.experiment.comparing import Comparison
from assistant.experiment.judging import Part
from assistant.experiment.reports.words import (
    LEGEND,
    about,
    apart,
    because,
    blind,
    compared,
    counted,
    hand_fed,
    headline,
    line,
    listed,
    moved,
    number,
    ranged,
    reasons,
    repeated,
    scope,
    title,
    uncompared,
    unscored,
)
from assistant.experiment.results import Results
from assistant.experiment.summing import Group, Summary, in_order, summary

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")

ROWS = 100
"""Rows of one list: a job's summary has a bound."""


def render(results: Results, comparison: Comparison | None = None) -> str:
    """What is shown and what is not, first; then the comparison, the rates, and the lists."""
    told = summary(results)
    blocks = ["## backwright eval", text(about(results))]
    if comparison is not None:
        blocks += list(compared_blocks(comparison))
    for group in told.overall:
        blocks += [f"### {text(title(group))}", text(scope(group))]
        if group.rates:
            blocks.append(rates_table(group))
    if any(repeated(rate) for group in told.overall for rate in group.rates):
        blocks.append(text(LEGEND))
    if len(told.groups) > 1:
        blocks.append(folded("Recipes, arms and models", groups_table(told.groups)))
    blocks += list(lists(told))
    note = hand_fed(results)
    if note:
        blocks.append(text(note))
    if not told.overall:
        blocks.append("Nothing was evaluated.")
    return "\n\n".join(block for block in blocks if block) + "\n"


def compared_blocks(comparison: Comparison) -> Iterable[str]:
    """The headline, the measures over all cases, what is not compared, the parts, and what else differs."""
    yield f"**{text(headline(comparison))}**"
    whole = comparison.whole
    if compared(whole):
        yield part_table(whole, comparison)
    told = [*uncompared(whole, comparison), blind(whole, comparison), *map(apart, comparison.parts[1:])]
    told += [f"note: {note}" for note in comparison.notes]
    for side in (comparison.before, comparison.after):
        told += [f"only {side.name} has: {listed(side.alone)}"] if side.alone else []
        told += [f"not scored in {side.name}: {unscored(side.tally)}"] if side.unscored else []
    yield "\n".join(f"- {text(each)}" for each in told if each)
    flips = [row for row in whole.having("worse", "better") if row.when and (row.worse or row.better)]
    if flips:
        rows = [[row.spoken, listed(row.worse, 20), listed(row.better, 20)] for row in flips]
        yield folded("Cases behind what is shown", table(["measure", "worse", "better"], rows))


def part_table(part: Part, comparison: Comparison) -> str:
    """The compared measures of a part."""
    rows = [[row.spoken, row.verdict, moved(row), because(row, comparison)] for row in compared(part)]
    return table(["measure", "verdict", f"{comparison.before.name} to {comparison.after.name}", ""], rows)


def rates_table(group: Group) -> str:
    """A rung a row."""
    rows = []
    for rung in in_order(rate.rung for rate in group.rates):
        first, final = group.rate(rung, "first"), group.rate(rung, "final")
        either = first or final
        if either is not None:
            shown = [ranged(rate.interval) if rate else "" for rate in (first, final)]
            rows.append([either.title, *shown, str(either.interval.cases), repeated(first)])
    return table(["rung", "first answer", "after repair", "cases", "k first answers"], rows, right=(3,))


def groups_table(groups: Sequence[Group]) -> str:
    """Recipe x arm x model, with the means."""
    rows = []
    for group in groups:
        means = group.means
        amounts = [number(value) for value in (means.rounds, means.answers, means.seconds, means.tokens, means.usd)]
        cells = [group.recipe, group.arm, group.model or "(none)", str(group.cases), str(group.tally.scored)]
        rows.append([*cells, unscored(group.tally), *amounts])
    head = ["recipe", "arm", "model", "cases", "scored", "not scored", "rounds", "answers", "seconds", "tokens", "USD"]
    return table(head, rows, right=(3, 4, 6, 7, 8, 9, 10))


def lists(told: Summary) -> Iterable[str]:
    """Recurring errors, and what is not scored."""
    for group in told.overall:
        if group.part == "all" and group.errors:
            rows = [[rule, str(cases)] for rule, cases in group.errors[:ROWS]]
            yield folded(f"Errors in first answers: {title(group)}", table(["rule", "cases"], rows, right=(1,)))
    found = reasons(told.unscored)
    if found:
        rows = [[what, str(many), why] for what, why, many in found[:ROWS]]
        rows += [["", "", f"and {counted(len(found) - ROWS, 'more line')}"]] if len(found) > ROWS else []
        yield f"### Not scored: {text(unscored(told.tally))}\n\n{table(['', 'trials', 'why'], rows, right=(1,))}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """A table; nothing in its cells is markup."""
    rule = "|".join("---:" if place in right else "---" for place in range(len(head)))
    lines = ["| " + " | ".join(map(text, head)) + " |", f"|{rule}|"]
    return "\n".join([*lines, *("| " + " | ".join(map(text, row)) + " |" for row in rows)])


def folded(head: str, body: str) -> str:
    """A block that opens on demand. `body` is Markdown."""
    # Up to the empty line it is HTML, where Markdown's escapes are none.
    return f"<details><summary>{html.escape(line(head))}</summary>\n\n{body}\n\n</details>"


def text(said: str) -> str:
    """`said` on one line, shown as it is written."""
    return _SPECIAL.sub(r"\\\1", line(said))
