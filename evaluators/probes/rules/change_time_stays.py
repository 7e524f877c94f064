"""The probe `change-time-stays`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import others, with_values, writing
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule

CHANGED = re.compile(
    r"^(updated|modified|changed|last_?(updated|modified|changed))(_?(at|on|time|date))?$", re.IGNORECASE
)


@rule("change-time-stays", family="probes", severity=Severity.WARNING, cwe="CWE-440", owasp="")
async def change_time_stays(world: World) -> AsyncIterator[Flaw]:
    """An update leaves the time of the last change as it was.

    Why: Whoever fetches what has changed since the last time never hears of
        it.

    Sends: Each PUT and PATCH that works, with other values.

    Applies: To rows with a column named like `updated_at` that some other
        operation of the service moves.

    Proves: The update changes another column of the row that the path
        names, and that one holds the old time.

    Precision: A column that no operation moves is left out: it may be kept
        by something outside.

    Source: CWE-440.
    """
    moved = {
        (each.table, name)
        for play in world.plays.values() for each in play.changes.updated for name in each.columns
        if CHANGED.search(name)
    }  # fmt: skip
    for play in writing(world, "PUT", "PATCH"):
        if play.subject is None or not any(table == play.subject[0] for table, _ in moved):
            continue
        step = await world.once(with_values(play.request, others(play)))
        mine = [each for each in step.changes.updated if each.table == play.subject[0]]
        names = [name for each in mine for name in each.after if (each.table, name) in moved]
        if step.ok and mine and names and not any(CHANGED.search(name) for each in mine for name in each.columns):
            yield flaw(world, [step], f"{play.operation.symbol} leaves {play.subject[0]}.{names[0]} as it was.")
