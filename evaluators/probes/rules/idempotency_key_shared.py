"""The probe `idempotency-key-shared`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_keys import misuses
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "idempotency-key-shared", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-639", owasp="API1:2023"
)
async def idempotency_key_shared(world: World) -> AsyncIterator[Flaw]:
    """An idempotency key of one user answers for another user's request.

    Why: Keys are chosen by clients and may meet. The second user's request is not
        done, and the answer may be the first user's.

    Sends: A request of identity A, then the same of identity B under the same key.

    Applies: Where B's request is accepted under a key of its own.

    Proves: Under A's key it changes nothing, though under its own it does.

    Precision: Nothing is said where B may not send the request at all.

    Source: IETF draft-ietf-httpapi-idempotency-key-header; CWE-639.
    """
    async for each in misuses(world, "shared"):
        yield each
