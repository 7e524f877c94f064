"""The registry of rules as a whole: every family, every rule, and the page that is made from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluators.breaking.facts import change_in
from evaluators.code.facts import code_in
from evaluators.contract.document import contract_of
from evaluators.cross.facts import facts_of
from evaluators.draft import Subject
from evaluators.finding import Finding, Severity
from evaluators.migrations.replay import migrations_of
from evaluators.queries.sources import queries_of
from evaluators.rule import (
    FAMILIES,
    PROBE_SECTIONS,
    REGISTRY,
    SECTIONS,
    Rule,
    RuleError,
    load,
    rule,
    rules_of,
    run_rules,
)
from evaluators.rules_page import PAGE, load_all, render
from evaluators.sql.schema import schema_of

load_all()
EVERY = sorted(REGISTRY.values(), key=lambda each: (each.family, each.id))
ALL = [each for each in EVERY if each.family != "probes"]
PROBES = [each for each in EVERY if each.family == "probes"]
ROOT = Path(__file__).parents[2]

FACTS: dict[str, Callable[[Subject], Any]] = {
    "sql": schema_of,
    "migrations": migrations_of,
    "contract": contract_of,
    "code": lambda subject: code_in(subject.draft),
    "cross": facts_of,
    "queries": queries_of,
    "breaking": lambda subject: change_in(subject.draft, subject.dialect),
}

named = pytest.mark.parametrize("each", ALL, ids=lambda each: each.id)


def judged(each: Rule, name: str) -> list[Finding]:
    subject = Subject(each.example(name), dialect=each.dialect)
    found, crashed = run_rules(rules_of(each.family), FACTS[each.family](subject))
    assert crashed == []
    return found


def test_every_family_has_rules() -> None:
    assert set(FACTS) <= set(FAMILIES)
    assert {family: bool(rules_of(family)) for family in FACTS} == dict.fromkeys(FACTS, True)


@named
def test_bad_gives_exactly_this_finding(each: Rule) -> None:
    found = judged(each, "Bad")
    assert [(finding.rule, finding.symbol) for finding in found if finding.rule != each.id] == []
    assert len(found) == 1
    assert found[0].severity is each.severity


@named
def test_good_gives_nothing(each: Rule) -> None:
    assert len(each.example("Good")) > 0
    assert [(finding.rule, finding.symbol) for finding in judged(each, "Good")] == []


@named
def test_boundary_is_fine(each: Rule) -> None:
    assert len(each.example("Boundary")) > 0
    assert [finding.symbol for finding in judged(each, "Boundary") if finding.rule == each.id] == []


@named
def test_a_finding_is_canonical(each: Rule) -> None:
    finding = judged(each, "Bad")[0]
    assert finding == judged(each, "Bad")[0]
    assert finding.symbol
    assert finding.message.strip()
    assert "\n" not in finding.message
    text = finding.message + finding.evidence + finding.reproduce + finding.hint
    assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|/[r]oot/|localhost:\d+|127\.0\.0\.1:\d+", text)
    assert finding.location.path in each.example("Bad").paths or finding.location.line == 0


@named
def test_manual_is_whole(each: Rule) -> None:
    assert each.title.endswith(".")
    assert len(each.title) <= 120
    for section in SECTIONS:
        assert len(each.section(section)) > 5, section
    assert not re.search(r"TODO|FIXME|XXX", each.doc)
    assert not re.search(r"MISSION|HOUSE\.md|RULES", each.section("Source"))


@pytest.mark.parametrize("each", PROBES, ids=lambda each: each.id)
def test_a_probe_has_its_manual_and_its_weakness(each: Rule) -> None:
    assert each.title.endswith(".")
    assert len(each.title) <= 120
    for section in PROBE_SECTIONS:
        assert len(each.section(section)) > 5, section
    assert re.fullmatch(r"CWE-\d+", each.cwe)
    assert re.fullmatch(r"(API([1-9]|10):2023)?", each.owasp)
    assert not re.search(r"TODO|FIXME|XXX", each.doc)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.id)
def test_one_rule_a_module_named_like_it(each: Rule) -> None:
    module = each.check.__module__.rsplit(".", 1)
    assert module == [f"evaluators.{each.family}.rules", each.id.replace("-", "_")]


@named
def test_severity_is_of_the_enumeration(each: Rule) -> None:
    assert each.severity in Severity


def test_loading_twice_changes_nothing() -> None:
    import evaluators.sql.rules as package

    before = dict(REGISTRY)
    load(package)
    assert before == REGISTRY


def documented(**changes: str) -> str:
    parts = {"Why": "Because.", "Bad": "```sql a.sql\n    ```", "Good": "```sql a.sql\n    ```", "Source": "None."}
    parts.update(changes)
    return "Wrong.\n\n" + "\n\n".join(f"{name}: {text}" for name, text in parts.items() if text)


@pytest.mark.parametrize(
    ("id", "family", "doc", "said"),
    [
        ("Upper-case", "sql", documented(), "kebab-case"),
        ("single", "sql", documented(), "kebab-case"),
        ("avoid-this", "sql", documented(), "name the defect"),
        ("float-money", "sql", documented(), "registered twice"),
        ("some-thing", "colour", documented(), "unknown family"),
        ("some-thing", "contract", documented(), "takes"),
        ("some-thing", "sql", documented(Source=""), "lacks Source"),
    ],
)
def test_what_is_malformed_is_refused(id: str, family: str, doc: str, said: str) -> None:
    def check(schema: object) -> list[Any]:
        return []

    check.__doc__ = doc
    with pytest.raises(RuleError, match=said):
        rule(id, family=family)(check)
    assert id not in REGISTRY or REGISTRY[id].check is not check


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == render(), "run: python -m evaluators.rules_page"


def test_the_page_names_every_rule() -> None:
    page = render()
    assert [each.id for each in ALL if f"\n### {each.id}\n" not in page] == []
