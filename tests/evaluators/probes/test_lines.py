"""The shell lines of findings: run against the booted service, they show the defect again."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path

import pytest
from twin_runs import rehearsed

from evaluators.probes import stage
from evaluators.rule import load
from tests.measure.running import Again, said, shown_again

TWINS = Path(__file__).parents[2] / "corpus" / "twins"
FEWEST = {"authorization": 8, "injection": 10, "behaviour": 15, "invariants": 10}
"""Twin -> findings with lines that it has at least, so that none of them counts for nothing."""


async def _again(folder: Path) -> list[Again]:
    """Every finding of the probes on a service, shown again by its own lines."""
    load(importlib.import_module("evaluators.probes.rules"))
    async with rehearsed(folder) as world:
        result = await stage.probed(world)
        told = [said(stage.NAME, each, each.symbol) for each in result.findings if each.reproduce]
        return [await shown_again(world, each) for each in told]


@pytest.mark.parametrize("twin", FEWEST)
def test_the_lines_of_each_finding_show_it_again(twin: str) -> None:
    again = asyncio.run(_again(TWINS / twin / "vulnerable"))
    assert [each for each in again if not each.shown] == []
    assert len(again) >= FEWEST[twin]
