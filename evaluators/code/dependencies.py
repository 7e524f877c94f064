"""What a dependency list asks for, held against the stack's locked packages.

Rules: `dependency-not-in-stack`, `dependency-version-not-proved`, `dependency-not-listed`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.requirements import Asked, asked
from evaluators.draft import Draft
from evaluators.finding import Finding, Severity
from evaluators.stacks.stack import Stack, normal

IN_GENERAL = frozenset(
    {"misspelled-dependency", "vulnerable-dependency", "unpinned-dependency", "undeclared-dependency"}
)
"""The rules that judge dependencies where no stack does."""

COMES_WITH = {
    "starlette": {"fastapi"},
    "anyio": {"fastapi", "httpx"},
    "pydantic": {"fastapi", "sqlmodel", "pydantic-settings"},
    "sqlalchemy": {"sqlmodel"},
    "psycopg": {"psycopg-binary", "psycopg-pool"},
    "pytest": {"pytest-asyncio", "pytest-mock"},
}
"""Package -> packages that always bring it and are known to: it need not be listed beside them."""


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
