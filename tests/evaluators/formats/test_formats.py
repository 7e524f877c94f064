"""Each report format, word for word, and what hostile findings do to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators import formats
from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity, said_once, starred
from evaluators.formats import console
from evaluators.formats import json as json_format
from evaluators.formats._shown import width_of
from evaluators.formats.json import NotAReport, parse
from evaluators.report import Means, NotChecked, Reason, Report, Stage, State, Suppressed

REPORT = Report(
    (
        Stage("sql", State.FAILED, None, "3 statements, 38 rules", 0.12),
        Stage("database", State.UNVERIFIED, Reason.NO_EXTENSION,
              "the extension postgis is not installed here, so nothing ran", 1.53),
        Stage("contract", State.PASSED, None, "14 operations", 12.3),
    ),
    (
        Finding(
            "missing-primary-key", Severity.ERROR, Location("schema.sql", 12, 1), "users",
            "Table users has no primary key.",
            "CREATE TABLE users (\n"
            "\tid int, -- ``` and a line that is so long that no terminal of eighty columns can hold it\n);",
            "curl -X POST $BASE_URL/users -H \"Authorization: Bearer $TOKEN\" -d '{\"name\": \"a, b: c\"}'",
            "Add a primary key.", (Location("migrations/1.sql", 3), Location("b.sql")),
        ),
        Finding("odd-name", Severity.WARNING, Location("a, b:c.py"), "x<y>",
                "100% of |names| are *odd*\n::error::injected"),
    ),
    (NotChecked("stage fuzz", "nothing here for it, or it was not asked for"),),
)  # fmt: skip

CONSOLE = """\
sql       failed       0.12 s   3 statements, 38 rules
database  unverified    1.5 s   no-extension: the extension postgis is not
                                installed here, so nothing ran
contract  passed         12 s   14 operations
                         14 s   in all

error missing-primary-key  schema.sql:12:1
    Table users has no primary key.
    | CREATE TABLE users (
    |     id int, -- ``` and a line that is so long that no terminal of eighty…
    | );
    also at: migrations/1.sql:3, b.sql
    reproduce:
      curl -X POST $BASE_URL/users -H "Authorization: Bearer $TOKEN" -d '{"name": "a, b: c"}'
    hint: Add a primary key.

warning odd-name  a, b:c.py
    100% of |names| are *odd* ::error::injected

not checked
  stage fuzz: nothing here for it, or it was not asked for

FAILED: 1 error, 1 warning, unverified: database
"""

GITHUB = """\
::error file=schema.sql,line=12,col=1,title=missing-primary-key::Table users has no primary key.%0A\
CREATE TABLE users (%0A\
\tid int, -- ``` and a line that is so long that no terminal of eighty columns can hold it%0A);%0A\
Also at migrations/1.sql:3, b.sql%0A\
curl -X POST $BASE_URL/users -H "Authorization: Bearer $TOKEN" -d '{"name": "a, b: c"}'%0AAdd a primary key.
::warning file=a%2C b%3Ac.py,title=odd-name::100%25 of |names| are *odd*%0A::error::injected
::warning title=stage database is unverified::no-extension: the extension postgis is not installed here, so nothing ran
backwright failed: 1 error, 1 warning, unverified: database
"""

MARKDOWN = """\
## backwright: failed

1 error, 1 warning, unverified: database

| stage | state | time | |
|---|---|---:|---|
| sql | failed | 0.12 s | 3 statements, 38 rules |
| database | unverified | 1.5 s | no-extension: the extension postgis is not installed here, so nothing ran |
| contract | passed | 12 s | 14 operations |

### error: missing-primary-key at `schema.sql:12:1`

Table users has no primary key.

Also at `migrations/1.sql:3`, `b.sql`

````text
CREATE TABLE users (
\tid int, -- ``` and a line that is so long that no terminal of eighty columns can hold it
);
````

Reproduce:

```sh
curl -X POST $BASE_URL/users -H "Authorization: Bearer $TOKEN" -d '{"name": "a, b: c"}'
```

Hint: Add a primary key.

### Further findings

| | rule | where | |
|---|---|---|---|
| warning | odd-name | `a, b:c.py` | 100% of \\|names\\| are \\*odd\\* ::error::injected |

### Not checked

- stage fuzz: nothing here for it, or it was not asked for
"""


def test_formats_are_found_by_name() -> None:
    assert formats.names() == ("console", "github", "json", "junit", "markdown", "sarif")
    with pytest.raises(formats.UnknownFormat, match="'pdf' is no report format; there are console, github"):
        formats.render("pdf", REPORT)
    with pytest.raises(formats.UnknownFormat):
        formats.render("_shown", REPORT)


@pytest.mark.parametrize(("name", "text"), [("console", CONSOLE), ("github", GITHUB), ("markdown", MARKDOWN)])
def test_text_formats_word_for_word(name: str, text: str) -> None:
    assert formats.render(name, REPORT) == text


def test_colour_adds_colours_and_nothing_else() -> None:
    coloured = console.render(REPORT, colour=True)
    assert "\x1b[31mfailed" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == CONSOLE


def test_a_report_without_anything_is_unverified_in_every_format() -> None:
    assert console.render(Report()) == "UNVERIFIED: no stage ran\n"
    for name in formats.names():
        assert "unverified" in formats.render(name, Report()).lower()


def test_a_clean_report() -> None:
    report = Report((Stage("sql", State.PASSED, None, "1 statement", 0.1),))
    assert console.render(report) == "sql       passed       0.10 s   1 statement\n\nPASSED: nothing found\n"


def test_json_has_the_agreed_shape() -> None:
    value = json.loads(formats.render("json", REPORT))
    assert list(value) == ["version", "verdict", "stages", "findings", "not_checked", "suppressed"]
    assert value["verdict"] == "failed"
    assert {"name", "state", "reason", "seconds"} <= set(value["stages"][0])
    assert set(value["findings"][0]) >= {
        "rule", "severity", "path", "line", "symbol", "places",
        "fingerprint", "message", "evidence", "reproduce", "hint",
    }  # fmt: skip
    assert value["stages"][1]["reason"] == "no-extension"
    assert value["findings"][0]["fingerprint"] == REPORT.findings[0].fingerprint
    assert value["not_checked"] == [{"what": "stage fuzz", "why": "nothing here for it, or it was not asked for"}]


LOCATIONS = st.builds(
    Location, st.text(max_size=20), st.integers(0, 999), st.integers(0, 99), st.sampled_from(("", "", "t.a", "é\u202e"))
)
FINDINGS = st.builds(
    Finding, st.text(max_size=9), st.sampled_from(Severity), LOCATIONS, st.text(max_size=9), st.text(max_size=90),
    st.text(max_size=200), st.text(max_size=60), st.text(max_size=40), st.lists(LOCATIONS, max_size=3).map(tuple),
)  # fmt: skip
SECONDS = st.floats(0, 1e6)
STAGES = st.one_of(
    st.builds(
        Stage,
        st.text(max_size=9),
        st.sampled_from((State.PASSED, State.FAILED)),
        st.none(),
        st.text(max_size=90),
        SECONDS,
    ),
    st.builds(
        Stage, st.text(max_size=9), st.just(State.UNVERIFIED), st.sampled_from(Reason), st.text(max_size=90), SECONDS
    ),
)
REPORTS = st.builds(
    Report, st.lists(STAGES, max_size=3).map(tuple), st.lists(FINDINGS, max_size=3).map(tuple),
    st.lists(st.builds(NotChecked, st.text(max_size=20), st.text(max_size=20)), max_size=2).map(tuple),
    st.lists(st.builds(Suppressed, FINDINGS, st.sampled_from(Means), st.text(max_size=20)), max_size=2).map(tuple),
)  # fmt: skip


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_json_is_read_back_as_it_was(report: Report) -> None:
    assert parse(json_format.render(report)) == report


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda v: v.update(version=2), "report.version: 2 is not 1"),
        (lambda v: v.update(stages={}), "report.stages: list is needed"),
        (lambda v: v.pop("findings"), "report.findings: list is needed"),
        (lambda v: v["stages"][0].update(state="skipped"), "report.stages[0].state: 'skipped' is no state"),
        (lambda v: v["stages"][1].update(reason=None),
         "stage database: a reason goes with unverified, and only with it"),
        (lambda v: v["findings"][0].update(severity="fatal"), "report.findings[0].severity: 'fatal' is no severity"),
        (lambda v: v["findings"][0].update(line="3"), "report.findings[0].line: int is needed"),
        (lambda v: v["findings"][0].update(line=True), "report.findings[0].line: int is needed"),
        (lambda v: v["findings"][0].pop("message"), "report.findings[0].message: str is needed"),
        (lambda v: v["findings"].append(3), "report.findings[2]: an object is needed"),
        (lambda v: v["not_checked"][0].pop("why"), "report.not_checked[0].why: str is needed"),
    ],
)  # fmt: skip
def test_json_that_is_no_report_is_one_clear_line(change: object, message: str) -> None:
    value = json_format.as_value(REPORT)
    change(value)  # type: ignore[operator]
    with pytest.raises(NotAReport, match=f"^{re.escape(message)}$"):
        parse(json.dumps(value))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, "1" * 5000])
def test_other_texts_are_no_report(text: str) -> None:
    with pytest.raises(NotAReport):
        parse(text)


def test_fields_of_later_versions_are_passed_over() -> None:
    value = json_format.as_value(REPORT)
    value["later"] = value["stages"][0]["later"] = value["findings"][0]["later"] = 1
    assert parse(json.dumps(value)) == REPORT


SARIF = json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
"""The standard's own schema. One pattern in it is no valid expression, of a field that is not written."""
for name in ("run", "toolComponent"):
    del SARIF["definitions"][name]["properties"]["language"]["pattern"]


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_sarif_is_valid_by_the_standard(report: Report) -> None:
    value = json.loads(formats.render("sarif", report))
    jsonschema_rs.validator_for(SARIF, validate_formats=True).validate(value)
    run = value["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    suppressed = [result for result in run["results"] if result.get("suppressions")]
    assert len(suppressed) == len(report.suppressed)
    assert len({"suppressions" in result for result in run["results"]}) <= 1


SCHEMA = json.loads((files("evaluators.formats") / "report.schema.json").read_text(encoding="utf-8"))


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_json_is_valid_by_the_schema_that_ships(report: Report) -> None:
    jsonschema_rs.validator_for(SCHEMA).validate(json.loads(formats.render("json", report)))


def test_the_schema_names_every_reason_and_means() -> None:
    assert set(SCHEMA["$defs"]["stage"]["properties"]["reason"]["enum"]) == {None, *(each.value for each in Reason)}
    means = SCHEMA["properties"]["suppressed"]["items"]["properties"]["means"]["enum"]
    assert means == [each.value for each in Means]


@pytest.mark.parametrize("field", ["rule", "fingerprint", "places", "message"])
def test_the_schema_refuses_a_finding_without(field: str) -> None:
    value = json_format.as_value(REPORT)
    del value["findings"][0][field]
    assert not jsonschema_rs.validator_for(SCHEMA).is_valid(value)


def test_sarif_says_what_matters() -> None:
    run = json.loads(formats.render("sarif", REPORT))["runs"][0]
    first, second = run["results"]
    assert first["partialFingerprints"] == {"backwright/v1": REPORT.findings[0].fingerprint}
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 1}
    assert [place["id"] for place in first["relatedLocations"]] == [1, 2]
    assert (second["level"], second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == (
        "warning", "a%2C%20b%3Ac.py",
    )  # fmt: skip
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "no-extension" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_junit_is_well_formed_and_counts(report: Report) -> None:
    top = ET.fromstring(formats.render("junit", report))  # noqa: S314  our own text
    cases = top.findall("./testsuite/testcase")
    judged = len(report.stages) + len(report.findings) + len(report.suppressed)
    assert int(top.get("tests", -1)) == len(cases) == judged
    assert len(top.findall("./testsuite/testcase/skipped")) == len(report.suppressed)
    errors = sum(stage.state is State.UNVERIFIED for stage in report.stages)
    failures = sum(stage.state is State.FAILED for stage in report.stages) + len(report.errors)
    assert (top.get("failures"), top.get("errors")) == (str(failures), str(errors))


def test_junit_escapes() -> None:
    text = formats.render("junit", REPORT)
    assert "x&lt;y&gt;" in text
    top = ET.fromstring(text)  # noqa: S314  our own text
    failure = top.find("./testsuite[@name='findings']/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "Table users has no primary key."
    assert failure.text is not None
    assert "also at migrations/1.sql:3\n" in failure.text


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_github_commands_cannot_be_injected(report: Report) -> None:
    lines = formats.render("github", report).split("\n")
    unverified = sum(stage.state is State.UNVERIFIED for stage in report.stages)
    assert len(lines) == len(report.findings) + unverified + 2
    assert all(re.match(r"::(error|warning|notice) [^:]*::", each) for each in lines[:-2])
    assert "\r" not in "".join(lines)


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_nothing_reaches_the_terminal_that_controls_it(report: Report) -> None:
    for name in ("console", "markdown", "github"):
        text = formats.render(name, report)
        assert text.endswith("\n")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
        text.encode()


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_the_console_fits_eighty_columns(report: Report) -> None:
    # Paths and commands are not wrapped: they are there to be copied.
    at = Location("a.py")
    findings = (Finding(f.rule, f.severity, at, "", f.message, f.evidence, "", f.hint) for f in report.findings)
    plain = Report(report.stages, tuple(findings), report.not_checked)
    for each in console.render(plain).split("\n"):
        # Words that are wider than the line by double-width characters are not broken again.
        assert width_of(each) <= 80 or any(width_of(c) == 2 for c in each)


SOURCE = Draft.of({"schema.sql": "-- one\n\tCREATE TABLE users (\n" + "x" * 200 + " here\n\u202eodd\n"})


def excerpt(line: int, column: int, evidence: str = "") -> list[str]:
    finding = Finding("a-b", Severity.ERROR, Location("schema.sql", line, column), "users", "Wrong.", evidence)
    return console.render(Report((), (finding,)), sources=SOURCE).split("\n")[2:4]


def test_the_console_shows_the_line_and_a_caret() -> None:
    assert excerpt(2, 15) == ["    2 | CREATE TABLE users (", "      |              ^"]
    assert excerpt(1, 0)[0] == "    1 | -- one" and "^" not in excerpt(1, 0)[1]
    shown, caret = excerpt(3, 202)
    assert shown[caret.index("^") :].startswith("here")
    assert len(shown) <= 80
    assert "\u202e" not in excerpt(4, 2)[0]


def test_lines_far_down_a_large_file_are_shown() -> None:
    text = "\n".join(f"line {number} {'x' * (number % 90)}" for number in range(1, 3001))
    wanted = [1, 2, 700, 701, 2999, 3000]
    at = [Location("schema.sql", number, 1) for number in (*wanted, 3001)]
    findings = tuple(Finding(f"a-b{each.line}", Severity.ERROR, each, "t", "Wrong.") for each in at)
    shown = console.render(Report((), findings), sources=Draft.of({"schema.sql": text}))
    assert re.findall(r"^ +(\d+) \| line (\d+) ", shown, re.MULTILINE) == [(str(n), str(n)) for n in wanted]


@given(st.text("ab_.é-/{", max_size=14), st.text("ab_é-/{", min_size=1, max_size=2))
def test_a_name_is_left_out_of_a_message_where_it_stands_alone(message: str, name: str) -> None:
    expected = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "*", message)
    assert starred(message, name) == expected


@pytest.mark.parametrize(("line", "evidence"), [(0, ""), (99, ""), (2, "1: CREATE TABLE users (")])
def test_no_excerpt_where_there_is_no_line_or_the_evidence_has_it(line: int, evidence: str) -> None:
    assert not any("2 |" in each or "^" in each for each in excerpt(line, 3, evidence))


def test_a_finding_for_several_names_each() -> None:
    findings = [
        Finding("odd-name", Severity.WARNING, Location(f"{n}.sql", n), f"t{n}.a", f"t{n}.a is odd.")
        for n in range(1, 14)
    ]
    (one,) = said_once(findings)
    text = console.render(Report((), (one,)))
    assert "t1.a is odd. The same holds at 12 more places." in text
    assert "    also t2.a  2.sql:2\n" in text and "    and 4 more\n" in text
    value = json_format.as_value(Report((), (one,)))["findings"][0]
    assert (value["symbol"], value["first"]["symbol"]) == ("*", "t1.a")
    assert value["first"]["fingerprint"] == findings[0].fingerprint
    assert {place["fingerprint"] for place in value["places"]} == {each.fingerprint for each in findings[1:]}


def test_what_was_not_checked_for_one_reason_is_one_line() -> None:
    missing = tuple(NotChecked(f"a.sql:{n}", "no reader") for n in range(40))
    assert "  a.sql:0, a.sql:1, a.sql:2 and 37 more: no reader\n" in console.render(Report((), (), missing))


def test_every_format_counts_what_does_not_count() -> None:
    taken = tuple(Suppressed(REPORT.findings[1], means, "why") for means in Means)
    report = Report(REPORT.stages[2:], (), (), taken)
    for name in ("console", "github", "markdown", "sarif"):
        assert "1 suppressed, 1 excluded, 1 known" in formats.render(name, report), name
    run = json.loads(formats.render("sarif", report))["runs"][0]
    assert [r["suppressions"][0]["kind"] for r in run["results"]] == ["inSource", "external", "external"]


def test_a_bad_project_stays_readable() -> None:
    findings = tuple(
        Finding(rule, Severity.ERROR, Location("a.sql", n), f"t{n}", f"Table t{n} is wrong.")
        for rule in ("a-b", "c-d")
        for n in range(1, 1000)
    )
    report = Report((), findings)
    text = console.render(report)
    assert len(text.splitlines()) < 70
    for rule in ("a-b", "c-d"):
        assert text.count(f"error {rule}  a.sql") == 3
        assert f"error {rule}  996 more\n    also t4  a.sql:4\n" in text
    assert "    and 988 more; --format json has them all\n" in text
    assert "### error: a-b, 996 more" in formats.render("markdown", report)
    assert len(json.loads(formats.render("json", report))["findings"]) == 1998


def test_formats_are_light() -> None:
    script = "import sys, evaluators.formats as f; f.names(); print({'sqlglot', 'rich', 'json'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
