"""Forty recorded runs with a simulated model latency: one worker against two, a core each, and one killed midway.

python -m benchmarks.dispatch
"""

from __future__ import annotations

import datetime
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.dispatch.queue import Queue
from assistant.event_records import Advanced
from assistant.events import Finished
from assistant.library import Library
from assistant.session import Wish
from assistant.settings import load
from benchmarks.row import Row

RUNS = 40
SECONDS = 1.5
"""Of each answer; a live model takes much longer, which would only help two workers."""
BOUND = 0.65


@dataclass(frozen=True)
class Killed:
    """What became of the runs when one of two workers was killed midway."""

    lost: int
    """Runs without a verdict."""
    twice: int
    """Answers that a model gave a second time for the same run."""
    seconds: float


class Bench:
    """A history of its own with the runs in its queue."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "answers.log"
        self.log.touch()
        url = f"sqlite:///{folder / 'history.sqlite'}"
        self.queue = Queue.open(load({"journal_url": url}, environ={}, user=folder / "none.toml"))
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"BACKWRIGHT_JOURNAL_URL": url, "BENCH_LOG": str(self.log), "BENCH_SECONDS": f"{SECONDS}"}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "backwright-bench-bytecode")
        self._environment = environment | {"XDG_CONFIG_HOME": str(folder)}
        self._workers: list[subprocess.Popen[bytes]] = []
        model = {"backend": "benchmarks.slow_model:open_model", "model": "slow"}
        cases = itertools.islice(_again_and_again(), RUNS)
        self.runs = [
            self.queue.enqueue(Wish(sentence, recipe=recipe, case=case, settings=model))
            for recipe, case, sentence in cases
        ]

    def worker(self, core: int) -> subprocess.Popen[bytes]:
        """A worker that has one core."""
        pinned = ["taskset", "-c", str(core)] if shutil.which("taskset") else []
        command = str(Path(sys.executable).with_name("backwright"))
        process = subprocess.Popen([*pinned, command, "worker"], env=self._environment, stdout=subprocess.DEVNULL)
        self._workers.append(process)
        return process

    def wait(self, number: int) -> None:
        """Until so many have ended."""
        while RUNS - len(self.queue.journal.unfinished()) < number:
            time.sleep(0.5)

    def seconds(self) -> float:
        """From the first run's begin to the last one's end, by the history."""
        times = []
        for run in self.runs:
            for each in self.queue.journal.events_after(run, limit=None):
                if isinstance(each.event, Advanced | Finished):
                    times.append(datetime.datetime.fromisoformat(each.at.replace("Z", "+00:00")))
        return (max(times) - min(times)).total_seconds()

    def lost(self) -> int:
        """Runs that ended without a verdict, or did not end."""
        return sum(
            self.queue.journal.get(run).state.value not in ("passed", "failed", "unverified") for run in self.runs
        )

    def twice(self) -> int:
        """Answers that were given and are not the one that the history has for their place in a run."""
        given = Counter(self.log.read_text(encoding="utf-8").split())
        kept = Counter(call.fingerprint for run in self.runs for call in self.queue.journal.completions(run))
        return (given - kept).total()

    def close(self) -> None:
        """End what runs."""
        for process in self._workers:
            if process.poll() is None:
                process.terminate()
        for process in self._workers:
            process.wait()
        self.queue.close()


def _again_and_again() -> Iterator[tuple[str, str, str]]:
    """Recipe, case and sentence of the acceptance requests, for ever."""
    found = [
        (recipe.id, name, case.sentence)
        for recipe in Library.load().recipes.values()
        for name, case in recipe.cases.items()
        if name.startswith("acceptance-")
    ]
    while True:
        yield from found


@contextmanager
def _bench() -> Iterator[Bench]:
    """A bench in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            yield bench
        finally:
            bench.close()


def timed(workers: int) -> float:
    """Seconds that so many workers take for all runs."""
    with _bench() as bench:
        for core in range(workers):
            bench.worker(core)
        bench.wait(RUNS)
        if bench.lost() or bench.twice():
            raise RuntimeError(f"{bench.lost()} runs lost, {bench.twice()} answers given twice, and nobody was killed")
        return bench.seconds()


def killed() -> Killed:
    """Two workers, one of them killed when a third of the runs have ended."""
    with _bench() as bench:
        first, _ = bench.worker(0), bench.worker(1)
        bench.wait(RUNS // 3)
        first.kill()
        bench.wait(RUNS)
        return Killed(bench.lost(), bench.twice(), bench.seconds())


def measure() -> Iterator[Row]:
    """Two workers against one; the same pair is run by turns."""
    pairs = [(timed(2), timed(1))]
    yield Row(f"{RUNS} runs, two workers, one", tuple(a for a, _ in pairs), tuple(b for _, b in pairs), BOUND)


def main() -> None:
    """Print the ratio and what a killed worker costs; exit 1 where it is more than we claim."""
    (row,) = measure()
    ratio = row.ours[0] / row.peer[0]
    print(f"{row.what}: {row.ours[0]:.1f} s and {row.peer[0]:.1f} s, ratio {ratio:.2f} (at most {row.bound})")
    end = killed()
    print(f"one of two killed midway: {end.lost} runs lost, {end.twice} answers given twice, {end.seconds:.1f} s")
    sys.exit(1 if ratio > row.bound or end.lost or end.twice else 0)


if __name__ == "__main__":
    main()
