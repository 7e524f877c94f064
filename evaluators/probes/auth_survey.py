"""Every secured operation, asked with credentials that no honest service takes; once for all probes that tell of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from evaluators.probes.auth_confused import PublicKey, asymmetric, confused, public_keys
from evaluators.probes.auth_tokens import (
    Forgery,
    Held,
    absent,
    expired,
    held_of,
    malformed,
    signatures,
    unsigned,
    with_shell,
)
from evaluators.probes.proof import flaw
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step

KEY = "auth survey"
PLAIN = 3
"""Texts shorter than this say nothing about whose rows an answer shows."""


@dataclass(frozen=True)
class Accepted:
    """An operation that took what it must refuse."""

    play: Play
    forgery: Forgery
    step: Step


@dataclass
class Survey:
    """What was asked and what was taken."""

    asked: dict[str, int] = field(default_factory=dict)
    """Kind of forgery -> operations that were asked with it."""
    taken: list[Accepted] = field(default_factory=list)
    keys: list[PublicKey] = field(default_factory=list)
    """Public keys that tokens are verified with, as far as they are seen."""

    def of(self, kind: str) -> list[Accepted]:
        """What was taken of one kind."""
        return [each for each in self.taken if each.forgery.kind == kind]


def guarded_plays(world: World) -> Iterator[Play]:
    """Working requests of identities to operations that let nobody in without a credential; what reads comes first."""
    for play in sorted(world.plays.values(), key=lambda each: each.operation.method != "GET"):
        if play.operation.secured and play.request.who is not None and play.step.ok:
            yield play


async def surveyed(world: World) -> Survey:
    """Ask every secured operation; the second call answers what the first one saw."""
    known = world.__dict__.get(KEY)
    if isinstance(known, Survey):
        return known
    survey = Survey()
    asked_all: set[str] = set()
    tokens = [held_of(member) for member in world.crew.members.values()]
    survey.keys = await public_keys(world) if any(map(asymmetric, tokens)) else []
    for play in guarded_plays(world):
        member = world.member(play.request.who)
        await _asked(world, survey, play, held_of(member), asked_all)
    world.__dict__[KEY] = survey
    return survey


async def _asked(world: World, survey: Survey, play: Play, held: Held | None, whole: set[str]) -> None:
    """Ask one operation, with all forgeries where it is the first to read or to write, else with one of each kind."""
    told = "GET" if play.operation.method == "GET" else "other"
    first = told not in whole
    whole.add(told)
    kinds: set[str] = set()
    for forgery in _forgeries(world, held, survey.keys):
        if forgery.kind in kinds and not first:
            continue
        if forgery.kind not in kinds:
            survey.asked[forgery.kind] = survey.asked.get(forgery.kind, 0) + 1
        kinds.add(forgery.kind)
        step = await let_in(world, play, forgery.on(held, play.request))
        if step is not None:
            survey.taken.append(Accepted(play, forgery, step))
            # Whoever gets in without any credential gets in with every one: one cause, one finding.
            return


def _forgeries(world: World, held: Held | None, keys: list[PublicKey]) -> Iterator[Forgery]:
    yield absent()
    if held is None:
        return
    if held.member.way != "stated":
        yield from malformed(held)
    yield from signatures(held)
    yield from unsigned(held)
    yield from confused(held, keys)
    late = expired(held, world.running.secret)
    if late is not None:
        yield late


async def let_in(world: World, play: Play, request: Request) -> Step | None:
    """The step, where a request with another credential does what the play did; None where it is refused."""
    if play.repeats:
        answer = await world.ask(request)
        if not 200 <= answer.status < 300:
            return None
        async with world.scene():
            # What it changed is put back before it is watched.
            pass
    step = await world.once(request)
    return step if same_effect(play, step) else None


def same_effect(play: Play, step: Step) -> bool:
    """Whether a step changed the tables that the play changed or, where that changed none, shows what that showed."""
    if not step.ok:
        return False
    if play.changes:
        return bool(step.changes.tables & play.changes.tables)
    return shows_the_same(play, step)


def shows_the_same(play: Play, step: Step) -> bool:
    """Whether an answer tells something of what the play's answer told: a text or a number of a row."""
    if play.step.json is None or step.json is None:
        return bool(step.answer.body) and step.answer.body == play.step.answer.body
    before = {_told(value) for place, value in leaves(play.step.json) if _says(value)}
    return any(_told(value) in before for _, value in leaves(step.json) if _says(value))


def _says(value: object) -> bool:
    return (isinstance(value, str) and len(value) >= PLAIN) or (type(value) is int and value > 0)


def _told(value: object) -> str:
    return str(value)


async def told(world: World, kind: str, sentence: str, hint: str) -> AsyncIterator[Flaw]:
    """The flaws of one kind: one for the whole service where most operations have it, else one for each.

    Args:
        sentence: with `{symbol}` for the operation and `{with_what}` for the credential.
    """
    survey = await surveyed(world)
    taken = survey.of(kind)
    if len(taken) > 1 and 2 * len(taken) > survey.asked.get(kind, 0):
        first, others = taken[0], len(taken) - 1
        text = sentence.format(symbol=first.play.operation.symbol, with_what=first.forgery.told)
        more = f"{others} more operations do too." if others > 1 else "One more operation does too."
        yield with_shell(flaw(world, [first.step], f"{text} {more}", hint=hint), first.forgery)
        return
    for each in taken:
        text = sentence.format(symbol=each.play.operation.symbol, with_what=each.forgery.told)
        yield with_shell(flaw(world, [each.step], text, hint=hint), each.forgery)
