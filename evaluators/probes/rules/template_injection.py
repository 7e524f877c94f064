"""The probe `template-injection`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_effects import templates
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("template-injection", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-1336", owasp="")
async def template_injection(world: World) -> AsyncIterator[Flaw]:
    """A text of a request is worked out as a template.

    Why: A template reaches the objects of the program, and by their attributes
        its secrets; most engines carry out any code.

    Sends: To each text of a request a product in the marks of the usual engines;
        where the marks of `str.format` are understood, the class of what it may
        reach.

    Applies: To places that take text, and to requests that show or send what a
        write stored.

    Proves: The product stands in an answer, a row or the log, and another one
        does, too; or the name of a class does.

    Precision: A format's values are guessed from the words of the request and the
        answer.

    Source: CWE-1336, CWE-134; OWASP Web Security Testing Guide, WSTG-INPV-18.
    """
    async for each in templates(world):
        text = f"{each.entry.play.operation.symbol} takes {each.entry.said} as a template: {each.what}."
        hint = "Give texts of users to a template as values; let them be no templates, or none but in a sandbox."
        yield flaw(world, each.steps, text, operation=each.entry.play.operation, seen=each.seen, hint=hint)
