"""Nothing that is given as code, as a dependency list or as SQL in code makes the facts or a rule fall over."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import evaluators.code.rules as code_rules
import evaluators.queries.rules as query_rules
from evaluators.code import leaks
from evaluators.code.facts import code_of
from evaluators.draft import Draft, Subject
from evaluators.queries.sources import queries_of
from evaluators.rule import REGISTRY, load, rules_of, run_rules

load(code_rules)
load(query_rules)

SECONDS = 20.0
"""What one file may take, with room for a slow machine: it takes some milliseconds."""

EXAMPLES = [
    artifact
    for rule in sorted(REGISTRY.values(), key=lambda each: each.id)
    if rule.family in ("code", "queries")
    for name in ("Bad", "Boundary")
    for artifact in rule.example(name)
]
PIECES = [
    "\x00", "\ufeff", "\u2028", "'''", '"""', "(", ")", "[", "{", "}", "\\", "%s", ":x", "$1", "?", "@", "*", "**", ",",
    "\n", "    ", "\t", "f'{x!r:>{y}}'", "lambda: 0", "async ", "await ", "yield ", "return", "class A(B):",
    "def f(*, a=1):",
    "SELECT", " FROM ", "WHERE ", "--", "/*", ";", "x = x + x", "import a.b as c", "from . import *", "del x", ":=",
    "match x:\n    case _:\n        pass", "try:\n    pass\nexcept* E:\n    pass", "type X = int",
    "0x", "1e999", "é", "\ud800",
]  # fmt: skip

CALL = "def f(c):\n    c.execute('SELECT a FROM t WHERE {}')\n"


def judge(files: dict[str, str], dialect: str = "postgres") -> None:
    subject = Subject(Draft.of(files), dialect=dialect)
    began = time.perf_counter()
    _, crashed = run_rules(rules_of("code"), subject.fact(code_of))
    _, more = run_rules(rules_of("queries"), subject.fact(queries_of))
    leaks.findings(subject.draft)
    assert crashed + more == []
    assert time.perf_counter() - began < SECONDS


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, str]:
    """An example with pieces put in, taken out and exchanged."""
    chosen = draw(st.sampled_from(EXAMPLES))
    text = chosen.text
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["put", "take", "double", "swap"]))
        if kind == "put":
            text = text[:at] + draw(st.sampled_from(PIECES)) + text[at:]
        elif kind == "take":
            text = text[:at] + text[at + draw(st.integers(1, 30)) :]
        elif kind == "double":
            text = text[:at] + text[max(at - 80, 0) : at] + text[at:]
        else:
            lines = text.split("\n")
            random.Random(at).shuffle(lines)
            text = "\n".join(lines)
    return {chosen.path: text}


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(mutated(), st.sampled_from(["postgres", "mysql", "sqlite", "tsql"]))
def test_mutated_examples(files: dict[str, str], dialect: str) -> None:
    judge(files, dialect)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=300), st.sampled_from(["a.py", "requirements.txt", "pyproject.toml", "queries/a.sql", "b.env"]))
def test_any_text(text: str, path: str) -> None:
    judge({path: text})


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([
    "SELECT", "*", "a", "t", "FROM", "WHERE", "JOIN", "ON", "=", "(", ")", ",", "GROUP BY", "ORDER BY", "LIMIT", "1",
    "INSERT INTO", "VALUES", "UPDATE", "SET", "DELETE", "WITH", "AS", "UNION", "NOT IN", "NULL", "%s", ":x", "'",
    "LATERAL",
    "count(*)", "t.a", "OVER", "RETURNING", "USING", "HAVING", "EXISTS", "CASE", "WHEN", "END", "IS", "LIKE", "'%x'",
]), max_size=25))  # fmt: skip
def test_words_of_sql(words: list[str]) -> None:
    schema = "create table t (a integer primary key, b text not null);\n"
    code = f"import sqlite3\ndef f(c, x):\n    c.execute({' '.join(words)!r}, (x,))\n"
    judge({"schema.sql": schema, "app/a.py": code, "queries/q.sql": " ".join(words)}, "sqlite")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5_000 + ")" * 5_000,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "-" * 3_000 + "1",
        "x = " + " + ".join(["'a'"] * 3_000),
        "x = '" + "a" * 900_000 + "'",
        "x = " + "a." * 900 + "b",
        "def f():\n" + "".join("    " * n + "if x:\n" for n in range(1, 90)) + "    " * 90 + "pass\n",
        "SELECT = 'SELECT ' + SELECT\ndef f(c):\n    c.execute(SELECT)\n",
        "A = B\nB = A\ndef f(c):\n    c.execute(A)\n",
        "def f(c):\n    q = 'SELECT 1'\n    q = q + q\n    q += q\n    c.execute(q)\n",
        "class A(B): ...\nclass B(A): ...\nclass C(C): ...\n",
        "from .a import a\nfrom a import a\nimport a\na = a.a\n",
        "def f(c):\n    c.execute('SELECT " + "(" * 4_000 + "1" + ")" * 4_000 + "')\n",
        CALL.format(" AND ".join(["b = %s"] * 2_000)),
        CALL.format("a IN (" + ",".join(["1"] * 9_000) + ")"),
        CALL.format("$a$ $b$ $c$ ' " * 1_200),
        "def f(c):\n    c.execute('update " + "a" * 300_000 + "')\n",
        "def f(c):\n    c.execute('" + "/**/" * 30_000 + "')\n",
        "token" * 60_000, "token_" * 60_000, "a-" * 200_000 + "://", "eyJ-" * 100_000, "password " * 50_000,
        "\x00\x00", "\ufeffx = 1", "# -*- coding: nonsense -*-\nx = 1", "def f(:\n", "\f\f\fx=1", "0_0__1", "é = 'é'",
    ],
)  # fmt: skip
def test_what_is_deep_long_or_circular(text: str) -> None:
    judge({"app/main.py": text, "app/a.py": text})


def test_circular_includes_and_routers() -> None:
    judge(
        {
            "app/main.py": "from fastapi import APIRouter\na = APIRouter()\nb = APIRouter()\na.include_router(b)\n"
            "b.include_router(a)\na.include_router(a)\n@a.get('/x')\ndef x(): ...\n",
            "urls.py": "from django.urls import include, path\nurlpatterns = [path('a/', include('urls'))]\n",
            "flasky.py": "from flask import Blueprint\nb = Blueprint('b', __name__)\nb.register_blueprint(b)\n"
            "@b.get('/y')\ndef y(): return y()\n",
        }
    )


def test_the_house_itself_is_read_in_time() -> None:
    folder = Path(__file__).parents[3] / "evaluators" / "code"
    files = {f"app/{path.name}": path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    assert len(files) > 20
    judge(files)
