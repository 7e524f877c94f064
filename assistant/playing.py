"""Advancing a run, of whatever kind: held by one process, its events and its state kept, its end told.

A kind of run says what happens (`_steps`) and what is proved in the end (`evidence`).
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from assistant.errors import BackwrightError, HeldElsewhere, JournalError, RunCancelled
from assistant.event_keeper import Keeper
from assistant.events import Event, Finished
from assistant.journal import Journal
from assistant.journal_records import RunRecord, RunState
from assistant.lease import Hold, holding
from assistant.model.retry import Waiting


class Play(ABC):
    """One run. `events` plays it; afterwards `finished` and `evidence` tell how it ended."""

    revive = True
    """Whether a run that has ended is begun again; a worker leaves it."""
    given_back = False
    """Set before its task is cancelled, a run goes back to the queue instead of ending as cancelled."""

    def __init__(self, journal: Journal, record: RunRecord) -> None:
        self.journal, self.record = journal, record
        self.finished: Finished | None = None
        self._keeper: Keeper | None = None

    @abstractmethod
    def evidence(self) -> dict[str, Any]:
        """What was asked, answered, found, repaired and proved, as JSON can hold it."""

    @abstractmethod
    def _steps(self, holder: str) -> AsyncGenerator[Event]:
        """What happens; the last event is `Finished`."""

    def waited(self, waiting: Waiting) -> None:
        """Keep that an endpoint is waited for, where the run is under way."""
        if self._keeper is not None:
            self._keeper.waited(waiting)

    async def events(self) -> AsyncGenerator[Event]:
        """Play the run to its end, keeping what happens; what was answered before is not asked again.

        Raises:
            ModelError: the model gave no answer; the run can be resumed.
            HeldElsewhere: another process advances the run, or took it over.
            RunCancelled: somebody asked for its end.
        """
        # Outside the try: who does not hold the run has nothing to say of its state.
        async with holding(self.journal, self.record.id) as hold, aclosing(self._played(hold)) as events:
            async for event in events:
                yield event

    async def _played(self, hold: Hold) -> AsyncGenerator[Event]:
        """The run's events, kept."""
        attempt = self.journal.attempt(self.record.id, hold.holder, revive=self.revive)
        if not attempt:
            return
        keeper = self._keeper = Keeper(self.journal, self.record.id, attempt, hold.holder)
        keeper.begin()
        try:
            async with aclosing(self._steps(hold.holder)) as steps:
                async for event in steps:
                    if hold.why is not None:
                        # Whoever was cancelled took it for something else.
                        raise asyncio.CancelledError
                    self._keep(event, keeper)
                    yield event
        except HeldElsewhere:
            raise
        except BackwrightError as error:
            self._stop(keeper, RunState.ERROR, error.message)
            raise
        except Exception as error:
            self._stop(keeper, RunState.ERROR, type(error).__name__)
            raise
        except BaseException:
            if hold.why is None or isinstance(hold.why, RunCancelled):
                self._stop(keeper, RunState.QUEUED if self.given_back else RunState.CANCELLED)
            raise

    def _keep(self, event: Event, keeper: Keeper) -> None:
        """Keep an event; the end with its evidence and the run's state."""
        if isinstance(event, Finished):
            self.finished = event
            keeper.keep(event, {"evidence": self.evidence()}, RunState(event.outcome.value))
        else:
            keeper.keep(event)

    def _stop(self, keeper: Keeper, state: RunState, detail: str = "") -> None:
        """Keep that the run stopped without a verdict; one that has ended stays as it is."""
        if self.finished is not None:
            return
        try:
            keeper.stopped(state, detail)
        except JournalError:
            # What stopped the run is the better news, and a run that is left is taken up again.
            return
