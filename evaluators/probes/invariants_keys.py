"""Idempotency keys: what the same key does a second time, with another body, for another user, at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal

from evaluators.probes.invariants_crowd import AT_ONCE, Prepare, accepted, at_once, elsewhere, together, tries
from evaluators.probes.invariants_places import Spot, is_text, spots_of
from evaluators.probes.invariants_profile import Profile, keyed, known, moves, profiles, sums, varied
from evaluators.probes.proof import flaw
from evaluators.probes.world import Scene, World
from evaluators.rule import Flaw
from evaluators.service.oracle import Changes
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step


@dataclass(frozen=True)
class Misuse:
    """What a key allowed."""

    kind: str
    """`ignored`, `differs`, `race`, `reused` or `shared`."""
    profile: Profile
    steps: tuple[Step, ...]
    seen: str = ""
    reproduce: str = ""


MESSAGES = {
    "ignored": "{symbol} does the same again when it is sent again with the same idempotency key.",
    "differs": "{symbol} answers the same request with the same idempotency key otherwise the second time.",
    "race": "{symbol} is done more than once by requests at the same time with one idempotency key.",
    "reused": "{symbol} answers another request with success under an idempotency key that was used before.",
    "shared": "{symbol} takes an idempotency key of one user for that of another.",
}


async def misuses(world: World, kind: str) -> AsyncIterator[Flaw]:
    """The misuses of one kind."""
    held = known(world)
    if "keys" not in held.results:
        held.results["keys"] = [found for each in await profiles(world) if (found := await _judged(world, each))]
    for each in held.results["keys"]:
        if each.kind == kind or (each.kind, kind) == ("differs", "ignored"):
            message = MESSAGES[each.kind].format(symbol=each.profile.symbol)
            made = flaw(world, each.steps, message, operation=each.profile.play.operation, seen=each.seen)
            yield replace(made, reproduce=each.reproduce) if each.reproduce else made


async def _judged(world: World, profile: Profile) -> Misuse | None:
    """The first misuse of an operation's key."""
    if profile.key is None or profile.sent.who is None or not (profile.first.changes.added or profile.moves):
        return None
    async with world.scene() as scene:
        first = await scene.send(profile.fresh(1))
        second = await scene.send(profile.fresh(1))
        if not first.ok:
            return None
        if second.ok and _did(world, profile, second.changes):
            return Misuse("ignored", profile, (first, second))
        if not second.ok:
            return None
        differs = _differs(first, second)
    for other in [each async for each in _others(world, profile)]:
        async with world.scene() as scene:
            if not await other.prepare(scene):
                continue
            first = await scene.send(profile.fresh(1))
            third = await scene.send(other.request)
        if first.ok and third.ok and not (other.elsewhere and third.changes):
            return Misuse("reused", profile, (first, third))
    if differs:
        return Misuse("differs", profile, (first, second))
    return await _shared(world, profile) or await _raced(world, profile)


def _differs(first: Step, second: Step) -> bool:
    """Whether the repetition names another thing than the first answer did: another id, another amount."""
    if not isinstance(first.json, dict) or not isinstance(second.json, dict):
        return False
    before, after = dict(leaves(first.json)), dict(leaves(second.json))
    return any(before[place] != after[place] for place in before.keys() & after.keys() if _told(place, before[place]))


def _told(place: tuple[str | int, ...], value: object) -> bool:
    """Whether a value is an id or a number, and no balance, which others may move meanwhile."""
    name = str(place[-1]).lower()
    return name == "id" or (
        isinstance(value, int | float) and re.search(r"amount|quantity|total|price", name) is not None
    )


def _did(world: World, profile: Profile, done: Changes) -> bool:
    """Whether a step added such rows as the first one, or moved a number again."""
    tables = {table for table, _ in profile.first.changes.added}
    again = sums(moves(world, done, profile.play))
    return any(table in tables for table, _ in done.added) or any(each.cell in again for each in profile.moves)


@dataclass(frozen=True)
class _Other:
    """Another request under the key that was used, which is accepted under a key of its own."""

    request: Request
    prepare: Prepare
    elsewhere: bool = False
    """Whether its path names another row: a key may hold for one path only, and then it does what it is for."""


async def _others(world: World, profile: Profile) -> AsyncIterator[_Other]:
    """Requests that do something else: another number, another choice, other words, another row in the path."""

    async def nothing(scene: Scene) -> bool:
        return True

    body = leaves(profile.sent.body) if isinstance(profile.sent.body, dict) else []
    given = {spot.place: spot for spot in spots_of(profile.play)}
    for place, value in body:
        if place == profile.key:
            continue
        for changed in _changed(given.get(place), value):
            if (await world.once(profile.fresh(7).having(place, changed))).ok:
                yield _Other(profile.fresh(1).having(place, changed), nothing)
                break
    twin = elsewhere(world, profile)
    if twin is not None:
        make, prepare = twin
        path = make(1).path
        async with world.scene() as scene:
            own = await scene.send(replace(profile.fresh(7), path=path)) if await prepare(scene) else None
        if own is not None and own.ok and own.changes:
            yield _Other(replace(profile.fresh(1), path=path), prepare, elsewhere=True)


def _changed(spot: Spot | None, value: object) -> list[object]:
    """Other values for a place of a body."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    if spot is not None and spot.kind.enum:
        return [each for each in spot.kind.enum if each != value][:2]
    if spot is not None and isinstance(value, str) and value and is_text(spot):
        return [varied(value, 77)]
    return []


async def _shared(world: World, profile: Profile) -> Misuse | None:
    """Another user's request under the key of the first: it must do what it does under a key of its own."""
    if profile.sent.who != "a" or "b" not in world.crew.ordinary:
        return None
    theirs = await _of_b(world, profile)
    if theirs is None:
        return None
    own, used = (keyed(theirs, profile.key, number) for number in (2, 1))
    async with world.scene() as scene:
        await scene.send(profile.fresh(1))
        if not (await scene.send(own)).ok:
            return None
    async with world.scene() as scene:
        first = await scene.send(profile.fresh(1))
        second = await scene.send(used)
    if first.ok and not second.changes and second.status < 500:
        return Misuse("shared", profile, (first, second), "Under a key of its own the second is accepted.")
    return None


async def _of_b(world: World, profile: Profile) -> Request | None:
    """The request of the other user: the same, or with a row of theirs in the path."""
    subject = profile.play.subject
    tried = [profile.sent.as_("b")]
    for name, value in profile.sent.path.items() if subject is not None else ():
        if subject is not None and str(value) == str(subject[1]):
            rows = [world.keys.of(subject[0], row) for row in world.owned(subject[0], "b")]
            tried += [profile.sent.as_("b").at(**{name: key[0]}) for key in rows if len(key) == 1]
    for request in tried[:6]:
        step = await world.once(keyed(request, profile.key, 2))
        if step.ok and {table for table, _ in step.changes.added} >= {t for t, _ in profile.first.changes.added}:
            return request
    return None


async def _raced(world: World, profile: Profile) -> Misuse | None:
    """One key, several at once: one effect."""
    requests = [profile.fresh(1)] * AT_ONCE
    single = {table: len(profile.first.changes.rows_added(table)) for table, _ in profile.first.changes.added}
    for tables in tries(world, {each.table for each in profile.moves} or single, single, profile.tables):
        async with world.scene() as scene:
            answers, done = await together(scene, requests, tables, profile.first.seconds)
        now = sums(moves(world, done, profile.play))
        more = [table for table, count in sorted(single.items()) if len(done.rows_added(table)) > count]
        further = [each.name for each in profile.moves if abs(now.get(each.cell, Decimal(0))) > abs(each.by)]
        if accepted(answers) > 1 and (more or further):
            seen = f"{AT_ONCE} at the same time with one key: {(more or further)[0]} shows more than one effect."
            return Misuse("race", profile, (profile.first,), seen, at_once(world, requests))
    return None
