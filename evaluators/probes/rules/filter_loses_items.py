"""The probe `filter-loses-items`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_filters import MISSED
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("filter-loses-items", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def filter_loses_items(world: World) -> AsyncIterator[Flaw]:
    """A filtered list leaves out items that its filter names.

    Why: What is there is not found, and is entered again or given up.

    Sends: Each list once whole, once for each filter with values that some
        items have and others have not, and page by page with the filter.

    Applies: To query parameters named like a property or a column of the
        items, where the whole list came in one answer.

    Proves: An item of the whole list whose property has just the value that
        was asked for is not in the filtered one, or a page of it is shorter
        than it need be.

    Precision: A bound itself counts where its description or its name says
        so. Of a search a whole word of a title is looked for, or of what
        its description names.

    Source: The contract's own parameter; CWE-440.
    """
    async for each in told(world, (MISSED,)):
        yield each
