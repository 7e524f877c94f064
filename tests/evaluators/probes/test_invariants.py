"""The pack `invariants` on a twin: every hole at an operation of its own, and the nearest things that are fine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from twin_runs import probed

from evaluators.finding import Finding

TWINS = Path(__file__).parents[2] / "corpus" / "twins" / "invariants"
EXPECTED = {
    "amount-misbooked": "POST /wallets/{wallet_id}/savings",
    "dead-state-revived": "POST /parcels/{parcel_id}/sending",
    "deleted-row-usable": "POST /items/{item_id}/remarks",
    "double-spend-race": "POST /shows/{show_id}/places",
    "effect-repeated": "POST /orders/{order_id}/cancellation",
    "end-before-start-accepted": "POST /seasons",
    "expiry-ignored": "GET /links/{token}",
    "idempotency-key-ignored": "POST /charges",
    "idempotency-key-race": "POST /top-ups",
    "idempotency-key-reused": "POST /rebates",
    "idempotency-key-shared": "POST /payouts",
    "negative-amount-moved": "POST /transfers",
    "number-stored-differently": "POST /fees",
    "odd-number-unhandled": "POST /meters",
    "odd-text-unhandled": "POST /notes",
    "odd-time-unhandled": "POST /reminders",
    "overlap-accepted": "POST /rooms/{room_id}/stays",
    "racing-duplicates": "POST /topics/{topic_id}/votes",
    "racing-lost-update": "POST /wallets/{wallet_id}/deposits",
    "self-transfer-accepted": "POST /gifts",
    "shortage-mishandled": "POST /wallets/{wallet_id}/withdrawals",
    "stale-version-accepted": "PUT /rooms/{room_id}",
    "state-ignored": "POST /fines/{fine_id}/payment",
    "text-stored-differently": "POST /labels",
    "total-drifts": "DELETE /books/{book_id}",
    "transfer-unbalanced": "POST /exchanges",
    "transition-taken-twice": "POST /orders/{order_id}/payment",
    "zero-amount-accepted": "POST /tips",
    "zone-ignored": "POST /alarms",
}
"""Probe -> the one operation that it finds fault with."""


async def _probed(folder: Path) -> tuple[list[Finding], list[str]]:
    """(findings, operations that were not reached)."""
    told = await probed(folder, EXPECTED)
    return told.findings, told.unreached


@pytest.fixture(scope="module")
def vulnerable() -> tuple[list[Finding], list[str]]:
    return asyncio.run(_probed(TWINS / "vulnerable"))


def test_each_hole_is_told_once_at_its_operation(vulnerable: tuple[list[Finding], list[str]]) -> None:
    found, unreached = vulnerable
    assert unreached == []
    assert sorted((each.rule, each.symbol) for each in found) == sorted(EXPECTED.items())


def test_what_is_told_can_be_sent_again(vulnerable: tuple[list[Finding], list[str]]) -> None:
    found, _ = vulnerable
    assert all("curl" in each.reproduce and "->" in each.evidence for each in found)


def test_requests_at_the_same_time_are_sent_so_by_a_shell(vulnerable: tuple[list[Finding], list[str]]) -> None:
    lines = {each.rule: each.reproduce.splitlines() for each in vulnerable[0]}
    for each in ("racing-duplicates", "racing-lost-update", "transition-taken-twice", "idempotency-key-race"):
        assert [line[-1] for line in lines[each][:-1]] == ["&"] * 4
        assert lines[each][-1] == "wait"


def test_nothing_is_told_of_the_safe_one() -> None:
    found, unreached = asyncio.run(_probed(TWINS / "safe"))
    assert unreached == []
    assert [(each.rule, each.symbol, each.message) for each in found] == []
