"""`backwright eval --record`: record what is missing or stale, several at a time, within one budget.

    async with aclosing(record(Choice(recipes=("crud",)), {"model": "m"})) as events:
        async for event in events: ...

Each trial goes the way of `backwright write --record` (assistant/session.py). All run in this
process: a model is waited for most of the time, and two passes of the gate at once gave the same
reports as one. How an answer was judged is of no account here: a bad answer is recorded like a good one.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, cast

from assistant.arms import RECIPE
from assistant.budget import Budget, Ledger, Spent
from assistant.errors import BackwrightError, ModelRefused, SettingsError
from assistant.experiment.checking import Examined, examine
from assistant.experiment.evaluate import BUDGET
from assistant.experiment.missing import STALE, Task, tasks
from assistant.experiment.plan import Choice
from assistant.journal import Journal
from assistant.library import Library
from assistant.model.base import Completion, Delta
from assistant.model.endpoint import endpoint_of
from assistant.model.record import Pace, RecordingModel, replacing
from assistant.model.retry import Waiting as Wait
from assistant.prompt import Prompt
from assistant.session import Wish, begin, open_journal
from assistant.settings import Settings, load


@dataclass(frozen=True)
class Begun:
    """A recording begins, or goes on."""

    task: Task
    number: int
    """From 1."""
    of: int


@dataclass(frozen=True)
class Waiting:
    """The endpoint failed in passing and is asked again after `seconds`; for a 429, all recorders wait."""

    task: Task
    reason: str
    seconds: float
    attempt: int
    of: int


@dataclass(frozen=True)
class Ended:
    """A recording came to its end, whatever the verdict."""

    task: Task
    outcome: str
    """passed, failed or unverified."""
    reason: str
    answers: int
    """New ones; what was there already was not asked again."""
    seconds: float
    """Of the whole trial, with its proofs."""
    path: str


@dataclass(frozen=True)
class Failed:
    """No end: the endpoint, the machine or the budget. What was answered is recorded, and the same command goes on."""

    task: Task
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Over:
    """The last event."""

    ended: int
    failed: int
    left: int
    """Not begun, because of `why`."""
    why: str
    """Why nothing more was begun; empty where nothing is left."""
    spent: Spent
    notes: tuple[str, ...] = ()
    """Limits that could not be held exactly."""


Event = Begun | Waiting | Ended | Failed | Over


class OutOfBudget(BackwrightError):
    """The campaign's budget is spent."""


async def record(
    choice: Choice,
    options: Mapping[str, Any] | None = None,
    *,
    samples: int = 2,
    jobs: int = 4,
    judges: int = 0,
    answers: int = BUDGET,
    limits: Budget | None = None,
) -> AsyncGenerator[Event]:
    """Record what is missing, stale or unfinished of the chosen cases and arms; the last event is `Over`.

    Args:
        options: settings by name, as `Wish.settings` (`model`, `base_url`, ...).
        samples: how many samples of the model each case and arm shall have, `1` to this; where another
            model's recording has the number, the next free one. `choice.samples` names them instead.
        jobs: recordings at once.
        judges: passes of the gate at once; 0, and at most: one a core.
        answers: most answers of one recording, over all turns.
        limits: of the whole campaign. Answers are counted before they are asked for. For tokens and
            money, what is asked for already is let in: with `jobs` at once, `jobs - 1` answers more
            at most. When the time is up, what is asked for or judged is still taken in.

    Raises:
        UsageError: a filter names nothing, or no model, key or trusted endpoint is there.
        BackwrightError: this machine cannot isolate what a model wrote.
    """
    given = dict(options or {})
    settings = load(given)
    _refuse(settings)
    library = Library.load()
    examined = examine(library, settings)
    todo = tasks(library, examined, choice, settings.model or "", samples)
    with open_journal(settings) as journal:
        cores = os.cpu_count() or 1
        seats = asyncio.Semaphore(min(judges or cores, cores))
        ledger = Ledger(limits or Budget(), prices=settings.prices)
        campaign = _Campaign(todo, given | {"max_rounds": answers}, journal, ledger, seats)
        for failed in _unreadable(examined, choice):
            campaign.tell(failed)
        workers = [asyncio.create_task(campaign.work()) for _ in range(max(1, min(jobs, len(todo))))]
        over = asyncio.create_task(_close(workers, campaign))
        try:
            while (event := await campaign.heard.get()) is not None:
                yield event
            await over
            yield campaign.over()
        finally:
            for each in (over, *workers):
                each.cancel()
            # A run that is stopped keeps what it has, and says in the history that it was stopped.
            await asyncio.gather(over, *workers, return_exceptions=True)


def _refuse(settings: Settings) -> None:
    """Raise what would stop every single recording."""
    from evaluators.service.sandbox import available

    if settings.model == "recorded":
        raise SettingsError("a recording needs a live model", "name one with --model")
    endpoint_of(settings)
    lacking = available()
    if lacking:
        message = f"no isolation on this machine: {lacking}"
        raise BackwrightError(message, "what a model wrote runs in the sandbox alone; `backwright doctor` says more")


def _unreadable(examined: Examined, choice: Choice) -> Iterator[Failed]:
    """Chosen recipes whose cases cannot be read."""
    for recipe, case, arm, error in examined.prompts.errors:
        if not case and (not choice.recipes or recipe in choice.recipes):
            yield Failed(Task(recipe, case, arm or RECIPE, ""), error.message, error.hint)


async def _close(workers: Sequence[asyncio.Task[None]], campaign: _Campaign) -> None:
    """Say that nothing more comes, once the workers are done; raises what one of them should not have raised."""
    try:
        await asyncio.gather(*workers)
    finally:
        campaign.heard.put_nowait(None)


@dataclass
class _Campaign:
    """What the recorders share."""

    todo: list[Task]
    options: Mapping[str, Any]
    journal: Journal
    ledger: Ledger
    seats: asyncio.Semaphore
    """At the gate."""
    pace: Pace = field(default_factory=Pace)
    heard: asyncio.Queue[Event | None] = field(default_factory=asyncio.Queue)
    why: str = ""
    begun: int = 0
    counts: dict[type, int] = field(default_factory=dict)
    asking: int = 0
    """Answers that are asked for just now."""

    def tell(self, event: Event) -> None:
        """Show an event and count it."""
        self.counts[type(event)] = self.counts.get(type(event), 0) + 1
        self.heard.put_nowait(event)

    def over(self) -> Over:
        """The last event."""
        left = len(self.todo) - self.begun
        ended, failed = self.counts.get(Ended, 0), self.counts.get(Failed, 0)
        return Over(ended, failed, left, self.why, self.ledger.spent, self.ledger.notes())

    async def work(self) -> None:
        """Record one after the other; one that fails does not stop the rest."""
        while self.begun < len(self.todo) and not self._spent_out():
            task = self.todo[self.begun]
            self.begun += 1
            self.tell(Begun(task, self.begun, len(self.todo)))
            try:
                self.tell(await self._recorded(task))
            except BackwrightError as error:
                if isinstance(error, ModelRefused):
                    # The same key and model would be refused for every other one.
                    self.why = self.why or error.message
                self.tell(Failed(task, error.message, error.hint))
            except Exception as error:
                said = (str(error) or type(error).__name__).split("\n", 1)[0][:300]
                self.tell(Failed(task, f"{type(error).__name__}: {said}"))

    async def _recorded(self, task: Task) -> Ended:
        """Record one sample to its end. Raises BackwrightError."""
        arm = "" if task.arm == RECIPE else task.arm
        wish = Wish(
            task.sentence, {}, task.recipe, settings=self.options, record=True, case=task.case, sample=task.sample,
            arm=arm,
        )  # fmt: skip
        began = time.monotonic()
        with replacing(task.why == STALE):
            session = begin(wish, self.journal, lambda wait: self._waits(task, wait))
        model = cast("RecordingModel", session.model)
        model.pace = self.pace
        asked = session.model = _Asked(model, self)
        try:
            async with aclosing(session.events()) as events:
                async for _ in events:
                    pass
        finally:
            asked.leave()
        if session.finished is None:
            raise BackwrightError(f"run {session.record.id} did not come to an end")
        outcome, reason = session.finished.outcome.value, session.finished.reason
        seconds = round(time.monotonic() - began, 1)
        return Ended(task, outcome, reason, asked.answers, seconds, str(model.path))

    def _waits(self, task: Task, wait: Wait) -> None:
        """Tell of a wait."""
        self.tell(Waiting(task, wait.reason, wait.seconds, wait.attempt, wait.of))

    async def ask(self) -> None:
        """One more answer is asked for. Raises OutOfBudget."""
        await self.pace.turn()
        if self._spent_out():
            raise OutOfBudget(self.why, "the same command goes on with it")
        self.asking += 1

    def answered(self, completion: Completion, prompt: Prompt) -> None:
        """What was asked for has come."""
        self.asking -= 1
        self.ledger.add(completion, prompt.size)

    def _spent_out(self) -> str:
        """Why nothing more is asked for, or nothing; what others ask for just now is as good as answered."""
        spent = self.ledger.spent
        counted = replace(spent, rounds=spent.rounds + self.asking)
        self.why = self.why or self.ledger.budget.exhausted(counted) or ""
        return self.why


class _Asked:
    """A recording model that asks within the campaign's budget and pace; its answers wait for a seat at the gate."""

    def __init__(self, model: RecordingModel, campaign: _Campaign) -> None:
        self._model, self._campaign = model, campaign
        self._seated = False
        self.answers = 0

    @property
    def name(self) -> str:
        """The live model's name."""
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model. Raises OutOfBudget."""
        self.leave()
        asking = not self._model.knows(prompt)
        if asking:
            await self._campaign.ask()
        try:
            async for piece in self._model.stream(prompt):
                if asking and isinstance(piece, Completion):
                    asking = False
                    self.answers += 1
                    self._campaign.answered(piece, prompt)
                yield piece
        finally:
            self._campaign.asking -= asking
        # Whoever asked judges the answer next.
        await self._campaign.seats.acquire()
        self._seated = True

    def leave(self) -> None:
        """Give the seat at the gate to another one."""
        if self._seated:
            self._seated = False
            self._campaign.seats.release()

    def drop_stale(self, asked: Any = ()) -> int:
        """As the recording model."""
        return self._model.drop_stale(asked)

    def end(self, how: str) -> None:
        """As the recording model."""
        self._model.end(how)
