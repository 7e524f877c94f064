"""The probe `token-kinds-confused`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_entry import brings_token, entered, giving, readers, renewer
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule("token-kinds-confused", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-287", owasp="API2:2023")
async def token_kinds_confused(world: World) -> AsyncIterator[Flaw]:
    """A refresh token opens operations, or an access token is changed for new tokens.

    Why: An access token lives minutes because it travels with every request.
        If it buys new tokens, or if the refresh token that lives weeks is as
        good, the short life means nothing: one copy is the account.

    Sends: After a login whose answer has two tokens, the second one as the
        credential of a working GET, and the first one where the second belongs.

    Applies: To services with a login, and an operation that changes a refresh
        token for a credential (found by trying).

    Proves: The GET shows what it shows to the identity; new tokens are answered.

    Precision: Refresh tokens that travel in a cookie are not tried.

    Source: RFC 8725, section 2.8; RFC 6749, section 1.5; CWE-287.
    """
    for name in world.crew.ordinary[:1]:
        found = await renewer(world, name)
        plays = readers(world, name)
        if found is None or not plays:
            continue
        operation, place, label = found
        async with world.scene() as scene:
            entry = await entered(scene, name)
            tokens = dict(entry.others()) if entry is not None else {}
            if entry is None or entry.held is None or label not in tokens:
                continue
            step = await scene.send(entry.held.with_value(plays[0].request, tokens[label]))
            if same_effect(plays[0], step):
                text = f"{step.request.symbol} takes a refresh token for its credential."
                yield flaw(world, [entry.steps[0], step], text, hint="Say in each token what it is for, and check it.")
            step = await scene.send(giving(world, operation, place, entry.held.value).as_(None))
            if brings_token(step):
                text = f"{operation.symbol} changes an access token for new tokens."
                yield flaw(world, [entry.steps[0], step], text, hint="Say in each token what it is for, and check it.")
