"""The probe `text-stored-differently`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.invariants_odd import texts_changed
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("text-stored-differently", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def text_stored_differently(world: World) -> AsyncIterator[Flaw]:
    """A text is accepted and stored cut or changed.

    Why: Whoever sent it was told that it is there. A name loses its accents, an
        emoji becomes a question mark, a note ends in the middle.

    Sends: Each working request with combining, right-to-left and joined characters
        in each free text, and with 70,000 characters where no length is stated.

    Applies: To texts whose working value is stored as it was sent.

    Proves: The request is accepted and the row holds another text, beyond a normal
        form of Unicode, letter case and white space.

    Precision: Invisible format characters may be taken out.

    Source: Unicode Standard Annex 15; CWE-20.
    """
    async for each in texts_changed(world):
        yield each
