"""The import run: every module of the draft is really imported, inside the sandbox. Rule: `import-fails`.

This is the one place of the code family that runs something, and so the one
that reaches up to `evaluators.service.sandbox`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from evaluators.code.canonical import canonical
from evaluators.code.facts import Code
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.service.sandbox import Confined, Limits, python_binds, run
from evaluators.stacks.drivers import nowhere
from evaluators.stacks.environment import Environment
from evaluators.stacks.stack import stack_of

SECONDS = 60.0
"""Wall time for all imports; a usual service takes one second."""

_SECRET = "import-run-secret-of-the-gate-0123456789"  # noqa: S105  (opens nothing)

_DRIVER = r"""
import importlib, json, os, sys, traceback
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
sys.dont_write_bytecode = True
here = os.getcwd() + "/"
sys.path[0:0] = [here.rstrip("/")] + ([here + "src"] if os.path.isdir(here + "src") else [])
for name in json.loads(sys.argv[1]):
    try:
        importlib.import_module(name)
    except BaseException as error:
        frames = [(f.filename[len(here):], f.lineno or 0)
                  for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(here)]
        if isinstance(error, SyntaxError) and (error.filename or "").startswith(here):
            frames.append((error.filename[len(here):], error.lineno or 0))
        out.write(json.dumps({"module": name, "kind": type(error).__name__, "message": str(error)[:4000],
                              "frames": frames[-6:]}) + "\n")
        out.flush()
out.write(json.dumps({"done": True}) + "\n")
out.flush()
os._exit(0)
"""


@dataclass(frozen=True)
class Loaded:
    """What the import run saw."""

    findings: tuple[Finding, ...]
    tried: int
    """Modules that were imported."""
    timed_out: bool = False
    broken: str = ""
    """Why the run told nothing at all; empty where it did."""


def modules_to_load(code: Code) -> list[str]:
    """The names of the draft's modules that a service loads: no tests, no migrations."""
    skipped = {"alembic", "migrations", "versions"}
    loaded = (module for module in code.own if module.flaw is None)
    return sorted(module.name for module in loaded if not skipped & set(module.path.split("/")[:-1]))


async def load(subject: Subject, code: Code, environment: Environment) -> Loaded:
    """Import the draft's modules in the sandbox. Raises `evaluators.service.sandbox.SandboxError`."""
    names = modules_to_load(code)
    outcome = await run(
        Confined(
            argv=(str(environment.python), "-c", _DRIVER, json.dumps(names)),
            env=environment_for_import(subject),
            binds=python_binds(environment.python),
            files={artifact.path: artifact.text for artifact in subject.draft},
            limits=Limits(seconds=SECONDS),
        )
    )
    told = _told(outcome.stdout)
    done = any("done" in each for each in told)
    findings = _findings(code, told)
    if outcome.timed_out:
        return Loaded(findings, len(names), timed_out=True)
    if not done and not findings:
        why = f"a module ends the process on import ({outcome.killed or outcome.returncode})"
        return Loaded(findings, len(names), broken=why)
    return Loaded(findings, len(names))


def environment_for_import(subject: Subject) -> dict[str, str]:
    """The variables that an import sees: what the gate gives every service, with nobody at the other end."""
    known = {
        "DATABASE_URL": nowhere(subject, stack_of(subject)),
        "JWT_SECRET": _SECRET,
        "PORT": "8000",
    }
    prefix = "service.env."
    given = {name.removeprefix(prefix): value for name, value in subject.options if name.startswith(prefix)}
    return {**known, **{name: _filled(value, known) for name, value in given.items()}}


def _filled(value: str, known: Mapping[str, str]) -> str:
    """A value with `{DATABASE_URL}` and the like filled in."""
    for name, text in known.items():
        value = value.replace("{" + name + "}", text)
    return value


def _told(stdout: str) -> list[dict[str, object]]:
    """The driver's lines; what is no object of JSON is passed over."""
    found = []
    for line in stdout.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def _findings(code: Code, told: list[dict[str, object]]) -> tuple[Finding, ...]:
    """One finding for each cause: modules that fail at one line by one error are one."""
    causes: dict[tuple[str, int, str], Finding] = {}
    paths = {module.path: module for module in code.modules}
    for entry in told:
        frames = entry.get("frames")
        if "module" not in entry or not isinstance(frames, list):
            continue
        own = [(str(path), int(line)) for path, line in frames if str(path) in paths]
        there = code.by_name.get(str(entry["module"]))
        path, line = own[-1] if own else (there.path if there else "", 0)
        error = canonical(f"{entry.get('kind')}: {entry.get('message')}", 600)
        evidence = f"{path}:{line}: {paths[path].line(line)}\n{error}" if path in paths else error
        causes.setdefault(
            (path, line, error),
            Finding(
                "import-fails",
                Severity.ERROR,
                Location(path, line),
                f"{paths[path].name if path in paths else entry['module']}: {entry.get('kind')}",
                f"Importing `{entry['module']}` fails: {error.splitlines()[0][:200]}",
                evidence,
                reproduce=f"python -c 'import {entry['module']}'",
            ),
        )
    return tuple(causes.values())
