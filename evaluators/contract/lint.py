"""The stage `contract`: the written contract against the specification and the rules."""

from __future__ import annotations

from dataclasses import replace

import evaluators.contract.rules
from evaluators.bench import Bench
from evaluators.contract.document import Contract, candidates, contract_of
from evaluators.draft import Subject
from evaluators.finding import Finding, Severity, grouped, in_order
from evaluators.report import Reason, StageResult, judged
from evaluators.rule import load, rules_of, run_rules

NAME = "contract"

SAID_ONCE = 3
"""From so many on, warnings and infos of one rule become one finding with places."""


def applies(subject: Subject) -> bool:
    """Whether there is a contract, or there must be one."""
    return NAME in subject.required or bool(candidates(subject.draft))


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Judge the contract; without one the stage is unverified (not-delivered)."""
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
    findings, crashed = run_rules(rules_of("contract"), contract)
    return said_once(grouped(findings)), crashed


def said_once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Many warnings or infos of one rule as one finding with places; errors stay apart."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    told: list[Finding] = []
    for found in by_rule.values():
        if found[0].severity is Severity.ERROR or len(found) < SAID_ONCE:
            told += found
            continue
        first, *rest = in_order(found)
        places = {place for each in rest for place in (each.location, *each.places)} | {*first.places}
        message = f"{first.message} The same holds at {len(rest)} more places."
        told.append(replace(first, message=message, places=tuple(sorted(places - {first.location}))))
    return in_order(told)
