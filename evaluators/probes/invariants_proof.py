"""Flaws of the invariants: what was observed, without what differs from run to run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from evaluators.probes.invariants_race import Loss, losses
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw

RACES = {
    "duplicate": "{symbol} is refused when it is repeated, and yet done several times by requests at the same time.",
    "transition": "{symbol} is refused the second time, and yet has its effect more than once at the same time.",
    "lost-update": "{symbol} loses changes of {about} when it is sent several times at once.",
    "double-spend": "{symbol} gives several requests at the same time what {about} has for one.",
}
HINTS = {
    "duplicate": "A UNIQUE constraint holds it; answer its violation with 409.",
    "transition": "Change the state under a condition (UPDATE ... WHERE state = ...), or lock the row first.",
    "lost-update": "Let the database count (SET n = n - 1), or lock the row before reading it.",
    "double-spend": "Take under a condition (UPDATE ... WHERE n >= amount), or lock the row that holds the limit.",
}


async def race_flaws(world: World, kind: str) -> AsyncIterator[Flaw]:
    """The losses of one kind."""
    for loss in await losses(world):
        if loss.kind == kind:
            yield told(world, loss)


def told(world: World, loss: Loss) -> Flaw:
    """A loss as a flaw."""
    message = RACES[loss.kind].format(symbol=loss.profile.symbol, about=loss.about)
    if loss.beside:
        message = f"{loss.profile.symbol} and {loss.beside} lose a change of {loss.about} when they come at once."
    made = flaw(
        world, loss.steps, message, operation=loss.profile.play.operation, hint=HINTS[loss.kind], seen=loss.seen
    )
    return replace(made, reproduce=loss.reproduce)
