"""The probe `forged-request-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_forging import by_cookie, carrying, forgeries, logs_out
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.member import Member

ALL = 3
"""Changes that are all open, from which on it is said once."""


@rule("forged-request-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-352")
async def forged_request_accepted(world: World) -> AsyncIterator[Flaw]:
    """A change by cookie is accepted without the token that others of its kind ask for, or with a wrong one.

    Why: A browser sends the cookie along with whatever a foreign page makes it
        send. The token is what that page cannot know; one operation that does
        not compare it is enough.

    Sends: Each POST, PUT, PATCH and DELETE that works with a cookie, from a
        foreign Origin: without the token, with one that nobody was given, with
        an empty one, with that of another identity's session, and without one as
        a type that every page's form may send.

    Applies: To services that let an identity in by a cookie alone and hand out
        a token for its changes, in a header or a property of the body; or that
        ask for their own Origin or for X-Requested-With.

    Proves: The request is accepted and rows have changed.

    Precision: A service without any such token is judged by its cookie's
        SameSite, which is another probe's. A logout that needs no token does
        little harm and is left out: what touches only the rows of the login.

    Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet; CWE-352.
    """
    told: list[Flaw] = []
    tried = 0
    for play in list(world.plays.values()):
        member = world.member(play.request.who)
        if play.operation.method == "GET" or member is None or not by_cookie(member) or not member.unsafe:
            continue
        if not play.changes or await logs_out(world, play):
            continue
        tried += 1
        found = await _forged(world, member, play)
        told += [found] if found is not None else []
    # Where every change is open, the cause is one.
    for each in told if len(told) < tried or tried < ALL else told[:1]:
        yield each


async def _forged(world: World, member: Member, play: Play) -> Flaw | None:
    """The first request of a foreign page that is accepted."""
    for unsafe, request, how in forgeries(world, member, play):
        with carrying(world, member, unsafe):
            step = await world.once(request)
            if step.ok and step.changes:
                return flaw(
                    world,
                    [step],
                    f"{play.operation.symbol} is accepted from a foreign page, {how}.",
                    hint="Compare the token with the session's before anything else.",
                )
    return None
