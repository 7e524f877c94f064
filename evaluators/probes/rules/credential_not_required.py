"""The probe `credential-not-required`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_survey import told
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "credential-not-required", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-306", owasp="API2:2023"
)
async def credential_not_required(world: World) -> AsyncIterator[Flaw]:
    """An operation works without the credential that its contract asks for.

    Why: Whoever knows the address reads or changes what only a user may. A forgotten dependency on one route
        is enough, and no test of a happy path shows it.

    Sends: Each working request of an identity, once more without any credential.

    Applies: To operations whose contract asks for a credential and that were reached with one.

    Proves: The request is accepted and changes the rows that the identity's own request changes, or the answer
        shows what the identity's own answer shows.

    Precision: What the contract leaves open is not asked. An operation that answers without a credential but shows
        and changes nothing is left to the fuzzer.

    Source: OWASP API Security Top 10 2023, API2; CWE-306.
    """
    sentence = "{symbol} works without a credential, which its contract asks for."
    async for each in told(world, "absent", sentence, "Let the route depend on the check that its siblings have."):
        yield each
