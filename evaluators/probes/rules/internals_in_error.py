"""The probe `internals-in-error`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.finding import Severity
from evaluators.probes.auth_errors import internals, operation_of, refusals
from evaluators.probes.behaviour_bodies import unreadable
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule


@rule(
    "internals-in-error", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-209", owasp="API8:2023"
)  # fmt: skip
async def internals_in_error(world: World) -> AsyncIterator[Flaw]:
    """A refusal tells of the service's inside: a traceback, SQL, a path, a library's message.

    Why: The database's own words name tables, columns and constraints, often
        the other row's value with them. It is what an attacker asks for first.

    Sends: To each operation a request without a credential, with an id that
        nobody has, with a body of a wrong form, with a null byte and with a
        number beyond every column; each creation twice; and an unknown path and
        method; bodies that cannot be read in each media type that the contract
        names (JSON, XML, CSV, forms), and query parameters of a wrong form.

    Applies: To every answer of 4xx and 5xx.

    Proves: Its body holds such a text, which was not sent.

    Precision: Names of one's own tables in plain sentences are not told from
        words of the domain.

    Source: OWASP API Security Top 10 2023, API8; OWASP Error Handling Cheat Sheet; CWE-209.
    """
    told = set()
    samples = [(sample.step, operation_of(world, sample)) for sample in await refusals(world)]
    samples += [(step, step.request.operation) for step in await unreadable(world)]
    for step, operation in samples:
        found = internals(step)
        if found is None or (operation.symbol, found[0]) in told:
            continue
        told.add((operation.symbol, found[0]))
        text = f"{operation.symbol} answers {step.status} with {found[0]}: {found[1][:60]!r}."
        hint = "Answer a sentence of your own, and write the rest to the log."
        yield flaw(world, [step], text, operation=operation, hint=hint)
