"""The probe `delete-without-effect`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.behaviour_rows import reading, writing
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.request import leaves, plain
from evaluators.service.step import Step


@rule("delete-without-effect", family="probes", severity=Severity.ERROR, cwe="CWE-440", owasp="")
async def delete_without_effect(world: World) -> AsyncIterator[Flaw]:
    """A deletion is confirmed, and what was deleted is still there.

    Why: The client is told that it is gone. It may be personal data that
        somebody had a right to see deleted.

    Sends: Each DELETE that works, between two reads of the same path, and the
        list above it afterwards; where the path has a PUT or a POST, that
        first.

    Applies: To deletions whose path is read by a GET, listed, or filled by a
        PUT or POST of the same path.

    Proves: The deletion is answered 2xx, and afterwards the read brings the
        very same thing, or the list still has it though the read does not, or
        the row that the PUT made is still there.

    Precision: A thing that is marked and still shown as ended (a cancelled
        booking) differs from what was read before, and is no defect.

    Source: RFC 9110, section 9.3.5; CWE-440.
    """
    for play in writing(world, "DELETE"):
        found = await _still_read(world, play) or await _still_there(world, play)
        if found is not None:
            yield found


async def _still_read(world: World, play: Play) -> Flaw | None:
    """Read, delete, read again, and look at the list."""
    read = reading(world, play)
    if read is None:
        return None
    above = world.contract.operation("GET", play.operation.path.rstrip("/").rpartition("/")[0])
    lists = world.plays.get(above.symbol) if above is not None and play.operation.path.endswith("}") else None
    async with world.scene() as scene:
        one = await scene.send(read)
        if not one.ok:
            return None
        done = await scene.send(play.request)
        two = await scene.send(read)
        if not done.ok:
            return None
        if two.ok and one.answer.body and _same(one, two):
            told = f"{play.operation.symbol} is answered {done.status}, and the same thing is read as before."
            return flaw(world, [one, done, two], told, operation=play.operation)
        if lists is None or two.status not in (404, 410):
            return None
        path = {name: value for name, value in play.request.path.items() if name in _names(lists.operation.path)}
        listed = await scene.send(lists.request.as_(play.request.who).at(**path))
    last = plain(list(play.request.path.values())[-1])
    if listed.ok and len(last) > 6 and any(plain(value) == last and place[-1] == _key_place(one, last)
                                           for place, value in leaves(listed.json) if place):  # fmt: skip
        told = f"{play.operation.symbol} takes a thing away from its own path, but the list still has it."
        return flaw(world, [done, two, listed], told, operation=play.operation)
    return None


def _key_place(step: Step, value: str) -> str | int | None:
    """The property by which a read shows its key."""
    return next((place[-1] for place, each in leaves(step.json) if place and plain(each) == value), None)


def _names(path: str) -> set[str]:
    return {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def _same(one: Step, two: Step) -> bool:
    """Whether two reads bring the same."""
    if one.json is None:
        return one.answer.body == two.answer.body
    return json.dumps(one.json, sort_keys=True) == json.dumps(two.json, sort_keys=True)


async def _still_there(world: World, play: Play) -> Flaw | None:
    """Put, delete, and look at what the putting made."""
    for method in ("PUT", "POST"):
        known = world.plays.get(f"{method} {play.operation.path}")
        if known is None or not known.repeats or not known.changes.added:
            continue
        put = known.request
        delete = play.request.as_(put.who).at(**put.path)
        async with world.scene() as scene:
            one = await scene.send(put)
            done = await scene.send(delete)
        if not one.ok or not done.ok or not one.changes.added or not _undone_is_meant(play, known):
            continue
        if not done.changes:
            table = one.changes.added[0][0]
            told = f"{play.operation.symbol} is answered {done.status}, and what {method} made there stays."
            return flaw(world, [one, done], told, seen=f"rows: the new one of {table} is still there")
    return None


def _undone_is_meant(play: Play, known: Play) -> bool:
    """Whether the DELETE takes away what the PUT of the same path makes: its path ends the same, and it is no list."""
    return play.operation.path == known.operation.path and known.operation.method == "PUT"
