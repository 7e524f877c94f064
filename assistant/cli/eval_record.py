"""`backwright eval --record` on the screen: a line for what happens, exit code by what is left."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from assistant.budget import Budget
    from assistant.experiment.plan import Choice
    from assistant.experiment.recording import Event


def record(choice: Choice, options: dict[str, Any], *, samples: int, jobs: int, answers: int, limits: Budget) -> int:
    """Record, telling what happens; 0 when nothing is left, 4 where a recording failed, 3 where the budget ended it."""
    return asyncio.run(_followed(choice, options, samples, jobs, answers, limits))


async def _followed(
    choice: Choice, options: dict[str, Any], samples: int, jobs: int, answers: int, limits: Budget
) -> int:
    """The campaign, line by line."""
    from assistant.experiment import recording

    code = 0
    events = recording.record(choice, options, samples=samples, jobs=jobs, answers=answers, limits=limits)
    async with aclosing(events):
        async for event in events:
            for line in _lines(event):
                typer.echo(line)
            if isinstance(event, recording.Over):
                code = 4 if event.failed else 3 if event.left else 0
    return code


def _lines(event: Event) -> list[str]:
    """What one event says."""
    from assistant.experiment import recording
    from evaluators.formats._shown import line

    if isinstance(event, recording.Begun):
        return [f"{event.number} of {event.of}  {event.task}"]
    if isinstance(event, recording.Waiting):
        again = f"; again in {event.seconds:.0f} s ({event.attempt} of {event.of})"
        return [line(f"  {event.task} waits: {event.reason}{again}")]
    if isinstance(event, recording.Ended):
        told = f"{event.outcome}: {event.reason}"
        return [line(f"  {event.task} {told}, {event.answers} new answers, {event.seconds:.0f} s: {event.path}")]
    if isinstance(event, recording.Failed):
        hint = f" ({event.hint})" if event.hint else ""
        return [line(f"  {event.task} not recorded: {event.message}{hint}")]
    over = [f"{event.ended} recorded, {event.failed} failed, {event.left} left"]
    over += [line(f"  nothing more was begun: {event.why}")] if event.why else []
    return over + [line(f"  {note}") for note in event.notes]
