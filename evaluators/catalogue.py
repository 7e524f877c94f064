"""Every id that a finding may carry: the registered rules', and those of engines and parsers."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from importlib.util import find_spec

from evaluators.rule import FAMILIES, REGISTRY, Rule, load

ENGINES: dict[str, tuple[str, ...]] = {
    "sql": ("sql-not-parsed",),
    "database": ("schema-does-not-run", "migration-does-not-run"),
    "code": (
        "dependency-not-in-stack", "dependency-not-listed", "dependency-version-not-proved", "docstring-missing",
        "draft-configures-judge", "expected-not-used", "hard-coded-secret", "import-fails", "name-not-defined-there",
        "syntax-error", "unknown-import",
    ),
    "boot": (
        "application-ambiguous", "application-missing", "boot-failed", "boot-without-answer", "operation-not-declared",
        "operation-not-served", "served-contract-differs", "served-contract-incomplete", "sigterm-ignored",
    ),
    "part": (
        "identity-not-visible", "invalid-token-accepted", "model-fails", "model-without-tables", "mutants-survive",
        "negative-amount-accepted", "null-accepted", "part-crashes", "part-fails-to-start", "part-missing",
        "refusal-status-wrong", "refusal-without-challenge", "valid-token-refused",
    ),
    "tests": ("no-test-runs", "test-fails"),
    "fuzz": (
        "authentication-ignored", "connection-dropped", "created-resource-missing", "deleted-resource-served",
        "invalid-request-accepted", "missing-header-accepted", "request-timed-out", "response-header-violated",
        "response-schema-violated", "server-error", "service-died", "undeclared-content-type",
    ),
    "suppressions": (
        "misspelled-suppression", "stale-baseline-entry", "suppressed-unknown-rule", "suppression-without-reason",
        "unused-suppression",
    ),
}  # fmt: skip
"""Stage -> ids that no function under `@rule` has, because an engine or a parser speaks."""

_RUFF = re.compile(r"ruff-[a-z]+[0-9]+")


def load_all() -> None:
    """Import every family's rules, so that the registry is whole."""
    for family in FAMILIES:
        load(importlib.import_module(f"evaluators.{family}.rules"))


def rule_called(id: str) -> Rule | None:
    """The rule of that id, its module imported where that has not happened yet; None for what no rule says.

    A result that was kept from an earlier run names rules that this process has not loaded.
    """
    if id in REGISTRY:
        return REGISTRY[id]
    for family in FAMILIES:
        name = f"evaluators.{family}.rules.{id.replace('-', '_')}"
        if find_spec(name) is not None:
            importlib.import_module(name)
            return REGISTRY.get(id)
    return None


def known(id: str) -> bool:
    """Whether findings with this id exist. The registry must be whole (`load_all`)."""
    return id in REGISTRY or any(id in ids for ids in ENGINES.values()) or bool(_RUFF.fullmatch(id))


def ids() -> Iterator[str]:
    """Every id but ruff's own, the registered ones first."""
    yield from sorted(REGISTRY)
    for named in ENGINES.values():
        yield from named


def stage_of(id: str) -> str:
    """The stage that reports an id; a family's rules run in the stage of its name."""
    if id in REGISTRY:
        return REGISTRY[id].family
    return next((stage for stage, named in ENGINES.items() if id in named), "code")
