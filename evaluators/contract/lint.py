"""The stage `contract`: the written contract against the specification and the rules."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import evaluators.contract.rules
from evaluators.bench import Bench
from evaluators.contract import pair
from evaluators.contract.document import Contract, candidates, contract_of
from evaluators.draft import Subject
from evaluators.finding import Finding, grouped, in_order
from evaluators.report import Reason, StageResult, judged
from evaluators.rule import load, rules_of

NAME = "contract"

WALKED = frozenset({"survey", "references", "all_schemas"})
"""What follows from the walk over the whole contract, which takes as long as all other facts together."""

AT_TIMES_WALKED = frozenset({"mistakes", "told"})
"""What follows from it too where there are more files, or Schema Objects that have a schema of their own (3.1)."""


LARGE = frozenset({"mistakes"})
"""What makes a copy of the whole contract for a moment: better in the process that has no walk in its memory."""


def applies(subject: Subject) -> bool:
    """Whether there is a contract, or there must be one."""
    return NAME in subject.required or bool(candidates(subject.draft))


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Judge the contract; without one the stage is unverified (not-delivered)."""
    with uncollected():
        return _judged(subject)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles: a large contract is many small values that all stay.

    What stays is set aside afterwards, so that the collector does not look through
    all of it again and again; the next contract takes it back.
    """
    was = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()
            gc.enable()


def _judged(subject: Subject) -> StageResult:
    contract = subject.fact(contract_of)
    if not contract.path:
        return judged(NAME, (), detail="no contract among the files", unverified=Reason.NOT_DELIVERED)
    findings, crashed = findings_of(contract)
    if crashed:
        return judged(NAME, findings, detail="; ".join(crashed), unverified=Reason.RULE_CRASHED)
    operations, schemas = len(contract.operations), len(contract.schemas)
    detail = f"{operations} operations, {schemas} schemas, {len(rules_of('contract'))} rules"
    return judged(NAME, findings, detail=detail)


def findings_of(contract: Contract) -> tuple[tuple[Finding, ...], list[str]]:
    """What the rules find in a written or a served contract, and the rules that crashed."""
    load(evaluators.contract.rules)
    size = sum(len(source.text) for source in contract.files.read_so_far())
    plain = contract.family == "3.0" and not contract.files.several
    findings, crashed = pair.run(
        rules_of("contract"), size, contract, dear=WALKED if plain else WALKED | AT_TIMES_WALKED, large=LARGE
    )
    return in_order(grouped(findings)), crashed
