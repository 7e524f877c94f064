"""Where a service's application is: `module:name`, found in the code without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.facts import Code, code_of
from evaluators.code.module import Module
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.stacks.stack import Stack


@dataclass(frozen=True)
class App:
    """An application: what is given to the server, and the folder it is started in."""

    module: str
    name: str
    at: Location
    folder: str = ""
    """Relative to the project; the code's imports start there."""

    @property
    def target(self) -> str:
        """`module:name`."""
        return f"{self.module}:{self.name}"


def find_app(subject: Subject, stack: Stack) -> App | Finding:
    """The subject's application, or one finding that says why there is none to start.

    The option `service.app` decides; then the stack's usual places, in order;
    then any module that makes one. Two that are equally good are not chosen
    between.
    """
    code = subject.fact(code_of)
    named = subject.option("service.app")
    if named:
        dotted, _, name = named.partition(":")
        known = code.by_name.get(dotted)
        return App(dotted, name or "app", Location(known.path if known else dotted.replace(".", "/") + ".py"))
    made = list(_made(code, stack.service.constructor))
    for usual in stack.service.apps:
        dotted, _, name = usual.partition(":")
        found = code.by_name.get(dotted)
        if found is not None and not found.testing and (found.bound is None or name in found.bound):
            return _placed(found, name, Location(found.path), code)
    if len(made) == 1:
        return _placed(*made[0], code)
    return _unclear(made, stack)


def _made(code: Code, constructor: str) -> Iterator[tuple[Module, str, Location]]:
    """Every top-level name that holds an application: made there, or by a function that makes one."""
    factories = {
        node.name
        for module in code.own
        for node in module.functions
        if any(_makes(module, call, constructor) for call in ast.walk(node) if isinstance(call, ast.Call))
    }
    for module in code.own:
        for name, value in module.constants.items():
            if not isinstance(value, ast.Call):
                continue
            called = module.called(value).rpartition(".")[2]
            if _makes(module, value, constructor) or called in factories:
                yield module, name, module.at(value)


def _makes(module: Module, call: ast.Call, constructor: str) -> bool:
    return module.called(call).rpartition(".")[2] == constructor


def _placed(module: Module, name: str, at: Location, code: Code) -> App:
    """The application, started in the folder from which the code's own imports are written."""
    file = module.name.replace(".", "/") + ("/__init__.py" if module.is_package else ".py")
    # The facts may already count a folder such as src as a root.
    above = module.path.removesuffix(file).rstrip("/")
    parts = module.name.split(".")
    outside = {target.partition(".")[0] for each in code.own for target in (i.module for i in each.imports)}
    tops = {each.name.partition(".")[0] for each in code.modules}
    for depth in range(1, len(parts)):
        if parts[depth] in outside and parts[depth] not in tops:
            return App(".".join(parts[depth:]), name, at, "/".join((*filter(None, [above]), *parts[:depth])))
    return App(module.name, name, at, above)


def _unclear(made: list[tuple[Module, str, Location]], stack: Stack) -> Finding:
    """No application, or several."""
    if not made:
        return Finding(
            rule="application-missing",
            severity=Severity.ERROR,
            location=Location(stack.service.apps[0].partition(":")[0].replace(".", "/") + ".py"),
            symbol=stack.service.apps[0],
            message=f"There is no {stack.title} application: no module assigns {stack.service.constructor}(...).",
            hint=f"Make it in {stack.service.apps[0]}.",
        )
    listed = sorted((f"{module.name}:{name}", at) for module, name, at in made)
    return Finding(
        rule="application-ambiguous",
        severity=Severity.ERROR,
        location=listed[0][1],
        symbol=" ".join(target for target, _ in listed),
        message=f"Several modules make an application: {', '.join(target for target, _ in listed)}.",
        hint=f"Keep one in {stack.service.apps[0]}, or name it with the option service.app.",
        places=tuple(at for _, at in listed[1:]),
    )
