"""What a request that ought to change nothing has changed, of what anybody can see."""

from __future__ import annotations

import re
from collections import defaultdict

from evaluators.probes.atlas import CODED
from evaluators.probes.behaviour_refusals import AGAIN, Trial
from evaluators.probes.behaviour_values import moment, same
from evaluators.probes.world import Play, World
from evaluators.service.oracle import Changes, Update
from evaluators.service.step import Step

COUNTED = re.compile(
    r"(^|_)(views?|viewed|visits?|visited|hits?|clicks?|downloads?|downloaded|accessed|access|reads|opens|uses|used|"
    r"seen|attempts?|fail(ed|ures?)?|locked|logins?|touched|last|active)(_|$)|_count$|Count$|last[A-Z]",
)
"""Columns that a read may move by design."""
LOGGED = re.compile(r"log|audit|journal|history|access|visit|view|event|session|metric|outbox", re.IGNORECASE)
"""Tables that a read may add to by design."""
MEANT = re.compile(
    r"\b(marks?|marked|sets|records|counts|creates|renews|extends|touches|remembers|logs|tidies|removes|deletes)\b",
    re.IGNORECASE,
)
"""Words of a contract that says that a read writes."""
ATTEMPTED = re.compile(r"attempt|fail|lock|last|seen|expire", re.IGNORECASE)
"""Columns that a refused request may move by design."""
JOURNAL = 4
"""A table that so many operations add to is a journal of what happens."""

Visible = dict[str, set[str]]
"""Table -> its columns that answers of reads show."""


def visible(world: World) -> Visible:
    """What answers of reads show, journals left out."""
    found: Visible = defaultdict(set)
    for operation in world.operations("GET"):
        play = world.plays.get(operation.symbol)
        for table, column in play.shown.values() if play is not None else ():
            found[table].add(column)
    adding: dict[str, set[str]] = defaultdict(set)
    for symbol, play in world.plays.items():
        for table, _ in play.changes.added:
            adding[table].add(symbol)
    return {table: columns for table, columns in found.items() if len(adding[table]) < JOURNAL}


def left_behind(trial: Trial, shown: Visible) -> str:
    """What a refused request changed in the way in which the accepted one does; empty: nothing to be seen."""
    step, whole = trial.last, trial.steps[0].changes if trial.kind == AGAIN else trial.play.changes
    for table, _ in step.changes.added:
        if table in shown and whole.rows_added(table):
            return f"a new row of {table}"
    for table, row in step.changes.removed:
        expired = any(re.search("expir|until", name) and moment(str(row[name])) for name in row)
        if table in shown and not expired and any(name == table for name, _ in whole.removed):
            return f"{table} with a row less"
    for each in step.changes.updated:
        names = [name for name in each.columns if name in shown.get(each.table, ()) and not ATTEMPTED.search(name)]
        for name in names:
            if _meant(each, name, whole, again=trial.kind == AGAIN):
                return f"{each.table}.{name} changed"
    return ""


def _meant(update: Update, name: str, whole: Changes, *, again: bool) -> bool:
    """Whether the accepted request changes that column alike: to the same value, or by the same amount."""
    for other in whole.updated:
        if other.table != update.table or name not in other.columns:
            continue
        if same(other.after[name], update.after[name]):
            return True
        moved = [_moved(each, name) for each in (other, update)]
        if moved[0] is not None and moved[1] is not None and abs(moved[0] - moved[1]) < 1e-9:
            return True
    return False


def _moved(update: Update, name: str) -> float | None:
    """By how much a number changed."""
    before, after = update.before.get(name), update.after.get(name)
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return None
    return float(after) - float(before)


def taken_by_token(play: Play) -> bool:
    """Whether a read is led by a token or a code, as links of mails are: such a read does something by design."""
    return any(CODED.search(name) for name in (*play.request.path, *play.request.query))


def written(step: Step, shown: Visible, play: Play) -> str:
    """What a read has written, of what answers show; empty: nothing, or what the contract says."""
    node = play.operation.node
    said = f"{node.text('summary')} {node.text('description')}"
    if MEANT.search(said):
        return ""
    for table, _ in step.changes.added:
        if table in shown and not LOGGED.search(table):
            return f"adds a row to {table}"
    for table, _ in step.changes.removed:
        if table in shown and not LOGGED.search(table):
            return f"removes a row of {table}"
    for each in step.changes.updated:
        for name in each.columns:
            if name in shown.get(each.table, ()) and not COUNTED.search(name) and not LOGGED.search(each.table):
                return f"changes {each.table}.{name}"
    return ""
