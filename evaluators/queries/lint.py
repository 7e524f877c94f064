"""The stage `queries`: every query that code, files, views and functions hold, judged against the schema."""

from __future__ import annotations

from evaluators.bench import Bench
from evaluators.draft import Role, Subject
from evaluators.finding import grouped, in_order
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import load, rules_of, run_rules

NAME = "queries"


def applies(subject: Subject) -> bool:
    """Whether the subject may hold queries."""
    paths = [each.path for each in subject.draft.having(Role.CODE, Role.SCHEMA)]
    if any(path.endswith(".py") for path in paths):
        return True
    if not any(path.endswith(".sql") for path in paths):
        return False
    from evaluators.queries.sources import files_of

    return bool(files_of(subject))


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Findings of all rules; what could not be parsed is listed."""
    import evaluators.queries.rules as package
    from evaluators.code.facts import code_of
    from evaluators.code.kept import known_of
    from evaluators.queries.sources import queries_of

    load(package)
    known_of(bench, subject, subject.fact(code_of))
    queries = subject.fact(queries_of)
    rules = rules_of("queries")
    found, crashed = run_rules(rules, queries)
    missing = [NotChecked(f"{each.at}: the query of {each.name}", each.why) for each in queries.unparsed]
    missing.extend(NotChecked(f"rule {each.split(':', 1)[0]}", "the rule crashed") for each in crashed)
    detail = f"{len(queries.parsed)} queries, {len(rules)} rules"
    doubt = Reason.RULE_CRASHED if crashed else None
    if crashed:
        detail = f"{detail}; crashed: {'; '.join(crashed)}"
    return judged(
        NAME, in_order(grouped(found)), detail=detail, not_checked=tuple(dict.fromkeys(missing)), unverified=doubt
    )
