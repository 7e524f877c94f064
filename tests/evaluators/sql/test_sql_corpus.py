"""Whole schemas: the good ones are left in peace, and the copied one loses nothing that a reviewer would see."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.finding import Severity
from evaluators.report import StageResult, State
from evaluators.sql import lint

CORPUS = Path(__file__).parents[2] / "corpus" / "schemas"
GOOD = sorted((CORPUS / "good").glob("*.sql"))


def judged(path: Path, dialect: str = "postgres") -> StageResult:
    draft = Draft.of({"schema.sql": path.read_text(encoding="utf-8")})
    return asyncio.run(lint.judge(Subject(draft, dialect=dialect), Bench()))


def test_there_are_three() -> None:
    assert [path.stem for path in GOOD] == ["banking", "saas", "shop"]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_schemas_raise_no_error_and_no_warning(path: Path) -> None:
    result = judged(path)
    assert result.stage.state is State.PASSED
    assert [(f.rule, f.symbol) for f in result.findings if f.severity is not Severity.INFO] == []


@pytest.mark.parametrize(
    ("dialect", "tables", "state"),
    [("sqlite", 4, State.PASSED), ("mysql", 2, State.UNVERIFIED), ("tsql", 3, State.UNVERIFIED)],
)
def test_good_schemas_of_other_dialects(dialect: str, tables: int, state: State) -> None:
    (path,) = (CORPUS / dialect).glob("*.sql")
    result = judged(path, dialect)
    assert result.stage.state is state
    assert f"{tables} tables" in result.stage.detail
    assert [(f.rule, f.symbol) for f in result.findings] == []


def test_the_copied_schema_is_seen_through() -> None:
    found = {(f.rule, f.symbol) for f in judged(CORPUS / "bad" / "teaching.sql").findings if f.severity != "info"}
    assert found == {
        ("amount-without-check", "order_items.price"),
        ("amount-without-check", "order_items.quantity"),
        ("amount-without-check", "orders.total"),
        ("duplicate-index", "users.idx_users_email"),
        ("float-money", "orders.total"),
        ("foreign-key-to-nothing", "order_items.product_id"),
        ("foreign-key-type-mismatch", "order_items.order_id"),
        ("free-text-status", "orders.status"),
        ("id-without-foreign-key", "sessions.user_id"),
        ("missing-primary-key", "sessions"),
        ("narrow-primary-key", "order_items.id"),
        ("narrow-primary-key", "orders.id"),
        ("narrow-primary-key", "users.id"),
        ("plain-password", "users.password"),
        ("timestamp-without-time-zone", "orders"),
        ("timestamp-without-time-zone", "users"),
        ("unindexed-foreign-key", "order_items.order_id"),
        ("unindexed-foreign-key", "order_items.product_id"),
        ("unindexed-foreign-key", "orders.user_id"),
    }


def test_nullable_references_are_told() -> None:
    found = [f.symbol for f in judged(CORPUS / "bad" / "teaching.sql").findings if f.rule == "nullable-foreign-key"]
    assert found == ["orders.user_id", "order_items.order_id", "order_items.product_id"]


@pytest.mark.parametrize("path", [*GOOD, CORPUS / "bad" / "teaching.sql"], ids=lambda path: path.stem)
def test_the_same_twice(path: Path) -> None:
    assert judged(path) == judged(path)
