"""The probe `accounts-enumerable`."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator

from evaluators.contract.facts import Operation
from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.probes.auth_doors import DoorOf, door_of, other, told_apart, took
from evaluators.probes.auth_entry import rewritten
from evaluators.probes.auth_removed import marks, shut_by, unconfirmed
from evaluators.probes.proof import flaw
from evaluators.probes.world import Scene, World
from evaluators.rule import Flaw, rule
from evaluators.service.entering import media_of, secret_in
from evaluators.service.request import Request, leaves

PAIRS = (4, 3)
"""Times that both are asked, and asked again when the first round was clear."""
RATIO = 2.0
LEAST = 0.02
"""Seconds by which the middle times must differ."""


@rule(
    "accounts-enumerable", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-204", owasp="API2:2023"
)  # fmt: skip
async def accounts_enumerable(world: World) -> AsyncIterator[Flaw]:
    """A login, registration or reset tells whether an account is there.

    Why: With the addresses that have an account, leaked passwords are tried
        where they work, and phishing names the right service. For a clinic or a
        bank the fact alone is a secret.

    Sends: A wrong password of a known and of an unknown account, twice and then
        timed in turns, and once for each state in which the account is closed or
        not confirmed; a reset for a known and an unknown address; a
        registration with a known address and a fresh name.

    Applies: To logins with a password, to open operations that take nothing but
        an address, and to registrations whose success tells nothing of the
        account, which are built to hide it.

    Proves: Status, content type, set of headers or properties, or a text differs, where two
        answers to the same are alike; or the times of all seven pairs lie apart
        by a factor of two and 20 ms.

    Precision: A registration that answers with the account itself has to say
        when a name is taken, and is not judged. Smaller differences of time are
        not told from noise, and no times are taken of an account whose row the gate
        wrote.

    Source: OWASP Authentication Cheat Sheet, "Authentication and Error Messages"; CWE-204, CWE-208.
    """
    name = next(reversed(world.crew.ordinary), None)
    door = door_of(world, name) if name is not None else None
    if door is not None:
        found = await _at_login(world, door)
        found = found or await _in_state(world, door)
        if found is not None:
            yield found
    known = next((world.crew.members[each].email for each in world.crew.ordinary if _has_mail(world, each)), None)
    if known is None:
        return
    for operation in world.operations("POST", "PUT"):
        place = _only_mail(operation)
        if place is not None and not operation.secured:
            found = await _told(world, operation, place, known)
            if found is not None:
                yield found
    async for each in _registrations(world, known):
        yield each


def _has_mail(world: World, name: str) -> bool:
    return "@" in world.crew.members[name].email


async def _at_login(world: World, door: DoorOf) -> Flaw | None:
    async with world.scene() as scene:
        first, again = await scene.send(door.wrong(1)), await scene.send(door.wrong(2))
        nobody = await scene.send(door.unknown())
        # The right one after them: services that count wrong ones in memory forget them then.
        await scene.send(door.right())
        how = told_apart(first, again, nobody)
        if how:
            text = f"{nobody.request.symbol} answers a wrong password and an unknown account differently ({how})."
            return flaw(world, [first, nobody], text, hint="Answer both with the same status and text.")
    if door.account.known_as:
        # The gate wrote the hash: its cost is not the service's own.
        return None
    async with world.scene() as scene:
        slower = await _slower(scene, door)
        await scene.send(door.right())
        if slower:
            text = f"{nobody.request.symbol} takes clearly longer for {slower}, so it tells which accounts are there."
            seen = "All times of the one lie above twice those of the other, in seven pairs in turns."
            return flaw(world, [first, nobody], text, hint="Verify a hash of nobody's where there is no account.",
                        seen=seen)  # fmt: skip
    return None


async def _in_state(world: World, door: DoorOf) -> Flaw | None:
    """A wrong password of an account that is closed or not confirmed, against one of nobody's."""
    member, table = door.member, world.seeds.table(door.member.table)
    if table is None or len(table.key) != 1 or not member.row or not world.running.sets_back:
        return None
    named = [*marks(table, dict(member.row)), *unconfirmed(table, dict(member.row))]
    seen = [(each.column, each.value) for each in await shut_by(world, member, table)]
    for column, value in (*named, *(pair for pair in seen if pair[0].name not in {c.name for c, _ in named})):
        statement = f'UPDATE "{table.name}" SET "{column.name}" = ? WHERE "{table.key[0]}" = ?'  # noqa: S608 - schema's names
        async with world.scene() as scene:
            if not await rewritten(scene, statement, value, member.row[table.key[0]]):
                continue
            first, again = await scene.send(door.wrong(1)), await scene.send(door.wrong(2))
            nobody = await scene.send(door.unknown())
        how = told_apart(first, again, nobody)
        if how:
            text = f"{nobody.request.symbol} tells whose {column.name} is set, whatever the password is ({how})."
            return flaw(world, [first, nobody], text, hint="Compare the password first, and tell the rest after it.",
                        seen=f"{table.name}.{column.name} of the account was set to {value!r} before.")  # fmt: skip
    return None


async def _slower(scene: Scene, door: DoorOf) -> str:
    """Who takes longer, in every round; empty where nobody does clearly."""
    before = ""
    for number, pairs in enumerate(PAIRS):
        known: list[float] = []
        unknown: list[float] = []
        for turn in range(pairs):
            for request, times in ((door.wrong(turn), known), (door.unknown(1 + turn + 4 * number), unknown)):
                status, seconds = await took(scene, request)
                if status in (0, 429, 423):
                    return ""
                times.append(seconds)
        longer = _apart(known, unknown)
        if not longer or (before and longer != before):
            return ""
        before = longer
        if number == 0:
            await scene.send(door.right())
    return before


def _apart(known: list[float], unknown: list[float]) -> str:
    for slow, fast, told in ((known, unknown, "a known account"), (unknown, known, "an unknown account")):
        middle = statistics.median(slow), statistics.median(fast)
        if min(slow) > RATIO * max(fast) and middle[0] - middle[1] >= LEAST:
            return told
    return ""


def _only_mail(operation: Operation) -> str | None:
    """The one property of a body that takes nothing but an address."""
    media = media_of(operation)
    properties = shape_of(media.schema).properties if media is not None and media.schema is not None else ()
    needed = [each for each in properties if each.required] or list(properties)
    if len(needed) != 1 or secret_in(operation):
        return None
    mail = needed[0].facets.format == "email" or "mail" in needed[0].name.lower()
    return needed[0].name if mail else None


async def _told(world: World, operation: Operation, place: str, known: str) -> Flaw | None:
    media = media_of(operation)
    base = Request(operation, body={place: known}, media=media.type if media else "application/json")
    async with world.scene() as scene:
        first = await scene.send(base)
    async with world.scene() as scene:
        again = await scene.send(base)
    async with world.scene() as scene:
        nobody = await scene.send(base.having((place,), other(known)))
    how = told_apart(first, again, nobody)
    if not how or first.status == 422 or nobody.status == 422:
        return None
    text = f"{operation.symbol} answers an address with and one without an account differently ({how})."
    return flaw(world, [first, nobody], text, hint="Answer both alike, and tell the rest by mail.")


async def _registrations(world: World, known: str) -> AsyncIterator[Flaw]:
    """Registrations that hide by design whether an address is known."""
    account = next(iter(world.crew.members.values())).account
    step = account.answers[0] if account is not None and account.answers else None
    if step is None or not step.ok or not isinstance(step.request.body, dict) or not _hides(step.json):
        return
    place = next((place for place, value in leaves(step.request.body) if account and value == account.email), None)
    if place is None:
        return
    fresh = step.request.with_body(
        {name: other(value) if isinstance(value, str) and name not in (place[0], account.secret if account else "")
         and value in account.names else value for name, value in step.request.body.items()}
    ) if account else step.request  # fmt: skip
    taken, unknown = fresh.having(place, known), fresh.having(place, other(known))
    async with world.scene() as scene:
        first = await scene.send(unknown)
    async with world.scene() as scene:
        again = await scene.send(unknown.having(place, other(known, 1)))
    async with world.scene() as scene:
        last = await scene.send(taken)
    how = told_apart(first, again, last)
    if how and first.ok and last.status != 422:
        text = f"{last.request.symbol} answers a known and an unknown address differently ({how})."
        yield flaw(world, [first, last], text, hint="Answer both alike, and write to the known address instead.")


def _hides(answer: object) -> bool:
    """Whether a success tells nothing of the account: no identifier, at most one text for everybody."""
    told = leaves(answer) if isinstance(answer, dict | list) else []
    return len(told) <= 1 and not any(isinstance(value, int) and not isinstance(value, bool) for _, value in told)
