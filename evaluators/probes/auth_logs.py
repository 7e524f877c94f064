"""What a service's log says of people: secrets and personal texts that a request brought or an answer gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.probes.auth_doors import door_of
from evaluators.probes.auth_entry import ACCESS, entered
from evaluators.probes.auth_storage import kept, secret_places, wrong_forms
from evaluators.probes.auth_survey import guarded_plays
from evaluators.probes.auth_tokens import held_of
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.entering import SECRET_NAME
from evaluators.service.request import ABSENT, leaves
from evaluators.service.step import Step

PERSONAL = re.compile(
    r"mail|phone|mobile|^tel|(first|last|full|given|family|display|sur|patient|customer|holder)_?name|birth|^dob$|iban|"
    r"^ssn$|passport|street|^address$|postal|tax_?id",
    re.IGNORECASE,
)
MAIL = re.compile(r"(?<![\w-])mail|https?://\S+[?/]|/[\w/-]+\?\w+=", re.IGNORECASE)
"""A line that stands for a mail: many services write it to the log until a server is set up."""
QUERIED = re.compile(r"token|secret|passw|(^|_)key$|code|otp|signature|^sig$", re.IGNORECASE)
LEAST = 6
LONG = 32
"""Characters of a credential half of which is one still."""


@dataclass(frozen=True)
class Said:
    """Something of a person that stands in the log."""

    step: Step
    what: str
    """`the password`, `the credential`, or the property's name."""
    line: str
    """The line, with the text taken out."""


def lines(step: Step) -> list[str]:
    """What the service wrote meanwhile by itself, mails left out."""
    return [line for line in step.log.split("\n") if line and not ACCESS.search(line) and not MAIL.search(line)]


async def watched(world: World) -> list[tuple[Step, dict[str, str]]]:
    """Steps with the secrets that each brought or was given (text -> what it is); once for all probes that ask."""
    known = world.__dict__.get("auth watched")
    if isinstance(known, list):
        return known
    found = [(each.step, {each.password: "the password"}) for each in await kept(world)]
    for play, place in secret_places(world):
        for request, password in wrong_forms(play.request, place):
            found.append((await world.once(request), {password: "the password"}))
    for name in world.crew.ordinary[:1]:
        found += await _logins(world, name)
    for _, play in sorted(world.plays.items()):
        held = held_of(world.member(play.request.who))
        secrets = {held.value: "the credential"} if held is not None else {}
        found.append((play.step, secrets | _asked(play)))
        if any(_personal(play.step)):
            found += [(step, {}) for step in await _refused(world, play)]
    found += await _forged(world)
    world.__dict__["auth watched"] = found
    return found


def _asked(play: Play) -> dict[str, str]:
    """Secrets that stand in the query."""
    query = play.request.query.items()
    return {str(value): f"`{name}`" for name, value in query if QUERIED.search(name) and len(str(value)) >= LEAST}


async def _refused(world: World, play: Play) -> list[Step]:
    """A creation twice, and a request with another property of a wrong type: what is refused is logged too."""
    found: list[Step] = []
    if play.operation.method == "POST":
        async with world.scene() as scene:
            found += [await scene.send(play.request), await scene.send(play.request)]
    personal = {place for place, _ in _places(play.step)}
    others = [place for place, _ in leaves(play.request.body) if place not in personal and isinstance(place[-1], str)]
    for place in (others or sorted(personal, key=str))[:1] if isinstance(play.request.body, dict) else ():
        found.append(await world.once(play.request.having(place, [[]])))
        found.append(await world.once(play.request.having(place, ABSENT)))
    return found


async def _forged(world: World) -> list[tuple[Step, dict[str, str]]]:
    """A credential near the right one, at the first operation that reads."""
    for play in guarded_plays(world):
        held = held_of(world.member(play.request.who))
        if held is not None and len(held.value) >= LONG:
            near = held.value[: len(held.value) // 2]
            return [(await world.once(held.with_value(play.request, near)), {near: "the credential"})]
    return []


async def _logins(world: World, name: str) -> list[tuple[Step, dict[str, str]]]:
    door = door_of(world, name)
    if door is None:
        return []
    async with world.scene() as scene:
        wrong, unknown = await scene.send(door.wrong(9)), await scene.send(door.unknown(9))
        entry = await entered(scene, name)
    found = [
        (step, {value: "the password" for _, value in leaves(step.request.body) if "Wrong-" in str(value)})
        for step in (wrong, unknown)
    ]
    if entry is not None and entry.held is not None:
        handed = {value: f"the {label}" for label, value in entry.others()} | {entry.held.value: "the credential"}
        found += [(step, {door.account.password: "the password", **handed}) for step in entry.steps]
    return found


async def secrets_said(world: World) -> list[Said]:
    """Passwords and credentials in the log, the first of each operation."""
    found: dict[str, Said] = {}
    for step, secrets in await watched(world):
        for line in lines(step):
            for text, what in secrets.items():
                if len(text) >= LEAST and text in line:
                    found.setdefault(step.request.symbol, Said(step, what, line.replace(text, "<secret>")))
    return list(found.values())


async def persons_said(world: World) -> list[Said]:
    """Personal texts in the log, the first of each operation."""
    found: dict[str, Said] = {}
    for step, _ in await watched(world):
        texts = dict(_personal(step))
        member = world.member(step.request.who)
        if member is not None and "@" in member.email:
            texts.setdefault(member.email, "the address")
        for line in lines(step):
            for text, what in texts.items():
                if text in line:
                    found.setdefault(step.request.symbol, Said(step, what, line.replace(text, "<personal>")))
    return list(found.values())


def _personal(step: Step) -> Iterator[tuple[str, str]]:
    """Texts of a request's body and query under names of personal things."""
    yield from ((text, f"`{_named(place)}`") for place, text in _places(step))
    for name, value in step.request.query.items():
        if len(str(value)) >= LEAST and PERSONAL.search(name):
            yield str(value), f"`{name}`"


def _places(step: Step) -> Iterator[tuple[Place, str]]:
    for place, value in leaves(step.request.body) if isinstance(step.request.body, dict) else ():
        name = _named(place)
        if isinstance(value, str) and len(value) >= LEAST and PERSONAL.search(name) and not SECRET_NAME.search(name):
            yield place, value


def _named(place: Place) -> str:
    return next((part for part in reversed(place) if isinstance(part, str)), "")
