"""The probe `creation-time-moves`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import others, places_of, with_values, writing
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule

CREATED = re.compile(r"^(created|inserted)(_?(at|on|time|date))?$|^creation", re.IGNORECASE)


@rule("creation-time-moves", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def creation_time_moves(world: World) -> AsyncIterator[Flaw]:
    """An update changes the time of the creation.

    Why: Whoever sorts, bills or deletes by that time goes wrong; what it
        was is lost.

    Sends: Each PUT and PATCH that works, with other values.

    Applies: To rows with a column for the time of their creation, in
        operations whose body does not name it.

    Proves: The update is accepted, and the column of the row that the path
        names holds another time.

    Precision: Only columns named like `created_at` count.

    Source: PostgreSQL manual, section 5.2 (a default is for the insert);
        CWE-440.
    """
    for play in writing(world, "PUT", "PATCH"):
        for request in (with_values(play.request, others(play)), play.request):
            step = await world.once(request) if request is not play.request else play.step
            mine = [each for each in step.changes.updated if play.subject and each.table == play.subject[0]]
            names = {name for each in mine for name in each.columns if CREATED.search(name)}
            if step.ok and names and not any(CREATED.search(str(place[-1])) for place, _ in places_of(play)):
                name = sorted(names)[0]
                yield flaw(world, [step], f"{play.operation.symbol} changes {mine[0].table}.{name}.")
                break
