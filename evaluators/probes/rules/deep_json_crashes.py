"""The probe `deep-json-crashes`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.resources_load import deep
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("deep-json-crashes", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-674", owasp="")
async def deep_json_crashes(world: World) -> AsyncIterator[Flaw]:
    """A JSON body of many levels is answered with a 500, or ends the service.

    Why: It takes one request of some kilobytes from anybody.

    Sends: To each JSON write arrays in arrays, 600 and 5,000 levels, and to one of
        them 100,000.

    Applies: To JSON writes that were reached.

    Proves: The answer is a 500 or 502, twice, or the service ends.

    Precision: Depths between are not tried.

    Source: CWE-674; RFC 8259, section 9.
    """
    async for each in deep(world):
        text = f"{each.play.operation.symbol} {each.what}."
        hint = "Refuse what nests deeper than the schema can; catch the parser's RecursionError."
        yield flaw(world, each.steps, text, seen=each.seen, hint=hint)
