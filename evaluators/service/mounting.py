"""A dependency or a middleware that checks bearer tokens, mounted and asked over HTTP from outside.

Rules: `part-fails-to-start`, `valid-token-refused`, `identity-not-visible`,
`invalid-token-accepted`, `refusal-status-wrong`, `refusal-without-challenge`, `part-crashes`.
"""

from __future__ import annotations

import asyncio
import http.client
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import jwt

from evaluators.code.canonical import canonical
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import Reason
from evaluators.service import harness, sandbox
from evaluators.service.bridge import forward
from evaluators.service.sandbox import Process
from evaluators.service.testrun import SECRET, Room

STARTS_WITHIN = 20.0
"""Seconds to the first answer."""
ANSWERS_WITHIN = 5.0
"""Seconds for each answer."""
PORT = 8000
USER = "4711"
"""The subject of good tokens."""
_FOREIGN = "a-secret-that-the-service-was-never-told-0123456789"
_HARNESS = "backwright_mounted"


@dataclass(frozen=True)
class Mounted:
    """What was seen; `reason` is set where nothing could be."""

    findings: tuple[Finding, ...] = ()
    sent: int = 0
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True)
class Case:
    """One request: its Authorization header (None: without one), and whether it is to be let in."""

    name: str
    header: Callable[[], bytes | None]
    good: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    challenge: str
    body: str


def token(secret: str = SECRET, algorithm: str = "HS256", **changes: object) -> str:
    """A signed token of the gate's user; a claim changed to None is left out."""
    now = int(time.time())
    claims = {"sub": USER, "iat": now, "exp": now + 600, "jti": "1", **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, "" if algorithm == "none" else secret, algorithm=algorithm)


def _bearer(make: Callable[[], str], scheme: str = "Bearer") -> Callable[[], bytes | None]:
    """A header's maker."""
    return lambda: f"{scheme} {make()}".encode()


CASES: tuple[Case, ...] = (
    Case("a valid token", _bearer(token), good=True),
    Case("no Authorization header", lambda: None),
    Case("an empty header", lambda: b""),
    Case("the scheme without a token", lambda: b"Bearer"),
    Case("another scheme", _bearer(token, "Basic")),
    Case("a text that is no token", lambda: b"Bearer nonsense"),
    Case("three parts that are no token", lambda: b"Bearer a.b.c"),
    Case("an expired token", _bearer(lambda: token(iat=1_000_000_000, exp=1_000_000_600))),
    Case("a token signed with another secret", _bearer(lambda: token(_FOREIGN))),
    Case("a token with alg none", _bearer(lambda: token(algorithm="none"))),
    Case("a token whose claims were changed", _bearer(lambda: _forged())),
    Case("a token without exp", _bearer(lambda: token(exp=None))),
    Case("a token without sub", _bearer(lambda: token(sub=None))),
    Case("bytes that are no ASCII", lambda: b"Bearer \xff\xfe\xe9"),
    Case("a header of 8 kB", lambda: b"Bearer " + b"x" * 8000),
)


def _forged() -> str:
    """A good token's signature under another user's claims."""
    head, _, signature = token().split(".")
    return f"{head}.{token(sub='1').split('.')[1]}.{signature}"


async def exercise(subject: Subject, room: Room) -> Mounted:
    """Mount the subject's part and send every case. Raises SandboxError."""
    module, symbol = subject.option("part.module"), subject.option("part.symbol")
    files = {
        **{artifact.path: artifact.text for artifact in subject.draft},
        f"{_HARNESS}.py": harness.source("mounted"),
    }
    argv = (
        "-m",
        "uvicorn",
        f"{_HARNESS}:app",
        "--host",
        "127.0.0.1",
        "--port",
        str(PORT),
        "--no-use-colors",
        "--no-access-log",
    )
    confined = replace(
        room.confined(argv, files, 120.0),
        env={**room.env, "PART_MODULE": module, "PART_SYMBOL": symbol},
        serves=PORT,
    )
    place = Location(module.replace(".", "/") + ".py")
    if subject.draft.get(place.path) is None:
        place = Location(f"src/{place.path}")
    async with sandbox.start(confined) as process, forward(process) as door:
        if not await _ready(process, door.base_url):
            return _not_started(process, place, f"{module}.{symbol}")
        found: list[Finding] = []
        for case in CASES:
            since = process.mark()
            answer = await asyncio.to_thread(_ask, door.base_url, "/protected", case.header())
            log = await _trace(process, since) if answer.status == 0 or answer.status >= 500 else ""
            found.extend(_judge(case, answer, place, log))
        return Mounted(tuple(found), len(CASES))


async def _ready(process: Process, base_url: str) -> bool:
    """Wait for the first answer."""
    deadline = time.monotonic() + STARTS_WITHIN
    while process.alive and time.monotonic() < deadline:
        if (await asyncio.to_thread(_ask, base_url, "/open", None)).status == 200:
            return True
        await asyncio.sleep(0.05)
    return False


async def _trace(process: Process, since: int) -> str:
    """The log of one failed request; the server writes it after it has answered."""
    for _ in range(40):
        log = process.log(since)
        lines = log.strip().splitlines()
        if not process.alive or (
            lines and re.match(r"[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt|Warning)\b", lines[-1])
        ):
            return log
        await asyncio.sleep(0.05)
    return process.log(since)


def _not_started(process: Process, place: Location, symbol: str) -> Mounted:
    """The finding of a part that cannot be mounted; `unverified` where it is only slow."""
    if process.alive:
        return Mounted(reason=Reason.TIME_BOUND, detail=f"no answer within {STARTS_WITHIN:.0f} seconds")
    finding = Finding(
        "part-fails-to-start",
        Severity.ERROR,
        place,
        symbol,
        f"An application that mounts `{symbol}` does not start.",
        _last_error(process.log()),
    )
    return Mounted((finding,))


def _last_error(log: str) -> str:
    """The last traceback of a log: its frames in the draft's own files and its error, canonical."""
    _, _, trace = log.rpartition("Traceback (most recent call last)")
    lines = trace.strip().splitlines()
    own: list[str] = []
    for number, line in enumerate(lines[:-1]):
        found = re.match(r'\s+File "/app/([^"]+)", line (\d+)', line)
        if found and not found.group(1).startswith(_HARNESS):
            own.append(f"{found.group(1)}:{found.group(2)}: {lines[number + 1].strip()}")
    error = next((line for line in reversed(lines) if line and not line[0].isspace()), "")
    return canonical("\n".join([*own[-3:], error]), 1000)


def _ask(base_url: str, path: str, header: bytes | None) -> Answer:
    """Send one request; never raises for what the other side does."""
    where = urlsplit(base_url)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=ANSWERS_WITHIN)
    try:
        connection.putrequest("GET", path)
        if header is not None:
            connection.putheader("Authorization", header)
        connection.endheaders()
        got = connection.getresponse()
        body = got.read(65536).decode(errors="replace")
        return Answer(got.status, got.getheader("WWW-Authenticate") or "", body)
    except (OSError, http.client.HTTPException):
        return Answer(0, "", "")
    finally:
        connection.close()


def _judge(case: Case, answer: Answer, place: Location, log: str) -> list[Finding]:
    """What is wrong with an answer."""
    if answer.status == 0 or answer.status >= 500:
        got = "no answer" if answer.status == 0 else f"{answer.status}"
        return [_finding("part-crashes", case, place, f"{case.name} gives {got}.", _last_error(log))]
    if case.good:
        return _judge_good(case, answer, place)
    if answer.status < 400:
        return [
            _finding("invalid-token-accepted", case, place, f"{case.name} is let in.", f"{answer.status}, expected 401")
        ]
    found = []
    if answer.status != 401:
        found.append(_finding("refusal-status-wrong", case, place, f"{case.name} gives {answer.status}, expected 401."))
    elif "bearer" not in answer.challenge.lower():
        message = f"The 401 for {case.name} has no WWW-Authenticate: Bearer."
        found.append(_finding("refusal-without-challenge", replace(case, name="401"), place, message))
    return found


def _judge_good(case: Case, answer: Answer, place: Location) -> list[Finding]:
    """What is wrong with the answer to a valid token."""
    if answer.status != 200:
        shown = canonical(answer.body, 200)
        return [
            _finding("valid-token-refused", case, place, f"{case.name} gives {answer.status}, expected 200.", shown)
        ]
    if USER not in answer.body:
        message = "The route behind does not see the token's subject."
        return [_finding("identity-not-visible", case, place, message, canonical(answer.body, 200))]
    return []


def _finding(rule: str, case: Case, place: Location, message: str, evidence: str = "") -> Finding:
    """A finding about one case."""
    shown = "$TOKEN" if case.good else f"<{case.name}>"
    return Finding(
        rule,
        Severity.ERROR,
        place,
        case.name,
        message[0].upper() + message[1:],
        evidence,
        reproduce=f"curl -i -H 'Authorization: Bearer {shown}' $BASE_URL/protected",
    )
