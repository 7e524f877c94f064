"""The probe `credential-of-removed-user`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_removed import Trial, closed, without_row
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.auth_tokens import with_shell
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "credential-of-removed-user", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-613",
    owasp="API2:2023",
)  # fmt: skip
async def credential_of_removed_user(world: World) -> AsyncIterator[Flaw]:
    """The credential of a user who was deleted or disabled still works.

    Why: An account is closed because somebody left or was caught. If the token
        in their pocket works on, closing it does nothing while it matters.

    Sends: Working requests with the identity's token for a key that no row has;
        and working GETs after the identity's row was marked as closed.

    Applies: To signed tokens that name the key of the users' table and are
        signed with the secret that the gate gave the service; and to users' tables
        with a column that closes an account: by its name (`disabled_at`,
        `is_active`, a state), or since the login refuses the right password
        once it is set.

    Proves: The operation answers with success. After a mark it must show what it
        showed before, and the login or another operation must refuse: so the
        mark means what it says.

    Precision: A service whose tokens name users that it keeps elsewhere is not
        judged, and neither is a mark that nothing in the service heeds.

    Source: OWASP ASVS 4.0.3, 3.3.3; CWE-613.
    """
    for name in world.crew.ordinary[:1]:
        trial = await without_row(world, name)
        if trial is not None:
            for each in _told(world, trial, "works with the token of a user who is not there"):
                yield each
        for trial in await closed(world, name):
            if trial.refused or trial.login_refused:
                for each in _told(world, trial, f"works for a user whose {trial.mark} says that the account is closed"):
                    yield each


def _told(world: World, trial: Trial, how: str) -> list[Flaw]:
    """One flaw where no operation refuses, else one for each that differs from its siblings."""
    taken = trial.taken if trial.refused else sorted(trial.taken, key=lambda pair: not same_effect(*pair))[:1]
    found = []
    for play, step in taken:
        text = f"{play.operation.symbol} {how}."
        hint = "Look the user up with each request, by one check for all routes."
        seen = f"{trial.mark} of the identity's row was set before." if trial.mark else ""
        made = flaw(world, [step], text, hint=hint, seen=seen)
        found.append(with_shell(made, trial.forgery) if trial.forgery is not None else made)
    return found
