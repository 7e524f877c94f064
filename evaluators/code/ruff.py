"""ruff's correctness and security rules, chosen with care: a false alarm costs a repair round.

What our own rules say better (time, money, blocking calls, secrets) is left to them.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from evaluators.code.expressions import parameters
from evaluators.code.facts import Code, Module
from evaluators.code.kept import Kept
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


@dataclass(frozen=True)
class Told:
    """ruff at work on the files of which nothing is kept. `known` holds, by path, what is."""

    code: Code
    kept: Kept
    known: dict[str, list[Any]]
    asked: dict[str, str]
    """Path -> all that ruff's word on it follows from."""
    folder: Path
    process: subprocess.Popen[bytes] | None
    """None where every file's result is kept."""


@contextlib.contextmanager
def at_work(code: Code, scratch: Path, kept: Kept) -> Iterator[Told]:
    """ruff, started on every file that parses; `findings` waits for it. `scratch` is a folder for the files.

    Raises RuffFailed.
    """
    modules = {module.path: module for module in code.modules if module.flaw is None}
    abouts = {path: _about(module, modules) for path, module in modules.items()}
    held = {path: kept.get("ruff", abouts[path]) for path in modules}
    known = {path: value for path, value in held.items() if isinstance(value, list)}
    asked = {path: about for path, about in abouts.items() if path not in known}
    folder = scratch / "ruff"
    process = _started(folder, {path: modules[path].text for path in asked}, modules) if asked else None
    try:
        yield Told(code, kept, known, asked, folder, process)
    finally:
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


def _about(module: Module, modules: Mapping[str, Module]) -> str:
    """All that ruff's word on a file follows from: the file, and which folders above it are packages."""
    return repr((module.digest, [str(each) in modules for each in _packages(module.path)]))


def _packages(path: str) -> list[PurePosixPath]:
    """The files that would make packages of the folders around a file."""
    return [folder / "__init__.py" for folder in PurePosixPath(path).parents]


def _started(folder: Path, texts: Mapping[str, str], modules: Mapping[str, Module]) -> subprocess.Popen[bytes]:
    """ruff, reading these files; those that only make packages stand beside them, empty. Raises RuffFailed."""
    binary = _binary()
    shutil.rmtree(folder, ignore_errors=True)
    around = {str(each) for path in texts for each in _packages(path)} & modules.keys() - texts.keys()
    for path, text in {**dict.fromkeys(around, ""), **texts}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    command = (
        *(binary, "check", "--isolated", "--no-cache", "--ignore-noqa", "--no-respect-gitignore", "--exit-zero"),
        *("--quiet", "--output-format", "json", "--target-version", "py311"),
        *("--select", ",".join(_SELECTED), "--ignore", ",".join(_IGNORED.split()), "."),
    )
    # Files and no pipes: nobody reads while our own rules run, and a full pipe would stop it.
    with _out(folder).open("wb") as out, _said(folder).open("wb") as said:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=said)


def _out(folder: Path) -> Path:
    """The file of ruff's report."""
    return folder.with_name("ruff.json")


def _said(folder: Path) -> Path:
    """The file of what ruff complains of."""
    return folder.with_name("ruff.txt")


async def findings(told: Told) -> list[Finding]:
    """ruff's findings, by file. Raises RuffFailed."""
    entries = dict(told.known)
    if told.process is not None:
        entries.update({path: [] for path in told.asked})
        for entry in await _ended(told.process, told.folder):
            path = _relative(entry, told.folder)
            if path in told.asked:
                entries[path] = [*entries[path], _shortened(entry)]
        for path, about in told.asked.items():
            told.kept.put("ruff", about, entries[path])
    modules = {module.path: module for module in told.code.modules}
    found = [_finding(entry, modules[path]) for path in sorted(entries) for entry in entries[path]]
    given = [each for each in found if each is not None]
    if not any(each.rule == "ruff-fast003" for each in given):
        return given
    named = _named_elsewhere(told.code)
    return [each for each in given if not _is_taken(each, named)]


def _shortened(entry: dict[str, Any]) -> list[Any]:
    """What is kept of an entry: code, message, line and column."""
    place = entry["location"]
    return [str(entry.get("code") or ""), str(entry["message"]), int(place["row"]), int(place["column"])]


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


async def _ended(process: subprocess.Popen[bytes], folder: Path) -> list[dict[str, Any]]:
    """What ruff tells about the folder, as its JSON. Raises RuffFailed."""
    try:
        await asyncio.to_thread(process.wait, TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise RuffFailed(f"ruff did not end within {TIMEOUT:.0f} seconds") from error
    if process.returncode:
        said = _said(folder).read_text(encoding="utf-8", errors="replace")
        raise RuffFailed(f"ruff failed: {said.strip()[:200]}")
    try:
        told = json.loads(_out(folder).read_bytes())
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


def _finding(entry: list[Any], module: Module) -> Finding | None:
    """One shortened entry as a finding; None where it means nothing in this file."""
    rule, message, line, column = entry
    if not rule or (module.testing and rule.startswith(NOT_IN_TESTS)):
        return None
    if rule == "F401" and module.is_package:
        return None
    message = message.rstrip(".")
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
