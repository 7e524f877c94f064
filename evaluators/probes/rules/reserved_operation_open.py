"""The probe `reserved-operation-open`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_ranks import granted, reserved
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "reserved-operation-open", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-285",
    owasp="API5:2023",
)  # fmt: skip
async def reserved_operation_open(world: World) -> AsyncIterator[Flaw]:
    """An ordinary user may do what is reserved for those with more rights.

    Why: One route without its check, and every account is an administrator's
        for that route.

    Sends: Each operation as an ordinary identity, with what works; and what
        its siblings answer to the same identity.

    Applies: To operations that are reserved as far as the service itself
        shows: other writes on the same path, or every other operation with the
        same 403 in the contract under the same first part of the path, are
        refused to ordinary identities and open to one with more rights; the
        contract asks for a scope that the identity does not have; or the
        operation changes the very column that makes somebody more than
        ordinary, or takes its value from the body. What one of a role in the
        middle is let do counts where the contract names the one above it.

    Proves: The ordinary identity is answered 2xx, and where the operation
        writes, the rows have changed.

    Precision: A resource all of whose operations are open to everybody is not
        known to be reserved. What belongs to the caller himself is his to
        write.

    Source: OWASP API Security Top 10 2023, API5; CWE-285.
    """
    trials = trials_of(world)
    lifted = [play for play in world.plays.values() if play.request.who in world.crew.lifted]
    for play in (*trials.plays("GET", "POST", "PUT", "PATCH", "DELETE"), *lifted):
        found = await reserved(trials, play)
        if found is not None:
            steps, why = found
            yield flaw(
                world,
                [*steps, play.step],
                f"{play.operation.symbol} is open to an ordinary user, though {why}.",
                hint="Ask for the role or the scope here as its siblings do.",
            )
    for play in list(world.plays.values()):
        given = await granted(trials, play)
        if given is not None:
            yield flaw(
                world,
                [given[0]],
                f"{play.operation.symbol} writes {given[1]} as the body says, which is what gives more rights.",
                hint="Let nobody choose a role for himself.",
            )
