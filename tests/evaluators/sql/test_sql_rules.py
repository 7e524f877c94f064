"""Every SQL rule is held to its own examples, and the good schemas to silence."""

from __future__ import annotations

import pytest

import evaluators.sql.rules as package
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.rule import Rule, load, rules_of, run_rules
from evaluators.sql.lint import broken
from evaluators.sql.schema import schema_of

load(package)
RULES = rules_of("sql")


def findings(draft: Draft, dialect: str = "postgres") -> list[Finding]:
    schema = Subject(draft, dialect=dialect).fact(schema_of)
    found, crashed = run_rules(RULES, schema)
    assert crashed == []
    return [*broken(schema.unread), *found]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_bad_gives_exactly_this_finding(rule: Rule) -> None:
    found = findings(rule.example("Bad"), rule.dialect)
    assert [(each.rule, each.symbol) for each in found if each.rule != rule.id] == []
    assert len(found) == 1
    assert found[0].location.line > 0
    assert found[0].message.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_objects_to_good(rule: Rule) -> None:
    example = rule.example("Good")
    assert len(example) > 0
    found = findings(example, rule.dialect)
    assert [(each.rule, each.symbol, each.message) for each in found] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_keeps_silent_on_its_boundary(rule: Rule) -> None:
    example = rule.example("Boundary")
    assert len(example) > 0
    found = findings(example, rule.dialect)
    assert [each.symbol for each in found if each.rule in (rule.id, "sql-not-parsed")] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_how_precise_it_is(rule: Rule) -> None:
    assert 20 < len(rule.section("Precision")) < 600
