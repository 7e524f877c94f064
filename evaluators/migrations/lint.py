"""The stage `migrations`: the migrations as a sequence, and every rule on what a running database survives."""

from __future__ import annotations

from evaluators.bench import Bench
from evaluators.draft import Role, Subject
from evaluators.finding import grouped, in_order
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import load, rules_of, run_rules
from evaluators.sql import migrations as files
from evaluators.sql.lint import LIVE, broken, missing

NAME = "migrations"


def applies(subject: Subject) -> bool:
    """Whether the subject has migrations, in SQL or in Python."""
    if files.scripts(subject):
        return True
    if not any(each.path.endswith(".py") for each in subject.draft.having(Role.MIGRATION, Role.CODE)):
        return False
    from evaluators.sql.revisions import revisions_of

    found = subject.fact(revisions_of)
    return bool(found.all or found.unread)


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Findings of all rules, and what was not understood."""
    import evaluators.migrations.rules as package
    from evaluators.migrations.replay import migrations_of

    load(package)
    facts = subject.fact(migrations_of)
    rules = rules_of(NAME)
    found, crashed = run_rules(rules, facts)
    unread = [missing(each, subject.dialect) for each in facts.unread if not each.broken]
    unread.extend(NotChecked(what, why) for what, why in facts.unchecked)
    unread.extend(NotChecked(f"rule {each.split(':', 1)[0]}", "the rule crashed") for each in crashed)
    findings = in_order(grouped([*broken(facts.unread), *found]))
    steps = sum(len(each.up) for each in facts.all)
    detail = f"{len(facts.all)} migrations, {steps} steps, {len(rules)} rules"
    doubt: Reason | None = None
    if crashed:
        doubt, detail = Reason.RULE_CRASHED, f"{detail}; crashed: {'; '.join(crashed)}"
    elif subject.dialect not in LIVE and any(not each.broken for each in facts.unread):
        doubt = Reason.NOT_PARSED
    elif not facts.all:
        doubt = Reason.NOT_SUPPORTED
    return judged(NAME, findings, detail=detail, not_checked=tuple(dict.fromkeys(unread)), unverified=doubt)
