"""Stage `code`: syntax, ruff, imports, dependencies, secrets, our own rules, and the import run."""

from __future__ import annotations

import re

import evaluators.code.rules as package
from evaluators.bench import Bench
from evaluators.code import dependencies, expected, leaks, loading, resolution, ruff, suppressions
from evaluators.code.facts import Code, SyntaxFlaw, code_in, code_of
from evaluators.code.kept import Kept, close, known_of, run
from evaluators.draft import Draft, Role, Subject
from evaluators.finding import Finding, Severity
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.rule import load, rules_of
from evaluators.service.sandbox import SandboxError, available
from evaluators.stacks.environment import NoEnvironment, environment_for
from evaluators.stacks.references import reference
from evaluators.stacks.stack import Stack, StackError, stack_of

NAME = "code"

_SETTINGS = re.compile(
    r"(?:^|/)(?:\.env[^/]*|[^/]*\.(?:env|ya?ml|toml|ini|cfg|conf|properties|tfvars|js|mjs|cjs|ts|sh)|dockerfile[^/]*)$",
    re.IGNORECASE,
)
"""Files in which settings are kept, and so secrets; a contract is none, its own stage reads it."""

RUNNING = frozenset({"boot", "probes", "fuzz", "part", "tests"})
"""Stages that run the draft: where any is required, the import run is too."""


def applies(subject: Subject) -> bool:
    """Whether there is code, a test, a dependency list, or a file of settings that may hold a secret."""
    if subject.draft.having(Role.CODE, Role.TEST, Role.DEPENDENCIES):
        return True
    return any(each.role is not Role.CONTRACT and _SETTINGS.search(each.path) for each in subject.draft)


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Everything that can be said of the code by reading it, and whether it can be imported."""
    code = subject.fact(code_of)
    stack = stack_of(subject)
    kept = known_of(bench, subject, code)
    findings, crashed, broken = await _told(subject, code, stack, bench, kept)
    close(kept, code)
    skipped: list[NotChecked] = []
    reason, detail = (Reason.RULE_CRASHED, "; ".join(crashed)) if crashed else (None, "")
    if broken:
        reason, detail = reason or Reason.TOOL_FAILED, detail or broken
    others = _other_languages(subject)
    if others:
        skipped.append(NotChecked(", ".join(others), "no reader of this language yet"))
    if stack is None and code.modules:
        skipped.append(NotChecked("imports of packages", "the stack is not known"))
    if subject.option("static"):
        skipped.append(NotChecked("the import run", "only what runs nothing was asked for"))
        found, late, why = list[Finding](), None, ""
    else:
        found, late, why = await _imports(subject, code, stack, findings)
    findings += found
    if late is not None and subject.required and not subject.required & RUNNING:
        skipped.append(NotChecked("the import run", why))
    elif late is not None and reason is None:
        reason, detail = late, why
    summary = f"{len(code.modules)} files, {len(rules_of('code'))} rules"
    return judged(NAME, findings, detail=detail or summary, not_checked=skipped, unverified=reason)


async def _told(
    subject: Subject, code: Code, stack: Stack | None, bench: Bench, kept: Kept
) -> tuple[list[Finding], list[str], str]:
    """What is found by reading, the rules that crashed, and why ruff failed. ruff reads while our own rules do."""
    findings: list[Finding] = []
    crashed: list[str] = []
    try:
        with ruff.at_work(code, bench.scratch, kept) as told:
            findings, crashed = static(subject, code, stack, kept)
            findings += _not_twice(findings, await ruff.findings(told))
    except ruff.RuffFailed as error:
        if not findings:
            findings, crashed = static(subject, code, stack, kept)
        return findings, crashed, str(error)
    return findings, crashed, ""


def static(
    subject: Subject, code: Code, stack: Stack | None, kept: Kept | None = None
) -> tuple[list[Finding], list[str]]:
    """The findings that need no tool and no sandbox, and the rules that crashed."""
    load(package)
    findings, crashed = run(rules_of("code"), code, kept or Kept())
    findings += [_syntax(module.flaw) for module in code.modules if module.flaw is not None]
    drafted = subject.hostile or subject.root is None
    available = stack.modules if stack is not None and drafted else None
    findings += resolution.findings(code, available, _beside(subject, stack))
    if stack is not None and drafted:
        # The stack's own word on a package is stronger than what is known of packages in general.
        findings = [finding for finding in findings if finding.rule not in dependencies.IN_GENERAL]
        findings += dependencies.findings(code, subject.draft, stack)
    findings += leaks.findings(subject.draft, kept)
    findings += expected.findings(subject, code)
    if subject.hostile:
        findings += suppressions.findings(subject.draft, code)
    return findings, crashed


def _beside(subject: Subject, stack: Stack | None) -> Code | None:
    """The reference service that a draft of tests is written for, or None."""
    name = subject.option("part.reference")
    if stack is None or not name:
        return None
    try:
        return code_in(Draft.of(reference(stack.name, name)))
    except StackError:
        return None


def _syntax(flaw: SyntaxFlaw) -> Finding:
    """A file that does not parse."""
    return Finding(
        "syntax-error",
        Severity.ERROR,
        flaw.at,
        flaw.at.path,
        f"The file does not parse: {flaw.message}.",
        flaw.line,
        reproduce=f"python -m py_compile {flaw.at.path}",
    )


def _not_twice(known: list[Finding], told: list[Finding]) -> list[Finding]:
    """ruff's findings without those whose line an own error already names."""
    taken = {(finding.location.path, finding.location.line) for finding in known if finding.severity is Severity.ERROR}
    return [finding for finding in told if (finding.location.path, finding.location.line) not in taken]


def _other_languages(subject: Subject) -> list[str]:
    """Code that nobody here reads."""
    return [
        artifact.path for artifact in subject.draft.having(Role.CODE, Role.TEST) if not artifact.path.endswith(".py")
    ]


async def _imports(
    subject: Subject, code: Code, stack: Stack | None, known: list[Finding]
) -> tuple[list[Finding], Reason | None, str]:
    """The import run's findings; else why it could not be made."""
    blocked = {"syntax-error", "unknown-import", "name-not-defined-there", "ruff-f821"}
    if stack is None or not loading.modules_to_load(code):
        return [], None, ""
    if any(finding.rule in blocked and finding.severity is Severity.ERROR for finding in known):
        return [], None, ""
    if (broken := available()) is not None:
        return [], Reason.NO_SANDBOX, broken
    try:
        environment = await environment_for(subject, stack)
        loaded = await loading.load(subject, code, environment)
    except NoEnvironment as error:
        return [], Reason.NO_ENVIRONMENT, str(error)
    except SandboxError as error:
        return [], Reason.NO_SANDBOX, str(error)
    if loaded.timed_out:
        return list(loaded.findings), Reason.TIME_BOUND, f"importing took longer than {loading.SECONDS:.0f} seconds"
    if loaded.broken:
        return list(loaded.findings), Reason.TOOL_FAILED, loaded.broken
    return list(loaded.findings), None, ""
