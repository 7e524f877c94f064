"""Custom rules: the documented example works, and one bad rule costs itself alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluators.custom import CustomRulesError, load
from evaluators.draft import Draft, Subject
from evaluators.gate import Gate
from evaluators.report import Reason, Report, State
from evaluators.rule import REGISTRY, run_rules
from evaluators.sql.schema import schema_of

DOC = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")

RULE = '''
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("{id}", family="sql", severity=Severity.WARNING)
def check(schema):
    """A table is there.

    Why: Because.

    Bad:
        ```sql schema.sql
        CREATE TABLE t (id bigint PRIMARY KEY);
        ```

    Good:
        ```sql schema.sql
        SELECT 1;
        ```

    Source: None.
    """
    {body}
'''
FINDS = 'return [Flaw(table.key, table.at, "There is a table.") for table in schema.tables]'


@pytest.fixture(autouse=True)
def _registry() -> Iterator[None]:
    """The registry as it was, whatever a test registers."""
    import sys

    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)
    for name in [name for name in sys.modules if name.startswith("backwright_custom_")]:
        del sys.modules[name]


def judged(sql: str, *loaded: Path) -> Report:
    """The static report on a schema, with custom rules."""

    async def run() -> Report:
        subject = Subject(Draft.of({"schema.sql": sql}))
        events = [event async for event in Gate(frozenset({"sql"})).judge(subject, [load(loaded).result])]
        assert isinstance(events[-1], Report)
        return events[-1]

    return asyncio.run(run())


def test_the_example_of_the_manual_is_a_rule_and_its_own_test(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)
    (tmp_path / "our_rules.py").write_text(code)
    loaded = load([tmp_path])
    assert (loaded.ids, loaded.problems) == (("table-without-tenant",), ())
    rule = REGISTRY["table-without-tenant"]
    for name, count in (("Bad", 1), ("Good", 0), ("Boundary", 0)):
        found, crashed = run_rules([rule], schema_of(Subject(rule.example(name))))
        assert (len(found), crashed) == (count, []), name
    assert rule.section("Precision") and rule.presets == ("recommended", "strict")


def test_a_custom_rule_judges_beside_ours(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(RULE.format(id="table-there", body=FINDS))
    report = judged("CREATE TABLE t (id bigint PRIMARY KEY);", tmp_path / "mine.py")
    assert "table-there" in {finding.rule for finding in report.findings}
    assert report.stages[0].detail == "1 custom rules" and report.stages[0].state is State.PASSED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.format(id="single", body=FINDS), "mine.py: 'single' is no rule id: use kebab-case of two words or more"),
        (RULE.format(id="float-money", body=FINDS), "mine.py: rule 'float-money' is registered twice"),
        (RULE.format(id="table-there", body=FINDS).replace('"sql",', '"sqll",'), "unknown family 'sqll'"),
        (RULE.format(id="table-there", body=FINDS).replace("Why: ", ""), "the docstring lacks Why"),
        (RULE.format(id="table-there", body=FINDS).replace("(schema)", "(s)"), "a sql rule takes ('schema',)"),
        ("import nowhere_to_be_found\n", "mine.py: stopped by ModuleNotFoundError"),
        ("raise SystemExit(3)\n", "mine.py: stopped by SystemExit: 3"),
        ("def broken(:\n", "mine.py: stopped by SyntaxError"),
        ("x = 1\n", "mine.py: holds no rule"),
    ],
)
def test_a_rule_that_cannot_be_loaded_is_a_line_and_no_pass(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(text)
    (tmp_path / "other.py").write_text(RULE.format(id="table-elsewhere", body=FINDS))
    report = judged("CREATE TABLE t (id bigint PRIMARY KEY);", tmp_path)
    stage = report.stages[0]
    assert (stage.name, stage.state, stage.reason) == ("rules", State.UNVERIFIED, Reason.RULE_CRASHED)
    assert said in stage.detail and "\n" not in stage.detail
    assert "table-elsewhere" in {finding.rule for finding in report.findings}
    assert report.verdict is State.UNVERIFIED


def test_one_bad_rule_of_a_file_leaves_the_others(tmp_path: Path) -> None:
    good, bad = RULE.format(id="table-there", body=FINDS), RULE.format(id="use-tables", body=FINDS)
    (tmp_path / "mine.py").write_text(bad + good)
    loaded = load([tmp_path / "mine.py"])
    assert loaded.ids == ("table-there",)
    assert loaded.problems == ("mine.py: 'use-tables' names advice: name the defect",)


@pytest.mark.parametrize("body", ["raise KeyError('x')", "return [1]", "return [1 / 0]", "return 3"])
def test_a_rule_that_crashes_costs_itself_alone(body: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(RULE.format(id="table-there", body=body))
    report = judged("CREATE TABLE t (x int);", tmp_path)
    stage = report.stage("sql")
    assert stage is not None and "table-there" in stage.detail
    assert "missing-primary-key" in {finding.rule for finding in report.findings}
    clean = judged("CREATE TABLE t (id bigint PRIMARY KEY);", tmp_path)
    assert clean.stages[1].reason is Reason.RULE_CRASHED


@pytest.mark.parametrize("name", ["nowhere", "notes.txt", "empty"])
def test_a_path_without_rules_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CustomRulesError, match="Python file"):
        load([tmp_path / name])


def test_the_same_file_twice_is_once(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(RULE.format(id="table-there", body=FINDS))
    assert load([tmp_path, tmp_path / "mine.py"]).problems == ()
    assert load([tmp_path]).problems == ()
