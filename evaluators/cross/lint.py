"""The stage `cross`: what the schema and the contract say about each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluators.bench import Bench
from evaluators.contract.document import candidates, contract_of
from evaluators.draft import Role, Subject
from evaluators.finding import Finding, grouped, in_order
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import load, rules_of, run_rules

if TYPE_CHECKING:
    from evaluators.cross.facts import Facts

NAME = "cross"


def applies(subject: Subject) -> bool:
    """Whether there are a schema and a contract to compare, or there must be."""
    both = subject.draft.having(Role.SCHEMA, Role.MIGRATION) and candidates(subject.draft)
    return NAME in subject.required or bool(both)


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Compare; unverified where one of the two is missing or cannot be read."""
    from evaluators.code.facts import code_of
    from evaluators.code.kept import known_of
    from evaluators.cross.facts import facts_of

    contract = subject.fact(contract_of)
    if not contract.path:
        return judged(NAME, (), detail="no contract among the files", unverified=Reason.NOT_DELIVERED)
    if contract.root is None:
        return judged(NAME, (), detail=f"{contract.path} cannot be read", unverified=Reason.NOT_PARSED)
    known_of(bench, subject, subject.fact(code_of))
    facts = subject.fact(facts_of)
    if not facts.schema.tables:
        broken = any(each.broken for each in facts.schema.unread)
        reason = Reason.NOT_PARSED if broken else Reason.NOT_DELIVERED
        return judged(NAME, (), detail="no table among the files", unverified=reason)
    findings, crashed = findings_of(facts)
    if crashed:
        return judged(NAME, findings, detail="; ".join(crashed), unverified=Reason.RULE_CRASHED)
    detail = f"{len(facts.pairs)} properties paired with columns, {len(rules_of('cross'))} rules"
    return judged(NAME, findings, detail=detail, not_checked=_unpaired(facts))


def findings_of(facts: Facts) -> tuple[tuple[Finding, ...], list[str]]:
    """What the rules find, and the rules that crashed."""
    import evaluators.cross.rules as package

    load(package)
    findings, crashed = run_rules(rules_of("cross"), facts)
    return in_order(grouped(findings)), crashed


def _unpaired(facts: Facts) -> list[NotChecked]:
    """The tables that no property stands for."""
    paired = {pair.table.key for pair in facts.pairs}
    missing = sorted(table.key for table in facts.schema.tables if table.key not in paired)
    if not missing:
        return []
    return [NotChecked(f"contract against {', '.join(missing)}", "no property of the contract names a column there")]
