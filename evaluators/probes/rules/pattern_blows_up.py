"""The probe `pattern-blows-up`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import quote

from evaluators.finding import Severity
from evaluators.probes.proof import flaw
from evaluators.probes.resources_load import blowups
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("pattern-blows-up", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-1333", owasp="API4:2023")
async def pattern_blows_up(world: World) -> AsyncIterator[Flaw]:
    """A text makes a regular expression take many times longer for a few characters more.

    Why: One request of a hundred characters keeps a processor busy for hours;
        where the service has one, nobody else is answered.

    Sends: To each text of a request a text that grows one of the patterns of the
        contract or of the code, shorter and longer; the patterns are tried in a
        process of the gate's own before.

    Applies: To services whose patterns can be grown, and places whose length
        allows such a text.

    Proves: The longer text takes at least three times the CPU of the shorter one,
        twice.

    Precision: Patterns that are put together while the service runs are not known.

    Source: OWASP API Security Top 10 2023, API4; CWE-1333.
    """
    async for each in blowups(world):
        text = f"{each.play.operation.symbol} takes ever longer for {each.what}."
        hint = "Write the pattern without a repetition in a repetition, and bound the text's length before it."
        found = flaw(world, each.steps, text, seen=each.seen, hint=hint)
        evidence = found.evidence
        for long, short in each.hide:
            evidence = evidence.replace(long, short).replace(quote(long, safe=""), short).replace(long[:300], short)
        yield replace(found, evidence=evidence)
