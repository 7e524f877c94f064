"""The probe `markup-unescaped`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_output import pages
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("markup-unescaped", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-79", owasp="")
async def markup_unescaped(world: World) -> AsyncIterator[Flaw]:
    """A text of a request stands unescaped in a page.

    Why: Whoever opens the page runs the sender's script, with all that he may do
        there.

    Sends: An element with a handler of an event, and a quote with one, to each
        text of a request that is answered with a page, and to each text of a
        write whose row a page shows.

    Applies: To answers that a browser shows: HTML and SVG, neither as an
        attachment nor with a sandbox.

    Proves: An HTML parser finds our handler as a handler in the page.

    Precision: Addresses (`javascript:`) are not tried.

    Source: CWE-79; OWASP Cross Site Scripting Prevention Cheat Sheet.
    """
    async for each in pages(world):
        text = f"{each.entry.said} of {each.entry.play.operation.symbol} {each.what}."
        hint = "Escape what goes into a page, by a template that does so by itself."
        yield flaw(world, each.steps, text[:1].upper() + text[1:], hint=hint)
