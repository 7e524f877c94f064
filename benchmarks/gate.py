"""The whole gate against the same boot, SQL and schemathesis run by hand, on one draft.

By hand means: the database started, the schema loaded with one call, the service
started in the same sandbox, and schemathesis' own command line with the same
phases, examples, checks, seed and token. No lint, no comparison, no findings.
The draft's own tests are left out on both sides: pytest takes as long either way.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.row import Row
from evaluators.bench import Bench
from evaluators.draft import Subject
from evaluators.folder import find
from evaluators.gate import STAGES, Gate
from evaluators.report import Report
from evaluators.service import boot
from evaluators.service.boot import Running
from evaluators.service.crew import crew_of
from evaluators.service.engine import CHECKS, SEED
from evaluators.service.fuzz import EXAMPLES
from evaluators.service.fuzz_order import Rehearsed, order_of

RUNS = 3
BOUND = 1.3


async def measure(folder: Path) -> list[Row]:
    """Both ways, by turns."""
    subject = replace(find(folder).subject, hostile=True, root=None)
    pairs = [(await whole(subject), await by_hand(subject)) for _ in range(RUNS)]
    name = f"gate on {folder.name}"
    return [Row(name, tuple(a for a, _ in pairs), tuple(b for _, b in pairs), BOUND)]


async def whole(subject: Subject) -> float:
    """Seconds of the gate; the parsed facts are made anew each time."""
    began = time.perf_counter()
    report = None
    async for event in Gate(frozenset(STAGES) - {"tests"}).judge(replace(subject, _memo={})):
        report = event if isinstance(event, Report) else report
    if report is None or report.errors:
        raise SystemExit(f"the draft does not pass: {report.errors if report else 'no report'}")
    return time.perf_counter() - began


async def by_hand(subject: Subject) -> float:
    """Seconds of the bare work."""
    subject = replace(subject, _memo={})
    began = time.perf_counter()
    async with Bench() as bench:
        ready = await boot.prepared(subject, bench)
        if not isinstance(ready, boot.Prepared):
            raise SystemExit(ready.message)
        await boot.judge(subject, bench)
        running = bench.kept(Running)
        order = order_of(running, await crew_of(running, bench), EXAMPLES["fast"], Rehearsed())
        contract = bench.scratch / "contract.json"
        contract.write_text(json.dumps(order.contract))
        headers = [part for name, value in order.headers.items() for part in ("--header", f"{name}: {value}")]
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")), "run", str(contract), "--url", order.base_url,
            *headers, "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(EXAMPLES["fast"]),
            "--seed", str(SEED), "--generation-deterministic",
            "--checks", ",".join(CHECKS), "--continue-on-failure",
            cwd=bench.scratch, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        code = await process.wait()
        if code not in (0, 1):
            raise SystemExit(f"schemathesis did not run: exit {code}")
    return time.perf_counter() - began
