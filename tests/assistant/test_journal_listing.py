"""Lists of runs: narrowed, in pages, counted; fast with ten thousand."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ulid import ULID

from assistant.journal import Journal
from assistant.journal_listing import Filter
from assistant.journal_records import RunState
from assistant.journal_schema import RUNS


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """An empty history."""
    with Journal.open(f"sqlite:///{tmp_path / 'h.sqlite'}") as opened:
        yield opened


def fill(journal: Journal, number: int) -> None:
    """Runs of a year, by four people, in every state."""
    states, began = list(RunState), 1_700_000_000
    rows = []
    for each in range(number):
        at = began + each * 3000
        created = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at))
        row = {"id": str(ULID.from_timestamp(float(at))), "created": created, "updated": created, "detail": ""}
        row |= {"state": states[each % len(states)].value, "sentence": f"Write a Shop number {each} for 100% of us"}
        row |= {"brief": "{}", "recipe": f"recipe-{each % 5}", "project": "", "options": "{}"}
        row |= {"owner": ("", "ann", "bob", "cyd")[each % 4], "kind": ("write", "check")[each % 2]}
        rows.append(row)
    with journal._writing() as connection:
        connection.execute(RUNS.insert(), rows)


def test_pages_hold_each_run_once_though_new_ones_begin(journal: Journal) -> None:
    fill(journal, 25)
    seen: list[str] = []
    while page := journal.listing(before=seen[-1] if seen else "", limit=7):
        seen += [run.id for run in page]
        journal.begin("Write another", brief={}, recipe="r")
    assert len(seen) == len(set(seen)) == 25
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Filter(), 120),
        (Filter(text="shop NUMBER 11"), 11),
        (Filter(text="100%"), 120),
        (Filter(text="1_0"), 0),
        (Filter(state=RunState.PASSED), 17),
        (Filter(recipe="recipe-3"), 24),
        (Filter(kind="check"), 60),
        (Filter(owner="ann"), 30),
        (Filter(owner=""), 30),
        (Filter(since="2023-11-16"), 89),
        (Filter(since="2023-11-16", until="2023-11-17"), 29),
        (Filter(text="Shop", owner="bob", kind="write", recipe="recipe-2"), 6),
    ],
)
def test_runs_are_narrowed_and_counted(journal: Journal, wanted: Filter, number: int) -> None:
    fill(journal, 120)
    assert journal.count(wanted) == len(journal.listing(wanted, limit=500)) == number


def median(what: Callable[[], object]) -> float:
    """Seconds of the third best of five."""
    taken = []
    for _ in range(5):
        began = time.process_time()
        what()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def test_ten_thousand_runs_are_listed_at_once(journal: Journal) -> None:
    fill(journal, 10_000)
    middle = journal.listing(limit=5000)[-1].id
    assert median(lambda: journal.listing(before=middle)) < 0.05
    assert median(lambda: journal.listing(Filter(state=RunState.FAILED, owner="ann"), before=middle)) < 0.05
    assert median(lambda: journal.listing(Filter(text="number 77"), limit=20)) < 0.1
    assert median(lambda: journal.count(Filter(text="nothing holds this"))) < 0.1
    assert median(lambda: journal.get(middle)) < 0.01
