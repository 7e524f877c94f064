"""The probe `refused-write-changes-rows`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_effects import left_behind, visible
from evaluators.probes.behaviour_refusals import crashed, refusals
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("refused-write-changes-rows", family="probes", severity=Severity.ERROR, cwe="CWE-460", owasp="")
async def refused_write_changes_rows(world: World) -> AsyncIterator[Flaw]:
    """A write is refused and has changed rows all the same.

    Why: The client is told that nothing happened, tries again, and it
        happens twice; or half of a change stays without the other half.

    Sends: Each write that works, changed so that it ought to be refused: a
        second time, with keys of nothing, as somebody else, with a second
        item that names nothing.

    Applies: To requests that are then answered 4xx or 5xx.

    Proves: Rows changed in just the way in which the accepted request
        changes them: a row more in a table that answers show, a column with
        the value that the accepted request gives it, a row less.

    Precision: Tables that count attempts, keep logs or idempotency keys are
        known by this: no answer shows their rows, or many operations add to
        them.

    Source: RFC 9110, section 15.5 (a client error says that the request was
        not carried out); CWE-460.
    """
    told: set[str] = set()
    shown = visible(world)
    for trial in await refusals(world):
        symbol = trial.play.operation.symbol
        step = trial.last
        if symbol in told or not (step.refused or crashed(step)) or not step.changes:
            continue
        what = left_behind(trial, shown)
        if what:
            told.add(symbol)
            message = f"{symbol} is answered {step.status} and leaves {what}."
            yield flaw(world, trial.steps, message)
