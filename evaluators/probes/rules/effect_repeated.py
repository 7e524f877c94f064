"""The probe `effect-repeated`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_states import effects_repeated
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("effect-repeated", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-841", owasp="API6:2023")
async def effect_repeated(world: World) -> AsyncIterator[Flaw]:
    """A step has its effect again on a row on which it, or one like it, was taken before.

    Why: What is cancelled twice gives the stock back twice; what is refunded after
        it was cancelled is paid back though nothing was paid.

    Sends: Each step that moves a number or adds a row, to a row that is in the state
        to which the step itself, or another that moves the same number the same
        way, leads.

    Applies: To plays that take a row from one of its states to another.

    Proves: The step is accepted and the number moves the same way again.

    Precision: A step that adds a row each time, without a number, is judged from
        its own end only when no other end is known.

    Source: CWE-841; OWASP API6:2023.
    """
    async for each in effects_repeated(world):
        yield each
