"""The probe `amount-misbooked`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_units import other_units
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("amount-misbooked", family="probes", severity=Severity.ERROR, cwe="CWE-682", owasp="")
async def amount_misbooked(world: World) -> AsyncIterator[Flaw]:
    """An amount is booked in another unit than it was sent in, or rounded.

    Why: One operation takes cents for euros, and every deposit is a hundred times
        itself, or the cents of each are lost. The books agree with each other, so
        nobody finds it in them.

    Sends: Each number of each working request with a little more, with two
        numbers that no unit divides, such as 12347, and with ten such as 29, whose
        hundredth part no binary fraction holds.

    Applies: To numbers that another operation, which has a property of the same
        name, books in the same column as they are sent; to those that the answer
        has by the same name and with the same bounds; and to those that are booked as
        they are sent most of the time.

    Proves: Each number came to a hundred or a thousand times itself, or to a part of
        it, or both odd ones were rounded to tens, hundreds or thousands; or some were
        booked one short, and all others exactly.

    Precision: A factor that a row at hand holds is taken for a price. Other factors,
        and rates, are not judged.

    Source: CWE-682, Incorrect Calculation; Fowler, Patterns of Enterprise
        Application Architecture, Money.
    """
    async for each in other_units(world):
        yield each
