"""What holds for the whole house: sizes, no stubs, nothing of one machine, imports that point downwards."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("assistant", "evaluators", "web", "prompts")

LONG_MODULES: dict[str, str] = {}
"""Path -> why the module may have more than 400 lines."""

LONG_FUNCTIONS: dict[str, str] = {}
"""`path::name` -> why the function may have more than 60 lines."""

MACHINE = re.compile(
    r"/(?:root|work|Users)/|/home/(?!user\b|app\b|nobody\b)\w|(?:pypi|registry|artifactory|nexus)[\w.-]*\.(?:internal|local|corp)\b"
)
"""Paths and hosts that exist on one machine only."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours, parsed; reference services are data."""
    found = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "reference" not in path.parts)
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in found}


def functions() -> dict[str, int]:
    """`path::name` -> lines without the docstring, which for a rule is its manual page."""
    found: dict[str, int] = {}
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                first = node.body[0]
                told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno
                doc = first.end_lineno - first.lineno + 1 if told and first.end_lineno else 0
                found[f"{path}::{node.name}"] = node.end_lineno - node.lineno + 1 - doc
    return found


def test_there_is_something_to_look_at() -> None:
    assert len(modules()) > 100
    assert len(functions()) > 500


def test_no_module_is_long() -> None:
    long = {path for path in modules() if (ROOT / path).read_text(encoding="utf-8").count("\n") > 400}
    assert long == set(LONG_MODULES), "split it, or allow it here with the reason"


def test_no_function_is_long() -> None:
    long = {name for name, lines in functions().items() if lines > 60}
    assert long == set(LONG_FUNCTIONS), "split it, or allow it here with the reason"


def test_every_module_says_what_it_is() -> None:
    silent = [path for path, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"#.*\b(?:TODO|FIXME|XXX)\b")
    found = [
        f"{path}:{number}"
        for path in modules()
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").split("\n"), start=1)
        if marks.search(line)
    ]
    assert found == []


def test_what_is_not_implemented_is_implemented_below() -> None:
    """`raise NotImplementedError` is the body of an abstract method; some class must give it a real one."""
    abstract: set[tuple[str, str]] = set()
    given: set[tuple[str, str]] = set()
    bases: dict[str, set[str]] = {}
    loose: list[str] = []
    for path, tree in modules().items():
        inside: set[ast.AST] = set()
        for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
            bases.setdefault(cls.name, set()).update(
                ast.unparse(base).split(".")[-1].split("[")[0] for base in cls.bases
            )
            for method in cls.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                    inside.add(method)
                    (abstract if _stub(method) else given).add((cls.name, method.name))
        loose += [
            f"{path}::{node.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node not in inside and _stub(node)
        ]
    assert loose == []
    hollow = [
        f"{owner}.{name}"
        for owner, name in sorted(abstract)
        if not any(name == method and _below(cls, owner, bases) for cls, method in given)
    ]
    assert hollow == []


def _stub(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function raises NotImplementedError itself."""
    return any(
        isinstance(node, ast.Raise) and node.exc is not None and "NotImplementedError" in ast.unparse(node.exc)
        for node in ast.walk(function)
    )


def _below(cls: str, owner: str, bases: dict[str, set[str]]) -> bool:
    """Whether `cls` is derived from `owner`."""
    return any(base == owner or (base != cls and _below(base, owner, bases)) for base in bases.get(cls, ()))


def tracked() -> list[str]:
    """Every file under version control, or every file of ours where there is none."""
    done = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True)
    if done.returncode == 0 and done.stdout:
        return done.stdout.split("\n")[:-1]
    return [
        path.relative_to(ROOT).as_posix() for room in (*ROOMS, "tests", "docs") for path in (ROOT / room).rglob("*.*")
    ]


def test_nothing_names_one_machine() -> None:
    found: list[str] = []
    for name in tracked():
        path = ROOT / name
        # Recordings are what endpoints answered, word for word; this file holds the pattern.
        if not path.is_file() or "cassettes" in path.parts or path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {hit.group()}" for hit in MACHINE.finditer(text)]
    assert found == []


def test_imports_point_downwards() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    "name", ["evaluators.gate", "evaluators.answer", "evaluators.formats", "assistant.landing.apply"]
)
def test_imports_stay_light(name: str) -> None:
    """Importing these must not pull in what only some commands need."""
    heavy = (
        "{'sqlglot', 'schemathesis', 'openai', 'fastapi', 'sqlalchemy', 'vcr', 'markdown_it', 'jsonschema_rs', 'rich'}"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {name}; print(sorted({heavy} & set(sys.modules)))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "[]\n"
