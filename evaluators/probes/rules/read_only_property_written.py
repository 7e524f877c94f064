"""The probe `read-only-property-written`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_columns import arrived
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "read-only-property-written", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-915",
    owasp="API3:2023",
)  # fmt: skip
async def read_only_property_written(world: World) -> AsyncIterator[Flaw]:
    """A request sets a property that the contract declares as read-only.

    Why: The contract promises that the service alone decides the value; who
        reads it relies on that.

    Sends: Each POST, PUT and PATCH that works, with a value for each
        read-only property of its schema.

    Applies: To properties with `readOnly: true` that stand for a column of the
        row that the request writes.

    Proves: The value that was sent stands in the row, and the service itself
        wrote another one there.

    Precision: A property is taken for the column of its name, of `x-column`,
        or of the value that the service's answers show in it.

    Source: OpenAPI 3.1, Schema Object, readOnly; OWASP API Security Top 10
        2023, API3; CWE-915.
    """
    trials = trials_of(world)
    for play in list(world.plays.values()):
        if play.operation.method not in ("POST", "PUT", "PATCH"):
            continue
        found = await arrived(trials, play)
        columns = sorted(each.names[0] for each in found.columns if each.read_only) if found else []
        if found is not None and columns:
            yield flaw(
                world,
                [found.step],
                f"{play.operation.symbol} writes what its schema calls read-only: {', '.join(columns)}.",
                hint="Drop read-only properties from the body before it reaches the row.",
            )
