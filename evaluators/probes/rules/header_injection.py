"""The probe `header-injection`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_output import headers
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("header-injection", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-113", owasp="")
async def header_injection(world: World) -> AsyncIterator[Flaw]:
    """A text of a request becomes a header of an answer, or a parameter of one.

    Why: A header of the sender's sets cookies and forges whole answers; a name
        that ends its quotes gives a download another name and type.

    Sends: To each text of a path, a query and a body a line break and a header
        of our own; where an answer has a quoted parameter, a quote and a
        parameter of our own.

    Applies: To places that take text, and to reads that show what a write stored.

    Proves: The answer has our header or our parameter; or the server refused to
        send the value with our line break in it, which its log says.

    Precision: A server that refuses such values hides which header it was.

    Source: CWE-113; RFC 9110, section 5.5; RFC 6266, section 4.1.
    """
    async for each in headers(world):
        operation = each.steps[-1].request.operation
        sender = each.entry.play.operation
        named = each.entry.said if sender == operation else f"{each.entry.said} of {sender.symbol}"
        text = f"{operation.symbol} writes {named} into a header as it is: {each.what}."
        hint = "Quote the value, or encode it as RFC 8187 says (`filename*=UTF-8''...`)."
        yield flaw(world, each.steps, text, hint=hint)
