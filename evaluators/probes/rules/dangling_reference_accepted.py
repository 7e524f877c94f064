"""The probe `dangling-reference-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from evaluators.finding import Severity
from evaluators.probes.behaviour_refusals import POINTS, refusals
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.bodies import Place


@rule("dangling-reference-accepted", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def dangling_reference_accepted(world: World) -> AsyncIterator[Flaw]:
    """A body that names something that does not exist is accepted, and the row points to nothing.

    Why: Whatever joins the row loses it, or fails. The database would have
        refused it, had the foreign key been in force.

    Sends: Each write that works, with a key of nothing in place of each
        reference of its body.

    Applies: To places of a body whose value was seen in a column with a
        foreign key.

    Proves: The answer is 2xx, and a row holds the key in that column,
        though the table that it points to has no such row.

    Precision: References without a foreign key in the schema are not known
        for such.

    Source: SQLite manual, Foreign Key Support (off unless switched on);
        CWE-20.
    """
    for trial in await refusals(world):
        if trial.kind != POINTS or not trial.last.ok or trial.play.operation.method == "GET":
            continue
        table, column = trial.points
        value = str(trial.last.request.body if not trial.place else _at(trial.last.request.body, trial.place))
        rows = [*trial.last.changes.rows_added(table)]
        rows += [each.after for each in trial.last.changes.updated if each.table == table]
        if any(str(row.get(column)) == value for row in rows):
            told = f"{trial.play.operation.symbol} accepts a {trial.place[-1]} that names nothing."
            yield flaw(world, [trial.last], told, seen=f"rows: {table}.{column} points to nothing")


def _at(body: Any, place: Place) -> Any:
    for part in place:
        body = body[part]
    return body
