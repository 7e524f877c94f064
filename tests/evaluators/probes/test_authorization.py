"""The pack `authorization` on a twin: every hole at an operation of its own, and the nearest things that are fine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from twin_runs import probed

from evaluators.finding import Finding

TWINS = Path(__file__).parents[2] / "corpus" / "twins"
PACK = (
    "existence-told-to-stranger",
    "foreign-id-accepted",
    "forged-request-accepted",
    "list-of-strangers",
    "owner-chosen-by-client",
    "read-by-stranger",
    "read-only-property-written",
    "reserved-operation-open",
    "undeclared-column-written",
    "undeclared-property-answered",
    "undeclared-secret-answered",
    "write-by-stranger",
    "wrong-parent-accepted",
)
REQUESTS = 150
"""What the pack may send to a service of this size."""


async def _probed(folder: Path) -> tuple[list[Finding], int, int]:
    """(findings, operations that were not reached, requests of the pack)."""
    told = await probed(folder, PACK)
    return told.findings, len(told.unreached), told.sent


@pytest.fixture(scope="module")
def vulnerable() -> tuple[list[Finding], int, int]:
    return asyncio.run(_probed(TWINS / "authorization" / "vulnerable"))


@pytest.fixture(scope="module")
def safe() -> tuple[list[Finding], int, int]:
    return asyncio.run(_probed(TWINS / "authorization" / "safe"))


def test_each_hole_is_told_once_at_its_operation(vulnerable: tuple[list[Finding], int, int]) -> None:
    found, unreached, _ = vulnerable
    assert unreached == 0
    assert sorted((each.rule, each.symbol) for each in found) == [
        ("existence-told-to-stranger", "POST /letters/{letter_id}/seal"),
        ("foreign-id-accepted", "GET /letter-count"),
        ("foreign-id-accepted", "GET /stamps"),
        ("foreign-id-accepted", "PATCH /tasks/{task_id}"),
        ("foreign-id-accepted", "POST /letters"),
        ("foreign-id-accepted", "POST /letters/move"),
        ("foreign-id-accepted", "POST /letters/seal"),
        ("foreign-id-accepted", "POST /previews"),
        ("foreign-id-accepted", "POST /tasks"),
        ("foreign-id-accepted", "PUT /tasks/{task_id}/folder/{folder_id}"),
        ("list-of-strangers", "GET /letters"),
        ("list-of-strangers", "GET /tasks"),
        ("owner-chosen-by-client", "POST /invoices"),
        ("read-by-stranger", "GET /notes/{note_id}"),
        ("read-only-property-written", "PUT /account"),
        ("reserved-operation-open", "DELETE /products/{product_id}"),
        ("reserved-operation-open", "PUT /account/profile"),
        ("undeclared-column-written", "PATCH /letters/{letter_id}"),
        ("undeclared-property-answered", "GET /cards"),
        ("undeclared-secret-answered", "GET /cards/{card_id}"),
        ("write-by-stranger", "DELETE /articles/{article_id}"),
        ("write-by-stranger", "DELETE /folders/{folder_id}"),
        ("write-by-stranger", "POST /albums/{album_id}/pictures"),
        ("write-by-stranger", "POST /letters/{letter_id}/stamps"),
        ("wrong-parent-accepted", "GET /articles/{article_id}/replies"),
        ("wrong-parent-accepted", "GET /folders/{folder_id}/pages/{page_id}"),
    ]


def test_findings_are_shown_with_evidence_and_lines_for_a_shell(vulnerable: tuple[list[Finding], int, int]) -> None:
    for each in vulnerable[0]:
        assert "-> 2" in each.evidence or each.rule == "existence-told-to-stranger", each.rule
        assert '"$BASE_URL"' in each.reproduce, each.rule
        assert "127.0.0.1" not in each.evidence + each.reproduce, each.rule


def test_nothing_is_said_of_the_safe_twin(safe: tuple[list[Finding], int, int]) -> None:
    found, unreached, _ = safe
    assert unreached == 0
    assert [(each.rule, each.symbol, each.message) for each in found] == []


def test_the_pack_is_bounded(safe: tuple[list[Finding], int, int], vulnerable: tuple[list[Finding], int, int]) -> None:
    assert max(safe[2], vulnerable[2]) <= REQUESTS


def test_a_change_by_cookie_without_its_token_is_told() -> None:
    found, unreached, _ = asyncio.run(_probed(TWINS / "forgery" / "vulnerable"))
    assert unreached == 0
    assert sorted((each.rule, each.symbol) for each in found) == [
        ("forged-request-accepted", "DELETE /notes/{note_id}"),
        ("forged-request-accepted", "POST /notes/{note_id}/copies"),
        ("forged-request-accepted", "POST /notes/{note_id}/lines"),
        ("forged-request-accepted", "POST /notes/{note_id}/stars"),
        ("forged-request-accepted", "PUT /notes/{note_id}"),
        ("forged-request-accepted", "PUT /notes/{note_id}/label"),
    ]
    told = " ".join(each.message for each in found)
    for how in ("with a wrong", "with an empty", "of another session", "as text/plain", "page, without"):
        assert how in told
    assert all("https://attacker.example" in each.reproduce for each in found)


def test_a_token_that_is_compared_is_fine() -> None:
    found, unreached, _ = asyncio.run(_probed(TWINS / "forgery" / "safe"))
    # Nothing tells the gate that a property of a body wants the token.
    assert unreached == 1
    assert [(each.rule, each.symbol) for each in found] == []
