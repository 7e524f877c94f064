"""The probe `dead-state-revived`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_states import dead_revived
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("dead-state-revived", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-841", owasp="API6:2023")
async def dead_state_revived(world: World) -> AsyncIterator[Flaw]:
    """A step goes on from a state in which everything else is refused.

    Why: A cancelled order is paid and sent, a rejected application is approved. The
        check of the state is there in all other steps.

    Sends: Each step from each state of its table, set by the gate.

    Applies: To three or more steps over one column of states; the step declares 409,
        begins in a state from which others go on, and ends in one.

    Proves: It is accepted from a state to which another step leads and that all
        other steps refuse, and does all that it does otherwise.

    Precision: A step that is meant to reopen begins in such a state and is left
        alone.

    Source: CWE-841; OWASP API6:2023.
    """
    async for each in dead_revived(world):
        yield each
