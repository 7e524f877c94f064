"""The probe `number-stored-differently`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_odd import numbers_changed
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("number-stored-differently", family="probes", severity=Severity.ERROR, cwe="CWE-682", owasp="")
async def number_stored_differently(world: World) -> AsyncIterator[Flaw]:
    """A number is accepted and another one is stored.

    Why: Half a cent is rounded away without a word, or 0.29 becomes 28 cents,
        since 0.29 * 100 is less than 29 in binary. Many small differences are sums
        that nobody can explain.

    Sends: Each working request with a fraction in each number of its body: .29,
        .15 and .005, and .5 where whole numbers are asked for.

    Applies: To numbers that are stored as they are sent, or in hundredths.

    Proves: The request is accepted and the row holds another number.

    Precision: Binary columns (real, double precision) hold what they can.

    Source: CWE-682; IEEE 754; Fowler, Patterns of Enterprise Application Architecture, Money.
    """
    async for each in numbers_changed(world):
        yield each
