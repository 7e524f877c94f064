"""Every cross rule's docstring is its test: Bad gives it once, Good gives nothing."""

import pytest

import evaluators.contract.rules
import evaluators.cross.rules
from evaluators.contract.document import contract_of
from evaluators.cross.facts import facts_of
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.rule import Rule, load, rules_of, run_rules

load(evaluators.contract.rules)
load(evaluators.cross.rules)
RULES = rules_of("cross")


def found(draft: Draft) -> list[Finding]:
    findings, crashed = run_rules(RULES, facts_of(Subject(draft)))
    assert crashed == []
    return findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_bad_gives_exactly_this_finding(rule: Rule) -> None:
    findings = found(rule.example("Bad"))
    assert [f"{f.rule}: {f.message}" for f in findings if f.rule != rule.id] == []
    assert len(findings) == 1
    assert findings[0].location.path in rule.example("Bad").paths
    assert findings[0].location.line >= 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_objects_to_good(rule: Rule) -> None:
    draft = rule.example("Good")
    assert len(draft) >= 2
    assert [f"{f.rule}: {f.message}" for f in found(draft)] == []
    of_contract, crashed = run_rules(rules_of("contract"), contract_of(Subject(draft)))
    assert crashed == []
    assert [f"{f.rule}: {f.message}" for f in of_contract] == []
