"""The probe `etag-stays`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import others, reading, with_values, writing
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("etag-stays", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def etag_stays(world: World) -> AsyncIterator[Flaw]:
    """An ETag is the same after the thing has changed.

    Why: Caches go on showing the old state, and two people overwrite each
        other's work, since If-Match still matches.

    Sends: Each PUT and PATCH that works, with other values, between two
        reads of the same path.

    Applies: To reads that answer an ETag.

    Proves: The body of the read has changed, and its ETag has not.

    Precision: Only changes that the read shows count.

    Source: RFC 9110, section 8.8.3; CWE-440.
    """
    told: set[str] = set()
    for play in writing(world, "PUT", "PATCH"):
        request = reading(world, play)
        known = world.plays.get(request.symbol) if request is not None else None
        if request is None or known is None or not known.step.answer.header("etag") or request.symbol in told:
            continue
        async with world.scene() as scene:
            one = await scene.send(request)
            done = await scene.send(with_values(play.request, others(play)))
            two = await scene.send(request)
        tags = [each.answer.header("etag") for each in (one, two)]
        if one.ok and done.ok and two.ok and one.answer.body != two.answer.body and tags[0] and tags[0] == tags[1]:
            told.add(request.symbol)
            yield flaw(
                world, [one, done, two], f"{request.symbol} has the ETag of before after {play.operation.symbol}."
            )
