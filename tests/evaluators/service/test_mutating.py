"""Mutants of a draft, and what its own tests notice of them."""

from __future__ import annotations

import ast
import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.report import Reason
from evaluators.service.mutating import Worth, mutants_of, worth

CODE = '''\
LIMIT = 10 - 1


class TooMuch(Exception):
    pass


def withdraw(balance, amount):
    """Take the amount out."""
    if amount <= 0 or amount > LIMIT:
        raise ValueError("é is no amount")
    if amount > balance:
        raise TooMuch
    return balance - amount
'''

STRONG = """\
import pytest
from app.bank import TooMuch, withdraw

def test_it():
    assert withdraw(9, 9) == 0
    assert withdraw(20, 1) == 19
    for wrong in (0, -1, 10):
        with pytest.raises(ValueError):
            withdraw(100, wrong)
    with pytest.raises(TooMuch):
        withdraw(1, 2)
"""
WEAK = "from app.bank import withdraw\n\ndef test_it():\n    assert withdraw(9, 1) is not None\n"


def of(tests: str, code: str = CODE) -> Worth:
    """What tests are worth."""

    async def run() -> Worth:
        async with Bench() as bench:
            draft = Draft.of({"app/bank.py": code, "tests/test_bank.py": tests})
            return await worth(Subject(draft, stack="fastapi"), bench, 2)

    return asyncio.run(run())


def test_tests_that_look_notice_every_mutant() -> None:
    found = of(STRONG)
    assert (found.planted, found.noticed, found.survivors, found.enough) == (5, 5, (), True)


def test_tests_that_do_not_look_notice_few_and_are_told_where() -> None:
    found = of(WEAK)
    assert not found.enough
    assert found.planted == 5
    assert "app/bank.py:11: a refusal is taken out" in found.survivors


def test_a_mutant_that_never_ends_is_noticed() -> None:
    code = "def count(n):\n    while n > 0:\n        n = n - 1\n    return n\n"
    tests = "from app.bank import count\n\ndef test_it():\n    count(3)\n"
    found = of(tests, code)
    assert (found.planted, found.noticed) == (2, 1)


def test_a_mutant_that_ends_the_process_is_noticed() -> None:
    code = "import os\n\n\ndef count(n):\n    if n == 1:\n        os._exit(3)\n    return n\n"
    tests = "from app.bank import count\n\ndef test_it():\n    count(2)\n"
    found = of(tests, code)
    assert (found.planted, found.noticed, found.reason) == (1, 1, None)


def test_code_without_a_line_to_turn_round_is_not_judged() -> None:
    found = of(WEAK, "def withdraw(a, b):\n    return a\n")
    assert (found.reason, found.enough) == (Reason.NOTHING_TO_CHECK, False)


def test_kinds_take_turns_and_the_choice_is_always_the_same() -> None:
    draft = Draft.of({"app/bank.py": CODE, "tests/test_bank.py": "def test_it():\n    assert 1 < 2\n"})
    found = mutants_of(draft)
    assert [(mutant.kind, mutant.line) for mutant in found] == [
        ("refusal", 11),
        ("comparison", 10),
        ("sign", 14),
        ("condition", 10),
        ("refusal", 13),
    ]
    assert found == mutants_of(draft)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", "a >= b"),
        ("a == (b)", "a != (b)"),
        ("'é' + a - b", "'é' + a + b"),
        ("a and b", "a or b"),
        ("a - b # -", "a + b # -"),
        ("a\x0c < b", "a\x0c >= b"),
    ],
)
def test_an_operator_is_exchanged_where_it_stands(before: str, after: str) -> None:
    code = f"def f(a, b):\r\n    return {before}\r\n"
    (mutant,) = mutants_of(Draft.of({"app/a.py": code}))
    assert mutant.text == f"def f(a, b):\r\n    return {after}\r\n"


@pytest.mark.parametrize("text", ["f'{a}' + b", "a < b < 3", "-a", "a @ b", "class A:\n        y = a - b"])
def test_what_would_be_no_defect_is_left_alone(text: str) -> None:
    assert mutants_of(Draft.of({"app/a.py": f"x = 3 - 1\ndef f(a, b):\n    {text}\n"})) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_no_exception(text: str) -> None:
    for mutant in mutants_of(Draft.of({"app/a.py": text, "app/b.py": f"def f(a):\n    return {text!r} == a\n"})):
        ast.parse(mutant.text)
