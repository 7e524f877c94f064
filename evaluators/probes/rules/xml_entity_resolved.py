"""The probe `xml-entity-resolved`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_remote import entities, shown_without_port
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("xml-entity-resolved", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-611", owasp="")
async def xml_entity_resolved(world: World) -> AsyncIterator[Flaw]:
    """An entity of an XML document leads to a file or to an address.

    Why: Whoever sends the document reads files of the service, and calls what
        only it can reach.

    Sends: Each working XML body with a document type whose entity names a file
        of the gate's own, or the address of a listener of the gate's.

    Applies: To operations with an XML body that were reached.

    Proves: The file's random text is answered or stored, or the listener was
        called, or a file that is there is accepted and one that is not is
        refused, both twice.

    Precision: XML in an upload is tried where the whole body is XML only.

    Source: CWE-611; OWASP XML External Entity Prevention Cheat Sheet.
    """
    async for each in entities(world):
        hint = "Refuse document types, or turn off entities and external DTDs in the parser."
        yield shown_without_port(
            world, flaw(world, each.steps, f"{each.entry.play.operation.symbol} {each.what}.", hint=hint)
        )
