"""What follows from one module alone, kept by its content: findings of rules that read one module, and ruff's.

A rule that is marked `alone` is given one module at a time, kept or not. So it
cannot see another one, and what is kept of it is what it would say again. All of
a project's modules are one entry, read once and written once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol

from evaluators.bench import Bench
from evaluators.code.alone import is_alone
from evaluators.code.facts import Code, Module
from evaluators.draft import Subject
from evaluators.finding import Finding
from evaluators.formats.json import NotAReport, as_value, of_value
from evaluators.report import Report
from evaluators.rule import Rule, run_rules

STORE = "results"
"""The name under which the bench holds a `Store`, where results are kept at all."""


class Store(Protocol):
    """Where JSON values are kept."""

    def key(self, *parts: object) -> str:
        """The key of what follows from these parts and from the gate's own version."""
        ...

    def get(self, key: str) -> Any | None:
        """The value under a key, or None."""
        ...

    def put(self, key: str, value: Any) -> None:
        """Keep a value."""
        ...


UNKNOWN: Any = object()
"""What `Kept.get` gives where nothing is known: None may be a value."""


class Kept:
    """What is known of each module of a project. Without a store nothing is known and nothing stays."""

    def __init__(self, store: Store | None = None, project: str = "") -> None:
        self._store = store
        self._key = store.key("modules", project) if store is not None else ""
        known = store.get(self._key) if store is not None else None
        self._known: dict[str, Any] = known if isinstance(known, dict) else {}
        self._held: dict[str, Any] = {}
        self._changed = False

    def get(self, kind: str, about: str) -> Any:
        """The JSON value of a kind that follows from the text `about` alone, or UNKNOWN."""
        key = _key(kind, about)
        if key in self._known:
            self._held[key] = self._known[key]
        return self._held.get(key, UNKNOWN)

    def put(self, kind: str, about: str, value: Any) -> None:
        """Keep a JSON value of a kind that follows from the text `about` alone."""
        self._held[_key(kind, about)] = value
        self._changed = True

    def close(self) -> None:
        """Keep what was asked for in this run, and nothing older."""
        if self._store is not None and (self._changed or self._held.keys() != self._known.keys()):
            self._store.put(self._key, self._held)
            self._known, self._changed = dict(self._held), False


def _key(kind: str, about: str) -> str:
    """The name of a value within the project's entry."""
    return f"{kind} {hashlib.sha256(about.encode('utf-8', 'surrogatepass')).hexdigest()}"


def known_of(bench: Bench, subject: Subject, code: Code) -> Kept:
    """What is known of the subject's modules, opened once a bench; the modules' own summaries are filled from it."""
    found = bench.kept(Kept)
    if isinstance(found, Kept):
        return found
    kept = Kept(bench.kept(STORE), str(subject.root))
    bench.keep(Kept, kept)
    for module in code.modules:
        summary = kept.get("facts", module.digest)
        if isinstance(summary, dict) and _is_summary(summary):
            module.summary.update(summary)
    return kept


def _is_summary(value: dict[str, Any]) -> bool:
    """Whether a kept value has the shape of a module's summary."""
    rows = value.get("imports", [])
    alike = isinstance(rows, list) and all(isinstance(row, list) and len(row) == 6 for row in rows)
    return alike and all(isinstance(each, bool) for name, each in value.items() if name != "imports")


def close(kept: Kept, code: Code) -> None:
    """Keep what this run worked out, the modules' summaries too."""
    for module in code.modules:
        if module.summary and module.summary != kept.get("facts", module.digest):
            kept.put("facts", module.digest, dict(module.summary))
    kept.close()


def run(rules: Iterable[Rule], code: Code, kept: Kept) -> tuple[list[Finding], list[str]]:
    """The findings of rules, those of a rule together, and the rules that crashed, each once."""
    ordered = list(rules)
    alone = [rule for rule in ordered if is_alone(rule)]
    by_rule: dict[str, list[Finding]] = {}
    broken: dict[str, str] = {}
    for module in code.modules:
        findings, crashed = _alone(alone, module, kept)
        for finding in findings:
            by_rule.setdefault(finding.rule, []).append(finding)
        for each in crashed:
            broken.setdefault(each.partition(":")[0], each)
    told: list[Finding] = []
    for rule in ordered:
        if is_alone(rule):
            told += by_rule.get(rule.id, [])
            continue
        findings, crashed = run_rules([rule], code)
        told += findings
        broken.update((rule.id, each) for each in crashed)
    return told, [broken[rule.id] for rule in ordered if rule.id in broken]


def _alone(rules: list[Rule], module: Module, kept: Kept) -> tuple[list[Finding], list[str]]:
    """What rules say of one module by itself; what a crash cut short is not kept."""
    value = kept.get("rules", module.digest)
    if value is None:
        return [], []
    if value is not UNKNOWN:
        try:
            return list(of_value(value).findings), []
        except (NotAReport, KeyError):
            pass
    findings, crashed = run_rules(rules, Code((module,)))
    if not crashed:
        kept.put("rules", module.digest, as_value(Report((), tuple(findings))) if findings else None)
    return findings, crashed
