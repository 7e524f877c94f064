"""The probe `state-ignored`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_matrix import forbidden, relabelled
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("state-ignored", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-841", owasp="API6:2023")
async def state_ignored(world: World) -> AsyncIterator[Flaw]:
    """An operation works for what is over, or from a state that its description rules out.

    Why: A cancelled fine is paid, a delivered order is taken back, a permit that
        was revoked gets a new term.

    Sends: Each operation about a row, from each state of the row, set by the gate:
        those that change the state, and those that make something which belongs to it.
        Of those whose body names the new state, each end from each other end.

    Applies: To operations that declare 409.

    Proves: It does all that it does otherwise, from a state that a sentence of its
        description rules out or leaves out, or whose name says that it is over while
        no other operation goes on from it; or where another operation is for that
        state, takes the same back and besides undoes what led there, which this
        one leaves as it is.

    Precision: What is meant for a thing that is over (reopening, refunding, reviewing) is
        left alone, and so is a state that its description names.

    Source: CWE-841; OWASP API6:2023.
    """
    async for each in forbidden(world):
        yield each
    async for each in relabelled(world):
        yield each
