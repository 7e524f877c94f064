"""The stage `boot`: the service starts in the sandbox, answers, and serves the contract that was written."""

from __future__ import annotations

import asyncio
import secrets
import string
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from evaluators.bench import Bench
from evaluators.contract.document import Contract, contract_from, contract_of
from evaluators.contract.lint import findings_of
from evaluators.draft import Elsewhere, Role, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Reason, StageResult, judged
from evaluators.service.apps import App, find_app
from evaluators.service.bridge import Door, forward
from evaluators.service.client import ask
from evaluators.service.database import Database, NoDatabase
from evaluators.service.remote import FarProcess, Watched, rows_of
from evaluators.service.remote_hearsay import Hearsay
from evaluators.service.sandbox import Confined, Limits, Process, SandboxError, available, python_binds, start
from evaluators.service.served import compared, prefix_of
from evaluators.service.traces import canonical, traces
from evaluators.sql.live import loaded_database
from evaluators.stacks.drivers import driven
from evaluators.stacks.environment import Environment, NoEnvironment, environment_for
from evaluators.stacks.stack import Stack, stack_of

NAME = "boot"
PORT = 8000
"""The service's port on the sandbox's own loopback."""
PLANTED = "/etc/backwright-canary"
"""A file inside that no honest answer shows; its text is random for each pass."""
POLL_SECONDS = 0.03
ANSWER_BYTES = 8 << 20
"""The longest answer that is let through; no contract here means a longer one."""
FIRST_SECONDS = 20.0
"""What the first answer of a service that runs already may take."""
LOG_LINES = 12
"""Lines of a log in evidence."""
SECRET = object()


@dataclass
class Running:
    """A service that answers, kept on the bench under `Running`."""

    subject: Subject
    stack: Stack | None
    """None: the gate did not start it."""
    app: App
    process: Process
    door: Door
    database: Database
    secret: str = field(repr=False)
    """The value of JWT_SECRET: random for each pass, and in no evidence."""
    contract: Contract
    """The written one, else the one that is served."""
    served: Any = None
    """The served contract's JSON, or None where there is none."""
    sets_back: bool = True
    """Whether the gate may write to the rows and set them back."""
    hearsay: Hearsay | None = None
    """What answers tell of the rows, where nobody can look at them."""
    turn: int = 0
    """Goes into texts, so that what an earlier pass left is in nobody's way."""

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT` with the path that the contract's first server adds."""
        return self.door.base_url + prefix_of(self.contract)

    def log(self, since: int = 0) -> str:
        """The service's log from the mark `since` on, without the secret."""
        log = self.process.log(since)
        return log.replace(self.secret, "$JWT_SECRET") if log else log

    @contextmanager
    def judging(self) -> Iterator[None]:
        """While probes ask: what nobody can see raises Unseen, and is not taken for nothing."""
        held = [each for each in (self.process, self.hearsay) if isinstance(each, FarProcess | Hearsay)]
        for each in held:
            each.judging = True
        try:
            yield
        finally:
            for each in held:
                each.judging = False


class NotStarted(Exception):
    """The service cannot be started, for a reason that is not its fault."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def applies(subject: Subject) -> bool:
    """Whether the draft has code of a known stack, and an application in it; or the service runs already."""
    if subject.at is not None:
        return True
    if not subject.draft.having(Role.CODE):
        return False
    stack = stack_of(subject)
    if stack is None:
        return subject.stack is not None
    found = find_app(subject, stack)
    return isinstance(found, App) or found.rule != "application-missing" or NAME in subject.required


async def judge(subject: Subject, bench: Bench) -> StageResult:
    """Start the service, compare what it serves, and keep it running for the stages after."""
    if subject.at is not None:
        return await _elsewhere(subject, subject.at, bench)
    try:
        ready = await prepared(subject, bench)
    except NotStarted as error:
        return judged(NAME, [], unverified=error.reason, detail=error.detail)
    if isinstance(ready, Finding):
        return judged(NAME, [ready])
    process = await bench.enter(start(ready.confined))
    door = await bench.enter(forward(process, answer_bytes=ANSWER_BYTES))
    fault = await _answers(ready, process, door)
    if fault is not None:
        return judged(NAME, [fault], detail="the service does not start")
    running = await _kept(ready, process, door, bench)
    written = subject.fact(contract_of)
    findings, missing = compared(written, running.served, ready.stack.service.health)
    if written.root is None and running.served is not None:
        # A served contract without a written one is judged just so.
        told, crashed = findings_of(running.contract)
        findings += told
        missing += [NotChecked(f"rule {each.split(':')[0]}", "it crashed") for each in crashed]
    if subject.required and not subject.required & {"probes", "fuzz"}:
        findings += await stops(running)
    return judged(NAME, findings, detail=f"{ready.app.target} answers", not_checked=missing)


async def _elsewhere(subject: Subject, at: Elsewhere, bench: Bench) -> StageResult:
    """Ask whether the service that runs already answers, and keep it for the stages after."""
    contract = subject.fact(contract_of)
    if not contract.operations:
        return judged(NAME, [], unverified=Reason.NO_CONTRACT, detail="the contract has no operation")
    answer = await ask(at.url, "GET", prefix_of(contract) + plain_paths(contract, "/")[0], seconds=FIRST_SECONDS)
    if not answer.status:
        return judged(NAME, [], unverified=Reason.EARLIER_STAGE_FAILED, detail=f"{at.url} does not answer")
    try:
        database = await bench.enter(rows_of(at))
    except NoDatabase as error:
        return judged(NAME, [], unverified=Reason.NO_DATABASE, detail=str(error))
    hearsay = database.hearsay if isinstance(database, Watched) else None
    app = App(at.url, "", contract.root.at if contract.root is not None else Location(contract.path))
    running = Running(
        subject, None, app, FarProcess(at.url), Door(at.url), database, secrets.token_hex(32), contract,
        sets_back=at.reset, hearsay=hearsay, turn=100 * (1 + secrets.randbelow(9999)),
    )  # fmt: skip
    bench.keep(Running, running)
    allowed = f", allowed by {at.allowed_by}" if at.allowed_by else ""
    return judged(NAME, [], detail=f"{at.url} answers{allowed}")


def plain_paths(contract: Contract, otherwise: str) -> list[str]:
    """The declared paths that a GET reads and that have no parameter, else this one."""
    return [op.path for op in contract.operations if op.method == "GET" and "{" not in op.path] or [otherwise]


@dataclass(frozen=True)
class Prepared:
    """All that is needed to start a service; `confined` may be started more than once."""

    subject: Subject
    stack: Stack
    app: App
    environment: Environment
    database: Database
    secret: str = field(repr=False)
    confined: Confined


async def prepared(subject: Subject, bench: Bench) -> Prepared | Finding:
    """Find the application, its packages and its database. Raises NotStarted."""
    stack = stack_of(subject)
    if stack is None:
        raise NotStarted(Reason.NO_STACK, f"nothing is known of the stack {subject.stack or 'of this code'}")
    app = find_app(subject, stack)
    if isinstance(app, Finding):
        return app
    why = available()
    if why is not None:
        raise NotStarted(Reason.NO_SANDBOX, why)
    try:
        environment = await environment_for(subject, stack)
        database = await loaded_database(subject, bench)
    except NoEnvironment as error:
        raise NotStarted(Reason.NO_ENVIRONMENT, f"{error.why}: {error.command}") from error
    except NoDatabase as error:
        raise NotStarted(Reason.NO_DATABASE, str(error)) from error
    except SandboxError as error:
        raise NotStarted(Reason.NO_SANDBOX, str(error)) from error
    secret = bench.kept(SECRET) or secrets.token_hex(32)
    bench.keep(SECRET, secret)
    confined = confine(subject, stack, app, environment, database, secret)
    return Prepared(subject, stack, app, environment, database, secret, confined)


def confine(
    subject: Subject, stack: Stack, app: App, environment: Environment, database: Database, secret: str
) -> Confined:
    """The service as a program in the sandbox."""
    own_folder = subject.root if not subject.hostile else None
    files: dict[str, str | bytes] = {} if own_folder else {each.path: each.text for each in subject.draft}
    return Confined(
        argv=stack.command(str(environment.python), app.target, PORT),
        env=variables(subject, stack, database, secret),
        binds=(*python_binds(environment.python), *database.binds),
        files=files,
        folder=own_folder,
        limits=Limits(seconds=1800.0, cpu=1200),
        serves=PORT,
        reaches=database.reaches,
        workdir=f"/app/{app.folder}" if app.folder else "/app",
        planted={PLANTED: f"backwright-canary {secrets.token_hex(16)}\n"},
        canary=True,
    )


def variables(subject: Subject, stack: Stack, database: Database, secret: str) -> dict[str, str]:
    """The service's environment: the stack's three, and what `service.env.NAME` maps.

    A mapped value may use the three: `service.env.DB_URL = $DATABASE_URL`.
    """
    names = stack.service.environment
    given = {names.database: driven(database.service_url, subject, stack), names.secret: secret, names.port: str(PORT)}
    mapped = {
        name.removeprefix("service.env."): string.Template(value).safe_substitute(given)
        for name, value in subject.options
        if name.startswith("service.env.")
    }
    fixed = {
        "HOME": "/tmp",  # noqa: S108 - the sandbox's own
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
    }
    return {**fixed, **given, **mapped}


async def _answers(ready: Prepared, process: Process, door: Door) -> Finding | None:
    """Wait for the first answer of any kind. None, or the finding that says why there was none."""
    bound = float(ready.subject.option("service.starts-within") or ready.stack.service.starts_within)
    target = _first_target(ready)
    until = asyncio.get_running_loop().time() + bound
    while (left := until - asyncio.get_running_loop().time()) > 0:
        if not process.alive:
            return crash(ready, process)
        answer = await ask(door.base_url, "GET", target, seconds=left)
        if answer.status:
            return None
        await asyncio.sleep(POLL_SECONDS)
    return _hung(ready, process, bound)


def _first_target(ready: Prepared) -> str:
    """A declared path without parameters, the health route first."""
    contract = ready.subject.fact(contract_of)
    plain = plain_paths(contract, ready.stack.service.contract)
    healthy = [path for path in ready.stack.service.health if path in plain]
    return (healthy + plain)[0]


def crash(ready: Prepared, process: Process) -> Finding:
    """The service ended instead of answering: its last traceback, told by its own lines."""
    log = process.log().replace(ready.secret, "$JWT_SECRET")
    found = traces(log, ready.subject.draft, ready.app.folder)
    own = [trace for trace in found if trace.frames] or list(found)
    if not own:
        why = f"was ended ({process.killed})" if process.killed else f"ended with code {process.returncode}"
        message = f"The service {why} instead of answering."
        return _boot_failed(ready, ready.app.at, message, _tail(log))
    last = own[-1]
    first_line = last.message.split("\n", 1)[0]
    said = f"{last.error}: {first_line}" if first_line else last.error
    message = f"The service does not start: {said}"
    return _boot_failed(ready, last.at or ready.app.at, message, last.told(ready.subject.draft))


def _hung(ready: Prepared, process: Process, bound: float) -> Finding:
    log = process.log().replace(ready.secret, "$JWT_SECRET")
    message = f"The service gives no answer within {bound:g} s of its start."
    hint = f"Listen on $PORT at once, and do slow work after the start; started by {ready.app.target}."
    return _boot_failed(ready, ready.app.at, message, _tail(log), rule="boot-without-answer", hint=hint)


def _boot_failed(
    ready: Prepared, at: Location, message: str, evidence: str, *, rule: str = "boot-failed", hint: str = ""
) -> Finding:
    command = " ".join(ready.stack.command("python", ready.app.target, PORT))
    return Finding(rule, Severity.ERROR, at, ready.app.target, message, evidence, command, hint)


def _tail(log: str) -> str:
    """The last lines of a log, canonical."""
    lines = [line.rstrip() for line in canonical(log).split("\n") if line.strip()]
    kept = [line for line in lines if "process [" not in line][-LOG_LINES:]
    return "\n".join(line[:200] for line in kept)


async def _kept(ready: Prepared, process: Process, door: Door, bench: Bench) -> Running:
    """Read the served contract and keep the service on the bench."""
    written = ready.subject.fact(contract_of)
    answer = await ask(door.base_url, "GET", ready.stack.service.contract, seconds=20)
    served = answer.json() if answer.status == 200 else None
    served = served if isinstance(served, dict) and "paths" in served else None
    contract = written if written.root is not None else contract_from(served) if served is not None else written
    running = Running(
        ready.subject, ready.stack, ready.app, process, door, ready.database, ready.secret, contract, served
    )
    bench.keep(Running, running)
    return running


def left_running(name: str, bench: Bench) -> Running | StageResult:
    """The service that `boot` left running, or the result of the stage `name`, which has nothing to stand on."""
    running = bench.kept(Running)
    if not isinstance(running, Running):
        return judged(name, [], unverified=Reason.EARLIER_STAGE_FAILED, detail="the service does not run")
    if not running.contract.operations:
        return judged(name, [], unverified=Reason.NO_CONTRACT, detail="neither written nor served")
    return running


async def stops(running: Running) -> list[Finding]:
    """End the service by SIGTERM; one that does not go within the stack's bound gives a warning."""
    if running.stack is None:
        return []
    bound = running.stack.service.stops_within
    died = not running.process.alive
    await running.process.stop(grace=bound)
    if died or running.process.returncode != -9 or running.process.killed:
        return []
    return [
        Finding(
            rule="sigterm-ignored",
            severity=Severity.WARNING,
            location=running.app.at,
            symbol=running.app.target,
            message=f"The service does not end within {bound:g} s of SIGTERM.",
            hint="End background work and close connections in the lifespan's shutdown.",
        )
    ]


@asynccontextmanager
async def another(subject: Subject, bench: Bench) -> AsyncIterator[tuple[Process, Door] | Finding]:
    """A second instance of the service, for stages that want one of their own. Raises NotStarted."""
    ready = await prepared(subject, bench)
    if isinstance(ready, Finding):
        yield ready
        return
    async with start(ready.confined) as process, forward(process) as door:
        fault = await _answers(ready, process, door)
        yield fault if fault is not None else (process, door)
