"""The probe `object-deserialized`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_remote import objects, shown_without_port
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("object-deserialized", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-502", owasp="")
async def object_deserialized(world: World) -> AsyncIterator[Flaw]:
    """A text of a request is loaded as an object of the program, or evaluated.

    Why: Such a format says what is to be called. Whoever sends it runs any code.

    Sends: To each query, opaque text, whole body and file a pickle, YAML with
        Python's tags and an expression, each of which calls a listener of the
        gate's and does nothing else.

    Applies: To places that take text or a file, of operations that were reached.

    Proves: The listener was called.

    Precision: Formats with a signature are not tried with a forged one.

    Source: CWE-502, CWE-95; OWASP Deserialization Cheat Sheet.
    """
    async for each in objects(world):
        text = f"{each.entry.play.operation.symbol}: {each.entry.said} is taken for code: {each.what}."
        hint = "Use JSON, or `yaml.safe_load`."
        yield shown_without_port(world, flaw(world, each.steps, text, hint=hint))
