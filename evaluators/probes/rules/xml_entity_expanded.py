"""The probe `xml-entity-expanded`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_entities import expanded
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("xml-entity-expanded", family="probes", severity=Severity.WARNING, security=True, cwe="CWE-776", owasp="")
async def xml_entity_expanded(world: World) -> AsyncIterator[Flaw]:
    """A document type of a sent XML document is read, and its entities are put in.

    Why: Entities of entities make a few hundred bytes into gigabytes. Only what the
        parser at hand happens to bound stands against it.

    Sends: Each working XML body with one of its texts as two entities, one within
        the other; and with no text and with the entity's bare name there, which is
        what a parser sees that reads no entities.

    Applies: To operations with an XML body that were reached, where no entity leads
        to a file or to an address.

    Proves: With the entities the request does what it did with the text, in its
        rows and its answer; without the text it is refused, or does not show it.

    Precision: How far the parser lets entities grow is not tried: current ones stop
        somewhere (libexpat since 2.4.1). Texts that the service neither needs nor
        shows tell nothing.

    Source: CWE-776; OWASP XML External Entity Prevention Cheat Sheet.
    """
    async for each in expanded(world):
        symbol = each.entry.play.operation.symbol
        hint = "Refuse documents with a document type."
        yield flaw(world, each.steps, f"{symbol} {each.what}.", hint=hint)
