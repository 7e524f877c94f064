"""The probe `password-answered`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from evaluators.contract.shapes import shape_of
from evaluators.finding import Severity
from evaluators.probes.auth_storage import Kept, kept, texts
from evaluators.probes.proof import flaw
from evaluators.probes.world import World
from evaluators.rule import Flaw, rule
from evaluators.service.request import ABSENT, leaves
from evaluators.service.step import Step


@rule(
    "password-answered", family="probes", severity=Severity.ERROR, security=True, cwe="CWE-200", owasp="API3:2023"
)  # fmt: skip
async def password_answered(world: World) -> AsyncIterator[Flaw]:
    """An answer holds the password that was just sent, or its hash.

    Why: Answers end up in logs, caches, browser histories and screenshots of
        support tickets. Nobody needs back what they have just typed.

    Sends: Each working request that takes a password, with one that nothing
        else uses; and the same with another property of a wrong type.

    Applies: To operations whose body takes a password.

    Proves: The answer's body or a header holds the text; or a text of the
        answer is what the row keeps of the password.

    Precision: A hash is told only where the same request wrote it into a row and
        the contract declares the property; others are told as undeclared.

    Source: OWASP API Security Top 10 2023, API3; CWE-200.
    """
    for each in await kept(world):
        symbol = each.play.operation.symbol
        if each.password in _whole(each.step):
            yield flaw(world, [each.step], f"{symbol} answers the password that was sent.", hint=HINT)
        elif _hash_in(world, each):
            yield flaw(world, [each.step], f"{symbol} answers the hash of the password that was sent.", hint=HINT)
        else:
            step = await _refused(world, each)
            if step is not None and each.password in _whole(step):
                text = f"{symbol} repeats the password in its refusal."
                yield flaw(world, [step], text, hint="Leave the input out of validation errors.")


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


async def _refused(world: World, given: Kept) -> Step | None:
    """The same request with another property of a wrong type; None where there is none, or it is not refused."""
    others = [place for place, _ in leaves(given.play.request.body) if place != given.place]
    if not others:
        return None
    request = given.play.request.having(given.place, given.password).having(others[0], [[]])
    step = await world.once(request)
    if not step.refused:
        step = await world.once(request.having(others[0], ABSENT))
    return step if step.refused else None
