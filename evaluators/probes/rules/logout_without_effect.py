"""The probe `logout-without-effect`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.contract.facts import Operation
from evaluators.finding import Severity
from evaluators.probes.auth_entry import (
    Entry,
    Renewing,
    brings_token,
    ends,
    entered,
    giving,
    in_shell,
    readers,
    renewer,
)
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.auth_tokens import decoded
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, Scene, World
from evaluators.rule import Flaw, rule
from evaluators.service.request import Request


@rule(
    "logout-without-effect", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-613", owasp="API2:2023"
)
async def logout_without_effect(world: World) -> AsyncIterator[Flaw]:
    """A credential works after its own logout or revocation.

    Why: Logging out is what a user does on a shared or a lost device. A service
        that says yes and forgets to end the session leaves the account open to
        whoever finds the token.

    Sends: A login, a working GET with its credential, the logout or revocation,
        and the GET (or the change of the refresh token) once more.

    Applies: To operations that take the credential or the refresh token and
        were seen to change a row that a login writes, or that are called logout
        or revocation; keys and sessions by their own id too.

    Proves: The same request shows the same after the logout as before.

    Precision: An access token that ends by itself is not expected to end with a
        logout that takes the refresh token alone; then the refresh token is.

    Source: OWASP ASVS 4.0.3, 3.3.1; CWE-613.
    """
    for name in world.crew.ordinary[:1]:
        plays = readers(world, name)
        if not plays:
            continue
        renewing = await renewer(world, name)
        async with world.scene() as scene:
            entry = await entered(scene, name)
            candidates = [operation for operation, _ in ends(world, entry)] if entry is not None else []
        for operation in candidates:
            async with world.scene() as scene:
                found = await _after(scene, name, operation, plays[0], renewing)
            if found is not None:
                yield found


async def _after(scene: Scene, name: str, operation: Operation, play: Play, renewing: Renewing | None) -> Flaw | None:
    """What the credential still does after one logout."""
    entry = await entered(scene, name)
    ending = next((request for op, request in ends(scene.world, entry) if op == operation), None) if entry else None
    if entry is None or ending is None or entry.held is None:
        return None
    ended = await scene.send(entry.sending(ending) if operation.secured else ending.as_(None))
    if not ended.ok or brings_token(ended):
        return None
    if operation.secured or decoded(entry.held.value) is None:
        step = await scene.send(entry.sending(play.request))
        if same_effect(play, step):
            text = f"The credential still works after {operation.symbol} was accepted."
            steps = [*entry.steps, ended, step]
            return in_shell(flaw(scene.world, steps, text, operation=operation, hint=HINT), entry)
    return await _refreshed(scene, entry, ending, operation, renewing) if renewing is not None else None


HINT = "End what the login wrote, and look at it with each request."


async def _refreshed(scene: Scene, entry: Entry, ending: Request, operation: Operation, known: Renewing) -> Flaw | None:
    """Whether the refresh token that the logout took is still changed for new tokens."""
    ended = scene.steps[-1]
    values = {str(value) for value in ending.body.values()} if isinstance(ending.body, dict) else set()
    tokens = {label: value for label, value in entry.others() if value in values}
    renewing, place, label = known
    if label not in tokens:
        return None
    step = await scene.send(giving(scene.world, renewing, place, tokens[label]).as_(None))
    if not brings_token(step):
        return None
    text = f"{renewing.symbol} still takes the refresh token after {operation.symbol} was accepted."
    return flaw(scene.world, [*entry.steps, ended, step], text, operation=operation, hint=HINT)
