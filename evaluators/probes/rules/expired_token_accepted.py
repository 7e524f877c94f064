"""The probe `expired-token-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_expiry import after_their_end
from evaluators.probes.auth_survey import told
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "expired-token-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-613", owasp="API2:2023"
)
async def expired_token_accepted(world: World) -> AsyncIterator[Flaw]:
    """A token is accepted after its end.

    Why: A token that was copied from a log, a backup or a lost device then opens the account for ever.

    Sends: Each working request with the identity's own claims, an hour after
        their `exp`, signed with the secret that the gate gave the service. After a
        login whose row names an end, that row is made old, and the credential and
        the refresh token are used.

    Applies: To JSON Web Tokens that are signed with that secret; to cookies, keys
        and refresh tokens whose login writes a row with a time that lies ahead.

    Proves: The request changes the rows that the identity's own request changes,
        or the answer shows what the identity's own shows, or brings new tokens.

    Precision: Services that sign with a key of their own are not judged: the gate
        cannot make an old token of theirs. An end that is kept in memory is not
        seen.

    Source: RFC 7519, section 4.1.4; OWASP API Security Top 10 2023, API2; CWE-613.
    """
    sentence = "{symbol} takes {with_what}."
    async for each in told(world, "expired", sentence, "Check `exp`, and require that it is there."):
        yield each
    for name in world.crew.ordinary[:1]:
        for late in await after_their_end(world, name):
            yield late
