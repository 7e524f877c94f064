"""Services of the corpus, booted and rehearsed, and packs of probes run on them."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from evaluators.finding import Finding
from evaluators.probes.rehearsal import rehearsed_world
from evaluators.probes.world import World
from evaluators.rule import REGISTRY, finding_of
from tests.measure.running import booted


@asynccontextmanager
async def rehearsed(folder: Path) -> AsyncIterator[World]:
    """The service of a folder, with a working request for each operation."""
    async with booted(folder) as (running, bench), rehearsed_world(running, bench) as world:
        yield world


@dataclass(frozen=True)
class Probed:
    """What a pack said about a service."""

    findings: list[Finding]
    unreached: list[str]
    """The operations that refused all that was tried."""
    sent: int
    """Requests of the pack, those of the rehearsal left out."""
    alive: bool
    """Whether the service lives in the end."""


async def probed(folder: Path, pack: Collection[str]) -> Probed:
    """Run the probes of these ids, in this order."""
    for each in pack:
        importlib.import_module(f"evaluators.probes.rules.{each.replace('-', '_')}")
    async with rehearsed(folder) as world:
        before = world.sent
        found = [finding_of(REGISTRY[each], flaw) for each in pack async for flaw in REGISTRY[each].check(world)]
        return Probed(found, sorted(world.unreached), world.sent - before, world.running.process.alive)
