"""The static gate beside its peers, each on the same file in the same run, whole processes.

Spectral takes minutes on the large contract, so each peer runs once there.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs import contract, dump, tree
from benchmarks.row import Row

PEERS = Path(__file__).parent / "peers"
PROJECT = Path(__file__).parents[1] / "tests/corpus/projects/bank/good"
RUNS = 3


@dataclass(frozen=True)
class Spent:
    """What a process used: wall time, processor time with its children's, the largest resident set of any of them."""

    seconds: float
    processor: float
    megabytes: float


def spent(*argv: str, cache: Path | None = None) -> Spent:
    """Run a command to its end, whatever it says. Raises FileNotFoundError where it is not installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "backwright-bench-bytecode")
    environment["PATH"] = os.pathsep.join(
        [str(PEERS / "node_modules/.bin"), str(PEERS / "venv/bin"), os.environ["PATH"]]
    )
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    began = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return Spent(time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def ours(path: Path, *more: str, cache: Path | None = None) -> Spent:
    """`backwright check` of a path, the stages that run nothing."""
    command = str(Path(sys.executable).with_name("backwright"))
    return spent(command, "check", str(path), "--require", "static", *more, cache=cache)


def measure() -> Iterator[Row]:
    """Every comparison; those with a peer that is not installed are left out, and the table says which."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        yield from _schema(folder / "schema.sql")
        yield from _contract(folder / "openapi.json")
        yield from _tree(folder)


def _schema(path: Path) -> Iterator[Row]:
    """A dump of 500 tables."""
    path.write_text(dump(), encoding="utf-8")
    ours(path, "--no-cache")
    mine = tuple(ours(path, "--no-cache").seconds for _ in range(RUNS))
    yield Row("dump of 500 tables, squawk", mine, (spent("squawk", str(path)).seconds,), 4.0)
    fluff = spent("sqlfluff", "lint", "--dialect", "postgres", str(path))
    yield Row("dump of 500 tables, sqlfluff", mine, (fluff.seconds,), 1 / 50)
    yield Row("dump, in process, sqlglot's parse", tuple(_linted(path)), tuple(_parsed(path)), 2.0)


def _linted(path: Path) -> Iterator[float]:
    """Seconds of the stage `sql` on the file in this process, rules loaded."""
    import asyncio

    from evaluators.bench import Bench
    from evaluators.draft import Draft, Subject
    from evaluators.sql import lint

    draft = Draft.of({"schema.sql": path.read_text(encoding="utf-8")})
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        asyncio.run(lint.judge(Subject(draft), Bench()))
        yield time.perf_counter() - began


def _parsed(path: Path) -> Iterator[float]:
    """Seconds of sqlglot's compiled parser on the file."""
    import sqlglot

    text = path.read_text(encoding="utf-8")
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        sqlglot.parse(text, read="postgres")
        yield time.perf_counter() - began


def _contract(path: Path) -> Iterator[Row]:
    """A contract of 10 MB."""
    path.write_text(contract(), encoding="utf-8")
    ours(path, "--no-cache")
    mine = tuple(ours(path, "--no-cache") for _ in range(RUNS))
    seconds = tuple(each.seconds for each in mine)
    redocly = spent("redocly", "lint", "--extends", "recommended", str(path))
    yield Row("contract of 10 MB, Redocly", seconds, (redocly.seconds,), 1 / 3)
    processor = tuple(each.processor for each in mine)
    # Tells how loaded the machine was: two of our processes share what is one of theirs and its threads.
    yield Row("the same, seconds of processor, Redocly", processor, (redocly.processor,), 2 / 3)
    spectral = spent("spectral", "lint", "-q", "-r", str(PEERS / "spectral.yaml"), str(path))
    yield Row("contract of 10 MB, Spectral", seconds, (spectral.seconds,), 1 / 30)
    memory = tuple(each.megabytes for each in mine)
    yield Row("the same, MB of memory, Spectral", memory, (spectral.megabytes,), 1 / 10)


def project() -> tuple[float, float]:
    """Median seconds for a project of 32 operations and 47 Python files: the first time, and with nothing changed."""
    ours(PROJECT, "--no-cache")
    with tempfile.TemporaryDirectory() as scratch:
        cold = [ours(PROJECT, "--no-cache").seconds for _ in range(RUNS)]
        ours(PROJECT, cache=Path(scratch))
        warm = [ours(PROJECT, cache=Path(scratch)).seconds for _ in range(RUNS)]
    return statistics.median(cold), statistics.median(warm)


def _tree(folder: Path) -> Iterator[Row]:
    """A thousand small files: the second run, and a run after one file changed, against the first."""
    root, cache = folder / "tree", folder / "cache"
    tree(root)
    first = (ours(root, cache=cache).seconds,)
    yield Row(
        "1,000 files again, the first run", tuple(ours(root, cache=cache).seconds for _ in range(RUNS)), first, 0.1
    )
    changed = root / "app" / "area00" / "part000.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\nLIMIT = 10\n", encoding="utf-8")
    yield Row("one of them changed, the first run", (ours(root, cache=cache).seconds,), first, 0.4)
