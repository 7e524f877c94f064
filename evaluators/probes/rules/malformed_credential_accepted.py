"""The probe `malformed-credential-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_survey import told
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "malformed-credential-accepted",
    family="probes",
    severity=Severity.ERROR,
    security=True,
    cwe="CWE-287",
    owasp="API2:2023",
)
async def malformed_credential_accepted(world: World) -> AsyncIterator[Flaw]:
    """A credential that is none lets a request in.

    Why: A guard that only looks whether the header is there, or falls back to somebody where it cannot read
        it, guards nothing.

    Sends: Each working request with a text that is no credential; at the first operation that reads and the
        first that writes also an empty one, one of another scheme, and texts near the right one: under another
        scheme or none, with more behind it, each half of it, with the letters' case changed, a pattern that fits
        every one; of HTTP basic a name without, with an empty and with a part of the password.

    Applies: To operations whose contract asks for a credential and that refuse a request without one.

    Proves: The request is accepted and changes the rows that the identity's own request changes, or the answer
        shows what the identity's own answer shows.

    Precision: Texts that a service happens to hold as a credential are not guessed, so a key that is too short is
        not found here.

    Source: OWASP API Security Top 10 2023, API2; CWE-287.
    """
    sentence = "{symbol} takes {with_what}."
    async for each in told(world, "malformed", sentence, "Refuse with 401 what cannot be read as a credential."):
        yield each
