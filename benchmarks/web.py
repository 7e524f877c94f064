"""The pages with 10,000 runs stored, and 200 watchers of 20 live runs: `python -m benchmarks.web`.

One process serves; this one tells the events into the history, holds every watcher's
connection and reads it. An event's delay is from its commit to its arrival. What a
watcher has at the end must be what was told, in order, each piece once.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import multiprocessing
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from ulid import ULID

from assistant.event_records import as_record
from assistant.events import Asked, Finished, Judged, Outcome, Read, StageDone, Streamed, TurnStarted
from assistant.journal import Journal
from assistant.journal_records import RunState
from assistant.journal_schema import RUNS
from assistant.prompt import Message, Prompt
from assistant.settings import load
from evaluators.draft import Draft
from evaluators.finding import Finding, Location, Severity
from evaluators.report import Report, Stage, StageResult, State
from web.limits import Rate

RUNS_STORED = 10_000
LIVE = 20
WATCHERS = 200
PIECES = 60
"""Pieces of an answer that each live run streams."""
PAUSE = 0.15
"""Seconds between two pieces of one run, as the history keeps them."""
REQUESTS = 40
"""Requests a page."""

DELAY_BOUND, PAGE_BOUND = 0.250, 0.050
"""What the p95 should be under, in seconds."""


def serve(url: str, port: int) -> None:
    """The pages in a process of their own."""
    import uvicorn

    from web.app import create_app, opened

    with opened(load({"journal_url": url}, environ={})) as site:
        uvicorn.run(create_app(site), port=port, log_level="warning", backlog=512)


@contextlib.contextmanager
def server(url: str) -> Iterator[tuple[int, int]]:
    """A server over the history at `url`; its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(url, port), daemon=True)
    process.start()
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port, process.pid or 0
    finally:
        process.terminate()
        process.join(10)


def fill(journal: Journal) -> str:
    """Store many runs, and one with a draft and a report; that one's id."""
    rows = []
    for number in range(RUNS_STORED):
        at = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T10:00:00.000Z"
        row = {"id": str(ULID()), "created": at, "updated": at, "state": ("passed", "failed", "unverified")[number % 3]}
        row |= {"detail": "", "sentence": f"Write FastAPI code for shop number {number} with JWT and PostgreSQL"}
        row |= {"brief": "{}", "recipe": ("service", "crud")[number % 2], "project": "", "options": "{}"}
        row |= {"owner": f"person{number % 7}", "kind": "write", "dispatched": 0}
        rows.append(row)
    with journal._writing() as connection:
        connection.execute(sa.insert(RUNS), rows)
    record = journal.begin("Write FastAPI code for the run that is opened", brief={}, recipe="service")
    corpus = Path("tests/corpus/projects/shop/good")
    names = [path for path in sorted(corpus.rglob("*")) if path.suffix in (".py", ".sql", ".yaml", ".md")]
    files = {path.relative_to(corpus).as_posix(): path.read_text(encoding="utf-8") for path in names[:60]}
    draft = Draft.of(files)
    found = tuple(
        Finding(
            f"rule-{n}", Severity.WARNING, Location("schema.sql", n + 1), f"s{n}", "Something is odd.", "line 1\nline 2"
        )
        for n in range(40)
    )
    stages = tuple(
        Stage(name, State.PASSED, None, "done", 1.0) for name in ("answer", "sql", "contract", "code", "fuzz")
    )
    report = Report(stages, found)
    asked = Asked(Prompt((Message("user", "x" * 30_000),), turn="code"), "double")
    events = [TurnStarted("code", 1, 1), asked, Read(draft, tuple(files))]
    events += [*(StageDone(StageResult(stage)) for stage in stages), Judged("code", 0, report, True)]
    told = [as_record(event) for event in events]
    told.append(as_record(Finished(Outcome.PASSED, draft, report, "passed")))
    told[-1][1]["evidence"] = {"verdict": "passed", "files": {}}
    journal.tell(record.id, 1, told, state=RunState.PASSED)
    return record.id


def pages(port: int, process: int, run: str) -> float:
    """Print each page's times, and what the server's processor was busy for; the worst p95 in seconds."""
    paths = [
        "/runs",
        "/runs?q=shop+number+77",
        "/runs?state=failed&recipe=crud",
        "/runs?owner=person3&since=2026-05-01",
    ]
    paths += [f"/runs/{run}{tab}" for tab in ("", "/files?path=schema.sql", "/design", "/contract", "/report", "/take")]
    title = f"page, with {RUNS_STORED:,} runs stored"
    print(f"{title:<48}{'p50 ms':>8}{'p95 ms':>8}{'cpu ms':>8}{'kB':>7}")
    worst = 0.0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in paths:
        taken = []
        busy = 0.0
        for number in range(REQUESTS + 3):
            if number == 3:
                busy = processor(process)
            began = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
            if number >= 3:
                taken.append(time.perf_counter() - began)
        busy = (processor(process) - busy) / REQUESTS
        p95 = statistics.quantiles(taken, n=20)[-1]
        worst = max(worst, p95)
        shown = path.replace(run, "ID")
        times = "".join(f"{each * 1000:>8.1f}" for each in (statistics.median(taken), p95, busy))
        print(f"{shown:<48}{times}{len(body) / 1024:>7.0f}")
    return worst


def processor(process: int) -> float:
    """Seconds that a process has used so far, its own and the system's for it."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Watched:
    """What one watcher got."""

    run: str
    text: str = ""
    steps: dict[str, str] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    ended: bool = False


async def watch(port: int, seen: Watched, committed: dict[tuple[str, int], float]) -> None:
    """Read one stream to its end, as a browser does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    head = f"GET /runs/{seen.run}/events?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    writer.write(head.encode())
    answered = await reader.readline()
    if b" 200 " not in answered:
        raise RuntimeError(f"run {seen.run}: {answered.decode().strip()}")
    event = ""
    while not seen.ended:
        line = await reader.readline()
        if not line:
            break
        if line.startswith(b"event: "):
            event = line[7:].strip().decode()
        elif line.startswith(b"data: "):
            arrived = time.perf_counter()
            data = json.loads(line[6:])
            if event == "text":
                new = data["text"] if not data["fresh"] else data["text"][len(seen.text) :]
                seen.text = data["text"] if data["fresh"] else seen.text + data["text"]
                for number in new.split(";")[:-1]:
                    at = committed.get((seen.run, int(number)))
                    # Without a time, the piece came before its commit had returned to us.
                    seen.delays.append(max(0.0, arrived - at) if at is not None else 0.0)
            elif event == "put":
                seen.steps[data["id"]] = data["html"]
            elif event == "end":
                seen.ended = True
    writer.close()


async def tell(
    journal: Journal, run: str, committed: dict[tuple[str, int], float], start: float, one: asyncio.Lock
) -> None:
    """One live run: it streams, is read, judged and ends. SQLite has one writer, so they take turns."""

    async def keep(*given: object, **more: object) -> None:
        async with one:
            await asyncio.to_thread(*given, **more)  # type: ignore[arg-type]

    await asyncio.sleep(start)
    await keep(journal.tell, run, 1, [as_record(Asked(Prompt((Message("user", "x"),), turn="code"), "double"))])
    for number in range(PIECES):
        await keep(journal.tell, run, 1, [as_record(Streamed(f"{number};", number == 0))])
        committed[run, number] = time.perf_counter()
        await asyncio.sleep(PAUSE)
    # The answer replaces its pieces; watchers must have had them by then to be compared.
    await asyncio.sleep(2)
    draft = Draft.of({"a.py": "x = 1\n"})
    stage = Stage("answer", State.PASSED, None, "1 file")
    report = Report((stage,))
    told = [Read(draft, ("a.py",)), StageDone(StageResult(stage)), Judged("code", 0, report, True)]
    await keep(journal.tell, run, 1, [as_record(event) for event in told])
    end = as_record(Finished(Outcome.PASSED, draft, report, "passed"))
    await keep(journal.tell, run, 1, [end], state=RunState.PASSED)


async def live(port: int, journal: Journal) -> tuple[float, int]:
    """Print the delays; their p95 in seconds, and how many watchers lost or doubled something."""
    runs = [journal.begin(f"Live run {n}", brief={}, recipe="service").id for n in range(LIVE)]
    committed: dict[tuple[str, int], float] = {}
    watchers = [Watched(runs[n % LIVE]) for n in range(WATCHERS)]
    watching = [asyncio.create_task(watch(port, each, committed)) for each in watchers]
    await asyncio.sleep(3)
    one = asyncio.Lock()
    telling = [tell(journal, run, committed, n * PAUSE / LIVE, one) for n, run in enumerate(runs)]
    await asyncio.gather(*telling)
    await asyncio.wait_for(asyncio.gather(*watching), 60)
    whole = "".join(f"{number};" for number in range(PIECES))
    wrong = sum(each.text != whole or len(each.steps) != 3 or not each.ended for each in watchers)
    delays = sorted(delay for each in watchers for delay in each.delays)
    cut = statistics.quantiles(delays, n=100)
    print(f"{len(watchers)} watchers of {LIVE} live runs on one process, {len(delays):,} deliveries: ", end="")
    print(f"p50 {cut[49] * 1000:.0f} ms, p95 {cut[94] * 1000:.0f} ms, p99 {cut[98] * 1000:.0f} ms, ", end="")
    print(f"worst {delays[-1] * 1000:.0f} ms; {wrong} watchers lost or doubled an event")
    return cut[94], wrong


def main() -> None:
    """Print the figures; exit 1 where an event was lost or doubled."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/history.sqlite"
        with Journal.open(url) as journal:
            run = fill(journal)
            with server(url) as (port, process):
                worst = pages(port, process, run)
                # One address asked for all pages; the watchers come from the same one, and the site limits it.
                rate = Rate()
                time.sleep(rate.burst / rate.per_second)
                delay, wrong = asyncio.run(live(port, journal))
    print(f"page p95 at most {worst * 1000:.0f} ms (aim {PAGE_BOUND * 1000:.0f}), ", end="")
    print(f"event delay p95 {delay * 1000:.0f} ms (aim {DELAY_BOUND * 1000:.0f})")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
