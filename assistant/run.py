"""The loop: a request's turns and rounds, as a generator of events.

Whoever consumes the events shows them; nothing here prints, writes or decides
where an answer comes from. Resuming is not its business either: the journal
wraps the model and the gate, and a resumed run reads back what was answered.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.brief import Brief
from assistant.budget import Ledger
from assistant.events import (
    Answered,
    Asked,
    Continued,
    Event,
    Finished,
    Judged,
    Outcome,
    Read,
    Repairing,
    StageDone,
    StageStarted,
    Streamed,
    TurnStarted,
)
from assistant.library import Recipe
from assistant.model.base import Delta, Model
from assistant.prompt import Prompt
from assistant.recipe import Turn
from assistant.repair import continuation, repair
from evaluators.answer import Answer, join, read
from evaluators.delivery import judge_delivery
from evaluators.draft import Draft, Subject
from evaluators.gate import Started
from evaluators.report import Report, StageResult, State

CONTINUATIONS = 4
"""How often the rest of a cut answer is asked for."""

PATIENCE = 2
"""Rounds in a row that may fail to be better than the best before the loop stops."""


class Judge(Protocol):
    """What judges a draft: the gate, or the journal around it."""

    def judge(
        self, subject: Subject, before: Iterable[StageResult] = ()
    ) -> AsyncGenerator[Started | StageResult | Report]:
        """Yield what happens and, last, the report."""
        ...


@dataclass(frozen=True)
class Order:
    """One request: what is asked for and with which recipe."""

    brief: Brief
    recipe: Recipe
    extra: Mapping[str, Any]
    """Further variables of the recipe's templates: the stack's facts, a reference service."""
    accepted: frozenset[str] = frozenset()
    """Stages that may stay unverified without ending the run between two turns."""


@dataclass(frozen=True)
class Round:
    """One judged answer of a turn."""

    draft: Draft
    delivered: Draft
    report: Report

    @property
    def merit(self) -> tuple[int, int]:
        """More is better: stages that passed, then fewer errors."""
        passed = sum(stage.state is State.PASSED for stage in self.report.stages)
        return passed, -len(self.report.errors)

    @property
    def failures(self) -> frozenset[str]:
        """The fingerprints of what failed."""
        return frozenset(finding.fingerprint for finding in self.report.errors)


async def run(order: Order, model: Model, gate: Judge, ledger: Ledger) -> AsyncGenerator[Event]:
    """Yield the run's events; the last one is `Finished`.

    Raises:
        ModelError: the model gave no answer; what was journaled stays.
    """
    proved = Draft()
    turns = order.recipe.turns(order.brief)
    for number, turn in enumerate(turns, 1):
        last = number == len(turns)
        yield TurnStarted(turn.name, number, len(turns))
        rounds = _Rounds(order, turn, proved, deep=last)
        async with aclosing(rounds.play(model, gate, ledger)) as events:
            async for event in events:
                yield event
        ended = rounds.finished()
        if last or rounds.late or not _goes_on(ended, order.accepted):
            yield ended
            return
        proved = ended.draft


def _goes_on(ended: Finished, accepted: frozenset[str]) -> bool:
    """Whether the next turn may begin: proved, or unverified only where that was accepted."""
    if ended.outcome is Outcome.PASSED:
        return True
    if not ended.report.stages:
        return False
    unverified = {stage.name for stage in ended.report.stages if stage.state is State.UNVERIFIED}
    return ended.outcome is Outcome.UNVERIFIED and unverified <= accepted


def stack_of(brief: Brief) -> str:
    """The name of the stack that the brief's framework would have: `Spring Boot` is `spring-boot`."""
    return re.sub(r"[^a-z0-9]+", "-", brief.framework.lower()).strip("-")


def subject_of(order: Order, turn: Turn, draft: Draft, *, deep: bool) -> Subject:
    """What the gate judges in this turn; only the last turn's verdict needs the deep pass."""
    options = {"supabase": "yes"} if order.brief.supabase else {}
    return Subject(
        draft=draft,
        dialect=order.brief.dialect,
        stack=stack_of(order.brief),
        depth="deep" if deep else "fast",
        required=frozenset(turn.stages),
        options=tuple(sorted({**options, **dict(order.recipe.options(order.brief))}.items())),
    )


class _Rounds:
    """One turn: ask, read, judge, and again with the evidence, until it passes or stops."""

    def __init__(self, order: Order, turn: Turn, proved: Draft, *, deep: bool) -> None:
        self.order, self.turn, self.deep = order, turn, deep
        self.first = order.recipe.render(turn, order.brief, proved, order.extra)
        self.best = Round(proved, Draft(), Report())
        self.answer = Answer(Draft())
        self.report = Report()
        self.reason = ""
        self.late = False
        """Whether the time ran out; no further turn begins then."""
        self._seen: set[frozenset[str]] = set()
        self._repeated = False
        self._stale = 0

    def finished(self) -> Finished:
        """The turn's end: its best draft and why it stopped."""
        return Finished(Outcome(self.best.report.verdict.value), self.best.draft, self.best.report, self.reason)

    async def play(self, model: Model, gate: Judge, ledger: Ledger) -> AsyncGenerator[Event]:
        """Yield the events of all rounds, within the time that is left; then `finished` tells the end."""
        try:
            async with asyncio.timeout(ledger.remaining_seconds()):
                async for event in self._play(model, gate, ledger):
                    yield event
        except TimeoutError:
            self.late = True
            self.reason = f"the budget of {ledger.budget.seconds:g} s is spent"

    async def _play(self, model: Model, gate: Judge, ledger: Ledger) -> AsyncGenerator[Event]:
        """Ask, judge and repair until there is a reason to stop."""
        prompt = self.first
        while True:
            async for event in self._ask(prompt, model, ledger):
                yield event
            draft = self.best.draft.updated(self.answer.draft)
            yield Read(draft, self.answer.draft.paths)
            async for event in self._judge(draft, gate):
                yield event
            better = self._weigh(draft)
            yield Judged(self.turn.name, prompt.round, self.report, better)
            self.reason = self._stop(ledger)
            if self.reason:
                return
            worse = None if better else self.report
            prompt = repair(self.first, self.best.delivered, self.best.report, prompt.round + 1, worse)
            yield Repairing(prompt.round, len(self.best.report.errors))

    async def _ask(self, prompt: Prompt, model: Model, ledger: Ledger) -> AsyncGenerator[Event]:
        """Ask, and ask for the rest while the answer is cut; sets `answer`."""
        text, asked = "", prompt
        for _ in range(1 + CONTINUATIONS):
            yield Asked(asked, model.name)
            finish = "stop"
            async for piece in model.stream(asked):
                if isinstance(piece, Delta):
                    yield Streamed(piece.text, piece.fresh)
                    continue
                text = join(text, piece.text) if text else piece.text
                finish = piece.finish_reason
                ledger.add(piece, asked.size)
                yield Answered(piece)
            self.answer = read(text, base=self.best.draft)
            truncated = self.answer.truncated
            if (finish != "length" and truncated is None) or ledger.spent_out():
                return
            path = truncated.path if truncated else ""
            yield Continued(path)
            asked = continuation(prompt, text, path)

    async def _judge(self, draft: Draft, gate: Judge) -> AsyncGenerator[Event]:
        """Judge the draft as this turn requires; sets `report`."""
        subject = subject_of(self.order, self.turn, draft, deep=self.deep)
        before = judge_delivery(draft, self.answer.malformed, self.turn.expects)
        async with aclosing(gate.judge(subject, (before,))) as events:
            async for event in events:
                if isinstance(event, Started):
                    yield StageStarted(event.stage)
                elif isinstance(event, StageResult):
                    yield StageDone(event)
                else:
                    self.report = event

    def _weigh(self, draft: Draft) -> bool:
        """Keep this round if it is the best so far, and say whether it is."""
        this = Round(draft, self.best.delivered.updated(self.answer.draft), self.report)
        better = not self._seen or this.merit > self.best.merit
        self._stale = 0 if better else self._stale + 1
        self._repeated = this.failures in self._seen
        self._seen.add(this.failures)
        if better:
            self.best = this
        return better

    def _stop(self, ledger: Ledger) -> str:
        """Why the turn is over, or nothing."""
        if self.report.verdict is State.PASSED:
            return "everything that was required passed"
        if not self.report.errors:
            lacking = [f"{stage.name} ({stage.reason})" for stage in self.report.stages if stage.reason]
            return "nothing failed, but not everything could be proved: " + ", ".join(lacking)
        if self._repeated:
            return "no progress: the same findings came back"
        if self._stale >= PATIENCE:
            return f"no progress: {self._stale} rounds were no better than the best"
        return ledger.spent_out()
