"""The probe `personal-data-in-log`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_logs import persons_said
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("personal-data-in-log", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-532", owasp="")
async def personal_data_in_log(world: World) -> AsyncIterator[Flaw]:
    """An address, a phone number or a name of a person stands in the service's log.

    Why: Logs are kept for months and copied to other systems. Whoever asks for
        their data to be erased cannot be erased from them.

    Sends: Each working request that takes a password, with one that nothing else
        uses, right and in a wrong form; a login with the right and a wrong
        password. Otherwise it reads what was logged while operations were reached.

    Applies: To the properties of a body that are called like an address, a phone
        number, a birthday or a person's name, and to the address of whoever asks.

    Proves: A line that the service wrote meanwhile holds the text that the
        request carried or the answer gave.

    Precision: A property of another name is not known for personal. Lines that a server
        writes for each request, and lines that stand for a mail, are left out.

    Source: OWASP Logging Cheat Sheet, "Data to exclude"; CWE-532.
    """
    for said in await persons_said(world):
        text = f"{said.step.request.symbol} writes {said.what} to the log."
        hint = "Log the id of the account, never what people type or hold."
        yield flaw(world, [said.step], text, hint=hint, seen=f"Log: {said.line.strip()[:200]}")
