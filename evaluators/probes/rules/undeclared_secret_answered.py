"""The probe `undeclared-secret-answered`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_answers import extras
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "undeclared-secret-answered", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-200",
    owasp="API3:2023",
)  # fmt: skip
async def undeclared_secret_answered(world: World) -> AsyncIterator[Flaw]:
    """An answer shows a hash, a token or an internal value of a row that the contract does not hand out.

    Why: A row that is answered as it is takes the columns along that were
        never meant to leave: with a hash, passwords are guessed at leisure.

    Sends: Nothing of its own: it reads the answers of what works.

    Applies: To JSON answers, each value of which is compared with the columns
        that are called like a secret (a hash, a token, a salt, a key, what is
        internal).

    Proves: The answer holds the very text of such a column, in a property that
        the contract does not declare; or the stored form of a password or a
        token, declared or not.

    Precision: A secret that the contract hands out (a new token, a link) is
        meant to be there. A column whose name says nothing is not known to be
        a secret.

    Source: OWASP API Security Top 10 2023, API3; CWE-200.
    """
    trials = trials_of(world)
    for play in list(world.plays.values()):
        found = sorted((each.told, each.column) for each in extras(trials, play) if each.column)
        if found:
            told, column = found[0]
            yield flaw(
                world, [play.step], f"{play.operation.symbol} answers {column} (as {told}).",
                hint="Answer named properties, never a row as it is.",
            )  # fmt: skip
