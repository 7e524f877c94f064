"""The gate beside plain `schemathesis run`, as a user would run it, on one draft, by turns.

Plain means: its own command line, the contract's file, all its checks, as many
examples as the gate's fuzzer, and the header of an identity of the gate's; the
service runs in the same sandbox and is started outside the measured time. The
gate's time is all of it: lint, database, boot, every probe, and the fuzzer. The
draft's own tests are left out.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.row import Row
from evaluators.bench import Bench
from evaluators.contract.document import contract_of
from evaluators.draft import Subject
from evaluators.folder import find
from evaluators.gate import STAGES, Gate
from evaluators.report import Report
from evaluators.service import boot
from evaluators.service.boot import Running
from evaluators.service.crew import crew_of
from evaluators.service.engine import SEED
from evaluators.service.fuzz import EXAMPLES

RUNS = 3
DEPTH = "fast"
"""A draft with errors is fuzzed no deeper, so that this compares any."""


@dataclass(frozen=True)
class Pass:
    """What one side took, and how many requests it sent."""

    seconds: float
    fuzzing: float
    """Of them, those of the fuzzer."""
    requests: int


async def measure(folder: Path) -> list[Row]:
    """Both ways, by turns."""
    subject = replace(find(folder).subject, hostile=True, root=None, depth=DEPTH)
    pairs = [(await whole(subject), await plain(subject)) for _ in range(RUNS)]
    ours, peer = zip(*pairs, strict=True)
    other = tuple(each.seconds for each in peer)
    return [
        Row("fuzz, plain schemathesis", tuple(each.fuzzing for each in ours), other, 1.0),
        # Printed only: the sides do not send the same, and the one with fewer requests has the start-up on fewer.
        Row("the same, ms a request", _each(ours), _each(peer), float("inf")),
        Row("gate with all probes, plain schemathesis", tuple(each.seconds for each in ours), other, 2.0),
    ]


def _each(passes: tuple[Pass, ...]) -> tuple[float, ...]:
    return tuple(1000 * each.fuzzing / each.requests for each in passes)


async def whole(subject: Subject) -> Pass:
    """The gate; the parsed facts are made anew each time."""
    began = time.perf_counter()
    report = None
    async for event in Gate(frozenset(STAGES) - {"tests"}).judge(replace(subject, _memo={})):
        report = event if isinstance(event, Report) else report
    seconds = time.perf_counter() - began
    stages = {each.name: each for each in report.stages} if report is not None else {}
    sent = re.search(rf"{DEPTH}, (\d+) requests", stages["fuzz"].detail) if "fuzz" in stages else None
    if sent is None:
        raise SystemExit(f"the draft is not fuzzed to the end: {list(stages.values())}")
    return Pass(seconds, stages["fuzz"].seconds, int(sent[1]))


async def plain(subject: Subject) -> Pass:
    """schemathesis' own command line."""
    subject = replace(subject, _memo={})
    async with Bench() as bench:
        await boot.judge(subject, bench)
        running = bench.kept(Running)
        if not isinstance(running, Running):
            raise SystemExit("the draft does not boot")
        first = (await crew_of(running, bench)).cast.a
        written = subject.draft.get(subject.fact(contract_of).path)
        if written is None:
            raise SystemExit("the draft has no contract")
        contract = bench.scratch / Path(written.path).name
        contract.write_text(written.text, encoding="utf-8")
        headers = [part for name, value in (first.sent if first else {}).items() for part in ("-H", f"{name}: {value}")]
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")), "run", str(contract), "--url", running.base_url,
            *headers, "--checks", "all", "--max-examples", str(EXAMPLES[DEPTH]), "--seed", str(SEED),
            "--generation-deterministic", "--no-color", cwd=bench.scratch, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await process.communicate()
        seconds = time.perf_counter() - began
    sent = re.search(r"(\d+) generated", said.decode())
    if process.returncode not in (0, 1) or sent is None:
        raise SystemExit(f"schemathesis did not run: exit {process.returncode}")
    return Pass(seconds, seconds, int(sent[1]))
