"""The probe `token-without-expiry`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from evaluators.finding import Severity
from evaluators.probes.auth_entry import Entry, sampled
from evaluators.probes.auth_tokens import decoded
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("token-without-expiry", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-613", owasp="API2:2023")
async def token_without_expiry(world: World) -> AsyncIterator[Flaw]:
    """A login hands out a signed token that never ends.

    Why: A signed token is valid as long as it says. Without an end, every copy
        in a log or a backup is a key to the account for ever.

    Sends: A login.

    Applies: To logins whose credential is a JSON Web Token.

    Proves: The token has no `exp`.

    Precision: One that the service also looks up in a table, and ends there, is
        told all the same, unless a claim of it names a row that the login wrote.

    Source: RFC 8725, section 3.10; RFC 7519, section 4.1.4; CWE-613.
    """
    for name in world.crew.ordinary[:1]:
        entry = await sampled(world, name)
        read = decoded(entry.held.value) if entry is not None and entry.held is not None else None
        if entry is None or read is None or "exp" in read[1] or _looked_up(entry, read[1]):
            continue
        step = entry.steps[-1]
        text = f"{step.request.symbol} hands out a token without an end."
        seen = f"Its claims: {', '.join(sorted(read[1]))}."
        yield flaw(world, [step], text, hint="Set `exp`, minutes to hours ahead.", seen=seen)


def _looked_up(entry: Entry, claims: dict[str, Any]) -> bool:
    """Whether a row that the login wrote is named by a claim, so that the service can end it there."""
    own = {str(value) for value in entry.member.row.values()}
    named = {str(value) for value in claims.values()} - own
    return any(str(value) in named for step in entry.steps for _, row in step.changes.added for value in row.values())
