"""The probe `token-signature-unverified`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_survey import told
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "token-signature-unverified",
    family="probes",
    severity=Severity.ERROR,
    security=True,
    cwe="CWE-347",
    owasp="API2:2023",
)
async def token_signature_unverified(world: World) -> AsyncIterator[Flaw]:
    """A token whose signature is not the service's is accepted.

    Why: Whoever writes a token with another user's id is that user. Reading the claims without checking the
        signature looks the same in every test that uses honest tokens.

    Sends: Each working request with the identity's own claims signed with another secret; at the first
        operation that reads and the first that writes also with the signature cut off.

    Applies: To services whose credential is a JSON Web Token.

    Proves: The request is accepted and changes the rows that the identity's own request changes, or the answer
        shows what the identity's own answer shows.

    Precision: One that takes its public key for the secret is told by `public-key-taken-as-secret`.

    Source: RFC 8725, section 3.1; OWASP API Security Top 10 2023, API2; CWE-347.
    """
    sentence = "{symbol} takes {with_what}."
    async for each in told(
        world,
        "signature",
        sentence,
        "Verify the signature with the service's key, and name the algorithms that it takes.",
    ):
        yield each
