"""The stage `breaking`: what the change from an earlier state breaks, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluators.bench import Bench
from evaluators.draft import Subject
from evaluators.finding import in_order
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import load, rules_of, run_rules

if TYPE_CHECKING:
    from evaluators.breaking.facts import State

NAME = "breaking"


def applies(subject: Subject) -> bool:
    """Whether there is an earlier state to compare with."""
    return subject.before is not None


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Findings of all rules; what could be read on one side only is not checked."""
    import evaluators.breaking.rules as package
    from evaluators.breaking.facts import change_of

    load(package)
    change = subject.fact(change_of)
    missing = [
        NotChecked(f"breaking changes of {what}", f"it cannot be read {when}")
        for state, when in ((change.before, "in the earlier state"), (change.after, "now"))
        for what in state.unread
    ]
    gone = [
        NotChecked(f"breaking changes of the {what}", "the project has none any more")
        for what in ("contract", "schema")
        if getattr(change.before, what) is not None and getattr(change.after, what) is None
    ]
    missing += gone if not missing else []
    findings, crashed = run_rules(rules_of(NAME), change)
    detail = f"{_said(change.before)} before, {_said(change.after)} now, {len(rules_of(NAME))} rules"
    doubt: Reason | None = None
    if crashed:
        doubt, detail = Reason.RULE_CRASHED, "; ".join(crashed)
    elif missing:
        doubt = Reason.NOT_PARSED if not gone else Reason.NOTHING_TO_CHECK
    return judged(NAME, in_order(findings), detail=detail, not_checked=tuple(missing), unverified=doubt)


def _said(state: State) -> str:
    """How much a state holds."""
    operations = len(state.contract.operations) if state.contract else 0
    tables = len(state.schema.tables) if state.schema else 0
    return f"{operations} operations and {tables} tables"
