"""The probe `upload-served-as-page`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_uploads import served
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("upload-served-as-page", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-434", owasp="")
async def upload_served_as_page(world: World) -> AsyncIterator[Flaw]:
    """A file of a user is answered as a page, with its scripts.

    Why: Whoever opens the link runs the sender's script where the service is at
        home: with its cookies, against its own addresses.

    Sends: To each upload an HTML page and an SVG picture with a script, and then
        the reads of what was stored.

    Applies: To operations that take files and were reached.

    Proves: The script is answered as HTML or SVG, neither as an attachment nor
        with a sandbox.

    Precision: Files that another server hands out are not seen.

    Source: CWE-434, CWE-79; OWASP File Upload Cheat Sheet.
    """
    async for each in served(world):
        operation = each.steps[-1].request.operation
        sender = each.entry.play.operation.symbol
        text = f"{operation.symbol} answers a file of {sender} as {each.what}, and a browser runs it."
        hint = "Answer `Content-Disposition: attachment`, or a type of your own choice with `nosniff`."
        yield flaw(world, each.steps, text, hint=hint)
