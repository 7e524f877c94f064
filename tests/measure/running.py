"""One service under the whole gate, and its findings shown again by their own shell lines."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluators.probes.preparing import CLIENTS
from evaluators.probes.proof import variables
from evaluators.service.oracle import changes
from evaluators.service.postgresql import PostgresDatabase
from tests.measure.corpus import ROOT, CorpusError

if TYPE_CHECKING:
    from evaluators.bench import Bench
    from evaluators.finding import Finding
    from evaluators.probes.world import World
    from evaluators.service.boot import Running

WHOLE = frozenset({"sql", "migrations", "database", "contract", "cross", "code", "queries", "boot", "probes", "fuzz"})
FUZZ = frozenset({"database", "boot", "fuzz"})
CLIENT = """#!{python}
import socket, sys
with socket.socket(socket.AF_UNIX) as end:
    end.connect("database")
    end.sendall(sys.stdin.buffer.read())
    end.shutdown(socket.SHUT_WR)
    said = end.makefile().read()
if said != "done":
    sys.exit(said)
"""
"""Stands for a database's client."""
SECONDS = 420.0
"""What one run may take; one that takes longer is told as such."""
CURLRC = 'write-out = "%{stderr}-> %{http_code}\\n"\nmax-time = 20\n'
"""Each curl says its status where it does not mix with an answer."""
KEPT = ROOT / ".measure"
"""Results of earlier runs, by a hash of what was judged and of the gate itself."""


@dataclass(frozen=True)
class Told:
    """A finding of a run."""

    stage: str
    rule: str
    severity: str
    symbol: str
    message: str
    path: str
    line: int
    places: tuple[tuple[str, str], ...] = ()
    """(symbol, path) of further places."""
    evidence: str = ""
    reproduce: str = ""

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """(rule, symbol) of everything it says."""
        return frozenset({(self.rule, self.symbol), *((self.rule, symbol) for symbol, _ in self.places if symbol)})


@dataclass
class Run:
    """What the gate said about one folder."""

    states: dict[str, str] = field(default_factory=dict)
    """Stage -> `passed`, `failed`, or `unverified (reason: detail)`."""
    told: list[Told] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    """Stage -> its time."""
    detail: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    """Why there is no run: it took too long, or the gate broke."""

    @property
    def whole(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())


def run(folder: Path, stages: frozenset[str]) -> Run:
    """Judge a folder by these stages; an earlier result of the same folder and gate is taken again."""
    kept = KEPT / f"{_key(folder, stages)}.json"
    if kept.exists():
        return _read(json.loads(kept.read_text(encoding="utf-8")))
    try:
        done = asyncio.run(asyncio.wait_for(_judged(folder, stages), SECONDS))
    except TimeoutError:
        return Run(fault=f"more than {SECONDS:g} s")
    except Exception as error:
        return Run(fault=f"{type(error).__name__}: {error}")
    KEPT.mkdir(exist_ok=True)
    kept.write_text(json.dumps(asdict(done)), encoding="utf-8")
    return done


def _read(value: dict[str, Any]) -> Run:
    return Run(told=[_told(each) for each in value.pop("told")], **value)


def _told(value: dict[str, Any]) -> Told:
    return Told(**{**value, "places": tuple(tuple(place) for place in value["places"])})


async def _judged(folder: Path, stages: frozenset[str]) -> Run:
    """One pass of the gate."""
    from assistant.checking import Asked, case_of
    from evaluators.finding import SEVERAL
    from evaluators.gate import Gate
    from evaluators.report import Report, StageResult

    case = case_of([folder], Asked(root=folder))
    done = Run()
    by_stage: dict[tuple[str, str], str] = {}
    async with aclosing(Gate(stages, case.terms).judge(case.found.subject, case.before)) as stream:
        async for event in stream:
            if isinstance(event, StageResult):
                stage = event.stage
                reason = f" ({stage.reason}: {stage.detail})" if stage.reason else ""
                done.states[stage.name] = f"{stage.state}{reason}"
                done.seconds[stage.name] = stage.seconds
                done.detail[stage.name] = stage.detail
                by_stage |= {(each.rule, each.symbol): stage.name for each in event.findings}
            elif isinstance(event, Report):
                done.not_checked = [
                    f"{each.what}: {each.why}" for each in event.not_checked if "stage " not in each.what
                ]
                for each in event.findings:
                    first = each.location.symbol if each.symbol == SEVERAL else each.symbol
                    done.told.append(said(by_stage.get((each.rule, first), ""), each, first))
    return done


def said(stage: str, each: Finding, symbol: str) -> Told:
    """A finding as the measure keeps it."""
    places = tuple((place.symbol, place.path) for place in (each.location, *each.places) if place.symbol)
    return Told(stage, each.rule, each.severity.value, symbol, each.message, each.location.path, each.location.line,
                places, each.evidence, each.reproduce)  # fmt: skip


_GATE: list[str] = []


def _key(folder: Path, stages: frozenset[str]) -> str:
    """A hash of the folder, of the stages and of the gate's own source."""
    if not _GATE:
        whole = hashlib.sha256()
        for path in sorted((ROOT / "evaluators").rglob("*")):
            if path.suffix in (".py", ".toml", ".sql", ".lock", ".json") and "__pycache__" not in path.parts:
                whole.update(path.read_bytes())
        _GATE.append(whole.hexdigest())
    return hashed(folder, _GATE[0] + ",".join(sorted(stages)))[:24]


def hashed(folder: Path, before: str, after: bytes = b"") -> str:
    """A hash of the files of a folder, and of what else something follows from."""
    text = hashlib.sha256(before.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            text.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    text.update(after)
    return text.hexdigest()


@dataclass(frozen=True)
class Again:
    """Whether a finding's own lines showed it again, and what was seen instead where they did not."""

    rule: str
    symbol: str
    shown: bool
    seen: str = ""


@dataclass
class Probed:
    """What some probes said about one folder, and what their shell lines showed afterwards."""

    told: list[Told] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    fault: str = ""
    """Why nothing was said: it does not boot, it took too long, a probe crashed."""


def probed(folder: Path, rules: frozenset[str], known: frozenset[tuple[str, str]], replay: bool) -> Probed:
    """Boot a service and run these probes alone; with `replay` the lines of the first two findings that are new."""
    kept = KEPT / f"{_key(folder, rules | {f'replay {replay}'})}.json"
    if kept.exists():
        value = json.loads(kept.read_text(encoding="utf-8"))
        return Probed([_told(each) for each in value["told"]], [Again(**each) for each in value["again"]])
    try:
        done = asyncio.run(asyncio.wait_for(_probed(folder, rules, known, replay), SECONDS))
    except TimeoutError:
        return Probed(fault=f"more than {SECONDS:g} s")
    except CorpusError as error:
        return Probed(fault=str(error))
    except Exception as error:
        return Probed(fault=f"{type(error).__name__}: {error}")
    if not done.fault:
        KEPT.mkdir(exist_ok=True)
        kept.write_text(json.dumps(asdict(done)), encoding="utf-8")
    return done


@asynccontextmanager
async def booted(folder: Path) -> AsyncIterator[tuple[Running, Bench]]:
    """The service of a folder, running. Raises CorpusError where it does not boot."""
    from assistant.checking import Asked, case_of
    from evaluators.bench import Bench
    from evaluators.service import boot

    subject = case_of([folder], Asked(root=folder)).found.subject
    async with Bench() as bench:
        said = (await boot.judge(subject, bench)).stage
        running = bench.kept(boot.Running)
        if not isinstance(running, boot.Running):
            raise CorpusError(f"it does not boot: {said.detail or said.reason}")
        yield running, bench


async def _probed(folder: Path, rules: frozenset[str], known: frozenset[tuple[str, str]], replay: bool) -> Probed:
    from evaluators.probes import stage
    from evaluators.probes.rehearsal import rehearsed_world

    async with booted(folder) as (running, bench), rehearsed_world(running, bench) as world:
        result = await stage.probed(world, rules)
        told = [said(stage.NAME, each, each.symbol) for each in result.findings]
        new = [each for each in told if each.reproduce and not each.marks <= known]
        again = [await shown_again(world, each) for each in new[:2]] if replay else []
        crashed = [each.what for each in result.not_checked if each.what.startswith("probe ")]
        return Probed(told, again, "; ".join(crashed) and f"crashed: {'; '.join(crashed)}")


async def shown_again(world: World, told: Told) -> Again:
    """Run the shell lines of a finding from the sealed rows; the database's client is the gate's own connection."""
    await world.fresh()
    with tempfile.TemporaryDirectory() as home:
        async with _clients(world, Path(home)):
            statuses, seen = await _shell(told.reproduce, Path(home), variables(world))
    moved = changes(world.sealed, await world.watch.seen(), world.keys)
    world.dirty |= moved.tables
    return _compared(told, statuses, bool(moved), seen)


def _compared(told: Told, statuses: list[str], moved: bool, seen: str) -> Again:
    """What the lines did against the evidence: the last status, and that rows changed where they did."""
    wanted = re.findall(r"^-> (\d{3})", told.evidence, re.MULTILINE)
    # Of steps that are there for comparison there are no lines.
    steps = [each for each in re.split(r"^(?=[A-Z]+ /)", told.evidence, flags=re.MULTILINE) if "\n-> " in each]
    wrote = any("\n  rows: " in each for each in steps[-max(1, told.reproduce.count("curl -sS")) :])
    same_status = not wanted or (bool(statuses) and statuses[-1] in wanted)
    rows = not wrote or moved
    if same_status and rows:
        return Again(told.rule, told.symbol, True)
    return Again(
        told.rule, told.symbol, False, f"answered {statuses[-1:] or 'nothing'}, not {wanted[-1:]}; {seen}"[:200]
    )


@asynccontextmanager
async def _clients(world: World, home: Path) -> AsyncIterator[None]:
    """`psql`, `sqlite3` and `mariadb` in a folder: what they are given is done by the gate's own connection."""
    database = world.running.database

    async def done(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = (await reader.read()).decode()
        try:
            if isinstance(database, PostgresDatabase):
                async with await database.connect() as session:
                    await session.execute(text.encode())
            else:
                for statement in text.strip().removesuffix(";").split(";\n"):
                    await world.look.execute(statement)
            writer.write(b"done")
        except Exception as error:
            writer.write(str(error).encode())
        writer.close()

    for name in CLIENTS.values():
        path = home / name.split()[0]
        path.write_text(CLIENT.format(python=sys.executable))
        path.chmod(0o755)
    async with await asyncio.start_unix_server(done, home / "database"):
        yield


async def _shell(lines: str, home: Path, held: dict[str, str]) -> tuple[list[str], str]:
    """Run shell lines with curl; the statuses in order, and what went wrong."""
    (home / ".curlrc").write_text(CURLRC)
    child = await asyncio.create_subprocess_exec(
        "bash", "-c", lines, cwd=home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={"PATH": f"{home}:{os.environ['PATH']}", "HOME": str(home), "CURL_HOME": str(home), **held},
    )  # fmt: skip
    try:
        _, errors = await asyncio.wait_for(child.communicate(), 90)
    except TimeoutError:
        child.kill()
        return [], "the lines took more than 90 s"
    said = errors.decode(errors="replace")
    return re.findall(r"^-> (\d{3})", said, re.MULTILINE), " ".join(said.split())[-120:]
