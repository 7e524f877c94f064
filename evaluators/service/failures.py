"""What the fuzzer saw, as findings: one for each cause, minimal, canonical, with a line that shows it again."""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from evaluators.code.facts import Code
from evaluators.contract.facts import Contract
from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity
from evaluators.service.engine import Exchange, Failure
from evaluators.service.traces import Trace, canonical

RULES = {
    "not_a_server_error": "server-error",
    "status_code_conformance": "undeclared-status",
    "content_type_conformance": "undeclared-content-type",
    "response_headers_conformance": "response-header-violated",
    "response_schema_conformance": "response-schema-violated",
    "negative_data_rejection": "invalid-request-accepted",
    "missing_required_header": "missing-header-accepted",
    "use_after_free": "deleted-resource-served",
    "ensure_resource_availability": "created-resource-missing",
    "ignored_auth": "authentication-ignored",
}
"""Check of the fuzzer -> rule."""
SAYS = {
    "undeclared-status": "{operation} answers {statuses}, which the contract does not declare for it",
    "undeclared-content-type": "{operation} answers with a content type that the contract does not declare",
    "response-header-violated": "{operation} answers without a header that the contract promises, or with a wrong one",
    "response-schema-violated": "{operation} answers {statuses} with a body that its schema does not allow",
    "invalid-request-accepted": "{operation} accepts a request that the contract forbids",
    "missing-header-accepted": "{operation} accepts a request without a header that the contract requires",
    "deleted-resource-served": "{operation} still serves what was deleted",
    "created-resource-missing": "{operation} does not find what was just created",
    "authentication-ignored": "{operation} answers without a valid token, although the contract secures it",
}
HINTS = {
    "undeclared-status": "Answer with a declared status, or declare this one in the contract.",
    "invalid-request-accepted": "Refuse it with 422: no coercion of types (strict), every bound and pattern checked.",
    "authentication-ignored": "Let the route depend on the function that verifies the token.",
}
DERIVED = frozenset({"undeclared-status", "invalid-request-accepted"})
"""What only warns under a served contract that nobody wrote: it knows no refusals, and no strictness of types."""
UNSENT = re.compile(
    r"^(accept(-encoding)?|connection|content-length|host|user-agent|x-schemathesis.*|authorization)$", re.IGNORECASE
)
EXAMPLES = 3
TEXT = 600
"""Characters of a body in evidence."""
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
SEEDED = re.compile(r"^[ab]\d{7}-0000-4000-8000-000000000001$")
SERVER_REFUSAL = b"Invalid HTTP request received."
"""What uvicorn itself answers to bytes that are no HTTP; no code of the service has seen them."""


@dataclass(frozen=True)
class Seen:
    """A failure, and what the log said when its request was sent once more."""

    failure: Failure
    trace: Trace | None = None
    again: bool = True
    """Whether sending the one request again showed it again."""


def evidence_only(failures: Iterable[Failure]) -> list[Failure]:
    """The failures less what is no evidence: what the HTTP server refused, and what only follows from a crash."""
    kept = []
    for each in failures:
        if base64.b64decode(each.exchange.answer).startswith(SERVER_REFUSAL):
            continue
        if each.exchange.status >= 500 and each.check != "not_a_server_error":
            continue
        kept.append(each)
    return kept


def findings_of(
    seen: Iterable[Seen],
    contract: Contract,
    code: Code,
    draft: Draft,
    written: bool = True,
    drawn: Iterable[str] = (),
) -> list[Finding]:
    """One finding for each rule and operation; server errors one for each cause.

    `drawn` holds texts of the requests that differ from run to run.
    `written` says whether somebody wrote the contract. One that the framework
    derived from the code promises more than its author meant, so that the rules
    of `DERIVED` only warn.
    """
    causes: dict[tuple[str, str], list[Seen]] = {}
    for each in seen:
        rule = rule_of(each.failure)
        causes.setdefault((rule, _symbol(rule, each)), []).append(each)
    found = [
        _finding(rule, symbol, group, _drawn(group, drawn), contract, code, draft)
        for (rule, symbol), group in sorted(causes.items())
    ]
    return [each.as_severity(Severity.WARNING) if not written and each.rule in DERIVED else each for each in found]


def rule_of(failure: Failure) -> str:
    """The rule of a failure; a missing credential is one matter, whichever check sees it."""
    if failure.check == "missing_required_header" and "authorization" in failure.message.lower():
        return "authentication-ignored"
    return RULES[failure.check]


def _symbol(rule: str, seen: Seen) -> str:
    """`METHOD /path`; a server error adds the exception and its function, which edits do not move."""
    operation = seen.failure.operation
    if rule != "server-error" or seen.trace is None:
        return operation
    place = f" in {seen.trace.frames[-1].function}" if seen.trace.frames else ""
    return f"{operation} {seen.trace.error}{place}"


def _finding(
    rule: str, symbol: str, group: list[Seen], hide: _drawn, contract: Contract, code: Code, draft: Draft
) -> Finding:
    group = sorted(group, key=lambda each: (not each.again, each.failure.size))
    first = group[0]
    operation = first.failure.operation
    parts = [hide(told(*first.failure.before, first.failure.exchange))]
    if first.trace is not None:
        parts.append(first.trace.told(draft))
    if not first.again:
        parts.append("The one request alone does not show it: it needs the requests before it.")
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        location=_location(operation, first.trace, contract, code),
        symbol=symbol,
        message=hide(_message(rule, operation, group)),
        evidence="\n".join(parts),
        reproduce=hide(curl(first.failure.exchange)),
        hint=HINTS.get(rule, ""),
    )


def _message(rule: str, operation: str, group: list[Seen]) -> str:
    """One sentence, and for other than server errors what was seen, each kind once."""
    statuses = ", ".join(sorted({str(each.failure.exchange.status) for each in group}))
    trace = group[0].trace
    if rule == "server-error":
        because = (
            f": {trace.error}: {trace.message.splitlines()[0] if trace.message else ''}".rstrip(": ") if trace else ""
        )
        return f"{operation} answers {statuses}{because}."
    reasons = list(dict.fromkeys(_reason(each.failure) for each in group))
    listed = "; ".join(reason for reason in reasons[:EXAMPLES] if reason)
    more = f"; and {len(reasons) - EXAMPLES} more" if len(reasons) > EXAMPLES else ""
    said = SAYS[rule].format(operation=operation, statuses=statuses)
    return f"{said}: {listed}{more}." if listed else f"{said}."


def _reason(failure: Failure) -> str:
    """What is special about a failure, in one line, canonical."""
    lines = [line.strip() for line in canonical(failure.message).split("\n") if line.strip()]
    if failure.check == "negative_data_rejection":
        start = next((number for number, line in enumerate(lines) if line.startswith("Invalid component")), None)
        special = " ".join(lines[start:]).removeprefix("Invalid component:").strip() if start is not None else ""
        return special[:200]
    if failure.check in ("status_code_conformance", "ignored_auth") or rule_of(failure) == "authentication-ignored":
        return ""
    # The schema itself is in the contract; only what it forbids is told.
    cut = next((n for n, line in enumerate(lines) if line.startswith(("Validated against", "Schema:", "Value:"))), None)
    return " ".join(lines[:cut])[:200].rstrip(".")


def _location(operation: str, trace: Trace | None, contract: Contract, code: Code) -> Location:
    """Where it went wrong: the trace's line, else the route's function, else the contract."""
    if trace is not None and trace.at is not None:
        return trace.at
    method, _, path = operation.partition(" ")
    wanted = re.sub(r"\{[^{}]*\}", "{}", path)
    for route in code.routes:
        plain = re.sub(r"\{[^{}]*\}", "{}", route.path)
        if route.method == method and (plain == wanted or plain.endswith(wanted)):
            return route.at
    declared = contract.operation(method, path)
    return declared.node.at if declared is not None else Location(contract.path)


def told(*steps: Exchange) -> str:
    """Requests with their statuses, and the last one's answer, in a few lines."""
    lines = []
    for step in steps:
        lines.append(f"{step.method} {canonical(step.target)}")
        lines += [f"  {name}: {canonical(value)[:120]}" for name, value in _headers(step)]
        if step.body:
            lines.append(f"  {_text(step.body)}")
        lines.append(f"-> {step.status or 'no answer'}")
    content = next((value for name, value in steps[-1].answer_headers if name == "content-type"), "")
    body = _text(steps[-1].answer)
    lines += [line for line in (f"  content-type: {content}" if content else "", f"  {body}" if body else "") if line]
    return "\n".join(lines)


def _headers(step: Exchange) -> list[tuple[str, str]]:
    return [(name, value) for name, value in step.headers if not UNSENT.match(name)]


def _text(encoded: str) -> str:
    """A Base64 body as canonical text, bounded; JSON without the order in which it came."""
    raw = base64.b64decode(encoded)
    try:
        text = json.dumps(json.loads(raw), ensure_ascii=True, sort_keys=True)
    except (ValueError, RecursionError):
        text = raw.decode("utf-8", "backslashreplace")
    return canonical(text if len(text) <= TEXT else text[:TEXT] + " ...")


def curl(sent: Exchange) -> str:
    """The request as one line for a shell; `$BASE_URL` and `$TOKEN` stand for what differs."""
    words = ["curl", "-sS", "-i", "-X", sent.method]
    line = " ".join(words) + f' "$BASE_URL"{shlex.quote(sent.target)}'
    if any(name == "authorization" for name, _ in sent.headers):
        line += ' -H "Authorization: Bearer $TOKEN"' if _ours(sent) else _quoted_header(sent)
    for name, value in _headers(sent):
        line += f" -H {shlex.quote(f'{name}: {value}')}"
    if sent.body:
        line += f" --data-binary {_shell_bytes(base64.b64decode(sent.body))}"
    return line


def _ours(sent: Exchange) -> bool:
    """Whether the request carries a JWT, as the gate's identities do."""
    return any(name == "authorization" and re.match(r"Bearer eyJ", value) for name, value in sent.headers)


def _quoted_header(sent: Exchange) -> str:
    value = next(value for name, value in sent.headers if name == "authorization")
    if value.startswith("Bearer $"):
        return f' -H "Authorization: {value}"'
    return f" -H {shlex.quote(f'Authorization: {value}')}"


def _shell_bytes(raw: bytes) -> str:
    """Bytes as a word for a shell: quoted text, or `$'...'` where they are no plain text."""
    if len(raw) > 2000:
        return f"@body-of-{len(raw)}-bytes"
    text = raw.decode("utf-8", "replace")
    if text.isprintable() and text.isascii():
        return shlex.quote(text)
    escaped = "".join(chr(b) if 32 <= b < 127 and b not in (39, 92) else f"\\x{b:02x}" for b in raw)
    return f"$'{escaped}'"


class _drawn:
    """Hides what the service drew at random: identifiers that come first in an answer, and other texts."""

    def __init__(self, group: list[Seen], drawn: Iterable[str]) -> None:
        answers = (step.answer for each in group for step in (*each.failure.before, each.failure.exchange))
        found = {uuid for answer in answers for uuid in UUID.findall(base64.b64decode(answer).decode("latin-1"))}
        self.hidden = {uuid for uuid in (*found, *drawn) if not SEEDED.match(uuid)}
        self.texts = sorted({text for text in drawn if not UUID.fullmatch(text)}, key=lambda text: (-len(text), text))

    def __call__(self, text: str) -> str:
        for each in self.texts:
            text = text.replace(each, "<drawn>")
        return UUID.sub(lambda found: "<uuid>" if found.group() in self.hidden else found.group(), text)
