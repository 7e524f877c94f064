"""Limits, and what is known, estimated and unknown of what was spent."""

from __future__ import annotations

import pytest

from assistant.budget import Budget, Ledger, Spent, budget_of
from assistant.model.base import Completion, Usage
from assistant.settings import Price, Settings


def answer(
    prompt: int | None = None, completion: int | None = None, usd: float | None = None, *, text: str = "", **more: str
) -> Completion:
    """A completion with this usage."""
    return Completion(text, "m", usage=Usage(prompt, completion, None, usd), seconds=1.0, **more)


def test_reported_usage_adds_up() -> None:
    spent = Spent().answered(999, answer(10, 5, 0.25)).answered(999, answer(20, 5, 0.5)).proved(3.0)
    assert spent == Spent(rounds=2, tokens=40, usd=0.75, seconds=5.0)


def test_unreported_usage_is_estimated_apart_and_said() -> None:
    spent = Spent().answered(401, answer(text="x" * 40)).answered(0, answer(7, 3, 0.0))
    assert (spent.tokens, spent.estimated_tokens, spent.unreported) == (10, 101 + 10, 1)
    assert spent.unpriced == 1
    assert Budget(tokens=121).exhausted(spent) == "the budget of 121 tokens is spent (121 used, 111 of them estimated)"
    assert Budget(tokens=122).exhausted(spent) is None
    assert "no tokens for 1 of 2 answers" in Budget(tokens=122).blind(spent)[0]
    assert Budget().blind(spent) == ()


def test_half_a_report_is_no_report() -> None:
    spent = Spent().answered(400, answer(50, None, text="x" * 8))
    assert (spent.tokens, spent.estimated_tokens, spent.unreported) == (0, 52, 1)


def test_money_without_a_report_is_estimated_where_a_price_is_known() -> None:
    spent = Spent().answered(4_000_000, answer(text="x" * 400_000), Price(2.0, 10.0))
    assert (spent.usd, spent.estimated_usd, spent.unpriced) == (0.0, pytest.approx(3.0), 0)
    assert Budget(usd=3.0).exhausted(spent) == "the budget of $3.00 is spent ($3.00 used, 3.00 of it estimated)"
    assert Budget(usd=3.01).exhausted(spent) is None


def test_money_that_nobody_knows_is_said() -> None:
    spent = Spent().answered(4, answer(1, 1))
    assert Budget(usd=1.0).exhausted(spent) is None
    assert "cost of 1 of 1 answers is unknown" in Budget(usd=1.0).blind(spent)[0]


@pytest.mark.parametrize("origin", ["recorded", "scripted", "manual"])
def test_answers_that_nobody_charges_for_cost_nothing(origin: str) -> None:
    assert Spent().answered(4, answer(1, 1, origin=origin)).unpriced == 0


@pytest.mark.parametrize(
    ("budget", "spent", "reason"),
    [
        (Budget(rounds=2), Spent(rounds=2), "the budget of 2 rounds is spent"),
        (Budget(usd=1.0), Spent(usd=1.0), "the budget of $1.00 is spent ($1.00 used)"),
        (Budget(seconds=1.5), Spent(seconds=1.5), "the budget of 1.5 s is spent"),
        (Budget(usd=0.0), Spent(), "the budget of $0.00 is spent ($0.00 used)"),
        (Budget(rounds=2, tokens=9, usd=1, seconds=9), Spent(1, 8, 0, 0, 0.9, 0, 0, 8), None),
        (Budget(), Spent(10**6, 10**9, 0, 0, 1e9, 0, 0, 1e9), None),
    ],
)
def test_limits(budget: Budget, spent: Spent, reason: str | None) -> None:
    assert budget.exhausted(spent) == reason


def test_remaining_seconds() -> None:
    assert Budget(seconds=5).remaining_seconds(Spent(seconds=2)) == 3
    assert Budget(seconds=5).remaining_seconds(Spent(seconds=7)) == 0
    assert Budget().remaining_seconds(Spent()) is None


def test_a_ledger_without_a_journal_counts_for_itself() -> None:
    now = [0.0]
    ledger = Ledger(Budget(rounds=2, seconds=10), clock=lambda: now[0], prices={"m": Price(1, 1)})
    assert ledger.spent_out() == ""
    ledger.add(answer(10, 10), 40)
    assert (ledger.spent.rounds, ledger.spent.tokens) == (1, 20)
    assert ledger.remaining_seconds() == 10.0
    now[0] = 10.0
    assert ledger.remaining_seconds() == 0.0
    assert ledger.spent_out() == "the budget of 10 s is spent"
    ledger.add(answer(10, 10), 40)
    assert ledger.spent_out() == "the budget of 2 rounds is spent"


def test_settings_become_a_budget() -> None:
    settings = Settings(max_rounds=3, max_total_tokens=4, max_usd=5.0, max_seconds=6.0)
    assert budget_of(settings) == Budget(3, 4, 5.0, 6.0)
