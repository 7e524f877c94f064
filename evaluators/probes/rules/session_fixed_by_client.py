"""The probe `session-fixed-by-client`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_doors import door_of
from evaluators.probes.auth_entry import readers, sampled
from evaluators.probes.auth_headers import set_cookies
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.csrf import NAME as CSRF

CHOSEN = "backwright0chosen0session0id0000000000000000"


@rule(
    "session-fixed-by-client", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-384",
    owasp="API2:2023",
)  # fmt: skip
async def session_fixed_by_client(world: World) -> AsyncIterator[Flaw]:
    """A login takes over the session id that the client already had.

    Why: Whoever sets a cookie in somebody's browser beforehand, by a link or a
        sister domain, knows the id of the session that the victim then opens.

    Sends: A login with a cookie of the session's name and a text of our own,
        and a working GET with that cookie alone.

    Applies: To services whose credential is a cookie.

    Proves: The GET shows what it shows to the identity.

    Precision: Only the one cookie is tried.

    Source: OWASP Session Management Cheat Sheet, "Renew the Session ID After Any Privilege Level Change"; CWE-384.
    """
    for name in world.crew.ordinary[:1]:
        plays, door = readers(world, name), door_of(world, name)
        entry = await sampled(world, name)
        if entry is None or entry.held is None or not entry.held.cookie or door is None or not plays:
            continue
        cookies = [each.name for step in entry.steps for each in set_cookies(step) if not CSRF.search(each.name)]
        for cookie in cookies[:1]:
            chosen = {"Cookie": f"{cookie}={CHOSEN}"}
            async with world.scene() as scene:
                before = await scene.send(plays[0].request.forged(chosen))
                login = await scene.send(door.right().saying(**chosen))
                after = await scene.send(plays[0].request.forged(chosen))
            if not before.ok and login.status < 400 and same_effect(plays[0], after):
                text = f"{login.request.symbol} opens the session under the id that the client sent."
                yield flaw(world, [login, after], text, operation=login.request.operation,
                           hint="Draw a new id at each login.")  # fmt: skip
