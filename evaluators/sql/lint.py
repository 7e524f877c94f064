"""The stage `sql`: every statement is read, and every rule judges the schema they add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluators.bench import Bench
from evaluators.draft import Role, Subject
from evaluators.finding import Finding, Severity, grouped, in_order
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import load, rules_of, run_rules

if TYPE_CHECKING:
    from evaluators.sql.facts import Unread

NAME = "sql"

LIVE = frozenset({"postgres", "sqlite"})
"""Dialects whose statements the stage `database` runs, read here or not."""


def applies(subject: Subject) -> bool:
    """Whether the subject has SQL files, or revisions of Alembic that build a schema."""
    if any(each.path.endswith(".sql") for each in subject.draft.having(Role.SCHEMA, Role.MIGRATION)):
        return True
    if not any(each.path.endswith(".py") for each in subject.draft.having(Role.MIGRATION, Role.CODE)):
        return False
    from evaluators.sql.revisions import revisions_of

    return bool(subject.fact(revisions_of).all)


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Findings of all rules and of what no parser reads."""
    import evaluators.sql.rules as package
    from evaluators.sql.schema import schema_of

    load(package)
    schema = subject.fact(schema_of)
    rules = rules_of("sql")
    found, crashed = run_rules(rules, schema)
    findings = in_order(grouped([*broken(schema.unread), *found]))
    unread = [missing(each, subject.dialect) for each in schema.unread if not each.broken]
    unread.extend(NotChecked(f"rule {each.split(':', 1)[0]}", "the rule crashed") for each in crashed)
    doubt: Reason | None = None
    detail = f"{len(schema.statements)} statements, {len(schema.tables)} tables, {len(rules)} rules"
    if crashed:
        doubt, detail = Reason.RULE_CRASHED, f"{detail}; crashed: {'; '.join(crashed)}"
    elif subject.dialect not in LIVE and any(not each.broken for each in schema.unread):
        doubt = Reason.NOT_PARSED
    return judged(NAME, findings, detail=detail, not_checked=tuple(dict.fromkeys(unread)), unverified=doubt)


def broken(unread: tuple[Unread, ...]) -> list[Finding]:
    """One finding for each statement that no parser of its dialect reads. Its rule id is `sql-not-parsed`."""
    return [
        Finding(
            rule="sql-not-parsed",
            severity=Severity.ERROR,
            location=each.at,
            symbol=_symbol(each),
            message=f"This statement cannot be read. {each.why}",
            evidence=_excerpt(each),
        )
        for each in unread
        if each.broken
    ]


def _symbol(unread: Unread) -> str:
    """The statement's first words: stable while other statements move."""
    return " ".join(unread.statement.text.split()[:4])[:80]


def _excerpt(unread: Unread) -> str:
    """The statement's lines around the place, five at most, numbered."""
    lines = unread.statement.text.split("\n")
    middle = max(unread.at.line - unread.statement.line, 0)
    first = max(middle - 2, 0)
    shown = lines[first : middle + 3]
    return "\n".join(f"{unread.statement.line + first + i}: {line[:160].rstrip()}" for i, line in enumerate(shown))


def missing(unread: Unread, dialect: str) -> NotChecked:
    """A statement that was accepted and not understood."""
    what = f"{unread.statement.path}:{unread.statement.line}: {unread.statement.head.title().upper()}"
    why = unread.why if dialect in LIVE else f"{unread.why}, and no {dialect} server ran it"
    return NotChecked(what, why)
