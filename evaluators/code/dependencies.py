"""What a dependency list asks for, held against the stack's locked packages.

Rules: `dependency-not-in-stack`, `dependency-version-not-proved`, `dependency-not-listed`.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from evaluators.code.facts import Code
from evaluators.draft import Artifact, Draft, Role
from evaluators.finding import Finding, Location, Severity
from evaluators.stacks.stack import Stack, normal

COMES_WITH = {
    "starlette": {"fastapi"},
    "anyio": {"fastapi", "httpx"},
    "pydantic": {"fastapi", "sqlmodel", "pydantic-settings"},
    "sqlalchemy": {"sqlmodel"},
    "psycopg": {"psycopg-binary", "psycopg-pool"},
    "pytest": {"pytest-asyncio", "pytest-mock"},
}
"""Package -> packages that always bring it and are known to: it need not be listed beside them."""


@dataclass(frozen=True)
class Asked:
    """One requirement of a list."""

    name: str
    """Normalized."""
    specifier: str
    at: Location
    line: str


def asked(draft: Draft) -> list[Asked]:
    """Every requirement that requirements files and pyproject.toml name, in order."""
    found: list[Asked] = []
    for artifact in draft.having(Role.DEPENDENCIES):
        if artifact.path.endswith((".txt", ".in")):
            found.extend(_of_lines(artifact))
        elif artifact.path.rpartition("/")[2] == "pyproject.toml":
            found.extend(_of_pyproject(artifact))
    return found


def findings(code: Code, draft: Draft, stack: Stack) -> list[Finding]:
    """What the lists ask for and the stack has not, or has in another version; and what they forget."""
    listed = asked(draft)
    found = [finding for each in listed if (finding := _of(each, stack))]
    if listed:
        found.extend(_forgotten(code, {each.name for each in listed}, stack, listed[0].at.path))
    return found


def _of(each: Asked, stack: Stack) -> Finding | None:
    """What is wrong with one requirement."""
    version = stack.locked.get(each.name)
    if version is None:
        close = difflib.get_close_matches(each.name, sorted(stack.locked), n=1, cutoff=0.7)
        return Finding(
            "dependency-not-in-stack",
            Severity.ERROR,
            each.at,
            each.name,
            f"`{each.name}` is not among the packages of the stack.",
            each.line,
            hint=f"Did you mean {close[0]}?" if close else "Leave it out, and use what the stack has.",
        )
    if each.specifier and not _holds(each.specifier, version):
        return Finding(
            "dependency-version-not-proved",
            Severity.ERROR,
            each.at,
            each.name,
            f"`{each.name}{each.specifier}` does not allow {version}, the version that is installed and proved.",
            each.line,
            hint=f"{each.name}=={version}",
        )
    return None


def _holds(specifier: str, version: str) -> bool:
    """Whether a specifier allows a version; an unreadable one does not."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except InvalidSpecifier:
        return False


def _forgotten(code: Code, listed: set[str], stack: Stack, path: str) -> Iterator[Finding]:
    """Packages that the code imports by name and no list asks for."""
    own = {name.partition(".")[0] for name in code.packages}
    seen: set[str] = set()
    for module in code.own:
        for each in module.imports:
            top = each.module.partition(".")[0]
            package = normal(stack.modules.get(top, ""))
            if top in own or package in listed | seen or package not in stack.packages:
                continue
            if COMES_WITH.get(package, set()) & listed:
                continue
            seen.add(package)
            yield Finding(
                "dependency-not-listed",
                Severity.WARNING,
                each.at,
                package,
                f"`{top}` is imported, and {path} does not ask for {package}.",
                module.line(each.at.line),
                hint=f"{package}=={stack.packages[package]}",
            )


def _of_lines(artifact: Artifact) -> Iterator[Asked]:
    """The requirements of a requirements file."""
    for number, line in enumerate(artifact.lines, 1):
        text = line.split(" #")[0].split(";")[0].split("--hash")[0].strip().rstrip("\\").strip()
        if text and not text.startswith(("#", "-")):
            yield from _one(text, Location(artifact.path, number, 1), line.strip())


def _of_pyproject(artifact: Artifact) -> Iterator[Asked]:
    """The requirements of `[project] dependencies` and its optional ones."""
    try:
        project = tomllib.loads(artifact.text).get("project", {})
    except tomllib.TOMLDecodeError:
        return
    if not isinstance(project, dict):
        return
    lists = [project.get("dependencies", []), *dict(project.get("optional-dependencies", {})).values()]
    for text in (text for each in lists if isinstance(each, list) for text in each if isinstance(text, str)):
        line = next((n for n, line in enumerate(artifact.lines, 1) if text in line), 0)
        yield from _one(text.split(";")[0].strip(), Location(artifact.path, line), text)


def _one(text: str, at: Location, line: str) -> Iterator[Asked]:
    """One requirement's name and specifier."""
    found = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$", text)
    if found:
        yield Asked(normal(found.group(1)), found.group(2).strip().strip("()"), at, line)
