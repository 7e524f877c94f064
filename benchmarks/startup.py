"""Start-up: `backwright --help` and `backwright recipes` against importing typer and rich."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row

RUNS = 15
BOUND = 2.5


def timed(*argv: str) -> float:
    """Seconds that a command takes, with its bytecode written, as an installed package has it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "backwright-bench-bytecode")
    began = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - began


def measure() -> list[Row]:
    """Both commands, by turns with the peer."""
    ours = str(Path(sys.executable).with_name("backwright"))
    rows = []
    for command in ("--help", "recipes"):
        pairs = [(timed(ours, command), timed(sys.executable, "-c", "import typer, rich")) for _ in range(RUNS)]
        rows.append(Row(f"backwright {command}", tuple(a for a, _ in pairs), tuple(b for _, b in pairs), BOUND))
    return rows
