"""The stage `fuzz`: the running service against its contract, authenticated, deterministic, bounded by examples.

*fast* sends the contract's examples, its coverage cases, ten generated requests
an operation and short sequences; *deep* a hundred. Which checks count as
evidence is said in `engine.CHECKS`. The same draft gives the same findings: the
seed is fixed, the rows are the gate's, and nothing of an answer flows into a
later request but along the contract's links.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace

from evaluators.bench import Bench
from evaluators.code.facts import code_of
from evaluators.contract.document import contract_of
from evaluators.draft import Subject
from evaluators.finding import Finding, Severity
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.service import boot
from evaluators.service.boot import Running
from evaluators.service.client import ask
from evaluators.service.crew import Crew, crew_of, identity_of
from evaluators.service.database import NoDatabase
from evaluators.service.engine import Exchange, Failure, Result
from evaluators.service.failures import RULES, Seen, curl, evidence_only, findings_of, told
from evaluators.service.fuzz_order import Rehearsed, order_of
from evaluators.service.fuzz_run import Engine, EngineFailed, engine, run
from evaluators.service.identities import Cast, Identity, example, fill_path
from evaluators.service.traces import Trace, traces

NAME = "fuzz"
EXAMPLES = {"fast": 10, "deep": 100}
SECONDS = {"fast": 180.0, "deep": 1200.0}
"""The bound of one run; one that is hit makes the stage unverified."""
REQUEST_SECONDS = 15.0
"""What one request may take: a service that needs longer for one row hangs on any machine."""
REPLAYS = 40
"""Failing requests sent once more to see the log that belongs to them."""
TRACE_SECONDS = 0.4
"""How long a traceback may come after its answer."""
CRASHED = ("ConnectionError", "ChunkedEncodingError", "ProtocolError", "UnrecoverableNetworkError")


def applies(subject: Subject) -> bool:
    """Whether there is a service to fuzz."""
    return boot.applies(subject)


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Fuzz the service that the stage `boot` left running."""
    running = boot.left_running(NAME, bench)
    if isinstance(running, StageResult):
        return running
    try:
        async with engine(bench) as fuzzer:
            crew = await crew_of(running, bench)
            rehearsed = bench.kept(Rehearsed) or Rehearsed()
            hanging = await _hanging(running, crew.cast, rehearsed)
            if hanging:
                return judged(NAME, hanging, detail="not fuzzed further: an operation hangs")
            told = await _pass(running, crew, rehearsed, fuzzer, subject.depth)
    except NoDatabase as error:
        return judged(NAME, [], unverified=Reason.NO_DATABASE, detail=str(error))
    except TimeoutError:
        return judged(NAME, [], unverified=Reason.TIME_BOUND, detail=f"more than {SECONDS[subject.depth]:g} s")
    except EngineFailed as error:
        return judged(NAME, [], unverified=Reason.TOOL_FAILED, detail=str(error))
    return replace(told, findings=(*told.findings, *await boot.stops(running)))


async def _pass(running: Running, crew: Crew, rehearsed: Rehearsed, fuzzer: Engine, depth: str) -> StageResult:
    """One run of the fuzzer, as deep as it is wanted."""
    order = order_of(running, crew, EXAMPLES[depth], rehearsed)
    order = replace(order, request_seconds=REQUEST_SECONDS)
    result, unanswered = await run(order, fuzzer, running.process, SECONDS[depth])
    asking = {label: identity_of(crew.members[rehearsed.requests[label].who or ""]) for label in order.headers_of}
    everybody = [identity_of(member) for member in crew.members.values()]
    findings = [_masked(each, everybody) for each in await _findings(running, result, unanswered, asking, order.drawn)]
    unverified, detail = _doubt(running, crew.cast, result)
    unseen = list(_unseen(result, crew.cast))
    return judged(NAME, findings, unverified=unverified, detail=f"{depth}, {detail}", not_checked=unseen)


def _masked(finding: Finding, everybody: list[Identity]) -> Finding:
    """The finding without the identities' secrets, which differ from run to run."""
    for each in everybody:
        finding = replace(finding, evidence=each.masked(finding.evidence), reproduce=each.masked(finding.reproduce))
    return finding


async def _hanging(running: Running, cast: Cast, rehearsed: Rehearsed) -> list[Finding]:
    """One request to each operation, so that one that hangs is told by name and not by the run's bound."""
    headers = cast.a.sent if cast.a is not None else {}
    prefix = running.base_url[len(running.door.base_url) :]
    found = []
    for operation in running.contract.operations:
        if operation.symbol in rehearsed.requests:
            continue
        schema = (
            next((media.schema for media in operation.body.media if media.is_json), None) if operation.body else None
        )
        answer = await ask(
            running.door.base_url,
            operation.method,
            prefix + fill_path(operation, cast.seeds),
            headers=headers,
            json_body=example(schema) if schema is not None else None,
            seconds=REQUEST_SECONDS,
        )
        if answer.fault == "timeout":
            found.append(_silent(running, operation.symbol, late=True))
    await running.database.reset()
    return found


def _doubt(running: Running, cast: Cast, result: Result) -> tuple[Reason | None, str]:
    """Why the stage could not be called passed, and its line."""
    sent = sum(sum(statuses.values()) for statuses in result.statuses.values())
    detail = f"{sent} requests, {len(result.statuses)} of {len(running.contract.operations)} operations"
    if cast.needed and cast.a is None:
        return Reason.NO_IDENTITY, cast.why
    broken = [f"{label}: {kind}: {said}" for label, kind, said in result.errors if not _of_service(kind)]
    if broken:
        return Reason.TOOL_FAILED, broken[0][:300]
    if not result.complete and running.process.alive:
        return Reason.TOOL_FAILED, "the fuzzer did not come to its end"
    return None, detail


def _of_service(kind: str) -> bool:
    """Whether an error of the fuzzer is the service's doing."""
    return kind in CRASHED or "Timeout" in kind


def _unseen(result: Result, cast: Cast) -> Iterator[NotChecked]:
    """Operations of which nothing but refusals was seen, and tables without rows."""
    for operation, statuses in result.statuses.items():
        if not any(status.startswith("2") for status in statuses):
            yield NotChecked(f"{operation} beyond its refusals", "no request of the fuzz was accepted")
    for table, why in sorted(cast.seeds.skipped.items()):
        yield NotChecked(f"rows of {table}", f"none could be made: {why}")


async def _findings(
    running: Running,
    result: Result,
    unanswered: tuple[Exchange, ...],
    asking: Mapping[str, Identity],
    drawn: list[str],
) -> list[Finding]:
    """The failures as findings, after one more look at those that crashed the service's code."""
    failures = evidence_only(each for each in result.failures if each.check in RULES)
    code = running.subject.fact(code_of)
    draft = running.subject.draft
    seen = [Seen(each) for each in failures if each.check != "not_a_server_error"]
    crashes = [each for each in failures if each.check == "not_a_server_error"]
    if crashes and running.process.alive:
        seen += await _replayed(running, crashes)
    else:
        seen += [Seen(each) for each in crashes]
    written = running.subject.fact(contract_of).root is not None
    seen = [replace(each, failure=_by(each.failure, asking.get(each.failure.operation))) for each in seen]
    found = findings_of(seen, running.contract, code, draft, written, drawn)
    if not running.process.alive:
        return [*found, _died(running, unanswered)]
    return found + _silences(running, result)


async def _replayed(running: Running, crashes: list[Failure]) -> list[Seen]:
    """Send each crashing request once more, on the rows that the fuzz began with, and read the log of it."""
    earlier = traces(running.log(), running.subject.draft, running.app.folder)
    seen = []
    for each in crashes[:REPLAYS]:
        await running.database.reset()
        mark = running.process.mark()
        status = await _again(running, each.exchange)
        found = await _trace_since(running, mark) if status >= 500 else None
        if status < 500:
            found = _only(earlier)
        seen.append(Seen(each, found, again=status >= 500))
    return seen


def _by(failure: Failure, who: Identity | None) -> Failure:
    """A failure whose request names the one who sent it; without a name it is the first identity."""
    if who is None:
        return failure
    shown = {(name.lower(), value): who.told.get(name, value) for name, value in who.sent.items()}
    headers = tuple((name, shown.get((name, value), value)) for name, value in failure.exchange.headers)
    return replace(failure, exchange=replace(failure.exchange, headers=headers))


def _only(found: tuple[Trace, ...]) -> Trace | None:
    """The trace, where the whole log has one cause only."""
    return found[0] if len({trace.cause for trace in found}) == 1 else None


async def _again(running: Running, sent: Exchange) -> int:
    """The status of the same request now; 0 for none."""
    headers = {name: value for name, value in sent.headers if name not in ("content-length", "connection", "host")}
    body = base64.b64decode(sent.body) or None
    answer = await ask(running.door.base_url, sent.method, sent.target, headers=headers, body=body, seconds=20)
    return answer.status


async def _trace_since(running: Running, mark: int) -> Trace | None:
    """The last traceback since the mark; it may come a moment after the answer."""
    loop = asyncio.get_running_loop()
    until = loop.time() + TRACE_SECONDS
    while True:
        found = traces(running.log(mark), running.subject.draft, running.app.folder)
        if found or loop.time() > until:
            own = [trace for trace in found if trace.frames] or list(found)
            return own[-1] if own else None
        await asyncio.sleep(0.02)


def _silences(running: Running, result: Result) -> list[Finding]:
    """Operations that gave no answer in time, or closed the connection."""
    kinds = {(label, "Timeout" in kind) for label, kind, _ in result.errors if _of_service(kind) and label}
    return [_silent(running, label, late) for label, late in sorted(kinds)]


def _silent(running: Running, symbol: str, late: bool) -> Finding:
    """An operation that does not answer."""
    method, _, path = symbol.partition(" ")
    operation = running.contract.operation(method, path)
    says = f"gives no answer within {REQUEST_SECONDS:g} s" if late else "closes the connection without an answer"
    return Finding(
        rule="request-timed-out" if late else "connection-dropped",
        severity=Severity.ERROR,
        location=operation.node.at if operation is not None else running.app.at,
        symbol=symbol,
        message=f"{symbol} {says}.",
    )


def _died(running: Running, unanswered: tuple[Exchange, ...]) -> Finding:
    """The service ended while it was fuzzed; the first request without an answer is the one it died of."""
    found = traces(running.log(), running.subject.draft, running.app.folder)
    own = [trace for trace in found if trace.frames]
    why = f" ({running.process.killed})" if running.process.killed else f" (code {running.process.returncode})"
    last = unanswered[0] if unanswered else None
    parts = [told(last)] if last is not None else []
    parts += [own[-1].told(running.subject.draft)] if own else []
    return Finding(
        rule="service-died",
        severity=Severity.ERROR,
        location=(own[-1].at if own else None) or running.app.at,
        symbol=running.app.target,
        message=f"The service ended while it was fuzzed{why}.",
        evidence="\n".join(parts),
        reproduce=curl(last) if last is not None else "",
    )
