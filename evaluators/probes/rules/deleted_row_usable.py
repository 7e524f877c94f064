"""The probe `deleted-row-usable`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_times import deleted_usable
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("deleted-row-usable", family="probes", severity=Severity.ERROR, cwe="CWE-672", owasp="")
async def deleted_row_usable(world: World) -> AsyncIterator[Flaw]:
    """What was deleted, and is not found any more, still takes part in other requests.

    Why: A row that is only marked as deleted must be left out everywhere. Where one
        place forgets it, orders are placed for products that are gone.

    Sends: Each deletion that marks a row, a read of it, and each request that names
        the row and adds others to it.

    Applies: Where the read answers 404 or 410 after the deletion.

    Proves: The request is accepted and adds a row.

    Precision: Nothing is said where the deleted row can still be read.

    Source: CWE-672 (operation on a resource after expiration or release).
    """
    async for each in deleted_usable(world):
        yield each
