"""ruff's correctness and security rules, chosen with care: a false alarm costs a repair round.

What our own rules say better (time, money, blocking calls, secrets) is left to them.
"""

from __future__ import annotations

import ast
import asyncio
import json
import shutil
import sys
from pathlib import Path, PurePosixPath
from typing import Any

from evaluators.code.expressions import parameters
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.finding import Finding, Location, Severity

TIMEOUT = 60.0
"""Seconds for the whole run; it takes some 20 ms."""

ERRORS = (
    "F5 F6 F7 F82 PLE FAST003 PLW0711"
    " B006 B012 B015 B020 B025 B026 B029 B030 B032 B035 B039"
    " S202 S305 S304 S502 S503 S505 S507 S323"
)
"""Prefixes of what is a defect."""
WARNINGS = "F402 F811 F523 F522 B017 B018 B023 B021 RUF006 PLW1508 S306 S314 S701 S103 ASYNC100 ASYNC116"
"""Prefixes of what may be one."""
NOTES = "F401 F841"
"""What is only untidy."""
NOT_IN_TESTS = ("S", "B018", "RUF006")
"""Prefixes that mean nothing in a test."""

_SELECTED = sorted({*ERRORS.split(), *WARNINGS.split(), *NOTES.split()})
_IGNORED = "F403 F405 S101 S105 S106 F601 F602 F704"
_SEVERITIES = {
    **dict.fromkeys(ERRORS.split(), Severity.ERROR),
    **dict.fromkeys(WARNINGS.split(), Severity.WARNING),
    **dict.fromkeys(NOTES.split(), Severity.INFO),
}


class RuffFailed(Exception):
    """ruff could not run or could not be understood; one line says why."""


async def findings(code: Code, scratch: Path) -> list[Finding]:
    """ruff's findings on every file that parses. `scratch` is a folder for the files. Raises RuffFailed."""
    modules = {module.path: module for module in code.modules if module.flaw is None}
    if not modules:
        return []
    folder = scratch / "ruff"
    shutil.rmtree(folder, ignore_errors=True)
    for path, module in modules.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(module.text, encoding="utf-8", newline="\n")
    told = await _run(folder)
    found = [_finding(entry, modules[_relative(entry, folder)]) for entry in told]
    named = _named_elsewhere(code)
    return [each for each in found if each is not None and not _is_taken(each, named)]


def _named_elsewhere(code: Code) -> frozenset[str]:
    """The names by which parameters are taken that no signature shows: aliases, and what guards of a router take."""
    found: set[str] = set()
    for module in code.own:
        for call in module.calls:
            for each in call.keywords:
                if each.arg in ("alias", "validation_alias") and isinstance(each.value, ast.Constant):
                    found.add(str(each.value.value))
                elif each.arg == "dependencies":
                    guards = (node.id for node in walk(each.value) if isinstance(node, ast.Name))
                    found.update(name for guard in guards for name in _parameters_of(code, guard))
    return frozenset(found)


def _parameters_of(code: Code, function: str) -> list[str]:
    """The parameters of the functions of a name."""
    found = (node for module in code.own for node in module.functions if node.name == function)
    return [each.arg for node in found for each in parameters(node)]


def _is_taken(finding: Finding, named: frozenset[str]) -> bool:
    """Whether ruff misses a path's parameter that is taken in a way which it does not follow."""
    return finding.rule == "ruff-fast003" and any(f"`{name}`" in finding.message for name in named)


async def _run(folder: Path) -> list[dict[str, Any]]:
    """What ruff tells about a folder, as its JSON. Raises RuffFailed."""
    process = await asyncio.create_subprocess_exec(
        _binary(),
        *("check", "--isolated", "--no-cache", "--ignore-noqa", "--no-respect-gitignore", "--exit-zero", "--quiet"),
        *("--output-format", "json", "--target-version", "py311"),
        *("--select", ",".join(_SELECTED), "--ignore", ",".join(_IGNORED.split()), "."),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, said = await asyncio.wait_for(process.communicate(), TIMEOUT)
    except TimeoutError as error:
        raise RuffFailed(f"ruff did not end within {TIMEOUT:.0f} seconds") from error
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise RuffFailed(f"ruff failed: {said.decode(errors='replace').strip()[:200]}")
    try:
        told = json.loads(out)
    except ValueError as error:
        raise RuffFailed("ruff's report is not JSON") from error
    return list(told)


def _binary() -> str:
    """The ruff that is installed with us, else the system's. Raises RuffFailed."""
    found = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if found is None:
        raise RuffFailed("ruff is not installed")
    return found


def _relative(entry: dict[str, Any], folder: Path) -> str:
    """The artifact's path of one entry."""
    return str(PurePosixPath(Path(entry["filename"]).resolve().relative_to(folder.resolve())))


def _finding(entry: dict[str, Any], module: Module) -> Finding | None:
    """One entry as a finding; None where it means nothing in this file."""
    rule = str(entry.get("code") or "")
    if not rule or (module.testing and rule.startswith(NOT_IN_TESTS)):
        return None
    if rule == "F401" and module.is_package:
        return None
    place = entry["location"]
    line, column = int(place["row"]), int(place["column"])
    message = str(entry["message"]).rstrip(".")
    return Finding(
        rule=f"ruff-{rule.lower()}",
        severity=severity_of(rule),
        location=Location(module.path, line, column),
        symbol=f"{module.name}: {message}",
        message=f"{message}.",
        evidence=module.line(line),
    )


def severity_of(rule: str) -> Severity:
    """The severity of one of ruff's rules: that of its longest known prefix."""
    known = [prefix for prefix in _SEVERITIES if rule.startswith(prefix)]
    return _SEVERITIES[max(known, key=len)] if known else Severity.WARNING
