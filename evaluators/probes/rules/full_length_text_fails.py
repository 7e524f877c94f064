"""The probe `full-length-text-fails`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_refusals import LONG, Trial, crashed, refusals
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("full-length-text-fails", family="probes", severity=Severity.ERROR, cwe="CWE-130", owasp="")
async def full_length_text_fails(world: World) -> AsyncIterator[Flaw]:
    """A text as long as the contract allows is cut, or answered with a 500.

    Why: What a user wrote is lost at its end without a word, or cannot be
        stored though the contract says so.

    Sends: Each write that works, with a text of exactly the maximal length
        in place of each free text.

    Applies: To texts of a JSON body with a maxLength of up to 20,000 and no
        pattern or format.

    Proves: The answer is 2xx and the column holds only the beginning of the
        text; or the answer is 500, twice.

    Precision: A text that the service writes into several columns is looked
        for in all of what changed.

    Source: JSON Schema Validation, section 6.3.1 (maxLength); CWE-130.
    """
    told: set[str] = set()
    for trial in await refusals(world):
        symbol = trial.play.operation.symbol
        if trial.kind != LONG or symbol in told:
            continue
        name = str(trial.place[-1])
        if crashed(trial.last) and crashed(await world.once(trial.last.request)):
            told.add(symbol)
            yield flaw(
                world, [trial.last],
                f"{symbol} with a {name} as long as the contract allows is answered {trial.last.status}.",
            )  # fmt: skip
        elif trial.last.ok and (cell := _cut(trial)):
            told.add(symbol)
            yield flaw(
                world, [trial.last], f"{symbol} cuts a {name} that is as long as the contract allows.",
                seen=f"rows: {cell} holds the beginning only",
            )  # fmt: skip


def _cut(trial: Trial) -> str:
    """The column that holds only the beginning of the text, and no column the whole."""
    text = trial.last.request.body
    for part in trial.place:
        text = text[part]
    cells = [(f"{table}.{name}", value) for table, row in trial.last.changes.added for name, value in row.items()]
    for each in trial.last.changes.updated:
        cells += [(f"{each.table}.{name}", each.after[name]) for name in each.columns]
    texts = [(name, value) for name, value in cells if isinstance(value, str) and len(value) > 3]
    if any(value.strip() == text.strip() for _, value in texts):
        return ""
    return next((name for name, value in texts if len(value) >= len(text) // 8 and text.startswith(value)), "")
