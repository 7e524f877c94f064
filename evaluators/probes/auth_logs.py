"""What a service's log says of people: secrets and personal texts that a request brought or an answer gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.probes.auth_doors import door_of
from evaluators.probes.auth_entry import ACCESS, entered
from evaluators.probes.auth_storage import SENTINELS, kept
from evaluators.probes.auth_tokens import held_of
from evaluators.probes.world import World
from evaluators.service.entering import SECRET_NAME
from evaluators.service.request import leaves
from evaluators.service.step import Step

PERSONAL = re.compile(
    r"mail|phone|mobile|^tel|(first|last|full|given|family|display|sur|patient|customer|holder)_?name|birth|^dob$|iban|"
    r"^ssn$|passport|street|^address$|postal|tax_?id",
    re.IGNORECASE,
)
MAIL = re.compile(r"(?<![\w-])mail|https?://\S+[?/]|/[\w/-]+\?\w+=", re.IGNORECASE)
"""A line that stands for a mail: many services write it to the log until a server is set up."""
LEAST = 6


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
    for each in await kept(world):
        others = [place for place, _ in leaves(each.play.request.body) if place != each.place]
        if others:
            broken = each.play.request.having(each.place, SENTINELS[0]).having(others[0], [[]])
            found.append((await world.once(broken), {SENTINELS[0]: "the password"}))
    for name in world.crew.ordinary[:1]:
        found += await _logins(world, name)
    for _, play in sorted(world.plays.items()):
        held = held_of(world.member(play.request.who))
        found.append((play.step, {held.value: "the credential"} if held is not None else {}))
    world.__dict__["auth watched"] = found
    return found


async def _logins(world: World, name: str) -> list[tuple[Step, dict[str, str]]]:
    door = door_of(world, name)
    if door is None:
        return []
    async with world.scene() as scene:
        wrong = await scene.send(door.wrong(9))
        entry = await entered(scene, name)
    found = [(wrong, {value: "the password" for _, value in leaves(wrong.request.body) if "Wrong-" in str(value)})]
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
    """Texts of a request's body under names of personal things."""
    if not isinstance(step.request.body, dict):
        return
    for place, value in leaves(step.request.body):
        name = next((part for part in reversed(place) if isinstance(part, str)), "")
        if isinstance(value, str) and len(value) >= LEAST and PERSONAL.search(name) and not SECRET_NAME.search(name):
            yield value, f"`{name}`"
