"""The probe `undeclared-property-answered`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_answers import extras
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "undeclared-property-answered", family="probes", severity=Severity.WARNING, security=True, cwe="CWE-213",
    owasp="API3:2023",
)  # fmt: skip
async def undeclared_property_answered(world: World) -> AsyncIterator[Flaw]:
    """An answer holds properties that the contract does not declare.

    Why: Nobody decided that these leave the house; what a column holds
        tomorrow leaves with it.

    Sends: Nothing of its own: it reads the answers of what works.

    Applies: To JSON answers whose schema lists properties and does not allow
        further ones in words.

    Proves: The answer has properties that the schema does not have.

    Precision: Alternatives (`oneOf`, `anyOf`) of several schemas are not
        looked into. What is secret by its column is an error of its own.

    Source: OWASP API Security Top 10 2023, API3; CWE-213.
    """
    trials = trials_of(world)
    for play in list(world.plays.values()):
        found = extras(trials, play)
        if found and not any(each.column for each in found):
            told = ", ".join(sorted(each.told for each in found))
            yield flaw(
                world, [play.step], f"{play.operation.symbol} answers what the contract does not declare: {told}.",
                hint="Answer named properties, never a row as it is.",
            )  # fmt: skip
