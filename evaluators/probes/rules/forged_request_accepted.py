"""The probe `forged-request-accepted`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.authorization_forging import ORIGIN, WRONG, by_cookie, carrying
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw, rule
from evaluators.service.member import Member
from evaluators.service.request import ABSENT

ALL = 3
"""Changes that are all open, from which on it is said once."""


@rule("forged-request-accepted", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-352")
async def forged_request_accepted(world: World) -> AsyncIterator[Flaw]:
    """A change by cookie is accepted without the token that others of its kind ask for, or with a wrong one.

    Why: A browser sends the cookie along with whatever a foreign page makes it
        send. The token is what that page cannot know; one operation that does
        not compare it is enough.

    Sends: Each POST, PUT, PATCH and DELETE that works for an ordinary identity
        with its cookie, from a foreign Origin, without the token and with one
        that nobody was given.

    Applies: To services that let an identity in by a cookie alone and hand out
        a token for its changes.

    Proves: The request is accepted and rows have changed.

    Precision: A service without any such token is judged by its cookie's
        SameSite, which is another probe's. A logout that needs no token does
        little harm and is left out.

    Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet; CWE-352.
    """
    member = by_cookie(world)
    if member is None or not member.unsafe:
        return
    told: list[Flaw] = []
    tried = 0
    for play in list(world.plays.values()):
        if play.operation.method == "GET" or play.request.who != member.name or not play.operation.secured:
            continue
        if not play.changes or _ends(play):
            continue
        tried += 1
        told += [found async for found in _forged(world, member, play)]
    # Where every change is open, the cause is one.
    for found in told if len(told) < tried or tried < ALL else told[:1]:
        yield found


async def _forged(world: World, member: Member, play: Play) -> AsyncIterator[Flaw]:
    """The request without the token, then with a wrong one; the first that is accepted."""
    request = play.request.saying(Origin=ORIGIN)
    for unsafe, how in (({}, "without"), (dict.fromkeys(member.unsafe, WRONG), "with a wrong")):
        with carrying(world, member, unsafe):
            step = await world.once(request)
            if step.ok and step.changes:
                yield flaw(
                    world,
                    [step],
                    f"{play.operation.symbol} is accepted from a foreign page, {how} {', '.join(member.unsafe)}.",
                    hint="Compare the token with the session's before anything else.",
                )
                return


def _ends(play: Play) -> bool:
    """Whether all that was done is that a row of the caller's own, which no place of the request names, is gone."""
    if play.request.path or play.request.body is not ABSENT:
        return False
    return not play.changes.added and not play.changes.updated
