"""The probe `credential-survives-password-change`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_entry import Entry, Renewing, brings_token, entered, giving, in_shell, readers, renewer
from evaluators.probes.auth_storage import SENTINELS, password_places
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.proof import flaw
from evaluators.probes.world import Scene, World
from evaluators.rule import Flaw, rule
from evaluators.service.step import Step


@rule(
    "credential-survives-password-change", family="probes", severity=Severity.WARNING, security=True, cwe="CWE-613",
    owasp="API2:2023",
)  # fmt: skip
async def credential_survives_password_change(world: World) -> AsyncIterator[Flaw]:
    """Sessions that were open before a password was changed stay open.

    Why: People change their password because somebody else may know it. That
        somebody's session should end with it.

    Sends: Two logins, a change of the password by the one, and a working GET
        with the credential of the other; then the change of its refresh token.

    Applies: To operations that take a password, need a credential and change
        the identity's own row.

    Proves: The password's new text changed the row, and the older credential
        shows what it showed before, or its refresh token brings new ones.

    Precision: Access tokens that end by themselves within minutes are told as
        well; so it is a warning.

    Source: OWASP ASVS 4.0.3, 3.3.3; CWE-613.
    """
    for name in world.crew.ordinary[:1]:
        member, plays = world.member(name), readers(world, name)
        renewing = await renewer(world, name)
        for play, place in password_places(world):
            own = member is not None and any(each.table == member.table for each in play.changes.updated)
            if not own or not plays or play.request.who != name or not play.operation.secured:
                continue
            async with world.scene() as scene:
                old, new = await entered(scene, name), await entered(scene, name)
                if old is not None and new is not None and old.member.headers == new.member.headers:
                    # A token that tells only the second of its making is the same within it.
                    await asyncio.sleep(1.1)
                    new = await entered(scene, name)
                if old is None or new is None or old.held is None or new.held is None:
                    continue
                changed = await scene.send(new.sending(play.request.having(place, SENTINELS[1])))
                step = await scene.send(old.sending(plays[0].request))
                again = await _renewed(scene, old, renewing) if changed.ok and changed.changes else None
            if changed.ok and changed.changes and old.held.value != new.held.value and same_effect(plays[0], step):
                text = f"A credential from before still works after {play.operation.symbol} changed the password."
                yield in_shell(flaw(world, [*old.steps, *new.steps, changed, step], text, operation=play.operation,
                                    hint=HINT), old)  # fmt: skip
                return
            if again is not None:
                text = f"{again.request.symbol} takes a refresh token from before {play.operation.symbol}."
                yield flaw(world, [*old.steps, *new.steps, changed, again], text, operation=play.operation, hint=HINT)
                return


HINT = "End the account's other sessions with the change."


async def _renewed(scene: Scene, old: Entry, known: Renewing | None) -> Step | None:
    """The change of a session's refresh token for new tokens, where it is accepted."""
    token = next((value for name, value in old.others() if known is not None and name == known[2]), None)
    if known is None or token is None:
        return None
    step = await scene.send(giving(scene.world, known[0], known[1], token).as_(None))
    return step if brings_token(step) else None
