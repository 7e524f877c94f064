"""The probe `password-answered`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.probes.auth_storage import Kept, kept, secret_places, texts, wrong_forms
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.request import leaves
from evaluators.service.step import Step


@rule(
    "password-answered", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-200", owasp="API3:2023"
)  # fmt: skip
async def password_answered(world: World) -> AsyncIterator[Flaw]:
    """An answer holds the password that was just sent, or its hash.

    Why: Answers end up in logs, caches, browser histories and screenshots of
        support tickets. Nobody needs back what they have just typed.

    Sends: Each working request that takes a password, with one that nothing
        else uses; and the same with another property left out or of a wrong
        type, with a property too many, and with a password of a wrong form.

    Applies: To operations whose body takes a password: registrations, logins,
        changes and resets, a password that confirms something.

    Proves: The answer's body or a header holds the text; or a text of the
        answer is what the row keeps of the password.

    Precision: A hash is told only where the same request wrote it into a row and
        the contract declares the property; others are told as undeclared.

    Source: OWASP API Security Top 10 2023, API3; CWE-200.
    """
    told: set[str] = set()
    for each in await kept(world):
        symbol = each.play.operation.symbol
        found = None
        if each.password in _whole(each.step):
            found = flaw(world, [each.step], f"{symbol} answers the password that was sent.", hint=HINT)
        elif _hash_in(world, each):
            found = flaw(world, [each.step], f"{symbol} answers the hash of the password that was sent.", hint=HINT)
        if found is not None and symbol not in told:
            told.add(symbol)
            yield found
    for play, place in secret_places(world):
        symbol = play.operation.symbol
        for request, password in wrong_forms(play.request, place) if symbol not in told else ():
            step = await world.once(request)
            if password in _whole(step):
                told.add(symbol)
                text = f"{symbol} repeats the password in its {'refusal' if step.refused else 'answer'}."
                yield flaw(world, [step], text, hint="Leave the input out of validation errors.")
                break


HINT = "Answer by a schema that has no place for it."


def _whole(step: Step) -> str:
    return step.answer.body.decode("utf-8", "replace") + "".join(value for _, value in step.answer.headers)


def _hash_in(world: World, given: Kept) -> bool:
    """Whether a property that the contract declares answers what the row keeps of the password."""
    rows = {text for _, row in given.written for column, text in texts(row) if _keeps(column, text)}
    named = [str(place[-1]) for place, value in leaves(given.step.json) if place and value in rows]
    return any(shape_of(node).property(name) for name in named for node in world.contract.response_schemas)


def _keeps(column: str, text: str) -> bool:
    """Whether a column's text is a hash by its form or its column's name."""
    return len(text) >= 32 and (text.startswith("$") or "hash" in column or "passw" in column)
