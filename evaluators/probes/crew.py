"""Who the probes are: two ordinary identities, and those that a role lifts above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaluators.bench import Bench
from evaluators.service.boot import Running
from evaluators.service.identities import Cast, Identity, cast_of

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Member:
    """One identity of the gate, as it is known to the service."""

    name: str
    """`a` and `b` are ordinary; others have more rights."""
    headers: Mapping[str, str] = field(repr=False)
    """What each request carries."""
    told: Mapping[str, str]
    """The same with `$NAME`s in place of secrets, for a reader's shell."""
    variables: Mapping[str, str] = field(repr=False)
    """`NAME` -> the secret."""
    way: str = ""
    """How it was made: `signed`, `login`, `key`, `cookie`, `client`, `basic`."""
    subject: str = ""
    """What the service calls it, such as the token's `sub`."""
    unsafe: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What a request that changes something carries besides (a CSRF token)."""
    unsafe_told: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    """What it logs in with, where it can."""
    password: str = field(default="", repr=False)

    def sent(self, method: str) -> dict[str, str]:
        """The headers of a request with that method."""
        return {**self.headers, **(self.unsafe if method in UNSAFE else {})}

    def shown(self, method: str) -> dict[str, str]:
        """The same as a reader's shell holds them."""
        return {**self.told, **(self.unsafe_told if method in UNSAFE else {})}


@dataclass(frozen=True)
class Crew:
    """Everybody, by name; empty where no operation asks who it is, or nobody was let in."""

    cast: Cast
    members: Mapping[str, Member]
    why: str = ""
    """Why nobody was let in, where somebody had to be."""

    @property
    def ordinary(self) -> tuple[str, ...]:
        """`a` and `b`, where they are there."""
        return tuple(name for name in ("a", "b") if name in self.members)

    @property
    def lifted(self) -> tuple[str, ...]:
        """Those with more rights."""
        return tuple(name for name in self.members if name not in ("a", "b"))


async def crew_of(running: Running, bench: Bench) -> Crew:
    """Seed the database, make the identities, and seal what is there. Raises NoDatabase."""
    cast = await cast_of(running, bench)
    members = {each.name: _bearer(each) for each in (cast.a, cast.b) if each is not None}
    return Crew(cast, members, cast.why)


def _bearer(identity: Identity) -> Member:
    """An identity with a bearer token."""
    variable = f"TOKEN_{identity.name.upper()}"
    return Member(
        identity.name,
        identity.headers,
        {"Authorization": f"Bearer ${variable}"},
        {variable: identity.token},
        identity.way,
        identity.subject,
    )
