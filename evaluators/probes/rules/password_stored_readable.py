"""The probe `password-stored-readable`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_storage import kept, readable
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "password-stored-readable", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-256",
    owasp="API2:2023",
)  # fmt: skip
async def password_stored_readable(world: World) -> AsyncIterator[Flaw]:
    """A password stands in the database so that it can be read.

    Why: Whoever gets a copy of the database, a backup or an operator's screen,
        has everybody's password, and with it their accounts elsewhere.

    Sends: Each working request that takes a password, with a password that
        nothing else uses.

    Applies: To requests whose body has a property of the format `password` or
        of such a name, and that write a row.

    Proves: A new or changed row holds the text: as it is, in base64, in
        hexadecimal digits or backwards.

    Precision: An encryption with a key that the service holds is not seen.

    Source: OWASP Password Storage Cheat Sheet; CWE-256.
    """
    told = set()
    for each in await kept(world):
        for table, column in readable(each)[:1]:
            if (table, column) in told:
                continue
            told.add((table, column))
            text = f"{each.play.operation.symbol} stores the password in {table}.{column} so that it can be read."
            hint = "Store a hash of argon2id, scrypt or bcrypt."
            seen = f"{table}.{column} of the new row holds the password that was sent."
            yield flaw(world, [each.step], text, hint=hint, seen=seen)
