"""Play one trial: the recorded answers, the same loop, the proof for real; its score.

The loop is that of `write` (assistant/run.py), so a repair is asked for as it was asked for
when the answers were recorded. What it asks for and the recording does not hold is stale.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.budget import Budget, Ledger
from assistant.errors import BackwrightError, NoRecording, StaleRecording
from assistant.events import Answered, Asked, Finished, Judged, Read, TurnStarted
from assistant.experiment.ladder import KILLS, NOT_REACHED, PASSED, STALE, Mark, marks
from assistant.experiment.ladder import MACHINE as NOT_ITS_FAULT
from assistant.experiment.plan import Trial, shelf_of
from assistant.experiment.results import Score, Status, TrialResult
from assistant.library import Library
from assistant.model.base import Completion
from assistant.model.cassette import Tape
from assistant.model.replay import ReplayModel
from assistant.ordering import order_of
from assistant.recipe import Turn
from assistant.run import Order, run, subject_of
from evaluators.answer import read
from evaluators.bench import Bench
from evaluators.delivery import judge_delivery
from evaluators.draft import Draft
from evaluators.formats.json import as_value
from evaluators.gate import STATIC, Gate, Started
from evaluators.report import Report, StageResult, State
from evaluators.service.mutating import worth

FULL, STATIC_ONLY = "full", "static"


@dataclass
class _Turn:
    """What was judged in one turn."""

    turn: Turn
    first: Report | None = None
    first_draft: Draft = field(default_factory=Draft)
    best: Report | None = None
    best_draft: Draft = field(default_factory=Draft)

    def judged(self, report: Report, draft: Draft, *, better: bool) -> None:
        """One more report."""
        if self.first is None:
            self.first, self.first_draft = report, draft
        if better or self.best is None:
            self.best, self.best_draft = report, draft


@dataclass
class _Played:
    """What a run came to."""

    turns: list[_Turn] = field(default_factory=list)
    draft: Draft = field(default_factory=Draft)
    completions: list[Completion] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Fingerprints of the prompts, in order."""
    prompts: dict[str, str] = field(default_factory=dict)
    repairs: int = 0
    proving: float = 0.0
    finished: Finished | None = None
    stale: str = ""
    unreached: Mark = NOT_REACHED
    """What the rungs are that no turn came to."""


async def play(trial: Trial, library: Library, *, budget: int, depth: str = FULL) -> tuple[TrialResult, dict[str, Any]]:
    """Play a trial and judge it; its result, and its reports as JSON can hold them.

    Args:
        budget: answers that the run may ask for, over all turns.
        depth: `full`, or `static`: each turn's first answer alone, judged without running it.
    """
    result = _unplayed(trial)
    try:
        order = order_of(trial.case.sentence, recipe=trial.key.recipe, arm=trial.key.arm, library=library)
        model = ReplayModel((trial.folder / shelf_of(trial.key.arm),), case=trial.key.case, sample=trial.key.sample)
        # One that cannot be read is broken, and not merely stale.
        Tape.load(trial.path)
        played = await (_static(order, model, trial) if depth == STATIC_ONLY else _full(order, model, budget))
    except BackwrightError as error:
        return replace(result, status=Status.BROKEN, why=str(error)), {}
    result = _spent(result, trial, played, model)
    required = _required(order) & (STATIC if depth == STATIC_ONLY else _required(order))
    absent = STALE if played.stale else played.unreached
    firsts = [(_stages(each.turn), each.first) for each in played.turns if each.first]
    first = marks(firsts, required, absent, first=True)
    final = marks([(_stages(each.turn), each.best) for each in played.turns if each.best], required, absent)
    if not played.turns:
        return replace(result, status=Status.STALE, why=played.stale), {}
    if depth == FULL and "tests" in required:
        await _kills(order, played, first, final, absent)
    reports = [(each.turn.name, each.first, each.best) for each in played.turns]
    result = replace(result, first=_score(first, [one for _, one, _ in reports]))
    if played.stale or depth == STATIC_ONLY:
        status = Status.STALE if played.stale else Status.SCORED
        result = replace(result, status=status, why=played.stale)
    else:
        result = replace(result, final=_score(final, [best for _, _, best in reports]))
    evidence = {name: {"first": one and as_value(one), "final": best and as_value(best)} for name, one, best in reports}
    return result, evidence


def _unplayed(trial: Trial) -> TrialResult:
    """What is known of a trial before it is played."""
    takes = trial.label.takes
    return TrialResult(
        key=trial.key,
        status=Status.SCORED,
        held_out=trial.case.set == "held-out",
        tags=trial.case.tags,
        endpoint=trial.label.endpoint,
        recorded=max((take.at[:10] for take in takes), default=""),
        cassette=trial.cassette,
        cassette_sha=hashlib.sha256(trial.path.read_bytes()).hexdigest(),
    )


async def _full(order: Order, model: ReplayModel, budget: int) -> _Played:
    """The whole loop over the recorded answers."""
    played = _Played()
    turns = {turn.name: turn for turn in order.recipe.turns(order.brief)}
    ledger = Ledger(Budget(rounds=budget))
    began = time.perf_counter()
    try:
        async with aclosing(run(order, model, Gate(), ledger)) as events:
            async for event in events:
                if isinstance(event, TurnStarted):
                    played.turns.append(_Turn(turns[event.turn]))
                elif isinstance(event, Asked):
                    played.asked.append(event.prompt.fingerprint)
                    played.prompts.setdefault(event.prompt.turn, event.prompt.fingerprint)
                elif isinstance(event, Answered):
                    played.completions.append(event.completion)
                elif isinstance(event, Read):
                    played.draft, began = event.draft, time.perf_counter()
                elif isinstance(event, Judged):
                    played.proving += time.perf_counter() - began
                    played.repairs += event.round > 0
                    played.turns[-1].judged(event.report, played.draft, better=event.better)
                elif isinstance(event, Finished):
                    played.finished = event
    except (NoRecording, StaleRecording) as error:
        played.asked = played.asked[:-1]
        played.stale = str(error)
    played.turns = [each for each in played.turns if each.first is not None]
    if played.turns and _stopped_by_machine(played.turns[-1].best):
        played.unreached = Mark(State.UNVERIFIED, "an earlier turn could not be proved here", machine=True)
    return played


def _stopped_by_machine(report: Report | None) -> bool:
    """Whether a turn ended for what this machine could not prove, and for no fault of the answer."""
    stages = report.stages if report else ()
    return any(each.reason in NOT_ITS_FAULT for each in stages) and all(
        each.state is not State.FAILED for each in stages
    )


async def _static(order: Order, model: ReplayModel, trial: Trial) -> _Played:
    """Each turn's first answer, read and linted; what an answer was asked with must be what is asked now."""
    played, proved = _Played(), Draft()
    for turn in order.recipe.turns(order.brief):
        prompt = order.recipe.render(turn, order.brief, proved, order.extra)
        text = ""
        try:
            async for piece in model.stream(prompt):
                if isinstance(piece, Completion):
                    text = piece.text
                    played.completions.append(piece)
        except (NoRecording, StaleRecording) as error:
            takes = trial.label.takes
            repaired = any(take.round > 0 and take.turn != turn.name for take in takes)
            if not played.turns or (any(take.turn == turn.name for take in takes) and not repaired):
                played.stale = str(error)
            elif repaired:
                # Asked with a repaired design, which nothing short of the whole proof makes.
                played.unreached = Mark(State.UNVERIFIED, "it was asked for after a repair", machine=True)
            break
        played.asked.append(prompt.fingerprint)
        played.prompts[turn.name] = prompt.fingerprint
        answer = read(text, base=proved)
        proved = proved.updated(answer.draft)
        began = time.perf_counter()
        held = _Turn(turn)
        before = judge_delivery(proved, answer.malformed, turn.expects)
        subject = replace(subject_of(order, turn, proved, deep=False), required=frozenset(turn.stages) & STATIC)
        gate = Gate(only=STATIC & frozenset(turn.stages))
        async with aclosing(gate.judge(subject, (before,))) as events:
            async for event in events:
                if not isinstance(event, Started | StageResult):
                    held.judged(event, proved, better=True)
        played.proving += time.perf_counter() - began
        played.turns.append(held)
    return played


async def _kills(order: Order, played: _Played, first: dict[str, Mark], final: dict[str, Mark], absent: Mark) -> None:
    """Add the rung of the tests' worth where the tests run."""
    last = played.turns[-1]
    known: dict[Draft, Mark] = {}
    for rungs, report, draft in ((first, last.first, last.first_draft), (final, last.best, last.best_draft)):
        tests = report.stage("tests") if report else None
        if tests is None or tests.state is not State.PASSED:
            mark = rungs["tests"]
            rungs[KILLS] = Mark(State.UNVERIFIED, "its tests do not run", mark.machine) if tests else absent
            continue
        if draft not in known:
            began = time.perf_counter()
            async with Bench() as bench:
                subject = subject_of(order, last.turn, draft, deep=False)
                found = await worth(subject, bench, tests.seconds)
            played.proving += time.perf_counter() - began
            told = f"{found.noticed} of {found.planted} mutants noticed"
            if found.reason is not None:
                known[draft] = Mark(State.UNVERIFIED, found.reason.value, found.reason in NOT_ITS_FAULT)
            else:
                known[draft] = replace(PASSED, reason=told) if found.enough else Mark(State.FAILED, told)
        rungs[KILLS] = known[draft]


def _required(order: Order) -> frozenset[str]:
    """The stages that the recipe requires, over all turns."""
    return frozenset(stage for turn in order.recipe.turns(order.brief) for stage in turn.stages)


def _stages(turn: Turn) -> frozenset[str]:
    return frozenset(turn.stages)


def _score(rungs: dict[str, Mark], reports: Sequence[Report | None]) -> Score:
    """The rungs with the errors of all turns."""
    findings = {
        " ".join(filter(None, (finding.rule, finding.location.path, finding.symbol)))
        for report in reports
        if report is not None
        for finding in report.errors
    }
    return Score(rungs, tuple(sorted(findings)))


def _spent(result: TrialResult, trial: Trial, played: _Played, model: ReplayModel) -> TrialResult:
    """What the run took and came to."""
    seconds = {take.fingerprint: take.seconds for take in trial.label.takes}
    times = [seconds.get(fingerprint, 0.0) for fingerprint in played.asked]
    usage = [completion.usage for completion in played.completions]
    tokens = [each.completion_tokens for each in usage]
    costs = [each.cost_usd for each in usage]
    draft = played.finished.draft if played.finished else Draft()
    return replace(
        result,
        verdict=played.finished.report.verdict.value if played.finished else "",
        reason=played.finished.reason if played.finished else "",
        answers=len(played.completions),
        rounds=played.repairs,
        answer_seconds=round(sum(times), 1) if times and all(times) else None,
        proof_seconds=round(played.proving, 1),
        tokens=None if not tokens or None in tokens else sum(filter(None, tokens)),
        usd=None if not costs or None in costs else sum(filter(None, costs)),
        prompts=played.prompts,
        files={each.path: hashlib.sha256(each.text.encode("utf-8", "replace")).hexdigest() for each in draft},
        unplayed=len(model.unplayed()) if played.finished else 0,
    )
