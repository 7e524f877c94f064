"""A run's limits and what it has spent. What is not known is never counted as zero.

Spent is a sum over a run's whole history (assistant/journal.py), so a limit holds
over stops and resumes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assistant.model.base import Completion
from assistant.settings import Price, Settings

CHARACTERS_A_TOKEN = 4
"""For estimates where an endpoint reports no usage: about right for English and code."""


@dataclass(frozen=True)
class Spent:
    """What a run has used up so far. Money in US dollars, times in seconds."""

    rounds: int = 0
    """Answers that were given, over all turns, continuations included."""
    tokens: int = 0
    """Prompt and completion tokens that endpoints reported."""
    estimated_tokens: int = 0
    """Tokens of the answers without a report, estimated from characters; for the limit alone."""
    unreported: int = 0
    """Answers without a report of their tokens."""
    usd: float = 0.0
    """Money that is known."""
    estimated_usd: float = 0.0
    """Money for estimated tokens, where a price is known; for the limit alone."""
    unpriced: int = 0
    """Answers whose cost nobody knows or can estimate."""
    seconds: float = 0.0
    """Time for answers and for proving them; the time between two sessions of a run does not count."""

    def answered(self, size: int, completion: Completion, price: Price | None = None) -> Spent:
        """With one more answer; `size` is the prompt's in characters."""
        usage = completion.usage
        spent = replace(self, rounds=self.rounds + 1, seconds=self.seconds + completion.seconds)
        asked, given = usage.prompt_tokens, usage.completion_tokens
        if asked is None or given is None:
            asked_guess = asked if asked is not None else _estimate(size)
            given_guess = given if given is not None else _estimate(len(completion.text))
            spent = replace(
                spent,
                estimated_tokens=spent.estimated_tokens + asked_guess + given_guess,
                unreported=spent.unreported + 1,
            )
        else:
            asked_guess, given_guess = asked, given
            spent = replace(spent, tokens=spent.tokens + asked + given)
        if usage.cost_usd is not None:
            return replace(spent, usd=spent.usd + usage.cost_usd)
        if completion.origin != "live":
            # A recorded, scripted or hand-carried answer costs this run nothing.
            return spent
        if price is None:
            return replace(spent, unpriced=spent.unpriced + 1)
        guess = (asked_guess * price.prompt + given_guess * price.completion) / 1e6
        return replace(spent, estimated_usd=spent.estimated_usd + guess)

    def proved(self, seconds: float) -> Spent:
        """With one more pass of the gate."""
        return replace(self, seconds=self.seconds + seconds)


@dataclass(frozen=True)
class Budget:
    """Hard limits; None means none."""

    rounds: int | None = None
    tokens: int | None = None
    usd: float | None = None
    seconds: float | None = None

    def exhausted(self, spent: Spent) -> str | None:
        """Why nothing more may be asked, in words, or None."""
        tokens = spent.tokens + spent.estimated_tokens
        usd = spent.usd + spent.estimated_usd
        if self.rounds is not None and spent.rounds >= self.rounds:
            return f"the budget of {self.rounds} rounds is spent"
        if self.tokens is not None and tokens >= self.tokens:
            guessed = f", {spent.estimated_tokens} of them estimated" if spent.estimated_tokens else ""
            return f"the budget of {self.tokens} tokens is spent ({tokens} used{guessed})"
        if self.usd is not None and usd >= self.usd:
            guessed = f", {spent.estimated_usd:.2f} of it estimated" if spent.estimated_usd else ""
            return f"the budget of ${self.usd:.2f} is spent (${usd:.2f} used{guessed})"
        if self.seconds is not None and spent.seconds >= self.seconds:
            return f"the budget of {self.seconds:g} s is spent"
        return None

    def blind(self, spent: Spent) -> tuple[str, ...]:
        """Limits that cannot be held exactly, and why; for the screen and the report."""
        notes = []
        if self.tokens is not None and spent.unreported:
            notes.append(
                f"the endpoint reported no tokens for {spent.unreported} of {spent.rounds} answers: "
                f"for the limit they are estimated from characters"
            )
        if self.usd is not None and spent.estimated_usd:
            notes.append("part of the cost is estimated from characters, for the limit alone")
        if self.usd is not None and spent.unpriced:
            notes.append(
                f"the cost of {spent.unpriced} of {spent.rounds} answers is unknown, so the limit in money does not "
                f"cover them: set [prices] for the model"
            )
        return tuple(notes)

    def remaining_seconds(self, spent: Spent) -> float | None:
        """Seconds left, at least 0; None without a limit."""
        return None if self.seconds is None else max(0.0, self.seconds - spent.seconds)


def budget_of(settings: Settings) -> Budget:
    """The limits that the settings name."""
    return Budget(settings.max_rounds, settings.max_total_tokens, settings.max_usd, settings.max_seconds)


class Ledger:
    """What the loop asks before it asks the model again.

    With a journal, `history` gives what the run has spent over all its sessions, and
    `ahead` says whether the next answer is stored already: that one is paid, so a
    resumed run first catches up with where it stopped. Without, the ledger counts
    what it is told and the time since it was made.
    """

    def __init__(
        self,
        budget: Budget,
        *,
        prices: Mapping[str, Price] | None = None,
        history: Callable[[], Spent] | None = None,
        ahead: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.budget = budget
        self._prices = prices or {}
        self._history = history
        self._ahead = ahead
        self._clock = clock
        self._began = clock()
        self._spent = Spent()

    def add(self, completion: Completion, size: int = 0) -> None:
        """One more answer; `size` is its prompt's in characters, for estimates."""
        self._spent = self._spent.answered(size, completion, self._prices.get(completion.model))

    @property
    def spent(self) -> Spent:
        """All that was spent so far."""
        if self._history is not None:
            return self._history()
        return replace(self._spent, seconds=self._clock() - self._began)

    def spent_out(self) -> str:
        """Why nothing more may be asked, or nothing."""
        return "" if self._ahead() else self.budget.exhausted(self.spent) or ""

    def remaining_seconds(self) -> float | None:
        """Seconds left for what runs now; None without a limit, or while a resumed run catches up."""
        return None if self._ahead() else self.budget.remaining_seconds(self.spent)

    def notes(self) -> tuple[str, ...]:
        """Limits that cannot be held exactly, and why."""
        return self.budget.blind(self.spent)


def _estimate(characters: int) -> int:
    """Tokens of a text of so many characters, rounded up."""
    return -(-characters // CHARACTERS_A_TOKEN)
