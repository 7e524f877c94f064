"""The rules of a large contract, run by two processes that take them one by one from the same list.

The second is a fork, so that it has the facts without copying them, and what it
sends back is small: findings. Where it cannot be made or does not answer, the
first runs all rules itself; the result is the same.

A fact that is dear and that only some rules ask for is not worked out twice:
these rules are the first process's own, and it begins with them.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import threading
from collections.abc import Sequence
from types import FunctionType
from typing import Any

from evaluators.finding import Finding
from evaluators.rule import Rule, run_rules

LEAST = 1_500_000
"""From so many characters on a second process pays: making it, and reading its findings, costs about 20 ms."""

_NUMBER = struct.Struct("=H")

Results = dict[int, tuple[list[Finding], list[str]]]
"""Number of the rule -> its findings, and whether it crashed."""


def run(
    rules: Sequence[Rule],
    size: int,
    *facts: Any,
    dear: frozenset[str] = frozenset(),
    large: frozenset[str] = frozenset(),
) -> tuple[list[Finding], list[str]]:
    """`run_rules`, in two processes where the facts are of `size` characters and that pays.

    `dear` are the names of facts that one process alone should work out, and it is the first. What asks for `large`
    ones is there to be taken before all else, so that the second takes it.
    """
    if size < LEAST or not _possible() or len(rules) >= 1 << 16:
        return run_rules(rules, *facts)
    own = [number for number, each in enumerate(rules) if _asks(each, dear)]
    early = [number for number, each in enumerate(rules) if _asks(each, large) and number not in own]
    results = _shared(rules, facts, own, early)
    for number, each in enumerate(rules):
        if number not in results:
            results[number] = run_rules([each], *facts)
    findings = [finding for number in range(len(rules)) for finding in results[number][0]]
    return findings, [crash for number in range(len(rules)) for crash in results[number][1]]


def _possible() -> bool:
    """Whether this process may be doubled: there is a second processor, and no other thread holds a lock."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return processors > 1 and threading.active_count() == 1


def _asks(rule: Rule, dear: frozenset[str]) -> bool:
    """Whether a function of the rule's module asks for a fact of such a name. A wrong guess costs time and no more."""
    module = getattr(rule.check, "__globals__", {}).values()
    functions = (each for each in (rule.check, *module) if isinstance(each, FunctionType))
    own = (each for each in functions if each.__module__ == rule.check.__module__)
    return any(not dear.isdisjoint(each.__code__.co_names) for each in own)


def _shared(rules: Sequence[Rule], facts: tuple[Any, ...], own: Sequence[int], early: Sequence[int]) -> Results:
    """What both processes found; without what the second had taken, where it did not answer."""
    waiting, numbers = os.pipe()
    rest = sorted(set(range(len(rules))) - {*own, *early})
    os.write(numbers, b"".join(_NUMBER.pack(number) for number in (*early, *rest)))
    os.close(numbers)
    answer, told = os.pipe()
    try:
        child = os.fork()
    except OSError:
        for end in (waiting, answer, told):
            os.close(end)
        return {}
    if child == 0:
        _second(rules, facts, waiting, told)
    os.close(told)
    try:
        with os.fdopen(answer, "rb") as stream:
            results = {number: run_rules([rules[number]], *facts) for number in own}
            results |= _taken(rules, facts, waiting)
            text = stream.read()
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            # It comes from our own code alone; a process that was ended leaves it empty or cut off.
            results |= pickle.loads(text)  # noqa: S301
        return results
    finally:
        os.close(waiting)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _second(rules: Sequence[Rule], facts: tuple[Any, ...], waiting: int, told: int) -> None:
    """The second process; it never returns, and none of the first one's exits and signals are its own."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        text = pickle.dumps(_taken(rules, facts, waiting), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(told, "wb") as stream:
            stream.write(text)
    finally:
        os._exit(0)


def _taken(rules: Sequence[Rule], facts: tuple[Any, ...], waiting: int) -> Results:
    """Take a rule's number and run it, until there is none left."""
    results: Results = {}
    while taken := os.read(waiting, _NUMBER.size):
        (number,) = _NUMBER.unpack(taken)
        results[number] = run_rules([rules[number]], *facts)
    return results
