"""The probe `write-by-stranger`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_ranks import reserved
from evaluators.probes.authorization_trial import Trials, trials_of
from evaluators.probes.authorization_writing import UNSAFE, allowed, kept, raised
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.oracle import Row

MORE = 2
"""Further rows that are tried."""


@rule("write-by-stranger", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023")
async def write_by_stranger(world: World) -> AsyncIterator[Flaw]:
    """A user changes or deletes what belongs to another user, or attaches something to it.

    Why: Whoever counts ids, or sees one in a link, writes into other people's
        data.

    Sends: Each POST, PUT, PATCH and DELETE that works for one identity with
        the id of its own row, once more as another identity; what else the
        body names is the other identity's own.

    Applies: To rows that belong to one identity alone and that the service
        keeps from the other: it may not read the row, a sibling on the same
        path refuses it, or the contract declares 403 here and not everywhere.
        What only those with a role may have is tried by one of that role.

    Proves: The stranger's request is accepted, and afterwards a row of the
        other identity is changed or gone, or a new row belongs to it; made by one of
        a role, a row of which nothing says who made it.

    Precision: A like for a public post or a bid for a listing changes a
        stranger's row by design: nothing is said where the thing may be read
        and no sibling refuses. A wiki's pages that everybody may edit are
        quiet for the same reason.

    Source: OWASP API Security Top 10 2023, API1; CWE-639.
    """
    trials = trials_of(world)
    for play in trials.plays("POST", "PUT", "PATCH", "DELETE"):
        found = trials.subject(play)
        owner, stranger = play.request.who, trials.other(play.request.who)
        if found is None or stranger is None or owner is None or await reserved(trials, play):
            continue
        for row in _rows(trials, found, owner, stranger):
            step = await allowed(trials, play, row, owner, stranger)
            evidence = await kept(trials, play, step, (found[0], row), stranger) if step is not None else None
            if step is None or evidence is None:
                continue
            touched = trials.ownership.touched(step.changes, owner)
            done = f"changes a row of {touched[0]}" if touched else f"attaches to a row of {found[0]}"
            yield flaw(
                world,
                [*evidence, step],
                f"{play.operation.symbol} lets a stranger in: it {done} that belongs to somebody else.",
                hint="Look the row up by its id and its owner together.",
            )
            break
    for play in list(world.plays.values()):
        if play.operation.method not in UNSAFE or play.request.who not in world.crew.lifted:
            continue
        told = await raised(trials, play)
        if told is not None:
            yield flaw(
                world,
                told[0],
                f"{play.operation.symbol} lets everybody of a role in: it {told[1]} that belongs to somebody else.",
                hint="Look the row up by its id and its owner together.",
            )


def _rows(trials: Trials, found: tuple[str, Row], owner: str, stranger: str) -> list[Row]:
    """The row of the working request, and a few more of the same owner: what they belong to may be in another state."""
    table, first = found
    rows = [row for (name, _), row in trials.ownership.rows.items() if name == table and row != first]
    mine = [row for row in rows if trials.ownership.owner(table, row) == owner]
    return [row for row in (first, *mine[:MORE]) if trials.ownership.strange(table, row, stranger)]
