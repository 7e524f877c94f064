"""Stage `part`: what is only a part of a service is proved as what it is.

The recipe's options say what: `part.kind` (middleware, model, test),
`part.module`, `part.symbol`, `part.reference`, `part.mutants` (`few`).
"""

from __future__ import annotations

import asyncio

from evaluators.bench import Bench
from evaluators.code.facts import code_of
from evaluators.draft import Role, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.service import mounting, mutate, suites, tabling
from evaluators.service.sandbox import SandboxError
from evaluators.service.testrun import NoRoom, failures, open_room
from evaluators.stacks.references import reference
from evaluators.stacks.stack import StackError, stack_of

NAME = "part"

KINDS = ("middleware", "model", "test")


def applies(subject: Subject) -> bool:
    """Whether a recipe says that this is a part, and something of it is there."""
    return bool(subject.option("part.kind")) and bool(subject.draft.having(Role.CODE, Role.TEST))


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Mount it, create it or run it, whichever its kind asks for."""
    kind = subject.option("part.kind")
    if kind not in KINDS:
        return judged(NAME, [], unverified=Reason.NO_HARNESS, detail=f"there is no harness for {kind}")
    try:
        if kind == "test":
            return await _tests(subject, bench)
        missing = _missing(subject)
        if missing is not None:
            return judged(NAME, [missing], detail=f"{kind} not found")
        return await (_middleware(subject, bench) if kind == "middleware" else _model(subject, bench))
    except NoRoom as error:
        return judged(NAME, [], unverified=error.reason, detail=str(error))
    except SandboxError as error:
        return judged(NAME, [], unverified=Reason.NO_SANDBOX, detail=str(error))
    except (mutate.MutantError, StackError) as error:
        return judged(NAME, [], unverified=Reason.NO_HARNESS, detail=str(error))


def _missing(subject: Subject) -> Finding | None:
    """The finding that the module or the symbol which the recipe names is not there."""
    module, symbol = subject.option("part.module"), subject.option("part.symbol")
    code = subject.fact(code_of)
    there = code.by_name.get(module)
    if there is not None and (there.bound is None or symbol.partition(".")[0] in there.bound):
        return None
    path = there.path if there is not None else module.replace(".", "/") + ".py"
    what = f"`{symbol}` is not defined in {path}" if there is not None else f"there is no {path}"
    return Finding(
        "part-missing",
        Severity.ERROR,
        Location(path),
        f"{module}.{symbol}",
        f"The part is asked for as `{module}.{symbol}`, and {what}.",
    )


async def _middleware(subject: Subject, bench: Bench) -> StageResult:
    """Mount it on a protected route and send tokens."""
    room = await open_room(subject, bench, with_database=False)
    seen = await mounting.exercise(subject, room)
    if seen.reason is not None:
        return judged(NAME, seen.findings, unverified=seen.reason, detail=seen.detail)
    return judged(NAME, seen.findings, detail=f"{seen.sent} requests")


async def _model(subject: Subject, bench: Bench) -> StageResult:
    """Create its tables, lint what results, write rows."""
    room = await open_room(subject, bench, with_database=True, empty=True)
    seen = await tabling.exercise(subject, room, bench)
    if seen.reason is not None:
        return judged(NAME, seen.findings, unverified=seen.reason, detail=seen.detail)
    return judged(NAME, seen.findings, detail=seen.detail, not_checked=seen.not_checked)


async def _tests(subject: Subject, bench: Bench) -> StageResult:
    """Run the tests on the reference service, then on each mutant of it."""
    stack = stack_of(subject)
    if stack is None:
        return judged(NAME, [], unverified=Reason.NO_STACK, detail="the stack is not known")
    name = subject.option("part.reference")
    files, planted = reference(stack.name, name), mutate.mutants(stack.name, name)
    if subject.option("part.mutants") == "few":
        planted = tuple(mutant for mutant in planted if mutant.core)
    room = await open_room(subject, bench, with_database=False)
    folders, plans = mutate.plan(subject.draft, files, planted)
    (first,) = await suites.run(room.confined, {mutate.REFERENCE: folders[mutate.REFERENCE]}, plans[:1])
    if first.timed_out:
        return judged(NAME, [], unverified=Reason.TIME_BOUND, detail="the tests do not end on the reference service")
    if first.broken:
        return judged(NAME, [], unverified=Reason.TOOL_FAILED, detail=first.broken)
    if first.failures or not first.passed:
        found = failures(subject.draft, first) or [_no_test(subject)]
        return judged(NAME, found, detail=f"{first.passed} passed on the reference service")
    # Two guests at once: a suite is nearly all computing, and two cores are what is promised.
    halves = [plans[1::2], plans[2::2]]
    told = await asyncio.gather(
        *(
            suites.run(room.confined, {suite.name: folders[suite.name] for suite in half}, half)
            for half in halves
            if half
        )
    )
    ran = [each for half in told for each in half]
    alive = mutate.survivors(ran, planted)
    unsure = [each for each in ran if not each.told or each.timed_out]
    if unsure:
        # What was not seen to its end is neither noticed nor alive.
        reason = Reason.TIME_BOUND if unsure[0].timed_out else Reason.TOOL_FAILED
        detail = f"{len(unsure)} mutants were not run to their end: {unsure[0].broken or unsure[0].name}"
        return judged(NAME, mutate.findings(subject.draft, alive), unverified=reason, detail=detail)
    detail = f"{first.passed} tests, {len(planted) - len(alive)} of {len(planted)} mutants noticed"
    skipped = [NotChecked(test, "the test skips itself") for test in first.skipped]
    return judged(NAME, mutate.findings(subject.draft, alive), detail=detail, not_checked=skipped)


def _no_test(subject: Subject) -> Finding:
    """The finding that nothing ran on the reference service."""
    path = next(iter(mutate.delivered(subject.draft)), "")
    return Finding("no-test-runs", Severity.ERROR, Location(path), "tests", "No test ran on the reference service.")
