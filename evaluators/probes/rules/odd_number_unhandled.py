"""The probe `odd-number-unhandled`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_odd import crashes, is_number, numbers
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("odd-number-unhandled", family="probes", severity=Severity.ERROR, cwe="CWE-190", owasp="")
async def odd_number_unhandled(world: World) -> AsyncIterator[Flaw]:
    """A number beyond what a column holds, or none at all, makes the service answer with a 500.

    Why: 2^31 does not fit into an integer column, 2^63 into no integer at all, and
        NaN is accepted by many JSON readers. What is not refused is raised by the
        driver, or when the answer is written.

    Sends: Each working request with 2^31, 2^63, 10^40 and NaN in each number of
        its body, and with 2^31 and 2^63 in those of its query.

    Applies: To numbers that are no choice; those beyond a stated maximum only once.

    Proves: The answer is a 500 or 502.

    Precision: Six places an operation, the first that breaks is told. A
        connection that is closed without an answer is not taken for a proof.

    Source: PostgreSQL documentation, Numeric Types; RFC 8259, section 6; CWE-190.
    """
    async for each in crashes(world, is_number, numbers):
        yield each
