"""The stage `probes`: a few hundred requests derived from contract, schema and identities.

Each probe looks at the answer and at the rows. One that crashes makes the
stage unverified and leaves the others to judge.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace

from evaluators.bench import Bench
from evaluators.draft import Subject
from evaluators.finding import Finding
from evaluators.probes.rehearsal import rehearsed_world
from evaluators.probes.world import World
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import Rule, finding_of, load, rules_of
from evaluators.service import boot
from evaluators.service.crew import Crew
from evaluators.service.database import NoDatabase
from evaluators.service.oracle import Unknown, Unseen

NAME = "probes"
SECONDS = 240.0
"""The bound of all probes together; one that is hit makes the stage unverified."""
UNREACHED = 0.1
"""A service of whose operations more than this share refuses all that the gate tries is not judged."""


def applies(subject: Subject) -> bool:
    """Whether there is a service to probe."""
    return boot.applies(subject)


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Probe the service that the stage `boot` left running."""
    running = boot.left_running(NAME, bench)
    if isinstance(running, StageResult):
        return running
    try:
        async with rehearsed_world(running, bench) as world:
            told = await probed(world)
    except NoDatabase as error:
        return judged(NAME, [], unverified=Reason.NO_DATABASE, detail=str(error))
    if subject.required and "fuzz" not in subject.required and subject.at is None:
        told = replace(told, findings=(*told.findings, *await boot.stops(running)))
    return told


async def probed(world: World, only: frozenset[str] | None = None) -> StageResult:
    """Run every probe, or only these rules, in a rehearsed world."""
    load(importlib.import_module("evaluators.probes.rules"))
    findings: list[Finding] = []
    crashed: list[str] = []
    left = _once_only(world)
    blind: list[NotChecked] = []
    with world.running.judging():
        for each in rules_of("probes"):
            if only is not None and each.id not in only:
                continue
            try:
                await _add(findings, each, world)
            except NoDatabase:
                raise
            except Unseen as error:
                blind.append(NotChecked(f"probe {each.id}", f"it wants to see {error}"))
                world.forget()
            except Exception as error:
                crashed.append(f"{each.id}: {type(error).__name__}: {error}")
    await world.fresh()
    reason, detail = _doubt(world, crashed, len(blind))
    unseen = [*_unseen(world, crashed), *left, *blind]
    return judged(NAME, findings, detail=detail, unverified=reason, not_checked=unseen)


async def _add(findings: list[Finding], each: Rule, world: World) -> None:
    """Add what a probe finds, as far as it comes."""
    async for flaw in each.check(world):
        findings.append(finding_of(each, flaw))


def _once_only(world: World) -> list[NotChecked]:
    """Take out the plays that work once, where nothing is set back; of the others say what is known of their rows."""
    if world.running.sets_back:
        return []
    once = sorted(symbol for symbol, play in world.plays.items() if not play.repeats)
    for symbol in once:
        del world.plays[symbol]
    for symbol, play in world.plays.items() if world.running.hearsay is not None else ():
        if not play.changes.added:
            world.plays[symbol] = replace(play, step=replace(play.step, changes=Unknown()))
    why = "it works once from the same rows, which only --reset sets back"
    return [NotChecked(f"probes of {symbol}", why) for symbol in once]


def _doubt(world: World, crashed: list[str], blind: int = 0) -> tuple[Reason | None, str]:
    """Why the stage could not be called passed, and its line."""
    whole = len(world.contract.operations)
    detail = f"{world.sent} requests, {len(world.plays)} of {whole} operations"
    crew: Crew = world.crew
    if crashed:
        return Reason.RULE_CRASHED, crashed[0][:200]
    if crew.cast.needed and not crew.members:
        return Reason.NO_IDENTITY, crew.why
    if len(world.unreached) > UNREACHED * whole:
        return Reason.NO_IDENTITY, f"{detail}; never past the door of {', '.join(sorted(world.unreached)[:4])}"
    if world.running.hearsay is not None:
        return Reason.NO_DATABASE, f"{detail}; without a database {blind} probes are not checked"
    if blind:
        why = Reason.NO_SANDBOX if world.running.sets_back else Reason.NO_DATABASE
        return why, f"{detail}; {blind} probes want to see more than there is"
    return None, detail


def _unseen(world: World, crashed: list[str]) -> Iterator[NotChecked]:
    """Operations that refused all that was tried, and probes that crashed."""
    for operation, why in sorted(world.unreached.items()):
        yield NotChecked(f"{operation} beyond its refusals", f"no request of the probes was accepted: {why}")
    for what, why in sorted(world.unchecked.items()):
        yield NotChecked(what, why)
    for each in crashed:
        yield NotChecked(f"probe {each.split(':')[0]}", "it crashed")
