"""The probe `total-wrong`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_paging import WRONG_TOTAL
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("total-wrong", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def total_wrong(world: World) -> AsyncIterator[Flaw]:
    """A list tells another total than it has items.

    Why: Page numbers and counters come from it: the last page is empty, or
        is never shown.

    Sends: Each list whole, with the smallest page size, and with each
        filter.

    Applies: To answers with a number named `total` or alike beside the
        items, where all items came in one answer.

    Proves: The number differs from the items that came.

    Precision: A total that is bounded by design (`10000+`) is not met with
        so few items.

    Source: The contract's own property; CWE-440.
    """
    async for each in told(world, (WRONG_TOTAL,)):
        yield each
