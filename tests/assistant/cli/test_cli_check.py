"""`backwright check`, `rules` and `rule` as a user runs them: options, exit codes, one clear line for bad input."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from typer.testing import CliRunner, Result

from assistant.cli.app import build
from assistant.errors import UsageError

STATIC = ("--require", "static")
GOOD = "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n"
BAD = "CREATE TABLE log (at timestamptz NOT NULL, what text NOT NULL);\n"
RULE = "missing-primary-key"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one error, as the working folder; the user has no file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "project"
    root.mkdir()
    (root / "schema.sql").write_text(BAD)
    monkeypatch.chdir(root)
    return root


def run(*arguments: str) -> Result:
    return CliRunner().invoke(build(), [*arguments])


def refused(*arguments: str) -> str:
    """The one line that a usage error says."""
    error = run(*arguments).exception
    assert isinstance(error, UsageError), error
    assert error.exit_code == 2 and "\n" not in error.message
    assert error.hint or "did you mean" in error.message
    return f"{error.message} ({error.hint})"


def report(*arguments: str) -> dict[str, object]:
    done = run("check", *arguments, *STATIC, "--format", "json")
    value: dict[str, object] = json.loads(done.stdout)
    schema = Path(__file__).parents[3] / "evaluators" / "formats" / "report.schema.json"
    jsonschema_rs.validator_for(json.loads(schema.read_text())).validate(value)
    return value


def rules_of(value: dict[str, object], field: str = "findings") -> list[str]:
    listed = value[field]
    assert isinstance(listed, list)
    return [(each["finding"] if field == "suppressed" else each)["rule"] for each in listed]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--preset", "security"], 0),
        (["--fail-on", "error"], 1),
        (["schema.sql"], 1),
        (["schema.sql", "good.sql"], 1),
        (["good.sql"], 0),
    ],
)
def test_exit_codes(arguments: list[str], code: int, project: Path) -> None:
    (project / "good.sql").write_text(GOOD)
    done = run("check", *arguments, *STATIC)
    assert done.exit_code == code, done.output


def test_what_fails_is_said_by_option_and_by_file(project: Path) -> None:
    (project / "schema.sql").write_text(
        GOOD + "CREATE TABLE c (id int PRIMARY KEY, t_id bigint NOT NULL REFERENCES t);\n"
    )
    assert run("check", *STATIC).exit_code == 0
    assert run("check", *STATIC, "--fail-on", "warning").exit_code == 1
    (project / "backwright.toml").write_text('[check]\nfail_on = "warning"\n')
    assert run("check", *STATIC).exit_code == 1
    assert run("check", *STATIC, "--fail-on", "error").exit_code == 0


def test_a_strict_rule_is_told_under_strict_alone(project: Path) -> None:
    from evaluators.catalogue import load_all
    from evaluators.rule import REGISTRY

    load_all()
    recommended, strict = set(rules_of(report())), set(rules_of(report("--preset", "strict")))
    assert recommended <= strict
    assert not any(REGISTRY[rule].strict for rule in recommended if rule in REGISTRY)
    (project / "backwright.toml").write_text('[check]\npreset = "strict"\n')
    assert set(rules_of(report())) == strict


@pytest.mark.parametrize(
    ("toml", "left"),
    [
        (f'[rules]\n{RULE} = "off"\n', False),
        (f'[rules]\n{RULE} = {{exclude = ["schema.sql"]}}\n', False),
        (f'[rules]\n{RULE} = {{symbols = ["log*"]}}\n', False),
        (f'[rules]\n{RULE} = {{symbols = ["other*"]}}\n', True),
    ],
)
def test_levels_of_the_projects_file(toml: str, left: bool, project: Path) -> None:
    (project / "backwright.toml").write_text(toml)
    value = report()
    assert (RULE in rules_of(value)) is left
    if "off" in toml:
        assert {"what": f"rule {RULE}", "why": "off by backwright.toml"} in value["not_checked"]  # type: ignore[operator]
    elif not left:
        assert rules_of(value, "suppressed") == [RULE]
    assert value["verdict"] == ("failed" if left else "passed")


def test_a_suppression_takes_an_error_out_and_is_counted(project: Path) -> None:
    (project / "schema.sql").write_text(f"-- backwright: allow {RULE}: a log\n{BAD}")
    value = report()
    assert (value["verdict"], rules_of(value), rules_of(value, "suppressed")) == ("passed", [], [RULE])
    assert run("check", *STATIC).stdout.rstrip().endswith("PASSED: 1 suppressed")


@pytest.mark.parametrize(
    ("comment", "rule", "verdict"),
    [
        (f"-- backwright: allow {RULE}", "suppression-without-reason", "failed"),
        ("-- backwright: allow missing-primary-kee: why", "suppressed-unknown-rule", "failed"),
        (f"-- backwright: allow {RULE}, float-money: why", "unused-suppression", "passed"),
        (f"-- backwright: alow {RULE}: why", "misspelled-suppression", "failed"),
    ],
)
def test_a_suppression_that_is_wrong_is_a_finding(comment: str, rule: str, verdict: str, project: Path) -> None:
    (project / "schema.sql").write_text(f"{comment}\n{BAD}")
    value = report()
    assert rule in rules_of(value) and value["verdict"] == verdict


def test_nothing_is_unused_of_a_stage_that_did_not_run(project: Path) -> None:
    (project / "schema.sql").write_text(f"{BAD}-- backwright: allow verb-in-path, float-money: why\nSELECT 1;\n")
    assert [each for each in rules_of(report()) if each == "unused-suppression"] == ["unused-suppression"]
    (project / "schema.sql").write_text(f"{BAD}-- backwright: allow verb-in-path: why\nSELECT 1;\n")
    assert "unused-suppression" not in rules_of(report())


@pytest.mark.parametrize(
    "text",
    [
        f"```sql schema.sql\n-- backwright: allow {RULE}: a log\n{BAD}```\n",
        f"```sql schema.sql\n/* backwright: allow-file {RULE}: a log */\n{BAD}```\n",
        f'```sql schema.sql\n{BAD}```\n\n```json openapi.json\n{{"x-backwright-allow": {{"{RULE}": "x"}}}}\n```\n',
        f"```sql schema.sql\n{BAD}```\n\n```python app.py\nx = 1  # backwright: allow {RULE}: x\n```\n",
    ],
)
def test_a_draft_cannot_configure_its_judge(text: str, project: Path) -> None:
    (project / "answer.md").write_text(text)
    value = report("answer.md")
    assert {RULE, "draft-configures-judge"} <= set(rules_of(value))
    assert value["suppressed"] == [] and value["verdict"] == "failed"


def test_a_baseline_is_written_read_and_shrinks(project: Path) -> None:
    written = run("check", *STATIC, "--write-baseline", "known.json")
    assert written.exit_code == 0
    first = (project / "known.json").read_text()
    assert RULE in first
    assert run("check", *STATIC).exit_code == 1
    assert run("check", *STATIC, "--baseline", "known.json").exit_code == 0
    (project / "backwright.toml").write_text('[check]\nbaseline = "known.json"\n')
    assert rules_of(report(), "suppressed") == [RULE]
    (project / "schema.sql").write_text("\n\n" + BAD + BAD.replace("log", "log2"))
    assert report()["verdict"] == "failed"
    (project / "schema.sql").write_text(GOOD)
    assert rules_of(report()) == ["stale-baseline-entry"]
    assert run("check", *STATIC, "--write-baseline", "known.json").exit_code == 0
    assert RULE not in (project / "known.json").read_text()
    assert rules_of(report()) == []


def test_a_baseline_that_is_written_twice_is_the_same(project: Path) -> None:
    for name in ("a.json", "b.json"):
        run("check", *STATIC, "--write-baseline", name)
    assert (project / "a.json").read_text() == (project / "b.json").read_text()


def test_what_was_not_run_is_no_pass_with_a_baseline_either(project: Path) -> None:
    (project / "schema.sql").write_text("CREATE TABLE (;\n")
    run("check", *STATIC, "--write-baseline", "known.json")
    done = run("check", *STATIC, "--baseline", "known.json")
    assert done.exit_code == 3 and "suppressed" in done.stdout


OWN = '''
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("table-there", family="sql", severity=Severity.WARNING)
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
    return [Flaw(table.key, table.at, f"There is {table.key}.") for table in schema.tables]
'''


def test_rules_of_ones_own_by_option_and_by_the_users_file(project: Path, tmp_path: Path) -> None:
    import sys

    from evaluators.rule import REGISTRY

    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.py").write_text(OWN)
    (project / "backwright.toml").write_text('[rules]\ntable-there = "error"\n')
    assert "unknown rule 'table-there'" in refused("check", *STATIC)
    try:
        value = report("--rules", str(tmp_path / "own"))
        assert "table-there" in rules_of(value)
        assert "table-there" in run("rules", "--rules", str(tmp_path / "own")).stdout
        user = tmp_path / "config" / "backwright" / "config.toml"
        user.parent.mkdir(parents=True)
        user.write_text('[check]\nrules = ["../../own"]\n')
        assert "table-there" in rules_of(report())
    finally:
        REGISTRY.pop("table-there", None)
        for name in [name for name in sys.modules if name.startswith("backwright_custom_")]:
            del sys.modules[name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--preset", "loud"], "--preset loud: no such preset (one of recommended, strict, security)"),
        (["check", "--fail-on", "hint"], "--fail-on hint: no such severity (one of error, warning, info)"),
        (["check", "--baseline", "none.json"], "none.json: No such file or directory (make it with --write-baseline"),
        (["check", "--baseline", "schema.sql"], "schema.sql: no JSON"),
        (["check", "--rules", "none.py"], "--rules: none.py is no Python file"),
        (["check", "schema.sql", "none.sql"], "none.sql does not exist"),
        (["rules", "--family", "graphql"], "'graphql' is no family of rules (one of sql, contract"),
        (["rules", "--preset", "loud"], "'loud' is no preset"),
        (["rules", "--severity", "fatal"], "'fatal' is no severity"),
        (["rules", "--format", "xml"], "'xml' is no format"),
        (["rule", "missing-primary-kee"], "nearest: missing-primary-key"),
    ],
)
def test_bad_input_is_one_clear_line(arguments: list[str], said: str, project: Path) -> None:
    assert said in refused(*arguments)


def test_a_wrong_file_of_the_assistant_stops_check_too(project: Path) -> None:
    (project / "backwright.toml").write_text('[model]\nnaem = "x"\n')
    assert "unknown key model.naem; did you mean 'name'?" in refused("check", *STATIC)


def test_rules_are_listed_filtered_and_for_machines(project: Path) -> None:
    every = json.loads(run("rules", "--format", "json").stdout)
    some = json.loads(
        run("rules", "--family", "sql", "--preset", "security", "--severity", "error", "--format", "json").stdout
    )
    assert 0 < len(some) < len(every)
    assert all("security" in each["presets"] and each["family"] == "sql" for each in some)
    assert set(every[0]) == {"id", "family", "severity", "presets", "title", "why", "precision", "source"}
    lines = run("rules", "contract").stdout.splitlines()
    assert len(lines) == len([each for each in every if each["family"] == "contract"])


def test_a_rules_page_says_how_to_configure_it(project: Path) -> None:
    shown = run("rule", RULE).stdout
    for word in ("Why:", "Bad:", "Good:", "Boundary:", "Precision:", "Source:", "presets: recommended"):
        assert word in shown
    assert f'    [rules]\n    {RULE} = "warning"\n' in shown
    assert f"    -- backwright: allow {RULE}: why it is right here" in shown
    assert '"x-backwright-allow": {"verb-in-path"' in run("rule", "verb-in-path").stdout
    assert "reported by the stage code itself" in run("rule", "ruff-s608").stdout


def test_what_the_page_gives_to_copy_works(project: Path) -> None:
    shown = run("rule", RULE).stdout
    comment = next(line.strip() for line in shown.splitlines() if "backwright: allow" in line)
    toml = shown[shown.index("    [rules]") :].split("\n\n", 1)[0]
    (project / "backwright.toml").write_text(toml.replace("# ", "").replace(f'    {RULE} = "warning"\n', ""))
    assert f"{RULE}" in (project / "backwright.toml").read_text()
    assert report()["verdict"] == "passed"
    (project / "backwright.toml").unlink()
    (project / "schema.sql").write_text(f"{comment}\n{BAD}")
    assert report()["verdict"] == "passed"


def test_a_nested_yaml_ends_nothing(project: Path) -> None:
    (project / "values.yaml").write_text("# x-backwright-allow\nx: " + "[" * 200_000 + "]" * 200_000)
    assert run("check", ".", *STATIC).exit_code == 1


@pytest.mark.parametrize("named", ["/dev/zero", "/etc/passwd", "../outside.json"])
def test_a_baseline_outside_the_project_is_refused(project: Path, named: str) -> None:
    (project.parent / "outside.json").write_text("{}")
    (project / "backwright.toml").write_text(f'[check]\nbaseline = "{named}"\n')
    assert "no file of the project" in refused("check", ".", *STATIC)


def test_errors_outside_a_preset_are_counted(project: Path) -> None:
    (project / "backwright.toml").write_text('[check]\npreset = "security"\n')
    report = json.loads(run("check", ".", *STATIC, "--format", "json").stdout)
    assert {"what": "stage sql: 1 errors", "why": "outside the preset security"} in report["not_checked"]


def test_a_path_that_is_too_long_is_said(project: Path) -> None:
    assert "does not exist" in refused("check", "a" * 5000, *STATIC)
    assert "--against" in refused("check", ".", *STATIC, "--against", "a" * 5000)
