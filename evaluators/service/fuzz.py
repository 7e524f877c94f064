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
import json
import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import evaluators
from evaluators.bench import Bench
from evaluators.code.facts import code_of
from evaluators.contract.document import contract_of
from evaluators.contract.facts import Contract, Operation
from evaluators.contract.shapes import shape_of
from evaluators.draft import Subject
from evaluators.finding import Finding, Severity
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.service import boot
from evaluators.service.boot import Running
from evaluators.service.client import ask
from evaluators.service.crew import crew_of
from evaluators.service.database import NoDatabase
from evaluators.service.engine import Exchange, Failure, Order, Result, read_result, read_unanswered
from evaluators.service.failures import RULES, Seen, curl, evidence_only, findings_of, told
from evaluators.service.identities import Cast, alike_ids, example, fill_path, ids_for, table_named
from evaluators.service.sandbox import Process
from evaluators.service.seeding import Seeds
from evaluators.service.traces import Trace, traces

NAME = "fuzz"
EXAMPLES = {"fast": 10, "deep": 100}
SECONDS = {"fast": 180.0, "deep": 1200.0}
"""The bound of one run; one that is hit makes the stage unverified."""
REQUEST_SECONDS = 15.0
"""What one request may take: a service that needs longer for one row hangs on any machine."""
REPLAYS = 40
"""Failing requests sent once more to see the log that belongs to them."""
GONE_SECONDS = 1.0
"""What the fuzzer is given after the service's end."""
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
        cast = (await crew_of(running, bench)).cast
        hanging = await _hanging(running, cast)
        if hanging:
            return judged(NAME, hanging, detail="not fuzzed further: an operation hangs")
        told = await _pass(running, cast, bench, subject.depth)
    except NoDatabase as error:
        return judged(NAME, [], unverified=Reason.NO_DATABASE, detail=str(error))
    except TimeoutError:
        return judged(NAME, [], unverified=Reason.TIME_BOUND, detail=f"more than {SECONDS[subject.depth]:g} s")
    except EngineFailed as error:
        return judged(NAME, [], unverified=Reason.TOOL_FAILED, detail=str(error))
    return replace(told, findings=(*told.findings, *await boot.stops(running)))


async def _pass(running: Running, cast: Cast, bench: Bench, depth: str) -> StageResult:
    """One run of the fuzzer, as deep as it is wanted."""
    order = order_of(running, cast, depth)
    result, unanswered = await run(order, running.process, bench, SECONDS[depth])
    findings = [_masked(each, cast) for each in await _findings(running, result, unanswered)]
    unverified, detail = _doubt(running, cast, result)
    unseen = list(_unseen(result, cast))
    return judged(NAME, findings, unverified=unverified, detail=f"{depth}, {detail}", not_checked=unseen)


def _masked(finding: Finding, cast: Cast) -> Finding:
    """The finding without the identity's secrets, which differ from run to run."""
    if cast.a is None:
        return finding
    return replace(finding, evidence=cast.a.masked(finding.evidence), reproduce=cast.a.masked(finding.reproduce))


async def _hanging(running: Running, cast: Cast) -> list[Finding]:
    """One request to each operation, so that one that hangs is told by name and not by the run's bound."""
    headers = cast.a.sent if cast.a is not None else {}
    prefix = running.base_url[len(running.door.base_url) :]
    found = []
    for operation in running.contract.operations:
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


class EngineFailed(Exception):
    """The fuzzer's process ended without a result; one line says why."""


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


def order_of(running: Running, cast: Cast, depth: str) -> Order:
    """What the fuzzer is told: the contract with seeded ids as examples, and who asks."""
    contract = running.contract.root.value if running.contract.root is not None else {}
    document = deepcopy(contract) if isinstance(contract, dict) else {}
    known = {op.symbol: dict(_known(op, cast.seeds)) for op in running.contract.operations}
    for pointer, values in _examples(running.contract, cast.seeds):
        _put_example(document, pointer, values[0])
    return Order(
        contract=document,
        base_url=running.base_url,
        headers=cast.a.sent if cast.a is not None else {},
        query=cast.a.query if cast.a is not None else {},
        max_examples=EXAMPLES[depth],
        request_seconds=REQUEST_SECONDS,
        dictionaries={symbol: ids for symbol, ids in known.items() if ids},
    )


def _known(operation: Operation, seeds: Seeds) -> Iterator[tuple[str, list[Any]]]:
    """Parameter -> ids that exist: A's, and one of B's, which A should be refused."""
    for parameter in operation.parameters_in("path"):
        ids = ids_for(operation, parameter, seeds)
        if ids:
            yield f"path.{parameter.name}", [*ids, *ids_for(operation, parameter, seeds, "b")[:1]]
    for name, table in _body_ids(operation, seeds):
        yield f"body.{name}", [*seeds.ids(table), *seeds.ids(table, "b")[:1]]


def _body_ids(operation: Operation, seeds: Seeds) -> Iterator[tuple[str, str]]:
    """Properties of the request that name rows, with the table: by its column's foreign key, else by name."""
    for media in operation.body.media if operation.body else ():
        if media.schema is None or not media.is_json:
            continue
        shape = shape_of(media.schema)
        for each in shape.properties:
            table = _points_to(shape.table, each.column or each.name, seeds)
            if table and seeds.ids(table):
                yield each.name, table


def _points_to(table: str | None, column: str, seeds: Seeds) -> str | None:
    """The table that a column points to."""
    found = seeds.table(table) if table else None
    for key in found.foreign_keys if found else ():
        if key.columns == (column,):
            return key.table
    if not column.endswith("_id"):
        return None
    bare = column.removesuffix("_id")
    return table_named(bare, seeds) or table_named(bare.rpartition("_")[2], seeds)


def _examples(contract: Contract, seeds: Seeds) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The place of each schema that holds a seeded id, and the ids; two in one body get different ones."""
    for operation in contract.operations:
        for parameter in operation.parameters_in("path"):
            ids = ids_for(operation, parameter, seeds)
            if ids and parameter.node.path == contract.path:
                yield parameter.node.tokens, ids
        used: dict[str, int] = {}
        for media in operation.body.media if operation.body else ():
            shape = shape_of(media.schema) if media.schema is not None and media.is_json else None
            names = dict(_body_ids(operation, seeds)) if shape else {}
            for each in shape.properties if shape else ():
                if each.name in names and each.node.path == contract.path:
                    ids = alike_ids(names[each.name], seeds)
                    turn = used.get(names[each.name], 0)
                    used[names[each.name]] = turn + 1
                    yield each.node.tokens, ids[turn % len(ids) :]


def _put_example(document: Any, tokens: tuple[str, ...], value: Any) -> None:
    """Give the parameter or schema at `tokens` an example, unless it has one or is a reference."""
    node = document
    for token in tokens:
        node = node.get(token) if isinstance(node, dict) else node[int(token)] if isinstance(node, list) else None
    if isinstance(node, dict) and not {"example", "examples", "$ref"} & set(node):
        node["example"] = value


async def run(order: Order, service: Process, bench: Bench, seconds: float) -> tuple[Result, tuple[Exchange, ...]]:
    """Run the fuzzer in a process and a folder of its own, until its end or the service's.

    Returns what it found (nothing, if the service ended first), and the first
    requests that got no answer. Raises TimeoutError and EngineFailed.
    """
    folder = _fresh(bench.scratch)
    (folder / "order.json").write_text(json.dumps(asdict(order)), encoding="utf-8")
    code = Path(evaluators.__file__).parent.parent
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "evaluators.service.engine", "order.json", "result.json"),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**_environment(folder), "PYTHONPATH": str(code)},
    )
    ending = asyncio.ensure_future(process.communicate())
    dying = asyncio.ensure_future(service.wait())
    try:
        done, _ = await asyncio.wait({ending, dying}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise TimeoutError
        if ending not in done:
            # What it cannot reach it would try for a long time; a moment is left to note what went unanswered.
            await asyncio.wait({ending}, timeout=GONE_SECONDS)
    finally:
        dying.cancel()
        if process.returncode is None:
            process.kill()
        _, said = await ending
    unanswered = _unanswered(folder)
    try:
        return read_result((folder / "result.json").read_text(encoding="utf-8")), unanswered
    except (OSError, ValueError, KeyError, TypeError) as error:
        if not service.alive:
            return Result(), unanswered
        last = said.decode(errors="replace").strip().split("\n")[-1][:300]
        raise EngineFailed(f"the fuzzer gave no result: {last}") from error


def _unanswered(folder: Path) -> tuple[Exchange, ...]:
    """The requests that the fuzzer noted as unanswered."""
    try:
        return read_unanswered((folder / "unanswered.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _environment(folder: Path) -> dict[str, str]:
    """No setting of the user's reaches the fuzzer, and what it writes goes with the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}


def _fresh(scratch: Path) -> Path:
    """A new folder below the bench's."""
    number = sum(1 for each in scratch.iterdir() if each.name.startswith("fuzz-"))
    folder = scratch / f"fuzz-{number}"
    folder.mkdir()
    return folder


async def _findings(running: Running, result: Result, unanswered: tuple[Exchange, ...]) -> list[Finding]:
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
    found = findings_of(seen, running.contract, code, draft, written)
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
