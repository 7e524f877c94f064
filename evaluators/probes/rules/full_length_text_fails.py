"""The probe `full-length-text-fails`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_lengths import lengths
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("full-length-text-fails", family="probes", severity=Severity.ERROR, cwe="CWE-130", owasp="")
async def full_length_text_fails(world: World) -> AsyncIterator[Flaw]:
    """A text as long as the contract allows is cut, or answered with a 500.

    Why: What a user wrote is lost at its end without a word, or cannot be
        stored though the contract says so.

    Sends: Each write that works, with texts of exactly the maximal length,
        once of letters of one byte and once of two; and with a text that is
        one longer.

    Applies: To texts of a JSON body with a maxLength of up to 20,000 and no
        format, where such a text keeps their pattern, those that the working
        request leaves out and the elements of lists among them.

    Proves: The answer is 2xx and the column, or the property of the same
        name in the answer, holds only the beginning of the text; or the
        answer is 500, twice.

    Precision: A text that the service writes into several columns is looked
        for in all of what changed.

    Source: JSON Schema Validation, section 6.3.1 (maxLength); CWE-130.
    """
    async for each in lengths(world):
        yield each
