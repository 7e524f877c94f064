"""A good contract with parts broken at random gives findings in both stages and never a crash."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from evaluators.contract.document import contract_of
from evaluators.contract.lint import findings_of as contract_findings
from evaluators.contract.source import read
from evaluators.cross.facts import facts_of
from evaluators.cross.lint import findings_of as cross_findings
from evaluators.draft import Draft, Subject

GOOD = Path(__file__).parents[2] / "corpus/contracts/good"
SQL = (GOOD / "banking/schema.sql").read_text(encoding="utf-8")
JUNK: list[Any] = [
    *(None, True, 0, -1, 1e300, 10**30, "", "x", "#", [], {}, [[]], [None], "null", {"x": 1}, "{", "^[", "object"),
    *("#/components/schemas/Account", {"$ref": "#/components/schemas/Account"}, {"type": ["string", "null"]}),
]


def spots(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key of a tree."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        each = pending.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else ()
        for key in keys:
            found.append((each, key))
            pending.append(each[key])
    return found


def broken(document: Any, chance: random.Random) -> Any:
    made = copy.deepcopy(document)
    for _ in range(chance.randint(1, 4)):
        owner, key = chance.choice(spots(made))
        if chance.random() < 0.3:
            del owner[key]
        else:
            owner[key] = copy.deepcopy(chance.choice(JUNK))
        if not spots(made):
            break
    return made


@pytest.mark.parametrize("path", sorted(GOOD.glob("*/openapi.*")), ids=lambda path: path.parent.name)
def test_a_broken_contract_never_crashes_a_rule(path: Path) -> None:
    chance = random.Random(path.name)
    document = read(path.name, path.read_text(encoding="utf-8")).data
    for _ in range(40):
        text = json.dumps(broken(document, chance))
        subject = Subject(Draft.of({"openapi.json": text, "schema.sql": SQL}))
        assert contract_findings(contract_of(subject))[1] == [], text
        assert cross_findings(facts_of(subject))[1] == [], text


def test_an_enum_of_objects_crashes_nothing() -> None:
    text = (GOOD / "banking/openapi.yaml").read_text(encoding="utf-8").replace("[EUR, USD]", "[{a: 1}, EUR]")
    findings, crashed = cross_findings(facts_of(Subject(Draft.of({"openapi.yaml": text, "schema.sql": SQL}))))
    assert crashed == []
    assert ("undeclared-stored-value", "Account.currency") in [(f.rule, f.symbol) for f in findings]
