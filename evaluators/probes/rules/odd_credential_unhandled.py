"""The probe `odd-credential-unhandled`."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from evaluators.finding import Severity
from evaluators.probes.auth_survey import guarded_plays
from evaluators.probes.auth_tokens import Held, held_of
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.entering import Login
from evaluators.service.request import Request

LONG = 6000
"""Characters; less than a server takes for all headers together."""


@rule("odd-credential-unhandled", family="probes", severity=Severity.ERROR, cwe="CWE-20", owasp="")
async def odd_credential_unhandled(world: World) -> AsyncIterator[Flaw]:
    """A credential of odd bytes makes the service answer with a 500.

    Why: Whoever is not even logged in can fill the log with tracebacks, and
        alarms with noise. A comparison in constant time takes no letters beyond
        ASCII, a database no null byte, a decoder no broken coding.

    Sends: One working read for each way to say who asks, with a credential of
        letters beyond ASCII, one that is very long, one whose parts are empty or
        broken; of HTTP basic names and passwords with a null byte and with bytes
        that are no UTF-8; of a cookie and a key also a null byte in its
        percent form. To a token endpoint that takes clients by HTTP basic the
        same odd names and secrets.

    Applies: To operations whose contract asks for a credential, and to token
        endpoints (RFC 6749, section 2.3.1).

    Proves: The answer is a 500 or 502.

    Precision: A refusal of any kind is right. What the server refuses before the
        service sees it is none of the service's.

    Source: RFC 9110, section 5.5; CWE-20.
    """
    seen: set[tuple[str, str]] = set()
    for play in guarded_plays(world):
        held = held_of(world.member(play.request.who))
        if held is None or (held.header, held.prefix) in seen:
            continue
        seen.add((held.header, held.prefix))
        for value, prefix, what in _odd(world, held):
            step = await world.once(held.with_value(play.request, value, prefix))
            if step.status in (500, 502):
                text = f"{play.operation.symbol} breaks at {what}."
                yield flaw(world, [step], text, hint=HINT)
                break
    async for each in _clients(world):
        yield each


async def _clients(world: World) -> AsyncIterator[Flaw]:
    """What token endpoints do with odd clients, where they take the right one by HTTP basic."""
    asked: set[str] = set()
    for name in world.crew.members:
        right = _by_basic(world, name)
        if right is None or right.symbol in asked:
            continue
        asked.add(right.symbol)
        if not (await world.once(right)).ok:
            continue
        for raw, what in BASIC:
            step = await world.once(right.saying(Authorization=f"Basic {base64.b64encode(raw).decode()}"))
            if step.status in (500, 502):
                yield flaw(world, [step], f"{right.symbol} breaks at a basic credential {what}.", hint=HINT)
                break


def _by_basic(world: World, name: str) -> Request | None:
    """The login of a client with its key and secret in the header, and not in the body; None where it is no client."""
    member = world.member(name)
    logins = [way.login for way in member.ways if isinstance(way.login, Login)] if member is not None else []
    if member is None or member.account is None or not logins or not logins[0].client:
        return None
    return replace(logins[0], basic=True).request(member.account, member.scopes)


HINT = "Refuse with 401 what cannot be read as a credential."


def _odd(world: World, held: Held) -> Iterator[tuple[str, str, str]]:
    """(credential, what stands before it, what it is)."""
    yield "\u00e9\u00ff\u00fe", held.prefix, "a credential of letters beyond ASCII"
    yield f"{held.value[:-1]}\u00e9", held.prefix, "a credential that ends beyond ASCII"
    yield "a" * LONG, held.prefix, "a very long credential"
    yield "%00", held.prefix, "a credential of a coded null byte"
    yield "..", held.prefix, "a credential of empty parts"
    yield "e30.e30.e30", held.prefix, "a token of empty objects"
    yield "bnVsbA.bnVsbA.bnVsbA", held.prefix, "a token whose parts are no objects"
    if held.prefix.strip() and not held.cookie:
        yield "", held.prefix.strip(), "a scheme without a credential"
    basic = any(scheme.scheme == "basic" for scheme in world.contract.schemes)
    for raw, what in BASIC if basic else ():
        yield base64.b64encode(raw).decode(), "Basic ", f"a basic credential {what}"
    if basic:
        yield "a", "Basic ", "a basic credential of a broken coding"


BASIC = (
    (b"a\0b:password", "with a null byte in its name"),
    (b"a:pass\0word", "with a null byte in its password"),
    (b"a" * LONG + b":password", "with a very long name"),
    (b"\xff\xfe:\xff", "that is no UTF-8"),
    (b"nobody", "without a colon"),
    (b":", "of nothing"),
)
