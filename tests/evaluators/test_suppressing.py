"""Suppressions: what is found in which language, what it stands for, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.catalogue import load_all
from evaluators.draft import Artifact
from evaluators.finding import Location
from evaluators.suppressing import Read, read

load_all()

RULE = "missing-primary-key"


def of(path: str, text: str) -> Read:
    return read([Artifact.of(path, text)])


def covered(path: str, text: str) -> list[int]:
    """The lines of a file that its one suppression covers."""
    (one,) = of(path, text).suppressions
    assert one.reason
    return [line for line in range(1, text.count("\n") + 2) if one.covers(Location(path, line))]


SQL = f"""\
CREATE TABLE a (x int);  -- backwright: allow {RULE}: a log
CREATE TABLE b (x int);
"""
BEFORE = f"""\
CREATE TABLE a (x int);
-- backwright: allow {RULE}: a log

-- another comment; with a semicolon
CREATE TABLE b (
  x text DEFAULT 'a;b', -- one
  y int
);
CREATE TABLE c (x int);
"""
INSIDE = f"""\
CREATE TABLE b (
  /* backwright: allow {RULE}: a log */
  x int,
  y int
);
"""
PYTHON = f"""\
import os

# backwright: allow {RULE}: a log
@app.get(
    "/x"
)
def route(
    x: int,
) -> int:
    return x
"""
PYTHON_BEHIND = f"""\
run(
    "SELECT 1",  # backwright: allow {RULE}: a log
    2,
)
run(3)
"""
PYTHON_INSIDE = f"""\
run(
    # backwright: allow {RULE}: a log
    "SELECT 1",
    2,
)
"""
YAML = f"""\
paths:
  # backwright: allow {RULE}: a log
  # and a word
  /a:
    get: {{}}
  /b: {{}}
"""
JSON = """\
{
  "paths": {
    "/a": {
      "get": {
        "x-backwright-allow": {"RULE": "a log"},
        "responses": {"200": {}}
      },
      "post": {}
    }
  }
}
"""
YAML_KEY = """\
paths:
  /a:
    get:
      x-backwright-allow: {RULE: a log}
      responses: {}
    post: {}
"""


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.sql", SQL, [1]),
        ("a.sql", BEFORE, [5, 6, 7, 8]),
        ("a.sql", INSIDE, [3]),
        ("a.sql", f"CREATE TABLE a (x int); /* backwright: allow {RULE}: why */", [1]),
        ("a.sql", f"SELECT 'it''s -- no'; -- backwright: allow {RULE}: why", [1]),
        ("a.sql", f"-- backwright: allow {RULE}: the last word", [1]),
        ("a.py", PYTHON, [4, 5, 6, 7, 8, 9]),
        ("a.py", PYTHON_BEHIND, [1, 2, 3, 4]),
        ("a.py", PYTHON_INSIDE, [3]),
        ("openapi.yaml", YAML, [4]),
        ("openapi.yaml", f"paths: {{}}  # backwright: allow {RULE}: why\n", [1]),
        ("pyproject.toml", f"# backwright: allow {RULE}: why\nname = 1\n", [2]),
        (".env", f"A=1\n# Backwright: ALLOW {RULE}: why\nB=2\n", [3]),
        ("Dockerfile", f"FROM x # backwright: allow {RULE}: why\n", [1]),
        ("requirements.txt", f"fastapi # backwright: allow {RULE}: why\n", [1]),
        ("a.ts", f"const a = 1; // backwright: allow {RULE}: why\n", [1]),
        ("a.ts", f"/* backwright: allow {RULE}: why */\nconst a = 1;\n", [2]),
        ("a.sql", f"SELECT 1;\n-- backwright: allow-file {RULE}: why\nSELECT 2;", [1, 2, 3]),
        ("openapi.json", JSON.replace("RULE", RULE), [4, 5, 6, 7]),
        ("openapi.yaml", YAML_KEY.replace("RULE", RULE), [3, 4, 5]),
        ("openapi.json", f'{{"x-backwright-allow": {{"{RULE}": "why"}},\n"paths": {{}}}}', [1, 2]),
    ],
)
def test_what_a_suppression_covers(path: str, text: str, lines: list[int]) -> None:
    found = of(path, text)
    assert found.findings == ()
    assert [each.rules for each in found.suppressions] == [(RULE,)]
    assert covered(path, text) == lines


def test_a_json_object_on_one_line_is_told_by_columns() -> None:
    text = '{"a": {"x-backwright-allow": {"RULE": "why"}}, "b": {}}'.replace("RULE", RULE)
    (one,) = of("openapi.json", text).suppressions
    assert one.covers(Location("openapi.json", 1, 8)) and one.covers(Location("openapi.json", 1, 0))
    assert not one.covers(Location("openapi.json", 1, text.index('"b"') + 1))
    assert not one.covers(Location("other.json", 1, 8))


def test_several_rules_by_comma_each_count() -> None:
    (one,) = of("a.sql", "SELECT 1; -- backwright: allow float-money , missing-primary-key: old data").suppressions
    assert (one.rules, one.reason) == (("float-money", "missing-primary-key"), "old data")


@pytest.mark.parametrize(
    ("path", "text", "rule", "said"),
    [
        ("a.sql", "-- backwright: allow float-money", "suppression-without-reason", "float-money"),
        ("a.sql", "-- backwright: allow float-money:  ", "suppression-without-reason", "float-money"),
        ("a.sql", "-- backwright: allow flaot-money: why", "suppressed-unknown-rule", "flaot-money"),
        ("a.sql", "-- backwright: allow: why", "misspelled-suppression", "cannot be understood"),
        ("a.sql", "-- backwright: alow float-money: why", "misspelled-suppression", "cannot be understood"),
        ("a.py", "x = 1  # backwright: ignore", "misspelled-suppression", "cannot be understood"),
        ("a.py", "x = 1  # backwright: allow float-money because", "misspelled-suppression", "cannot be understood"),
        ("a.json", '{"x-backwright-allow": {"float-money": 3}}', "suppression-without-reason", "float-money"),
        ("a.json", '{"x-backwright-allow": "float-money"}', "suppression-without-reason", "float-money"),
        ("a.yaml", "x-backwright-allow: [float-money]\n", "suppressed-unknown-rule", "nothing is allowed"),
    ],
)
def test_what_is_wrong_is_a_finding(path: str, text: str, rule: str, said: str) -> None:
    (finding,) = of(path, text).findings
    assert finding.rule == rule
    assert said in finding.message
    assert finding.location.line == 1 and finding.hint


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.sql", f"SELECT '-- backwright: allow {RULE}: why';"),
        ("a.sql", f"SELECT 1; -- see backwright, which may allow {RULE}"),
        ("a.py", f"text = '# backwright: allow {RULE}: why'\n"),
        ("a.py", "# backwright: the tool that judges this\nx = 1\n"),
        ("README.md", f"`# backwright: allow {RULE}: why`\n"),
        ("a.yaml", f"a: b#backwright: allow {RULE}: why\n"),
        ("a.json", f'{{"a": "x-backwright-allow", "b": "{RULE}"}}'),
    ],
)
def test_what_only_looks_like_one_is_none(path: str, text: str) -> None:
    assert of(path, text) == Read()


PIECES = st.sampled_from(
    [
        "-- backwright: allow ", "# backwright: allow-file ", "float-money", ": why", "\n", ";", "'", '"', "$$", "/*",
        "*/", "{", "}", "[", "]", '"x-backwright-allow": ', "x-backwright-allow: ", "&a ", "*a ", "def f(", "):", "@",
        "\\", "\t", "  ", ",", ":", "é", "\u2028", "CREATE TABLE t (x int)",
    ]
)  # fmt: skip


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\u0085"])
def test_a_line_ends_where_an_editor_ends_it(odd: str) -> None:
    text = f"a: 'x{odd}y'\nb:\n  x-backwright-allow:\n    {RULE}: why\n"
    (one,) = of("openapi.yaml", text).suppressions
    assert (one.at.line, one.first) == (3, (2, 1))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["a.sql", "a.py", "a.yaml", "a.json", "a.ts", ".env"])
)
def test_no_text_breaks_the_reader(text: str, path: str) -> None:
    found = of(path, text)
    for each in found.suppressions:
        assert each.whole or each.first <= each.last
        assert 1 <= each.at.line <= text.count("\n") + 1
    of(path, text + "{" * 5000 + "[" * 5000 + " x-backwright-allow: 1")


def test_a_large_file_takes_little_time() -> None:
    text = "CREATE TABLE t (x int); -- 'q\n" * 20_000 + f"-- backwright: allow {RULE}: why\nSELECT 1;\n"
    assert covered_fast(text) == 20_002


def covered_fast(text: str) -> int:
    (one,) = of("a.sql", text).suppressions
    return one.first[0]
