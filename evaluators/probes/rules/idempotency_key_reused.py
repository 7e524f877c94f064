"""The probe `idempotency-key-reused`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_keys import misuses
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("idempotency-key-reused", family="probes", severity=Severity.ERROR, cwe="CWE-837", owasp="")
async def idempotency_key_reused(world: World) -> AsyncIterator[Flaw]:
    """Another request under a used idempotency key is answered as if it had been done.

    Why: The client believes that the second payment was made, or it was made under
        a key that stands for the first. Either way the key says nothing any more.

    Sends: A request with a key, then one with the same key and another amount.

    Applies: Where the same request under the same key is answered without a second
        effect, and the other body is accepted under a key of its own.

    Proves: The other body is answered with 2xx under the used key.

    Precision: Only a changed number counts as another body.

    Source: IETF draft-ietf-httpapi-idempotency-key-header, section 2.7 (422 on reuse).
    """
    async for each in misuses(world, "reused"):
        yield each
