"""Rules: functions found by a decorator, each documented by its docstring. Ground module.

A rule's docstring is its manual page and its test. Its first line says what is
wrong; then come the sections `Why:`, `Bad:`, `Good:`, `Boundary:`, `Precision:`
and `Source:`. `Bad`, `Good` and `Boundary` hold fenced blocks whose info string
is `language path`. `Boundary` is as near as it gets and still fine: the rule
keeps silent there. `Precision` says what the rule may miss and where it may err.

A rule of the family `probes` tries a running service, so it has `Sends:`,
`Applies:` and `Proves:` in place of examples; its check is an async generator,
and services with planted defects are its test.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity

FAMILIES = {
    "sql": ("schema",),
    "contract": ("contract",),
    "code": ("code",),
    "cross": ("facts",),
    "migrations": ("migrations",),
    "queries": ("queries",),
    "breaking": ("change",),
    "probes": ("world",),
}
"""Family -> the parameter names that a rule's function takes."""

SECTIONS = ("Why", "Bad", "Good", "Boundary", "Precision", "Source")

REQUIRED = ("Why", "Bad", "Good", "Source")

PROBE_SECTIONS = ("Why", "Sends", "Applies", "Proves", "Precision", "Source")
"""The sections of a probe's manual, all of them required."""

PRESETS = ("recommended", "strict", "security")
"""`recommended` is what a careful reviewer would say, `strict` is everything, `security` what can be exploited."""


class RuleError(Exception):
    """A rule that may not be registered; the message says why."""


@dataclass(frozen=True)
class Flaw:
    """What a rule's function yields: a finding without the rule's own id and severity."""

    symbol: str
    at: Location
    message: str
    evidence: str = ""
    hint: str = ""
    places: tuple[Location, ...] = ()
    reproduce: str = ""


@dataclass(frozen=True)
class Rule:
    """A registered rule."""

    id: str
    family: str
    severity: Severity
    check: Callable[..., Any]
    """Facts -> an iterable of `Flaw`; of a probe, an async one."""
    written: str
    """Its docstring as it stands in the source."""
    strict: bool = False
    """Only in the preset `strict`: style, or true so often that it says little."""
    security: bool = False
    """In the preset `security` too."""
    dialect: str = "postgres"
    """The SQL dialect of its examples."""
    cwe: str = ""
    """`CWE-639`: the weakness that a probe proves. Empty for the other families."""
    owasp: str = ""
    """`API1:2023`: its entry in OWASP's API Security Top 10, where it has one."""

    @cached_property
    def doc(self) -> str:
        """The docstring without its indentation."""
        return inspect.cleandoc(self.written)

    @property
    def presets(self) -> tuple[str, ...]:
        """The presets that hold it, in the order of `PRESETS`."""
        held = {"recommended": not self.strict, "strict": True, "security": self.security}
        return tuple(name for name in PRESETS if held[name])

    @property
    def title(self) -> str:
        """The docstring's first line."""
        return self.doc.split("\n", 1)[0].strip()

    def section(self, name: str) -> str:
        """The text of a section of the docstring, dedented; empty where absent."""
        heads = "|".join(dict.fromkeys((*SECTIONS, *PROBE_SECTIONS)))
        found = re.search(rf"^{name}:[ \t]*(.*?)(?=^(?:{heads}):|\Z)", self.doc, re.MULTILINE | re.DOTALL)
        if not found:
            return ""
        first, _, rest = found.group(1).partition("\n")
        return (first + "\n" + textwrap.dedent(rest)).strip()

    def example(self, name: str) -> Draft:
        """The draft that the section `Bad` or `Good` spells out."""
        blocks = re.findall(r"^```\w+ (\S+)\n(.*?)^```", self.section(name), re.MULTILINE | re.DOTALL)
        return Draft.of(dict(blocks))


REGISTRY: dict[str, Rule] = {}

_REFUSED: ContextVar[list[str] | None] = ContextVar("_REFUSED", default=None)


@contextlib.contextmanager
def collecting() -> Iterator[list[str]]:
    """Inside, a rule that may not be registered is left out and its reason listed, so that others of its file stay."""
    refused: list[str] = []
    token = _REFUSED.set(refused)
    try:
        yield refused
    finally:
        _REFUSED.reset(token)


def rule(
    id: str,
    *,
    family: str,
    severity: Severity = Severity.ERROR,
    strict: bool = False,
    security: bool = False,
    dialect: str = "postgres",
    cwe: str = "",
    owasp: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as rule `id`.

    Raises:
        RuleError: the id is malformed or taken, the family is unknown, the
            signature does not fit the family, or the docstring lacks a section.
    """

    def register(check: Callable[..., Any]) -> Callable[..., Any]:
        made = Rule(id, family, severity, check, check.__doc__ or "", strict, security, dialect, cwe, owasp)
        refused = _REFUSED.get()
        try:
            _refuse(made)
        except RuleError as error:
            if refused is None:
                raise
            refused.append(str(error))
            return check
        REGISTRY[id] = made
        return check

    return register


def _refuse(made: Rule) -> None:
    """Raise RuleError when the rule may not be registered."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", made.id):
        raise RuleError(f"{made.id!r} is no rule id: use kebab-case of two words or more")
    if re.match(r"(avoid|prefer|no|should|use)-", made.id):
        raise RuleError(f"{made.id!r} names advice: name the defect")
    if made.id in REGISTRY and REGISTRY[made.id].check.__module__ != made.check.__module__:
        raise RuleError(f"rule {made.id!r} is registered twice")
    if made.family not in FAMILIES:
        raise RuleError(f"rule {made.id!r}: unknown family {made.family!r}")
    given = _parameters(made.check)
    if given != FAMILIES[made.family]:
        raise RuleError(f"rule {made.id!r} takes {given}, a {made.family} rule takes {FAMILIES[made.family]}")
    probe = made.family == "probes"
    if probe and not re.fullmatch(r"CWE-\d+", made.cwe):
        raise RuleError(f"rule {made.id!r}: a probe names its weakness (cwe)")
    # Hundreds of shipped rules register at every start: a test reads the sections of these, here it is a word's search.
    shipped = made.check.__module__.startswith("evaluators.")
    wanted = PROBE_SECTIONS if probe else REQUIRED
    if not shipped or any(f"{name}:" not in made.written for name in wanted):
        missing = [name for name in wanted if not made.section(name)]
        if missing:
            raise RuleError(f"rule {made.id!r}: the docstring lacks {', '.join(missing)}")


def _parameters(check: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters."""
    code = check.__code__ if isinstance(check, FunctionType) else None
    if code is None or hasattr(check, "__wrapped__") or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
        return tuple(inspect.signature(check).parameters)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def load(package: ModuleType) -> None:
    """Import every module of a rules package, so that its rules register."""
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        importlib.import_module(f"{package.__name__}.{module.name}")


def rules_of(family: str) -> tuple[Rule, ...]:
    """The registered rules of a family, by id."""
    return tuple(sorted((r for r in REGISTRY.values() if r.family == family), key=lambda r: r.id))


def run_rules(rules: Iterable[Rule], *facts: Any) -> tuple[list[Finding], list[str]]:
    """Run rules one by one, isolated: a crash costs its own rule and no other.

    Returns the findings and the ids of the rules that crashed, each followed by
    the exception (`rule-id: KeyError: 'x'`).
    """
    findings: list[Finding] = []
    crashed: list[str] = []
    for each in rules:
        try:
            findings.extend(_findings(each, facts))
        except Exception as error:
            crashed.append(f"{each.id}: {type(error).__name__}: {error}")
    return findings, crashed


def _findings(of: Rule, facts: tuple[Any, ...]) -> Iterator[Finding]:
    """A rule's flaws as findings."""
    for flaw in of.check(*facts):
        yield finding_of(of, flaw)


def finding_of(of: Rule, flaw: Flaw) -> Finding:
    """A rule's flaw as a finding."""
    return Finding(
        rule=of.id,
        severity=of.severity,
        location=flaw.at,
        symbol=flaw.symbol,
        message=flaw.message,
        evidence=flaw.evidence,
        reproduce=flaw.reproduce,
        hint=flaw.hint,
        places=flaw.places,
    )
