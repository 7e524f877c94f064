"""The probe `page-loses-items`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_paging import DOUBLED, LOST
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("page-loses-items", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def page_loses_items(world: World) -> AsyncIterator[Flaw]:
    """A list that is read page by page loses items or shows them twice.

    Why: An export that walks the pages is not complete, and nobody notices;
        what comes twice is billed twice.

    Sends: Each list once whole and then page by page, by offset, page
        number or cursor; the same once more with rows that are equal in
        their times.

    Applies: To lists of three items or more with a page size and a way to
        go on.

    Proves: The items of the pages are not those of the whole list, or one
        comes twice.

    Precision: The whole list must come in one answer. Rows that are equal
        in all that a list is sorted by need a last key in the order;
        whether a database mixes them at a given time is its own choice, so
        a defect may be missed.

    Source: PostgreSQL manual, section 7.6 (LIMIT without a unique order
        gives an unpredictable subset); CWE-440.
    """
    async for each in told(
        world,
        (
            LOST,
            DOUBLED,
        ),
    ):
        yield each
