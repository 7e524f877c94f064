"""Requests that a foreign page makes a browser send: with the cookie, without what only the own page knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from evaluators.probes.auth_entry import sampled
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.csrf import NAME
from evaluators.service.member import Member
from evaluators.service.request import ABSENT, Request, leaves

ORIGIN = "https://attacker.example"
WRONG = "0" * 32
"""A token that nobody was given."""
SIMPLE = "text/plain"
"""A type that a form of any page may send."""


def by_cookie(member: Member | None) -> bool:
    """Whether nothing but cookies says who an identity is."""
    return member is not None and {name.lower() for name in member.headers} == {"cookie"}


@contextmanager
def carrying(world: World, member: Member, unsafe: Mapping[str, str]) -> Iterator[None]:
    """Inside, the identity's changes carry these headers besides its cookie, and no others."""
    crew = world.crew
    changed = replace(member, unsafe=unsafe, unsafe_told=unsafe)
    world.crew = replace(crew, members={**crew.members, member.name: changed})
    try:
        yield
    finally:
        world.crew = crew


def forgeries(world: World, member: Member, play: Play) -> Iterator[tuple[Mapping[str, str], Request, str]]:
    """(what stands in place of the token, the request, how it is told) of all that a foreign page may send."""
    place = token_place(play)
    request = foreign(member, play.request)
    if place is not None:
        name = str(place[-1])
        for value, how in ((ABSENT, "without"), (WRONG, "with a wrong"), ("", "with an empty")):
            yield {}, request.having(place, value), f"{how} {name}"
        return
    name = ", ".join(member.unsafe)
    yield {}, request, f"without {name}"
    if member.guard is not None and member.guard.fixed:
        return
    yield dict.fromkeys(member.unsafe, WRONG), request, f"with a wrong {name}"
    yield dict.fromkeys(member.unsafe, ""), request, f"with an empty {name}"
    others = [each.unsafe for each in world.crew.members.values() if each.name != member.name]
    theirs = next((each for each in others if each and each.keys() == member.unsafe.keys()), None)
    if theirs is not None:
        yield theirs, request, f"with the {name} of another session"
    if request.is_json and request.body is not ABSENT:
        yield {}, replace(request, body=request.content, media=SIMPLE), f"as {SIMPLE}, without {name}"


def foreign(member: Member, request: Request) -> Request:
    """The request as a page elsewhere sends it: what the play itself said of the token is left out."""
    own = {name.lower() for name in member.unsafe}
    kept = {name: value for name, value in request.headers.items() if name.lower() not in own}
    return replace(request, headers=kept).saying(Origin=ORIGIN)


def token_place(play: Play) -> Place | None:
    """The place of the body that holds the token."""
    body = play.request.body
    places = [place for place, _ in leaves(body) if place] if isinstance(body, dict) else []
    return next((place for place in places if NAME.search(str(place[-1]))), None)


async def logs_out(world: World, play: Play) -> bool:
    """Whether a play does no more than end the session: it touches only rows that a login makes, and names none."""
    if play.request.path or play.request.body is not ABSENT or play.request.who is None or play.changes.added:
        return False
    entry = await sampled(world, play.request.who)
    made = {table for step in entry.steps for table, _ in step.changes.added} if entry is not None else set()
    return play.changes.tables <= made
