"""The pack `behaviour` on a twin: every fault at an operation of its own, and the nearest things that are fine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from twin_runs import probed, rehearsed

from evaluators.finding import Finding
from evaluators.probes.behaviour_examined import told
from evaluators.probes.behaviour_statements import GROWS
from evaluators.service import statements_sqlite

TWINS = Path(__file__).parents[2] / "corpus" / "twins"
PACK = (
    "broken-body-crashes",
    "change-time-stays",
    "create-loses-value",
    "creation-time-moves",
    "dangling-reference-accepted",
    "delete-without-effect",
    "duplicate-crashes",
    "etag-stays",
    "filter-ignored",
    "filter-loses-items",
    "full-length-text-fails",
    "limit-exceeded",
    "location-leads-nowhere",
    "missing-reference-crashes",
    "odd-id-crashes",
    "page-loses-items",
    "parent-delete-breaks",
    "patch-resets-property",
    "put-keeps-property",
    "read-changes-rows",
    "refused-write-changes-rows",
    "sort-ignored",
    "statements-grow-with-list",
    "total-wrong",
    "update-without-effect",
    "write-hits-other-rows",
)

EXPECTED = [
    ("broken-body-crashes", "PUT /tags/{tag_id}"),
    ("change-time-stays", "PATCH /shelves/{shelf_id}"),
    ("create-loses-value", "POST /books"),
    ("creation-time-moves", "PUT /authors/{author_id}"),
    ("dangling-reference-accepted", "POST /memos"),
    ("delete-without-effect", "DELETE /memos/{memo_id}"),
    ("duplicate-crashes", "POST /tags"),
    ("etag-stays", "GET /shelves/{shelf_id}"),
    ("filter-ignored", "GET /books shelf_id"),
    ("filter-loses-items", "GET /authors country"),
    ("full-length-text-fails", "POST /authors"),
    ("full-length-text-fails", "PUT /tags/{tag_id}"),
    ("limit-exceeded", "GET /tags"),
    ("location-leads-nowhere", "POST /shelves"),
    ("missing-reference-crashes", "POST /loans"),
    ("odd-id-crashes", "GET /tags/{tag_id}"),
    ("page-loses-items", "GET /memos"),
    ("parent-delete-breaks", "DELETE /shelves/{shelf_id}"),
    ("patch-resets-property", "PATCH /authors/{author_id}"),
    ("put-keeps-property", "PUT /shelves/{shelf_id}"),
    ("read-changes-rows", "GET /authors/{author_id}"),
    ("refused-write-changes-rows", "POST /holds"),
    ("sort-ignored", "GET /books"),
    ("statements-grow-with-list", "GET /books"),
    ("total-wrong", "GET /authors"),
    ("update-without-effect", "PATCH /books/{book_id}"),
    ("update-without-effect", "PUT /shelves/{shelf_id}"),
    ("write-hits-other-rows", "PUT /tags/{tag_id}"),
]


async def _probed(folder: Path) -> tuple[list[Finding], list[str]]:
    """(findings, operations that were not reached)."""
    told = await probed(folder, PACK)
    return told.findings, told.unreached


@pytest.fixture(scope="module")
def vulnerable() -> tuple[list[Finding], list[str]]:
    return asyncio.run(_probed(TWINS / "behaviour" / "vulnerable"))


def test_each_fault_is_told_once_at_its_operation(vulnerable: tuple[list[Finding], list[str]]) -> None:
    found, unreached = vulnerable
    assert unreached == []
    assert sorted((each.rule, each.symbol) for each in found) == EXPECTED


def test_what_is_told_can_be_sent_again(vulnerable: tuple[list[Finding], list[str]]) -> None:
    found, _ = vulnerable
    assert all("curl" in each.reproduce and "->" in each.evidence for each in found)


def test_nothing_is_told_of_the_safe_one() -> None:
    found, unreached = asyncio.run(_probed(TWINS / "behaviour" / "safe"))
    assert unreached == []
    assert [(each.rule, each.symbol, each.message) for each in found] == []


def test_a_list_whose_statements_nobody_could_count_is_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements_sqlite, "MODULE", "")

    async def main() -> tuple[list[str], dict[str, str]]:
        async with rehearsed(TWINS / "behaviour" / "vulnerable") as world:
            found = [each.symbol async for each in told(world, (GROWS,))]
            return found, world.unchecked

    found, unchecked = asyncio.run(main())
    assert found == []
    assert unchecked["statements of GET /books"] == "nobody could count what the service sends"
