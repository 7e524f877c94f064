"""The gate: ordered stages, cheapest first, each proved or honestly unverified.

`Gate.judge` yields what happens (`Started`, a `StageResult` for each stage) and
last the `Report`. A stage that crashes is unverified, never passed.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, cast

from evaluators.bench import Bench
from evaluators.cache import ABSENT, Cache, keep, kept, key_of
from evaluators.draft import Subject
from evaluators.finding import Finding, grouped, said_once
from evaluators.report import NotChecked, Reason, Report, Stage, StageResult, State, Suppressed, judged
from evaluators.terms import Terms

VERSION = "1"
"""Raised when the gate's findings change, so that stored reports are not reused."""

STAGES = {
    "sql": "evaluators.sql.lint",
    "migrations": "evaluators.migrations.lint",
    "database": "evaluators.sql.live",
    "contract": "evaluators.contract.lint",
    "cross": "evaluators.cross.lint",
    "breaking": "evaluators.breaking.lint",
    "code": "evaluators.code.lint",
    "queries": "evaluators.queries.lint",
    "boot": "evaluators.service.boot",
    "part": "evaluators.service.part",
    "tests": "evaluators.service.testrun",
    "probes": "evaluators.probes.stage",
    "fuzz": "evaluators.service.fuzz",
}
"""Stage -> module with NAME, applies and judge, in the order in which they run."""

STATIC = frozenset({"answer", "sql", "migrations", "contract", "cross", "breaking", "code", "queries"})
"""The stages that run nothing of the draft."""

NEEDS = {
    "boot": frozenset({"database"}),
    # Not boot: a service that serves another contract than the written one still runs.
    "probes": frozenset({"database"}),
    "fuzz": frozenset({"database"}),
    "tests": frozenset({"database"}),
}
"""Stage -> stages without whose success it has nothing to stand on."""


class StageModule(Protocol):
    """What a stage's module offers."""

    NAME: str

    def applies(self, subject: Subject) -> bool:
        """Whether the subject has anything for this stage."""
        ...

    async def judge(self, subject: Subject, bench: Bench) -> StageResult:
        """Judge it."""
        ...


@dataclass(frozen=True)
class Started:
    """A stage begins."""

    stage: str


class Gate:
    """Stages in order. `only` keeps the named ones, the rest are listed as not checked.

    `terms` are a project's own (`check`): preset, levels, suppressions, baseline.
    Without them every rule counts as it is, which is how a draft is judged.
    With a `cache`, static stages whose artifacts are as they were are not run again.
    """

    def __init__(
        self, only: frozenset[str] | None = None, terms: Terms | None = None, cache: Cache | None = None
    ) -> None:
        self._only = only
        self._terms = terms
        self._cache = cache

    async def judge(
        self, subject: Subject, before: Iterable[StageResult] = ()
    ) -> AsyncGenerator[Started | StageResult | Report]:
        """Judge `subject`; `before` holds results of stages that ran earlier (`answer`)."""
        results: list[StageResult] = []
        if self._only is not None and self._only <= STATIC:
            subject = replace(subject, options=(*subject.options, ("static", "yes")))
        for result in before:
            results.append(self._settled(result))
            yield results[-1]
        try:
            async with Bench() as bench:
                if self._cache is not None and not subject.option("rules.custom") and subject.root is not None:
                    # What follows from one file alone is kept by file.
                    bench.keep("results", self._cache)
                for name in STAGES:
                    failed = any(each.stage.state is State.FAILED for each in results)
                    # What has failed already gets no final verdict, so it needs no deep pass.
                    given = replace(subject, depth="fast") if failed else subject
                    key = self._key(name, given)
                    held = kept(self._cache, key, name) if self._cache is not None and key else None
                    if not isinstance(held, StageResult) and (held is ABSENT or not self._wanted(name, subject, key)):
                        continue
                    yield Started(name)
                    if not isinstance(held, StageResult):
                        held = await self._new(name, given, bench, results, key)
                    results.append(self._settled(held))
                    yield results[-1]
        finally:
            gc.unfreeze()
        if (last := self._last(subject, results)) is not None:
            results.append(last)
            yield last
        yield report_of(results, subject)

    def _key(self, name: str, subject: Subject) -> str:
        """The key under which the stage's result is kept; empty for one that is not."""
        # What ran follows from more than its artifacts, and a custom rule may read anything.
        ran = name == "code" and not subject.option("static")
        if self._cache is None or name not in STATIC or ran or not self._asked(name, subject):
            return ""
        return "" if subject.option("rules.custom") else key_of(name, subject)

    async def _new(
        self, name: str, subject: Subject, bench: Bench, results: list[StageResult], key: str
    ) -> StageResult:
        """A stage's new result, kept for the next time."""
        with _uncollected(name):
            result = await _one(name, _module(name), subject, bench, results)
        if self._cache is not None and key:
            keep(self._cache, key, result)
        return result

    def _settled(self, result: StageResult) -> StageResult:
        """A stage's result by the terms, where there are any."""
        return result if self._terms is None else self._terms.settled(result)

    def _last(self, subject: Subject, results: list[StageResult]) -> StageResult | None:
        """What is to be said of suppressions: the project's own, or a draft's, which have no effect."""
        if subject.hostile and all(result.stage.name != "code" for result in results):
            from evaluators.code.suppressions import spoken

            found = spoken(subject.draft)
            return judged("suppressions", found) if found else None
        return None if self._terms is None else self._terms.closed(results)

    def _asked(self, name: str, subject: Subject) -> bool:
        """Whether the stage may run: by `only`, else by what is required."""
        if self._only is not None:
            return name in self._only
        return name in subject.required or not subject.required

    def _wanted(self, name: str, subject: Subject, key: str) -> bool:
        """Whether the stage runs: it was asked for, and it is required or applies."""
        if not self._asked(name, subject):
            return False
        if name in subject.required:
            return True
        with _uncollected(name):
            found = _module(name).applies(subject)
        if not found and self._cache is not None and key:
            self._cache.put(key, ABSENT)
        return found


def _module(name: str) -> StageModule:
    """A stage's module, imported only where it is needed."""
    return cast(StageModule, importlib.import_module(STAGES[name]))


@contextlib.contextmanager
def _uncollected(name: str) -> Iterator[None]:
    """Without the collector of cycles in a static stage: facts are many small values that all stay.

    It would look through all of them again and again, which took half of the time of a large project.
    """
    if name not in STATIC or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


async def _one(
    name: str, module: StageModule, subject: Subject, bench: Bench, results: list[StageResult]
) -> StageResult:
    """Run one stage, timed; what it needs and a crash of its own become `unverified`."""
    began = time.perf_counter()
    states = {result.stage.name: result.stage for result in results}
    lacking = sorted(need for need in NEEDS.get(name, ()) if need in states and states[need].state is not State.PASSED)
    if lacking:
        detail = ", ".join(f"{need} {states[need].state}" for need in lacking)
        return judged(name, [], unverified=Reason.EARLIER_STAGE_FAILED, detail=detail)
    if not module.applies(subject):
        return judged(name, [], unverified=Reason.NOT_DELIVERED, detail="nothing here to judge")
    try:
        result = await module.judge(subject, bench)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}".split("\n", 1)[0][:300]
        result = judged(name, [], unverified=Reason.TOOL_FAILED, detail=detail)
    return replace(result, stage=replace(result.stage, seconds=time.perf_counter() - began))


def report_of(results: Iterable[StageResult], subject: Subject) -> Report:
    """The report over all results: findings of one cause said once, sorted; unrun stages listed."""
    stages: list[Stage] = []
    findings: list[Finding] = []
    missing: list[NotChecked] = []
    taken: list[Suppressed] = []
    for result in results:
        stages.append(result.stage)
        findings.extend(result.findings)
        missing.extend(result.not_checked)
        taken.extend(result.suppressed)
    ran = {stage.name for stage in stages}
    for name in STAGES:
        if name not in ran:
            missing.append(NotChecked(f"stage {name}", _why_not(name, subject)))
    held = said_once(grouped(findings))
    return Report(tuple(stages), held, tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(taken)))


def _why_not(name: str, subject: Subject) -> str:
    """Why a stage did not run, in words."""
    if subject.required and name not in subject.required:
        return "this recipe's turn does not require it"
    return "nothing here for it, or it was not asked for"
