"""`python -m tests.measure.plain`: what plain `schemathesis run` with all checks finds of the same planted defects.

It is counted generously: it has found a defect when a check fails at an operation
where it does not fail on the good service, whatever it says. It gets the gate's own
running service, with the rows that the gate put there and the identity `a`.

Figures are kept in `plain.json`, each with a hash of what it was measured on; the
command measures what is missing, as far as the time given goes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from tests.measure.corpus import CorpusError
from tests.measure.defects import Mutant, mutants, services
from tests.measure.running import booted, hashed

RESULTS = Path(__file__).with_name("plain.json")
EXAMPLES = 10
"""Generated requests an operation, as many as the gate's own fast pass."""
SECONDS = 300.0


@dataclass
class Plain:
    """What one run said."""

    failures: list[list[str]] = field(default_factory=list)
    """[check's failure, operation]."""
    seconds: float = 0.0

    def beyond(self, good: Plain) -> bool:
        """Whether it says anything that it does not say of the good service."""
        return not {tuple(each) for each in self.failures} <= {tuple(each) for each in good.failures}


def main() -> int:
    """Measure what is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure.plain", description=__doc__)
    parser.add_argument("service", nargs="*", help="only these services")
    parser.add_argument("--minutes", type=float, default=600.0, help="begin nothing after so many minutes")
    parser.add_argument("--jobs", type=int, default=2, help="services at a time")
    options = parser.parse_args()
    until = time.monotonic() + 60 * options.minutes
    kept = _kept()
    chosen = {name: good for name, good in services().items() if not options.service or name in options.service}
    missing = [key for name, good in chosen.items() for key in _keys(name, good) if key not in kept]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        waiting = [(key, pool.submit(_measured, key, until)) for key in missing]
        for key, each in waiting:
            done = each.result()
            if done is not None:
                kept[key] = {"failures": done.failures, "seconds": round(done.seconds, 1)}
                RESULTS.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n", encoding="utf-8")
    return 0


def tell(planted: Iterable[Mutant]) -> None:
    """Print what plain schemathesis finds of these defects, of those that it was measured on."""
    kept = {key: Plain(**held) for key, held in _kept().items()}
    goods = {name: kept.get(_keys(name, good)[0]) for name, good in services().items()}
    found: list[bool] = []
    held_out: list[bool] = []
    for each in planted:
        own, good = kept.get(_key(each.service, each.slug, each.good, each.patch)), goods[each.service]
        if own is not None and good is not None:
            found.append(own.beyond(good))
            held_out += [own.beyond(good)] if each.held_out else []
    if found:
        said = sum(len(each.failures) for each in goods.values() if each is not None)
        known = [each.seconds for each in goods.values() if each is not None]
        print(
            f"plain schemathesis, all checks, {EXAMPLES} examples an operation: {sum(found)}/{len(found)} found "
            f"(held-out {sum(held_out)}/{len(held_out)}), {said} failures on {len(known)} good services, "
            f"{sum(known) / len(known):.0f} s a service"
        )


def _kept() -> dict[str, dict[str, list[list[str]] | float]]:
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def _keys(service: str, good: Path) -> list[str]:
    """The keys of a good service, first, and of its mutants."""
    return [_key(service, "", good, None), *(_key(service, m.slug, good, m.patch) for m in mutants(service, good))]


def _key(service: str, slug: str, good: Path, patch: Path | None) -> str:
    text = hashed(good, f"{EXAMPLES}", patch.read_bytes() if patch is not None else b"")
    return f"{service}/{slug} {text[:12]}"


def _measured(key: str, until: float) -> Plain | None:
    """One run, or None where the time is over or the service does not boot."""
    if time.monotonic() > until:
        return None
    service, _, slug = key.split(" ")[0].partition("/")
    good = services()[service]
    with tempfile.TemporaryDirectory() as scratch:
        mutant = next((each for each in mutants(service, good) if each.slug == slug), None)
        folder = mutant.applied(Path(scratch, service)) if mutant is not None else good
        try:
            seconds = asyncio.run(asyncio.wait_for(_run(folder, Path(scratch, "report.json")), SECONDS))
        except (TimeoutError, CorpusError):
            return None
        report = Path(scratch, "report.json")
        if not report.exists():
            return None
        said = json.loads(report.read_text(encoding="utf-8"))["failures"]
    return Plain([list(pair) for pair in sorted({(a["type"], b) for a in said for b in a["operations"]})], seconds)


async def _run(folder: Path, report: Path) -> float:
    """Let it write its report about a folder's service; the seconds it took. Raises CorpusError."""
    from evaluators.service.crew import crew_of

    async with booted(folder) as (running, bench):
        first = (await crew_of(running, bench)).cast.a
        sent = {name: value for name, value in (first.sent if first else {}).items() if name[0] != "?"}
        headers = [part for name, value in sent.items() for part in ("-H", f"{name}: {value}")]
        began = time.perf_counter()
        child = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")), "run", str(folder / "openapi.yaml"),
            "--url", running.base_url, *headers, "--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1",
            "--continue-on-failure", "--report-json-path", str(report), cwd=report.parent,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await child.wait()
        return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
