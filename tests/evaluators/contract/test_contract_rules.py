"""Every contract rule's docstring is its test: Bad gives it once, Good gives nothing."""

import pytest

import evaluators.contract.rules
from evaluators.contract.document import contract_of
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding
from evaluators.rule import Rule, load, rules_of, run_rules

load(evaluators.contract.rules)
RULES = rules_of("contract")


def found(draft: Draft) -> list[Finding]:
    findings, crashed = run_rules(RULES, contract_of(Subject(draft)))
    assert crashed == []
    return findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_bad_gives_exactly_this_finding(rule: Rule) -> None:
    findings = found(rule.example("Bad"))
    assert [f"{f.rule}: {f.message}" for f in findings if f.rule != rule.id] == []
    assert len(findings) == 1
    assert findings[0].location.path.endswith(("openapi.yaml", "openapi.json"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_objects_to_good(rule: Rule) -> None:
    draft = rule.example("Good")
    assert len(draft)
    assert [f"{f.rule}: {f.message}" for f in found(draft)] == []
