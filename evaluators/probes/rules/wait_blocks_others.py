"""The probe `wait-blocks-others`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.resources_load import blocking
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("wait-blocks-others", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-400", owasp="API4:2023")
async def wait_blocks_others(world: World) -> AsyncIterator[Flaw]:
    """A request that waits keeps all others waiting.

    Why: The service answers one client at a time, and a slow neighbour of it
        stops it altogether.

    Sends: Each request that took 0.3 seconds or more when it was first found to
        work, or is refused as long for a wrong password, the first or one of the
        next, and the quickest read again and again while it runs.

    Applies: To services with such a request.

    Proves: A read waits until the slow request is answered, or for two fifths of its
        time, three times out of three, and the service computes nothing meanwhile.

    Precision: A wait that needs particular values is not found.

    Source: OWASP API Security Top 10 2023, API4; CWE-400; asyncio documentation, Running Blocking Code.
    """
    async for each in blocking(world):
        text = f"{each.play.operation.symbol} {each.what}."
        hint = "Wait with `await`, or do the work in a thread: `def` in place of `async def`."
        yield flaw(world, each.steps, text, seen=each.seen, hint=hint)
