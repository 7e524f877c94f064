"""The probe `write-by-stranger`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.authorization_writing import allowed, kept
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


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

    Proves: The stranger's request is accepted, and afterwards a row of the
        other identity is changed or gone, or a new row belongs to it.

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
        if found is None or stranger is None or owner is None or not trials.ownership.strange(*found, stranger):
            continue
        step = await allowed(trials, play, found, owner, stranger)
        evidence = await kept(trials, play, step, found, stranger) if step is not None else None
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
