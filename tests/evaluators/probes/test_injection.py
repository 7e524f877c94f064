"""The pack `injection` on a twin: every hole at an operation of its own, and the nearest things that are fine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from twin_runs import probed

from evaluators.finding import Finding

TWINS = Path(__file__).parents[2] / "corpus" / "twins"
PACK = (
    "body-unbounded",
    "command-injection",
    "deep-json-crashes",
    "header-injection",
    "log-line-forged",
    "markup-unescaped",
    "object-deserialized",
    "page-size-unbounded",
    "path-traversal",
    "pattern-blows-up",
    "request-forged",
    "sql-injection",
    "template-injection",
    "unpacked-unbounded",
    "upload-served-as-page",
    "wait-blocks-others",
    "xml-entity-expanded",
    "xml-entity-resolved",
)


async def _probed(folder: Path) -> tuple[list[Finding], int, bool]:
    """(findings, operations that were not reached, whether the service lives in the end)."""
    told = await probed(folder, PACK)
    return told.findings, len(told.unreached), told.alive


@pytest.fixture(scope="module")
def vulnerable() -> tuple[list[Finding], int, bool]:
    return asyncio.run(_probed(TWINS / "injection" / "vulnerable"))


@pytest.fixture(scope="module")
def safe() -> tuple[list[Finding], int, bool]:
    return asyncio.run(_probed(TWINS / "injection" / "safe"))


def test_each_hole_is_told_once_at_its_operation(vulnerable: tuple[list[Finding], int, bool]) -> None:
    found, unreached, alive = vulnerable
    assert unreached == 0
    assert alive
    assert sorted((each.rule, each.symbol) for each in found if each.rule != "body-unbounded") == [
        ("command-injection", "POST /labels/size"),
        ("deep-json-crashes", "POST /trees"),
        ("header-injection", "GET /moved"),
        ("header-injection", "GET /pages/{page_id}/file"),
        ("log-line-forged", "POST /notes"),
        ("markup-unescaped", "GET /pages/{page_id}/card"),
        ("markup-unescaped", "GET /pages/{page_id}/view"),
        ("object-deserialized", "GET /feed"),
        ("object-deserialized", "POST /settings"),
        ("page-size-unbounded", "GET /tags"),
        ("path-traversal", "GET /manuals"),
        ("pattern-blows-up", "GET /pages/{page_id}/linked"),
        ("pattern-blows-up", "POST /tags"),
        ("request-forged", "POST /hooks"),
        ("request-forged", "POST /links"),
        ("sql-injection", "GET /notes"),
        ("sql-injection", "GET /notes/search"),
        ("sql-injection", "GET /notes/sorted"),
        ("sql-injection", "PUT /notes/{note_id}"),
        ("template-injection", "POST /greetings"),
        ("template-injection", "POST /letters"),
        ("unpacked-unbounded", "POST /packed"),
        ("upload-served-as-page", "GET /pictures/{picture_id}/content"),
        ("wait-blocks-others", "GET /summary"),
        ("wait-blocks-others", "POST /doors"),
        ("xml-entity-expanded", "POST /prices/listed"),
        ("xml-entity-resolved", "POST /prices"),
        ("xml-entity-resolved", "POST /prices/count"),
    ]


def test_a_service_without_a_bound_for_bodies_is_told_once(vulnerable: tuple[list[Finding], int, bool]) -> None:
    assert [each.rule for each in vulnerable[0]].count("body-unbounded") == 1


def test_findings_are_shown_with_evidence_and_lines_for_a_shell(vulnerable: tuple[list[Finding], int, bool]) -> None:
    for each in vulnerable[0]:
        assert "-> " in each.evidence, each.rule
        assert '"$BASE_URL"' in each.reproduce, each.rule
        assert "127.0.0.1" not in each.evidence, each.rule


def test_nothing_is_said_of_the_safe_twin(safe: tuple[list[Finding], int, bool]) -> None:
    found, unreached, alive = safe
    assert unreached == 0
    assert alive
    assert [(each.rule, each.symbol, each.message) for each in found] == []
