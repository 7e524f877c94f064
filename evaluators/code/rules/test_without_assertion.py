"""Rule test-without-assertion."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.expressions import is_constant, last_name
from evaluators.code.facts import Code, Module
from evaluators.code.module import FunctionNode
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_ASSERTING = ("pytest.raises", "pytest.warns", "pytest.fail", "pytest.deprecated_call")


def _asserts(module: Module, function: FunctionNode) -> bool:
    """Whether a function can fail by itself: an assert, `pytest.raises`, `mock.assert_called_...`."""
    for node in walk(function):
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Raise) and "AssertionError" in ast.dump(node)):
            return True
        if isinstance(node, ast.Call) and module.called(node) in _ASSERTING:
            return True
        if isinstance(node, ast.Call) and ("assert" in last_name(node.func).lower() or _checks(node)):
            return True
    return False


def _checks(call: ast.Call) -> bool:
    """Whether a call is Django's command that fails where something is missing (`makemigrations --check`)."""
    if last_name(call.func) != "call_command":
        return False
    named = any(each.arg in ("check", "check_changes") and is_constant(each.value, True) for each in call.keywords)
    return named or any(is_constant(each, "--check") for each in call.args)


def _calls(function: FunctionNode) -> set[str]:
    """The last names of everything that a function calls."""
    calls = [node.func for node in walk(function) if isinstance(node, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def _asserting(code: Code) -> set[str]:
    """The names of the tests' functions that assert, themselves or through what they call."""
    functions = [(module, function) for module in code.modules if module.testing for function in module.functions]
    found = {function.name for module, function in functions if _asserts(module, function)}
    waiting = {function.name: _calls(function) for _, function in functions if function.name not in found}
    while more := {name for name, calls in waiting.items() if calls & found}:
        found |= more
        waiting = {name: calls for name, calls in waiting.items() if name not in more}
    return found


@rule("test-without-assertion", family="code")
def test_without_assertion(code: Code) -> Iterator[Flaw]:
    """A test asserts nothing.

    Why: It passes whatever the service does, and is counted as if it had looked.

    Bad:
        ```python tests/test_health.py
        def test_health(client):
            client.get("/health")
        ```

    Good:
        ```python tests/test_health.py
        import pytest

        def test_health(client):
            assert client.get("/health").status_code == 200

        def test_refusal(client):
            with pytest.raises(ValueError):
                client.boom()

        def expect_status(answer, code):
            assert answer.status_code == code

        def test_helper(client):
            expect_status(client.get("/"), 404)
        ```

    Boundary:
        ```python tests/test_health.py
        from django.core.management import call_command
        from tests.support import check_status, make_note

        def test_health(client):
            check_status(client.get("/health"), 200)

        def test_mail(mailer):
            mailer.send.assert_called_once_with("a@example.org")
        ```

        def test_edges(client):
            make_note(client, "x" * 500)

        def test_no_migration_is_missing():
            call_command("makemigrations", "--check", "--dry-run")
        ```

        ```python tests/support.py
        def check_status(answer, status: int):
            assert answer.status_code == status

        def make_note(client, text: str) -> int:
            answer = client.post("/notes", json={"text": text})
            check_status(answer, 201)
            return answer.json()["id"]
        ```

    Precision: Calls named like an assertion, and helpers that assert, themselves or by a helper, count. Assertions
    in fixtures are missed, so a test that leaves all to one is named wrongly.

    Source: xUnit Test Patterns, Gerard Meszaros, Assertion Roulette and The Free Ride.
    """
    asserting = _asserting(code)
    for module in code.modules:
        for function in module.functions if module.testing else ():
            if not function.name.startswith("test_") or function.name in asserting:
                continue
            if module.path.rpartition("/")[2] != "conftest.py" and not isinstance(
                module.parents.get(function), FunctionNode
            ):
                yield Flaw(
                    f"{module.path}::{module.qualified(function)}",
                    module.at(function),
                    f"`{function.name}` asserts nothing.",
                    module.source(function),
                    "Assert what is answered and what is written.",
                )
