"""`make bench`: start-up beside its imports, the gate beside plain schemathesis, the static gate beside its peers."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

from benchmarks import dispatch, gate, small, startup, static


def main() -> None:
    """Print each ratio beside its bound; exit 1 when one is above it."""
    draft = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("tests/corpus/fastapi_transfer/good")
    began = time.perf_counter()
    rows = [*startup.measure(), *asyncio.run(gate.measure(draft)), *static.measure(), *dispatch.measure()]
    print(f"{'what':<40}{'ours':>10}{'peer':>10}{'ratio':>8}{'bound':>8}")
    for row in rows:
        ours, peer = statistics.median(row.ours), statistics.median(row.peer)
        print(f"{row.what:<40}{ours:>10.3f}{peer:>10.3f}{ours / peer:>8.2f}{row.bound:>8.2f}")
    for figure in asyncio.run(small.measure()):
        print(f"{figure.what:<40}{figure.seconds:>10.3f}{'':>10}{'':>8}{f'~{figure.about:g}':>8}")
    end = dispatch.killed()
    print(f"one of two workers killed midway: {end.lost} runs lost, {end.twice} answers given twice")
    print(f"medians of seconds, where nothing else is said; {time.perf_counter() - began:.0f} s in all")
    late = [r for r in rows if statistics.median(r.ours) / statistics.median(r.peer) > r.bound]
    sys.exit(1 if late or end.lost or end.twice else 0)


if __name__ == "__main__":
    main()
