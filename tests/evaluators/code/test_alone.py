"""Rules that are marked `alone` say the same of a module by itself as in company; what else reads one file is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import evaluators.code.rules
from evaluators.bench import Bench
from evaluators.code import ruff
from evaluators.code.alone import alone, is_alone
from evaluators.code.facts import Code, code_in
from evaluators.code.kept import Kept, run
from evaluators.draft import Artifact, Draft
from evaluators.finding import Finding, Severity
from evaluators.rule import Flaw, Rule, load, rules_of, run_rules

CORPUS = Path(__file__).parents[2] / "corpus"

load(evaluators.code.rules)

RULES = rules_of("code")
ALONE = tuple(rule for rule in RULES if is_alone(rule))
SECTIONS = ("Bad", "Good", "Boundary")


def companies(rule: Rule) -> list[Draft]:
    """The rule's examples, each among the files of all other rules' examples: first ones, then last ones."""
    others = [other.example(section) for other in RULES for section in SECTIONS if other is not rule]
    found = []
    for section in SECTIONS:
        for order in (others, others[::-1]):
            files: dict[str, Artifact] = {each.path: each for each in rule.example(section)}
            for draft in order:
                for each in draft:
                    files.setdefault(each.path, each)
            found.append(Draft(tuple(files.values())))
    return found


def told(rule: Rule, code: Code) -> list[Finding]:
    """What a rule finds; it must not crash."""
    findings, crashed = run_rules([rule], code)
    assert not crashed
    return findings


def differs(rule: Rule) -> bool:
    """Whether a rule says other things of modules by themselves than of all together, in any company."""
    return any(
        told(rule, code) != [finding for module in code.modules for finding in told(rule, Code((module,)))]
        for code in map(code_in, companies(rule))
    )


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.id)
def test_a_rule_that_is_marked_looks_at_no_other_module(rule: Rule) -> None:
    assert any(told(rule, code_in(draft)) for draft in companies(rule)), "the examples show nothing"
    assert not differs(rule)


@pytest.mark.parametrize(
    "id", ["coroutine-not-awaited", "unmounted-router", "unreached-module", "undeclared-dependency"]
)
def test_the_comparison_sees_a_rule_that_looks_further(id: str) -> None:
    (rule,) = (rule for rule in RULES if rule.id == id)
    assert not is_alone(rule)
    assert differs(rule)


@pytest.mark.parametrize("name", ["bank", "fleet_sqlite", "shop"])
def test_nor_does_it_in_a_project(name: str) -> None:
    folder = CORPUS / "projects" / name / "good"
    files = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    code = code_in(Draft.of(files))
    parts = [Code((module,)) for module in code.modules]
    for rule in ALONE:
        assert told(rule, code) == [finding for part in parts for finding in told(rule, part)], rule.id


class Shelf:
    """A store in memory that counts what is asked of it."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.written = 0

    def key(self, *parts: object) -> str:
        return repr(parts)

    def get(self, key: str) -> object:
        return self.values.get(key)

    def put(self, key: str, value: object) -> None:
        self.values[key] = value
        self.written += 1


def counted(seen: list[str], broken: str = "") -> Rule:
    """A rule that writes down which modules it is given, and crashes on one."""

    @alone
    def check(code: Code) -> list[Flaw]:
        seen.append(",".join(module.path for module in code.modules))
        if seen[-1] == broken:
            raise KeyError(broken)
        return [Flaw(module.name, module.at(module.tree), "Here.") for module in code.modules]

    return Rule("seen-here", "code", Severity.INFO, check, "")


def test_only_what_changed_is_asked_again() -> None:
    seen: list[str] = []
    rule, shelf = counted(seen), Shelf()

    def through(files: dict[str, str]) -> list[Finding]:
        kept = Kept(shelf, "here")
        findings, crashed = run([rule], code_in(Draft.of(files)), kept)
        kept.close()
        assert not crashed
        return findings

    first = through({"a.py": "x = 1\n", "b.py": "y = 2\n"})
    assert seen == ["a.py", "b.py"]
    assert through({"a.py": "x = 1\n", "b.py": "y = 2\n"}) == first
    assert (seen, shelf.written) == (["a.py", "b.py"], 1)
    assert through({"a.py": "x = 1\n", "b.py": "y = 3\n"}) == first
    assert seen == ["a.py", "b.py", "b.py"]
    moved = through({"c.py": "x = 1\n", "b.py": "y = 3\n"})
    assert [finding.symbol for finding in moved] == ["c", "b"]


def test_what_a_crash_cut_short_is_not_kept() -> None:
    seen: list[str] = []
    rule, shelf = counted(seen, broken="a.py"), Shelf()
    for _ in range(2):
        kept = Kept(shelf, "here")
        findings, crashed = run([rule], code_in(Draft.of({"a.py": "", "b.py": "", "c.py": ""})), kept)
        kept.close()
        assert [finding.symbol for finding in findings] == ["b", "c"]
        assert crashed == ["seen-here: KeyError: 'a.py'"]
    assert seen == ["a.py", "b.py", "c.py", "a.py"]


@pytest.mark.parametrize("value", [None, 1, [], {"a": 1}, {"rules": [{}]}])
def test_a_damaged_entry_is_no_verdict(value: object) -> None:
    shelf, code = Shelf(), code_in(Draft.of({"a.py": "eval(input())\n"}))
    kept = Kept(shelf, "here")
    first = run(RULES, code, kept)
    kept.close()
    assert [finding.rule for finding in first[0]] == ["evaluated-text"]
    (key,) = shelf.values
    held = shelf.values[key]
    assert isinstance(held, dict)
    shelf.values[key] = value if value is None else dict.fromkeys(held, value)
    assert run(RULES, code, Kept(shelf, "here")) == first


def ruffed(files: dict[str, str], shelf: Shelf) -> list[tuple[str, str]]:
    """(path, rule) of ruff's findings; what is kept is used."""

    async def heard() -> list[Finding]:
        async with Bench() as bench:
            kept = Kept(shelf, "here")
            with ruff.at_work(code_in(Draft.of(files)), bench.scratch, kept) as at_work:
                asked.append(sorted(at_work.asked))
                found = await ruff.findings(at_work)
            kept.close()
            return found

    return [(finding.location.path, finding.rule) for finding in asyncio.run(heard())]


asked: list[list[str]] = []


def test_ruff_reads_only_what_changed() -> None:
    asked.clear()
    shelf = Shelf()
    files = {"app/__init__.py": "", "app/a.py": "import os\n", "app/b.py": "def f():\n    return g\n"}
    first = ruffed(files, shelf)
    assert first == [("app/a.py", "ruff-f401"), ("app/b.py", "ruff-f821")]
    assert ruffed(files, shelf) == first
    assert ruffed({**files, "app/b.py": "g = 1\n"}, shelf) == first[:1]
    assert asked == [sorted(files), [], ["app/b.py"]]
    # Whether a folder is a package may matter to ruff, so its files are asked again.
    assert ruffed({"app/a.py": files["app/a.py"]}, shelf) == first[:1]
    assert asked[-1] == ["app/a.py"]
