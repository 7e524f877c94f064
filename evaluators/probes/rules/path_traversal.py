"""The probe `path-traversal`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_effects import paths
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("path-traversal", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-22", owasp="")
async def path_traversal(world: World) -> AsyncIterator[Flaw]:
    """A text of a request names a file outside of its folder.

    Why: Whoever asks reads the service's secrets, or writes over its code.

    Sends: To each text of a request and each name of a file the way to a file of
        the gate's own, upwards, absolute, doubled and with a null byte; what a
        write stored is read after it.

    Applies: To places that take text, of operations that were reached.

    Proves: The file's random text is answered; or the service tried to open the
        file for writing, which its log says.

    Precision: A file that is written outside without an error is not seen.

    Source: CWE-22; OWASP Web Security Testing Guide, WSTG-ATHZ-01.
    """
    async for each in paths(world):
        text = f"{each.entry.play.operation.symbol} {each.what}, by {each.entry.said}."
        hint = "Take the name from a list, or resolve the path and compare it with the folder's."
        yield flaw(world, each.steps, text, operation=each.entry.play.operation, seen=each.seen, hint=hint)
