"""The probe `request-forged`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_remote import addresses, shown_without_port
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("request-forged", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-918", owasp="API7:2023")
async def request_forged(world: World) -> AsyncIterator[Flaw]:
    """The service calls an address that a request names, inside of its own network.

    Why: The address may be the cloud's own service of credentials, a database's
        console, or what only the neighbours should reach.

    Sends: To each text of a request the address of a listener of the gate's
        inside of the sandbox; to places of addresses also other spellings of
        loopback, and after a write other requests that may lead to the call.

    Applies: To places that take text, of operations that were reached.

    Proves: The listener was called.

    Precision: Names that an attacker's own server resolves to loopback are not
        tried, since the sandbox has no network.

    Source: OWASP API Security Top 10 2023, API7; CWE-918.
    """
    async for each in addresses(world):
        text = f"{each.entry.play.operation.symbol} {each.what}, by {each.entry.said}."
        hint = "Resolve the name, refuse addresses that are not public, and connect to the address that was checked."
        found = flaw(world, each.steps, text, operation=each.entry.play.operation, seen=each.seen, hint=hint)
        yield shown_without_port(world, found)
