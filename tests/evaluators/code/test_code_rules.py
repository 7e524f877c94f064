"""Every rule of the family is held to its own examples, and to further cases."""

from __future__ import annotations

import pytest

import evaluators.code.rules as package
from evaluators.code.facts import code_in
from evaluators.draft import Draft
from evaluators.finding import Finding
from evaluators.rule import Rule, load, rules_of, run_rules

load(package)
RULES = rules_of("code")


def findings(draft: Draft) -> list[Finding]:
    found, crashed = run_rules(RULES, code_in(draft))
    assert crashed == []
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_bad_gives_exactly_this_finding(rule: Rule) -> None:
    found = findings(rule.example("Bad"))
    assert [finding.rule for finding in found] == [rule.id]
    assert found[0].location.line > 0
    assert found[0].message.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_objects_to_good(rule: Rule) -> None:
    example = rule.example("Good")
    assert len(example) > 0
    assert [(finding.rule, str(finding.location), finding.evidence) for finding in findings(example)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_examples_are_python(rule: Rule) -> None:
    for name in ("Bad", "Good"):
        assert all(module.flaw is None for module in code_in(rule.example(name)).modules)
