"""The probe `idempotency-key-race`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_keys import misuses
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("idempotency-key-race", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-362", owasp="API6:2023")
async def idempotency_key_race(world: World) -> AsyncIterator[Flaw]:
    """Requests at the same time with one idempotency key have more than one effect.

    Why: Clients repeat when an answer is late, that is while the first is still at
        work. A key that is looked up first and stored last lets both through.

    Sends: Each request that takes an idempotency key, four times at once with the
        same key; on PostgreSQL while the gate holds a lock, so that all have
        looked before one writes.

    Applies: Where a repetition after the first has no second effect.

    Proves: More than one is accepted, and there are more new rows than one makes,
        or a number has moved further.

    Precision: Races between processes are not seen.

    Source: IETF draft-ietf-httpapi-idempotency-key-header; CWE-362.
    """
    async for each in misuses(world, "race"):
        yield each
