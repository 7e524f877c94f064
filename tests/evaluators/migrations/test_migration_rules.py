"""Every rule of the migrations is held to its own examples."""

from __future__ import annotations

import pytest

import evaluators.migrations.rules as package
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.migrations.replay import migrations_of
from evaluators.rule import Rule, load, rules_of, run_rules

load(package)
RULES = rules_of("migrations")
named = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def findings(draft: Draft, dialect: str = "postgres") -> list[Finding]:
    facts = Subject(draft, dialect=dialect).fact(migrations_of)
    found, crashed = run_rules(RULES, facts)
    assert crashed == []
    assert [each.why for each in facts.unread if each.broken] == []
    return found


@named
def test_bad_gives_exactly_this_finding(rule: Rule) -> None:
    found = [each for each in findings(rule.example("Bad"), rule.dialect)]
    assert [(each.rule, each.symbol) for each in found if each.rule != rule.id] == []
    assert len(found) == 1
    assert found[0].location.line > 0
    assert found[0].message.endswith(".")


@named
def test_no_rule_objects_to_good(rule: Rule) -> None:
    assert len(rule.example("Good")) > 0
    assert [(each.rule, each.symbol, each.message) for each in findings(rule.example("Good"), rule.dialect)] == []


@named
def test_a_rule_keeps_silent_on_its_boundary(rule: Rule) -> None:
    assert len(rule.example("Boundary")) > 0
    assert [each.symbol for each in findings(rule.example("Boundary"), rule.dialect) if each.rule == rule.id] == []
