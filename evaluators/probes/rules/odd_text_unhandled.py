"""The probe `odd-text-unhandled`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_odd import crashes, is_text, texts
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("odd-text-unhandled", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def odd_text_unhandled(world: World) -> AsyncIterator[Flaw]:
    """A text that JSON allows makes the service answer with a 500.

    Why: PostgreSQL refuses a null byte in a text, half of a surrogate pair cannot
        be encoded, and a long text is more than a column or an index takes. What
        the service does not refuse, the driver raises.

    Sends: Each working request with a null byte in each free text of its body and
        its query, with half of a surrogate pair, and with 70,000 characters where
        the contract states no longest length.

    Applies: To texts without a choice, a format or a pattern in the contract.

    Proves: The answer is a 500 or 502.

    Precision: Six places an operation, the first that breaks is told. A
        connection that is closed without an answer is not taken for a proof.

    Source: RFC 8259, section 8.2; PostgreSQL documentation, Character Types; CWE-20.
    """
    async for each in crashes(world, is_text, texts):
        yield each
