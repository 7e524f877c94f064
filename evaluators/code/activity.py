"""What else code does that other artifacts speak of: requests that tests make, background jobs, lines of the log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.expressions import last_name
from evaluators.code.module import Module
from evaluators.code.route import METHODS
from evaluators.code.texts import HOLE, text_at
from evaluators.finding import Location

LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log", "warn")
"""The methods that write a line of the log."""


_WORKING = (
    "task", "actor", "job", "cron", "subscribe", "on_event", "repeat_every", "listener", "consumer",
    "enqueue", "ensure_future", "delay", "apply_async",
)  # fmt: skip
"""Words without one of which a module does nothing in the background."""


@dataclass(frozen=True)
class TestCall:
    """A request that a test makes."""

    __test__ = False

    method: str
    """Upper case."""
    path: str
    """As it is written, without query; parts that are put in stand as `{}`."""
    function: str
    """The test, or what it calls: `module.function`."""
    at: Location


@dataclass(frozen=True)
class Job:
    """Work that is done in the background."""

    name: str
    """The function's name."""
    kind: str
    """`task` (declared), `queued` (handed over to be done later) or `scheduled`."""
    at: Location


@dataclass(frozen=True, eq=False)
class LogCall:
    """A line that is written to the log, or printed."""

    level: str
    function: str
    at: Location
    node: ast.Call
    module: Module


def test_calls(modules: tuple[Module, ...]) -> tuple[TestCall, ...]:
    """Every request that the tests make, in order."""
    return tuple(call for module in modules if module.testing for call in _requests(module))


def _requests(module: Module) -> Iterator[TestCall]:
    """The requests of one file of tests."""
    for call in module.calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        verb = call.func.attr
        given = call.args
        if verb == "request" and len(given) > 1 and isinstance(given[0], ast.Constant):
            method, path = str(given[0].value), given[1]
        elif verb in METHODS and given:
            method, path = verb, given[0]
        else:
            continue
        text = text_at(module, path)
        if text is None:
            continue
        plain = re.sub(rf"{HOLE}\d+", "{}", text.text)
        plain = re.sub(r"^(?:https?://[^/]+|\{\})(?=/)", "", plain).partition("?")[0]
        if plain.startswith("/"):
            yield TestCall(method.upper(), plain, f"{module.name}.{module.qualified(call)}", module.at(call))


def jobs(modules: tuple[Module, ...]) -> tuple[Job, ...]:
    """Every piece of work that code does in the background, in order."""
    return tuple(job for module in modules if not module.testing and module.speaks(_WORKING) for job in _jobs(module))


def _jobs(module: Module) -> Iterator[Job]:
    """The background work of one file."""
    for node in module.functions:
        for decorator in node.decorator_list:
            dotted = module.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
            last = dotted.rpartition(".")[2]
            if last in ("task", "shared_task", "actor", "job", "periodic_task", "cron", "scheduled_job", "subscriber"):
                yield Job(node.name, "task", module.at(node))
            elif last in ("on_event", "repeat_every", "listener", "consumer", "subscribe"):
                yield Job(node.name, "scheduled", module.at(node))
    for call in module.calls:
        last = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if last in ("add_task", "enqueue", "enqueue_in", "create_task", "ensure_future", "add_job") and call.args:
            first = call.args[0].func if isinstance(call.args[0], ast.Call) else call.args[0]
            kind = "scheduled" if last == "add_job" else "queued"
            yield Job(last_name(first) or str(getattr(first, "value", "")), kind, module.at(call))
        elif last in ("delay", "apply_async", "send") and isinstance(call.func, ast.Attribute) and last != "send":
            yield Job(last_name(call.func.value), "queued", module.at(call))


def log_calls(modules: tuple[Module, ...]) -> tuple[LogCall, ...]:
    """Every line that code (not tests) writes to the log or prints."""
    found: list[LogCall] = []
    for module in modules:
        for call in module.calls if module.speaks(("print", *LEVELS)) else ():
            level = _level(module, call)
            if level:
                where = f"{module.name}.{module.qualified(call)}"
                found.append(LogCall(level, where, module.at(call), call, module))
    return tuple(found)


def _level(module: Module, call: ast.Call) -> str:
    """The level of a line of the log, `print` for a printed one, or empty for other calls."""
    if isinstance(call.func, ast.Name) and call.func.id == "print":
        return "print"
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LEVELS:
        return ""
    owner = call.func.value
    named = last_name(owner) if not isinstance(owner, ast.Call) else module.called(owner)
    return call.func.attr if "log" in named.lower() else ""
