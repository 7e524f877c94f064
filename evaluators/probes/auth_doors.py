"""Logins that must fail: wrong passwords, and people who are not there."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import Any

from evaluators.probes.auth_entry import login_of
from evaluators.probes.world import Scene, World
from evaluators.service.entering import Account
from evaluators.service.member import Member
from evaluators.service.request import Request, leaves, plain
from evaluators.service.step import Step
from evaluators.service.ways import Asking

WRONG = "Wrong-Badger-3-Window"
CHANGED = 6
"""Letters of a name that are exchanged to make somebody who is not there."""


@dataclass(frozen=True)
class DoorOf:
    """The login of an identity."""

    member: Member
    login: Asking
    account: Account

    def right(self) -> Request:
        """The login as it works."""
        return self.login.request(self.account, self.member.scopes)

    def wrong(self, number: int = 0) -> Request:
        """The login with a wrong password."""
        return self.login.request(replace(self.account, password=f"{WRONG}-{number}"), self.member.scopes)

    def unknown(self, number: int = 0) -> Request:
        """The login of somebody of the same kind who is not there."""
        return self.login.request(replace(stranger(self.account, number), password=f"{WRONG}-{number}"),
                                  self.member.scopes)  # fmt: skip


def door_of(world: World, name: str) -> DoorOf | None:
    """The login of an identity, where it logs in with a password."""
    member = world.member(name)
    if member is None or member.account is None or login_of(member) is None:
        return None
    login = next(way.login for way in member.ways if way.login is not None)
    return DoorOf(member, login, member.account)


def stranger(given: Account, number: int = 0) -> Account:
    """An account of the same form under names that nobody has."""
    names = {name: other(name, number) for name in (*given.names, given.email)}
    sent = {key: names.get(value, value) if isinstance(value, str) else value for key, value in given.sent.items()}
    return replace(
        given, email=names[given.email], sent=sent, known_as=tuple(names[name] for name in given.known_as), rows=[],
        answers=[],
    )  # fmt: skip


def other(name: str, number: int = 0) -> str:
    """A name of the same form: the last letters and digits before an `@` are exchanged for others of their kind."""
    head, at, rest = name.partition("@")
    letters = list(head)
    left = CHANGED
    tail = re.split(r"[^0-9A-Za-z]", head)[-1].lower()
    span = 6 if set(tail) <= set("0123456789abcdef") else 26
    for place in range(len(letters) - 1, -1, -1):
        letter = letters[place]
        if not left or not letter.isascii() or not letter.isalnum():
            continue
        left -= 1
        if letter.isdigit():
            letters[place] = str((int(letter) + 3 + number) % 10)
        else:
            base = ord("a") if letter.islower() else ord("A")
            letters[place] = chr(base + (ord(letter) - base + 5 + number) % span)
    return "".join(letters) + at + rest


def said(step: Step) -> tuple[int, str, dict[Any, str]]:
    """What an answer tells: status, content type, and the texts of its JSON without what was sent."""
    sent = {plain(value) for _, value in leaves(step.request.body)}
    kind = (step.answer.header("content-type") or "").split(";")[0]
    if step.json is None:
        text = step.answer.body.decode("utf-8", "replace")
        return step.status, kind, {(): _without(text, sent)}
    return step.status, kind, {place: _without(plain(value), sent) for place, value in leaves(step.json)}


def _without(text: str, sent: set[str]) -> str:
    for each in sorted(sent, key=len, reverse=True):
        if len(each) > 3:
            text = text.replace(each, "...")
    return text


def told_apart(first: Step, again: Step, other: Step) -> str:
    """How the answer to one differs from the answer to another; what differs between two of the same is no sign."""
    a, b, c = said(first), said(again), said(other)
    if a[0] != b[0] or a[0] in (0, 429) or c[0] in (0, 429):
        return ""
    if a[0] != c[0]:
        return f"{a[0]} and {c[0]}"
    if a[1] != c[1]:
        return f"{a[1] or 'no body'} and {c[1] or 'no body'}"
    names, same, others = ({name for name, _ in step.answer.headers} for step in (first, again, other))
    if names == same != others:
        return f"another header, {min(names ^ others)}"
    stable = {place: text for place, text in a[2].items() if b[2].get(place) == text}
    if set(a[2]) == set(b[2]) and set(c[2]) != set(a[2]):
        return "another set of properties"
    differing = [place for place, text in stable.items() if c[2].get(place) != text]
    if not differing:
        return ""
    return "another text" + (f" in {'.'.join(map(str, differing[0]))}" if differing[0] else "")


async def took(scene: Scene, request: Request) -> tuple[int, float]:
    """Status and seconds of one request."""
    begun = time.perf_counter()
    answer = await scene.world.ask(request)
    return answer.status, time.perf_counter() - begun


ATTEMPTS = 25
"""Wrong passwords in a row: more than twice what most services take."""


@dataclass(frozen=True)
class Unlimited:
    """A login that took every wrong password, and the right one after them."""

    first: Step
    right: Step
    declared: bool
    """Whether its contract declares 429."""


async def unlimited(world: World) -> Unlimited | None:
    """Try wrong passwords; the second call answers what the first one saw."""
    known = world.__dict__.get("auth unlimited", 0)
    if known != 0:
        return known  # type: ignore[no-any-return]
    found = None
    name = next(reversed(world.crew.ordinary), None)
    door = door_of(world, name) if name is not None else None
    if door is not None:
        found = await _unlimited(world, door)
    world.__dict__["auth unlimited"] = found
    return found


async def _unlimited(world: World, door: DoorOf) -> Unlimited | None:
    async with world.scene() as scene:
        first = await scene.send(door.wrong())
        if not first.refused or first.status in (422, 423, 429):
            return None
        for number in range(1, ATTEMPTS):
            answer = await world.ask(door.wrong(number))
            if answer.status != first.status:
                return None
        right = await scene.send(door.right())
        if not 200 <= right.status < 400:
            return None
        return Unlimited(first, right, "429" in {each.status for each in right.request.operation.responses})
