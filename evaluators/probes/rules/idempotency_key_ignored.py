"""The probe `idempotency-key-ignored`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_keys import misuses
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "idempotency-key-ignored", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-837", owasp="API6:2023"
)
async def idempotency_key_ignored(world: World) -> AsyncIterator[Flaw]:
    """A request sent again with the same idempotency key has its effect again.

    Why: The key is there so that a client may repeat what got no answer. When it
        is not looked at, each lost answer is a second payment.

    Sends: Each request that takes an idempotency key, twice with the same key and
        the same body.

    Applies: To operations with a header or a property that is named, or described
        in the contract, as such a key.

    Proves: Both are accepted, and the second adds a row or moves a number again.

    Precision: A key is known by its name or description only. A repetition that is
        refused is fine here.

    Source: IETF draft-ietf-httpapi-idempotency-key-header; CWE-837.
    """
    async for each in misuses(world, "ignored"):
        yield each
