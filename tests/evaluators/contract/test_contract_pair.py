"""The rules in two processes find what they find in one, whatever becomes of the second."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from evaluators.contract import pair
from evaluators.finding import Severity
from evaluators.rule import Rule

BOTH = """
import evaluators.contract.rules
from benchmarks.inputs import contract
from evaluators.contract import pair
from evaluators.contract.document import contract_of
from evaluators.draft import Draft, Subject
from evaluators.rule import load, rules_of

load(evaluators.contract.rules)
rules = rules_of("contract")
facts = Subject(Draft.of({"openapi.json": contract(0.1)})).fact(contract_of)
forked = []
fork = pair.os.fork
pair.os.fork = lambda: forked.append(fork()) or forked[-1]
pair._possible = lambda: True
one = pair.run(rules, 0, facts)
assert not forked
two = pair.run(rules, pair.LEAST, facts)
assert len(forked) == 1
assert one == two and len(one[0]) > 50 and not one[1]
"""

ENDED = """
import os
from evaluators.contract import pair
from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, Rule

first = os.getpid()

def ends(facts):
    if os.getpid() != first:
        os._exit(1)
    os.sched_yield()
    yield Flaw(str(facts), Location("openapi.yaml"), "Seen.")

def crashes(facts):
    raise KeyError("x")

pair._possible = lambda: True
rules = [Rule(f"rule-{n}", "contract", Severity.INFO, crashes if n == 7 else ends, "") for n in range(300)]
findings, crashed = pair.run(rules, pair.LEAST, 5)
assert [each.rule for each in findings] == [f"rule-{n}" for n in range(300) if n != 7], findings
assert crashed == ["rule-7: KeyError: 'x'"], crashed
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    pass
else:
    raise AssertionError("a process is left behind")
"""


DEAR = """
import os
from evaluators.contract import pair
from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, Rule

class Facts:
    survey = "Seen."

def walks(facts):
    os.sched_yield()
    yield Flaw(str(os.getpid()), Location("openapi.yaml"), facts.survey)

pair._possible = lambda: True
rules = [Rule(f"rule-{n}", "contract", Severity.INFO, walks, "") for n in range(300)]
findings, crashed = pair.run(rules, pair.LEAST, Facts(), dear=frozenset({"survey"}))
assert len(findings) == 300 and not crashed, (len(findings), crashed)
assert {each.symbol for each in findings} == {str(os.getpid())}
"""


@pytest.mark.parametrize("script", [BOTH, ENDED, DEAR], ids=["both", "ended", "dear"])
def test_two_processes_find_what_one_finds(script: str) -> None:
    # In a process of its own: doubling one that has threads, as a test runner may, is what the code itself avoids.
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_small_contract_and_a_process_with_threads_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def forked() -> int:
        raise AssertionError("no second process was to be made")

    monkeypatch.setattr(os, "fork", forked)
    rules = [Rule("some-rule", "contract", Severity.INFO, lambda contract: [], "")]
    assert pair.run(rules, pair.LEAST - 1, None) == ([], [])
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert pair.run(rules, pair.LEAST, None) == ([], [])
