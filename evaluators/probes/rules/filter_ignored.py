"""The probe `filter-ignored`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_filters import IGNORED
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("filter-ignored", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def filter_ignored(world: World) -> AsyncIterator[Flaw]:
    """A list answers items that its filter does not name.

    Why: A client that asks for the open ones gets the closed ones too and
        shows them as open; where the filter is to keep apart what belongs
        to different people, it shows what is not theirs.

    Sends: Each list once whole, and once for each filter with values that
        some items have and others have not (each of an enumeration, a text
        that another one contains, a bound in the middle of them, the bound
        in another zone, 0, a text that nothing contains); then two filters
        together. The rows are made to differ before, by one step, a letter
        or a few minutes.

    Applies: To query parameters that are not required and are named like a
        property or a column of the items (`status`, `min_price`,
        `starts_after`), like an array of theirs (`tag`), like a flag
        (`availability=available`), or like a search (`q`). One that is named
        like none of these is tried with the values of each property: where
        just the items come that one of them explains, it is of that one.

    Proves: An item comes whose own property, or whose row, contradicts the
        filter.

    Precision: A text filter may match a part of the property, unless it
        says `exactly`, or is of a code's form. Whether a bound itself is
        let through is told by the description, else by the name (`min`,
        `from`: yes; `after`, `before`: no), else it is left open. A filter
        of another name than what it filters is judged as far as what it does
        to most values tells what it is of; one that does nothing is not.

    Source: The contract's own parameter; CWE-440.
    """
    async for each in told(world, (IGNORED,)):
        yield each
