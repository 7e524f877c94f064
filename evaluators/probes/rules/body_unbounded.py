"""The probe `body-unbounded`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.resources_load import huge
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("body-unbounded", family="probes", severity=Severity.WARNING, security=True, cwe="CWE-770", owasp="API4:2023")
async def body_unbounded(world: World) -> AsyncIterator[Flaw]:
    """A request's body of any size is held in memory.

    Why: A few such requests at once use up the memory, and the service ends.

    Sends: To twelve writes a working body with 24 MiB of blanks behind it or in
        its file, with its length; to two of them also in chunks.

    Applies: To services with writes that have a body and were reached.

    Proves: The memory of the service's processes rises by the body's size.

    Precision: A proxy before the service may bound bodies; that is why it is a
        warning. It is said once.

    Source: OWASP API Security Top 10 2023, API4; CWE-770.
    """
    async for each in huge(world):
        text = f"{each.play.operation.symbol} {each.what}."
        hint = "Count the bytes as they come, and answer 413 beyond a bound; do not trust Content-Length alone."
        yield flaw(world, each.steps, text, seen=each.seen, hint=hint)
