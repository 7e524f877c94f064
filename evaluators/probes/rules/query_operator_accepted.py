"""The probe `query-operator-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.injection_operators import operators
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "query-operator-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-943", owasp="API2:2023"
)
async def query_operator_accepted(world: World) -> AsyncIterator[Flaw]:
    """An object in a text's place is carried out as an operator of the query.

    Why: A document database takes `{"$ne": ""}` for a condition that every value
        meets. Where the body goes into the query as it came, whoever sends that
        for a password, a token or a code needs to know none.

    Sends: Working requests with `{"$ne": ""}`, `{"$gt": ""}` and
        `{"$regex": ".*"}` in place of a text of their JSON body, and as
        `name[$ne]=` in place of a text of their query.

    Applies: To requests that work; what is refused as invalid is left at once.

    Proves: It does or shows what the right text does or shows, and neither a text
        that fits nothing nor an object of another kind does.

    Precision: An operator under another name than these is not found.

    Source: CWE-943; OWASP Web Security Testing Guide 4.2, Testing for NoSQL Injection.
    """
    async for each in operators(world):
        symbol = each.spot.play.operation.symbol
        text = f"{symbol} carries out `{each.operator}` in the place of {each.spot.told}."
        hint = "Declare the property as a string, so that an object is refused with 422."
        yield flaw(world, [each.wrong, each.step], text, hint=hint)
