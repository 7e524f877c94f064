"""The probe `create-loses-value`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from evaluators.finding import Severity
from evaluators.probes.atlas import bare, snake
from evaluators.probes.behaviour_rows import arrived, others, places_of, with_values, writing
from evaluators.probes.behaviour_values import FORMED, SECRET, property_at
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row


@rule("create-loses-value", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def create_loses_value(world: World) -> AsyncIterator[Flaw]:
    """A creation is accepted, and the row holds something else than what was sent.

    Why: What the client entered is lost or replaced without a word; it shows
        when somebody needs it.

    Sends: Each POST that creates a row, with other values than before.

    Applies: To properties of the body that have a column of their own name (or
        of their `x-column`) in the row that is made.

    Proves: The answer is 2xx, and the column of the new row holds neither the
        value nor another form of it (another unit, the other sign, trimmed, in lower case).

    Precision: Passwords, links and addresses are left out. A column that keeps
        something else under the same name would be a false finding; none was
        seen but the sign of a ledger's amounts, which counts as the value now.

    Source: RFC 9110, section 9.3.3 (201: the resource was created as the
        request asked); CWE-440.
    """
    for play in writing(world, "POST"):
        if play.subject is None or not play.step.changes.rows_added(play.subject[0]):
            continue
        for request in (play.request, with_values(play.request, others(play))):
            step = play.step if request is play.request else await world.once(request)
            rows = step.changes.rows_added(play.subject[0])
            if not step.ok or len(rows) != 1:
                continue
            varied = Play(request, step, play.columns, play.shown, play.subject)
            lost = _lost(world, varied, rows[0])
            if lost is not None:
                told, name = lost
                message = f"{play.operation.symbol} is sent {told}, but the new row of {play.subject[0]} holds another."
                yield flaw(world, [step], message, seen=f"rows: {name} does not hold what was sent")
                break


def _lost(world: World, play: Play, row: Row) -> tuple[str, str] | None:
    """(place, column) of the first value that did not arrive."""
    table = world.seeds.table(play.subject[0]) if play.subject else None
    cells = list(row.values())
    cells += [cell for _, other in play.changes.added for cell in other.values()]
    for place, value in places_of(play):
        told = str(place[-1])
        known = property_at(play.operation, place)
        if table is None or len(place) != 1 or SECRET.search(told) or FORMED.search(told):
            continue
        if known is None or known.facets.read_only or known.facets.format in ("email", "uri", "url", "password"):
            continue
        name = known.column or snake(told)
        column = table.column(name)
        if column is None or column.computed or name in table.key or bare(name) != bare(told):
            continue
        if not _holds(value, row.get(name)) and not _elsewhere(value, cells):
            return told, name
    return None


def _holds(value: Any, held: Any) -> bool:
    """Whether a column holds a value, or the contract's text of it in a form of its own."""
    if isinstance(held, dict | list):
        return True
    # What goes out is negative in a ledger.
    negative = -value if isinstance(value, int | float) and not isinstance(value, bool) else value
    return arrived(value, held) or arrived(negative, held)


def _elsewhere(value: Any, cells: list[Any]) -> bool:
    """Whether a value that chance would hardly bring is in another cell of what was made."""
    strong = isinstance(value, str) and len(value) > 3
    return strong and any(arrived(value, cell) for cell in cells)
