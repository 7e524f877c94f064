"""The probe `sort-ignored`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_sorting import UNSORTED
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("sort-ignored", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def sort_ignored(world: World) -> AsyncIterator[Flaw]:
    """A list is asked for an order and answers another.

    Why: The client shows the first page of a wrong order as the newest, the
        cheapest or the first.

    Sends: Each list with each value that the contract lists for its sort
        parameter, rising and falling.

    Applies: To lists with a parameter such as `sort` or `order_by` whose
        listed values name properties of the items.

    Proves: The values of that property stand neither in the order asked for
        nor in any of the ways in which texts are ordered (by character, by
        letter, without case, as numbers).

    Precision: Orders whose property the items do not show, and lists with
        fewer than three items, are not judged.

    Source: The contract's own parameter; CWE-440.
    """
    async for each in told(world, (UNSORTED,)):
        yield each
