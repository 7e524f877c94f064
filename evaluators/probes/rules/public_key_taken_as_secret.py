"""The probe `public-key-taken-as-secret`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_survey import told
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "public-key-taken-as-secret",
    family="probes",
    severity=Severity.ERROR,
    security=True,
    cwe="CWE-347",
    owasp="API2:2023",
)
async def public_key_taken_as_secret(world: World) -> AsyncIterator[Flaw]:
    """A token is accepted that is signed by HMAC with the service's public key.

    Why: The public key is there for everybody. A service that takes the algorithm from the token verifies an
        HS256 token with the key's text as the secret, and so whoever reads the key is any user.

    Sends: Each working request with the identity's own claims under `alg: HS256`, signed with the text (PEM) of
        a public key that the service publishes as a set of keys or that stands in its files.

    Applies: To services whose credential is a JSON Web Token that a key of RSA signed, and that refuse one with
        another signature.

    Proves: The request is accepted and changes the rows that the identity's own request changes, or the answer
        shows what the identity's own answer shows.

    Precision: Keys of elliptic curves, and keys that only the surroundings give the service, are not tried.

    Source: RFC 8725, section 2.1; OWASP API Security Top 10 2023, API2; CWE-347.
    """
    sentence = "{symbol} takes {with_what}."
    async for each in told(world, "confused", sentence, "Name the algorithms that are taken, and none of HMAC."):
        yield each
