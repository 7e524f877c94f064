"""The report for a terminal, and the line that tells how far an evaluation is."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, TextIO

from assistant.experiment.comparing import Comparison
from assistant.experiment.judging import Part, Verdict
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
from assistant.experiment.summing import Group, in_order, summary

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

WIDTH = 100
"""Columns."""

ERRORS = 12
"""Recurring error rules of an arm that are shown."""

_STYLES: dict[Verdict, str] = {
    "worse": "bold red",
    "better": "bold green",
    "no-worse": "green",
    "undecided": "yellow",
    "not-discriminating": "dim",
    "no-data": "dim",
}


def render(results: Results, comparison: Comparison | None = None, *, colour: bool = False, width: int = WIDTH) -> str:
    """The report as text. With `colour`, ANSI colours are added and nothing else changes."""
    from rich.console import Console
    from rich.text import Text

    made = io.StringIO()
    console = Console(
        file=made,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    told = summary(results)
    _say(console, about(results))
    for group in told.overall:
        console.print()
        _say(console, f"{title(group)}: {scope(group)}", "bold")
        if group.rates:
            console.print(_rates(group))
        _say(console, _means(group))
        if group.errors and group.part == "all":
            shown = [f"{rule} ({counted(cases, 'case')})" for rule, cases in group.errors]
            _say(console, f"errors in first answers: {listed(shown, ERRORS)}")
    if any(repeated(rate) for group in told.overall for rate in group.rates):
        console.print()
        _say(console, LEGEND)
    if len(told.groups) > 1:
        console.print()
        console.print(_groups(told.groups))
    if told.unscored:
        console.print()
        _say(console, f"not scored: {unscored(told.tally)}", "bold")
        for what, why, many in reasons(told.unscored):
            _say(console, f"  {what}: {counted(many, 'trial')}: {why}")
    note = hand_fed(results)
    if note:
        console.print()
        _say(console, note)
    if comparison is not None:
        _compare(console, comparison)
    if not told.overall:
        console.print(Text("nothing was evaluated"))
    return "\n".join(each.rstrip() for each in made.getvalue().rstrip("\n").split("\n")) + "\n"


def _say(console: Console, text: str, style: str = "") -> None:
    """One line of prose, wrapped."""
    from rich.text import Text

    console.print(Text(line(text), style=style))


def _table(*columns: str, right: tuple[int, ...] = ()) -> Table:
    """A plain table."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place in right else "left", overflow="fold")
    return table


def _row(table: Table, *cells: str, style: str = "", at: int = -1) -> None:
    """Add a row; nothing in it is markup. `style` is for the cell `at`."""
    from rich.text import Text

    shown: list[RenderableType] = [
        Text(line(cell), style=style if place == at else "") for place, cell in enumerate(cells)
    ]
    table.add_row(*shown)


def _rates(group: Group) -> Table:
    """A rung a row: first answer, after repair."""
    table = _table("rung", "first answer", "after repair", "cases", "k first answers", right=(3,))
    for rung in in_order(rate.rung for rate in group.rates):
        first, final = group.rate(rung, "first"), group.rate(rung, "final")
        either = first or final
        if either is None:
            continue
        _row(
            table,
            either.title,
            ranged(first.interval) if first else "",
            ranged(final.interval) if final else "",
            str(either.interval.cases),
            repeated(first),
        )
    return table


def _means(group: Group) -> str:
    """The means of a group on one line."""
    means = group.means
    told = (
        ("rounds of repair", number(means.rounds)),
        ("answers", number(means.answers)),
        ("time to answer", number(means.seconds, "s")),
        ("tokens", number(means.tokens)),
        ("cost", number(means.usd, "USD")),
    )
    return "mean of a case: " + ", ".join(f"{name} {value}" for name, value in told)


def _groups(groups: tuple[Group, ...]) -> Table:
    """Recipe x arm x model, with the rung that the fewest first answers passed."""
    table = _table(
        "recipe", "arm", "model", "cases", "scored", "not scored", "weakest rung, first answer", right=(3, 4)
    )
    for group in groups:
        first = [rate for rate in group.rates if rate.when == "first"]
        weakest = min(first, key=lambda rate: rate.interval.rate or 0.0, default=None)
        shown = f"{weakest.title} {ranged(weakest.interval)}" if weakest else ""
        _row(
            table,
            group.recipe,
            group.arm,
            group.model or "(none)",
            str(group.cases),
            str(group.tally.scored),
            unscored(group.tally),
            shown,
        )
    return table


def _compare(console: Console, comparison: Comparison) -> None:
    """Each part of a comparison."""
    console.print()
    _say(console, f"{comparison.before.name} -> {comparison.after.name}", "bold")
    _say(console, headline(comparison), "bold red" if comparison.regressed else "bold")
    whole = comparison.whole
    if compared(whole):
        console.print()
        _say(
            console, f"{counted(whole.cases, 'case')} on both sides; {whole.family} measures corrected together", "bold"
        )
        console.print(_part(whole, comparison))
    for told in (*uncompared(whole, comparison), blind(whole, comparison), *map(apart, comparison.parts[1:])):
        if told:
            _say(console, told)
    for note in comparison.notes:
        _say(console, f"note: {note}")
    for side in (comparison.before, comparison.after):
        if side.alone:
            _say(console, f"only {side.name} has: {listed(side.alone)}")
        if side.unscored:
            _say(console, f"not scored in {side.name}: {unscored(side.tally)}")


def _part(part: Part, comparison: Comparison) -> Table:
    """A measure a row."""
    table = _table("measure", "verdict", "before to after", "")
    for row in compared(part):
        cells = (row.spoken, row.verdict, moved(row), because(row, comparison))
        _row(table, *cells, style=_STYLES[row.verdict], at=1)
    return table


def progress_line(done: int, of: int, cached: int, seconds: float) -> str:
    """`12 of 48 trials, 5 from the cache, about 3 min left`: from the mean of those that were played."""
    told = [f"{done:,} of {counted(of, 'trial')}"]
    if cached:
        told.append(f"{cached:,} from the cache")
    played = done - cached
    if played > 0 and done < of:
        left = (of - done) * seconds / played
        told.append(f"about {left:.0f} s left" if left < 100 else f"about {left / 60:.0f} min left")
    return ", ".join(told)


class Progress:
    """Tells on a terminal how far an evaluation is; on anything else it says nothing before the report."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._cached = 0
        self._shown = 0

    def __call__(self, done: int, of: int, *, cached: bool, seconds: float) -> None:
        """One more trial is done; `seconds` since the beginning."""
        self._cached += cached
        if self._live:
            text = progress_line(done, of, self._cached, seconds)
            self._write(text)

    def close(self) -> None:
        """Take the line away."""
        if self._shown:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        """Write over what stands there."""
        self._stream.write("\r" + text.ljust(self._shown))
        self._stream.flush()
        self._shown = len(text)
