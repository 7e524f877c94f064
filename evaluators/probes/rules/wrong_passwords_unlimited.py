"""The probe `wrong-passwords-unlimited`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_doors import ATTEMPTS, unlimited
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "wrong-passwords-unlimited",
    family="probes",
    severity=Severity.WARNING,
    security=True,
    cwe="CWE-307",
    owasp="API2:2023",
)
async def wrong_passwords_unlimited(world: World) -> AsyncIterator[Flaw]:
    """A login takes any number of wrong passwords.

    Why: People take short words and use them again. Without a limit a program
        tries the thousand most common ones for each account within minutes.

    Sends: Twenty-five logins of one account with wrong passwords, and one with
        the right one.

    Applies: To logins with a password whose contract declares no 429.

    Proves: Every wrong one is answered alike, and the right one is still
        accepted.

    Precision: A limit above 25 attempts, or one by network address in front of
        the service, is not seen: so it is a warning.

    Source: OWASP API Security Top 10 2023, API2; NIST SP 800-63B, 5.2.2; CWE-307.
    """
    found = await unlimited(world)
    if found is not None and not found.declared:
        symbol = found.right.request.symbol
        text = f"{symbol} takes {ATTEMPTS} wrong passwords in a row, and the right one after them."
        hint = "Count attempts for each account before the password is looked at, and answer 429 above a limit."
        seen = f"{ATTEMPTS} wrong ones, each answered {found.first.status}; then the right one."
        yield flaw(world, [found.first, found.right], text, hint=hint, seen=seen)
