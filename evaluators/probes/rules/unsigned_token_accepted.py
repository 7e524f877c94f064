"""The probe `unsigned-token-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_survey import told
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "unsigned-token-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-347", owasp="API2:2023"
)
async def unsigned_token_accepted(world: World) -> AsyncIterator[Flaw]:
    """A token without a signature is accepted.

    Why: RFC 7519 knows an algorithm `none`. A service that takes the algorithm from the token believes
        whoever writes one.

    Sends: Each working request with the identity's own claims under `alg: none` and no signature, at the first
        operations in other spellings too.

    Applies: To services whose credential is a JSON Web Token and that refuse one with another signature.

    Proves: The request is accepted and changes the rows that the identity's own request changes, or the answer
        shows what the identity's own answer shows.

    Precision: One that takes any signature is told by `token-signature-unverified`.

    Source: RFC 8725, section 2.1; RFC 7519, section 6; CWE-347.
    """
    sentence = "{symbol} takes {with_what}."
    async for each in told(world, "unsigned", sentence, "Name the algorithms that are taken, `none` not among them."):
        yield each
