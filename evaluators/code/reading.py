"""What can be said of the code by reading it: every rule and check, and ruff beside them."""

from __future__ import annotations

import evaluators.code.rules as package
from evaluators.bench import Bench
from evaluators.code import dependencies, expected, leaks, resolution, ruff, suppressions
from evaluators.code.facts import Code, SyntaxFlaw, code_in
from evaluators.code.kept import Kept, run
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding, Severity
from evaluators.rule import load, rules_of
from evaluators.stacks.references import reference
from evaluators.stacks.stack import Stack, StackError


async def told(
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
