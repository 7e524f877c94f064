"""On real services nearly every operation is reached, by who has the fewest rights, and works again afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from twin_runs import rehearsed

from evaluators.probes.search import accepted
from evaluators.probes.world import Play

CORPUS = Path(__file__).parents[2] / "corpus"
REACHED = 0.95


async def _rehearsed(folder: Path) -> tuple[dict[str, Play], dict[str, str], list[str]]:
    """(plays, what was not reached, plays that did not work once more at the end)."""
    async with rehearsed(folder) as world:
        again = {name: await world.once(play.request) for name, play in world.plays.items() if play.repeats}
        return world.plays, world.unreached, [name for name, step in again.items() if not accepted(step)]


@pytest.mark.parametrize("name", ["services/files", "services/depot", "services/chat"])
def test_nearly_every_operation_is_reached_and_works_again(name: str) -> None:
    plays, unreached, failed = asyncio.run(_rehearsed(CORPUS / name / "good"))
    assert len(plays) >= REACHED * (len(plays) + len(unreached)), unreached
    assert not failed
    open_to_all = [play for play in plays.values() if not play.operation.security]
    assert all(play.request.who is None for play in open_to_all)
    for play in plays.values():
        if play.operation.method == "POST" and play.changes.added and play.request.who is not None:
            assert play.subject is not None, play.operation.symbol
    # A code or a token that was sent is in no column; a title is.
    assert sum(bool(play.columns) for play in plays.values()) >= 3
    assert sum(bool(play.shown) for play in plays.values()) >= len(plays) / 3
