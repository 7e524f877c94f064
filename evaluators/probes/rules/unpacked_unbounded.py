"""The probe `unpacked-unbounded`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.resources_load import bombs
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("unpacked-unbounded", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-409", owasp="API4:2023")
async def unpacked_unbounded(world: World) -> AsyncIterator[Flaw]:
    """What a request holds packed is unpacked without a bound.

    Why: 64 KiB become 64 MiB, and 64 MiB become all the memory there is.

    Sends: To each write its working body with `Content-Encoding: gzip`, and where
        that is understood 64 MiB of blanks; to each upload a gzip and a ZIP file
        of 64 MiB.

    Applies: To writes that were reached.

    Proves: The memory of the service's processes rises by what was unpacked.

    Precision: What is unpacked piece by piece, and kept on a disk, is not seen.

    Source: OWASP API Security Top 10 2023, API4; CWE-409.
    """
    async for each in bombs(world):
        text = f"{each.play.operation.symbol} {each.what}."
        hint = "Unpack piece by piece, and stop at a bound."
        found = flaw(world, each.steps, text, seen=each.seen, hint=hint)
        told = replace(each.steps[-1], request=each.steps[-1].request.with_body(each.body.encode()))
        yield replace(found, evidence=flaw(world, [told], text, seen=each.seen).evidence)
