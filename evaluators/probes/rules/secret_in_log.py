"""The probe `secret-in-log`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_logs import secrets_said
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("secret-in-log", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-532", owasp="")
async def secret_in_log(world: World) -> AsyncIterator[Flaw]:
    """A password or a credential stands in the service's log.

    Why: Logs are kept for months, copied to other systems and read by people who
        must not act in a user's name.

    Sends: Each working request that takes a password, with one that nothing else
        uses, right and in a wrong form; a login with the right and a wrong
        password. Otherwise it reads what was logged while operations were reached.

    Applies: To passwords, access and refresh tokens, session cookies and API keys.

    Proves: A line that the service wrote meanwhile holds the text that the
        request carried or the answer gave.

    Precision: Lines that a server writes for each request, and lines that stand for a
        mail, are left out; the mail's own link is meant for the log until there is
        a mail server.

    Source: OWASP Logging Cheat Sheet, "Data to exclude"; CWE-532.
    """
    for said in await secrets_said(world):
        text = f"{said.step.request.symbol} writes {said.what} to the log."
        hint = "Log the id of the account, never what people type or hold."
        yield flaw(world, [said.step], text, hint=hint, seen=f"Log: {said.line.strip()[:200]}")
