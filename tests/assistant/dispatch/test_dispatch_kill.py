"""kill -9 of a worker anywhere: another one, or `backwright resume`, goes on, and nothing is asked twice."""

from __future__ import annotations

from dispatch_world import World

from assistant.event_records import Advanced, Rewound, Stored
from assistant.events import Answered, Asked, Finished, StageDone, Streamed
from assistant.journal_records import RunState

PLACES = ["asking-design", "answered", "judging", "asking-code", "finishing", "finished"]


def kinds(events: list[Stored], kind: type) -> list[Stored]:
    """The events of a class."""
    return [each for each in events if isinstance(each.event, kind)]


def test_another_worker_goes_on(world: World) -> None:
    runs = [world.queue.enqueue(world.wish(), owner="ann") for _ in PLACES]
    workers = [world.worker(DOUBLE_STOP=place) for place in PLACES]
    world.reached(*PLACES)
    for worker in workers:
        worker.kill()
        worker.communicate()
    world.worker()
    assert [world.over(run, 60).state for run in runs] == [RunState.PASSED] * len(runs)
    begun = [told_once(world, run) for run in runs]
    # The one that was killed after its end was in the history needed nobody else.
    assert sorted(begun) == [1, 2, 2, 2, 2, 2]
    assert world.lines("answered").total() == 2 * len(runs), "each request was answered once"


def told_once(world: World, run: str) -> int:
    """How many processes advanced the run, whose history tells everything once."""
    calls = world.journal.completions(run, superseded=True)
    assert [(call.turn, call.superseded) for call in calls] == [("design", False), ("code", False)]
    events = world.journal.events_after(run)
    assert len(kinds(events, Asked)) == len(kinds(events, Answered)) == 2
    assert len(kinds(events, Finished)) == 1
    assert kinds(events, Rewound) == kinds(events, Streamed) == []
    assert [each.event.result.stage.name for each in kinds(events, StageDone)] == ["answer", "sql"] * 2
    assert [each.seq for each in events] == sorted({each.seq for each in events})
    return len(kinds(events, Advanced))
