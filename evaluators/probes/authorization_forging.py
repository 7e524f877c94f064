"""Requests that a foreign page makes a browser send: with the cookie, without what only the own page knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from evaluators.probes.world import World
from evaluators.service.member import Member

ORIGIN = "https://attacker.example"
WRONG = "0" * 32
"""A token that nobody was given."""


def by_cookie(world: World) -> Member | None:
    """The ordinary identity, if nothing but cookies says who it is."""
    names = world.crew.ordinary
    member = world.crew.members[names[0]] if names else None
    if member is None or {name.lower() for name in member.headers} != {"cookie"}:
        return None
    return member


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
