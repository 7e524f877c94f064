"""Stage `code`: syntax, ruff, imports, dependencies, secrets, our own rules, and the import run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evaluators.bench import Bench
from evaluators.draft import Role, Subject
from evaluators.report import NotChecked, Reason, StageResult, judged

if TYPE_CHECKING:
    from evaluators.code.facts import Code
    from evaluators.finding import Finding
    from evaluators.stacks.stack import Stack

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
    from evaluators.code.facts import code_of
    from evaluators.code.kept import close, known_of
    from evaluators.code.reading import told
    from evaluators.rule import rules_of
    from evaluators.stacks.stack import stack_of

    code = subject.fact(code_of)
    stack = stack_of(subject)
    kept = known_of(bench, subject, code)
    findings, crashed, broken = await told(subject, code, stack, bench, kept)
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
        late, why = None, ""
    else:
        found, late, why = await _imports(subject, code, stack, findings)
        findings += found
    if late is not None and subject.required and not subject.required & RUNNING:
        skipped.append(NotChecked("the import run", why))
    elif late is not None and reason is None:
        reason, detail = late, why
    summary = f"{len(code.modules)} files, {len(rules_of('code'))} rules"
    return judged(NAME, findings, detail=detail or summary, not_checked=skipped, unverified=reason)


def _other_languages(subject: Subject) -> list[str]:
    """Code that nobody here reads."""
    return [
        artifact.path for artifact in subject.draft.having(Role.CODE, Role.TEST) if not artifact.path.endswith(".py")
    ]


async def _imports(
    subject: Subject, code: Code, stack: Stack | None, known: list[Finding]
) -> tuple[list[Finding], Reason | None, str]:
    """The import run's findings; else why it could not be made."""
    from evaluators.code import loading
    from evaluators.finding import Severity
    from evaluators.service.sandbox import SandboxError, available
    from evaluators.stacks.environment import NoEnvironment, environment_for

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
