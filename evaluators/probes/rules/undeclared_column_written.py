"""The probe `undeclared-column-written`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_columns import arrived
from evaluators.probes.authorization_trial import trials_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "undeclared-column-written", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-915",
    owasp="API3:2023",
)  # fmt: skip
async def undeclared_column_written(world: World) -> AsyncIterator[Flaw]:
    """A request sets a column that its schema leaves out: a role, an owner, a balance, a state.

    Why: What the contract does not offer, the service decides. A body that is
        copied into a row as it came lets everybody make himself an
        administrator, or give himself what is somebody else's.

    Sends: Each POST, PUT and PATCH that works, with a property for each column
        of the row it writes that the request's schema does not have, under the
        column's name, in camel case and as the answers call it.

    Applies: To requests with a JSON object, a form or several parts, whose
        row was seen to be inserted or changed.

    Proves: The value that was sent stands in the row, and the service itself
        wrote another one there.

    Precision: A column whose type offers no value that is sure to be told
        from the service's own is left out. A nested object that is written to
        a table of its own is tried at its first place only.

    Source: OWASP API Security Top 10 2023, API3; CWE-915.
    """
    trials = trials_of(world)
    for play in list(world.plays.values()):
        if play.operation.method not in ("POST", "PUT", "PATCH"):
            continue
        found = await arrived(trials, play)
        columns = sorted(each.column.name for each in found.columns if not each.read_only) if found else []
        if found is not None and columns:
            told = ", ".join(columns)
            yield flaw(
                world,
                [found.step],
                f"{play.operation.symbol} writes what its schema leaves out: {told} of {found.table}.",
                hint="Take the named properties of the schema out of the body, and refuse or drop the rest.",
                seen=f"rows: {found.table} holds what was sent for {told}",
            )
