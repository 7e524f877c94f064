"""The probe `token-stored-readable`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from evaluators.finding import Severity
from evaluators.probes.auth_entry import drawn, mailed, opens, sampled
from evaluators.probes.auth_tokens import decoded
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.csrf import NAME as CSRF
from evaluators.service.request import leaves
from evaluators.service.step import Step
from evaluators.service.ways import cookies


@rule(
    "token-stored-readable", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-312",
    owasp="API2:2023",
)  # fmt: skip
async def token_stored_readable(world: World) -> AsyncIterator[Flaw]:
    """A credential that was handed out stands in the database as it is.

    Why: A session id, an API key, a refresh or reset token is a password that a
        service drew. Whoever reads the table, a backup or a replica, uses it at
        once: it needs no cracking.

    Sends: A login of the identity, and each working request that hands out a
        drawn text once or writes one into a mail.

    Applies: To cookies, keys and second tokens of a login; and to texts that
        are mailed, where an operation takes them without another credential.

    Proves: A row that the same request wrote holds the text that was handed out.

    Precision: Secrets that a service must be able to read again, such as the
        key that it signs webhooks with, are none of these. A key that begins
        with a public part is compared whole.

    Source: OWASP ASVS 4.0.3, 2.4 and 3.2; CWE-312.
    """
    told: set[tuple[str, str]] = set()
    for step, values in [*await _logins(world), *_plays(world)]:
        for table, column in _columns(step, values):
            if (table, column) not in told:
                told.add((table, column))
                text = f"{step.request.symbol} stores the credential that it hands out in {table}.{column} as it is."
                yield flaw(world, [step], text, hint="Store a hash of it, and look it up by that.",
                           seen=f"{table}.{column} of the new row holds the text that was handed out.")  # fmt: skip


async def _logins(world: World) -> list[tuple[Step, list[str]]]:
    """What a login hands out: its credential, its cookies, and what else the contract takes as a credential."""
    found = []
    for name in world.crew.ordinary[:1]:
        entry = await sampled(world, name)
        if entry is None or entry.held is None:
            continue
        values = [value for label, value in entry.others() if opens(world, label, value)]
        if not entry.held.cookie:
            values.append(entry.held.value)
        for step in entry.steps:
            values += [value for label, value in cookies([step]).items() if not CSRF.search(label)]
        found += [(step, values) for step in entry.steps]
    return found


def _plays(world: World) -> Iterator[tuple[Step, list[str]]]:
    """What working requests hand out: in an answer that is given once, or in a mail."""
    for _, play in sorted(world.plays.items()):
        if play.operation.method == "POST" and play.changes:
            texts = [(place, value) for place, value in leaves(play.step.json) if place and isinstance(value, str)]
            yield (
                play.step,
                [
                    *(value for place, value in texts if opens(world, str(place[-1]), value)),
                    *_mailed(play.step),
                ],
            )


def _mailed(step: Step) -> Iterator[str]:
    """Drawn texts that a request without a credential wrote into a mail."""
    answered = {str(value) for _, value in leaves(step.json)}
    if step.request.who is None and step.request.operation.method != "GET":
        yield from (text for text in mailed(step.log) if text not in answered)


def _columns(step: Step, values: list[str]) -> Iterator[tuple[str, str]]:
    secrets = {value for value in values if drawn(value) and decoded(value) is None}
    signed = {value for value in values if decoded(value) is not None}
    for table, row in (*step.changes.added, *((each.table, each.after) for each in step.changes.updated)):
        for column, value in row.items():
            if isinstance(value, str) and value in secrets | signed:
                yield table, column
