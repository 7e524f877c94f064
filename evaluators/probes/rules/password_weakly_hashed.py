"""The probe `password-weakly-hashed`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_storage import kept, readable, unsalted, weak
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "password-weakly-hashed", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-916",
    owasp="API2:2023",
)  # fmt: skip
async def password_weakly_hashed(world: World) -> AsyncIterator[Flaw]:
    """The stored hash of a password is fast, of few rounds, or without a salt of its own.

    Why: A graphics card tries billions of SHA-256 a second. A copy of the table
        then gives most passwords within a day; without a salt it gives equal
        ones at a glance.

    Sends: Each working request that takes a password, with one that nothing
        else uses; once more for somebody else with the same one, and with
        another.

    Applies: To requests that take a password and write a row.

    Proves: A column's text is computed from the password (and salts that stand
        beside it, or the service's secret) by a fast hash or by PBKDF2 of at
        most 10,000 rounds; or it says its own cost, which is too low; or two
        people with one password have the same text, and another password has
        another.

    Precision: A hash in a form that is not known here is taken for a good one.
        Costs are judged below half of what OWASP asks for, not at its figure.

    Source: OWASP Password Storage Cheat Sheet; NIST SP 800-63B, 5.1.1.2; CWE-916.
    """
    told = set()
    for each in await kept(world):
        if readable(each):
            continue
        found, symbol = weak(each, world.running.secret), each.play.operation.symbol
        hint = "Hash with argon2id, scrypt or bcrypt at their recommended cost; each hash has a salt of its own."
        if found is not None and (found.table, found.column) not in told:
            told.add((found.table, found.column))
            text = f"{symbol} keeps the password in {found.table}.{found.column} as {found.how}."
            yield flaw(world, [each.step], text, hint=hint)
        same = await unsalted(world, each) if found is None else None
        if same is not None and same[:2] not in told:
            told.add(same[:2])
            text = f"{symbol} keeps equal passwords of two people as equal texts in {same[0]}.{same[1]}."
            yield flaw(world, same[2], text, hint=hint)
