"""200 recorded answers played and proved without running them: `python -m benchmarks.evaluation [N]`.

The recordings that ship, each as often as it takes, as samples of their own; nothing comes
from a cache. The whole command, start of the processes included, on all cores.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from assistant.experiment.evaluate import Ways, evaluate
from assistant.experiment.plan import Choice
from assistant.experiment.play import STATIC_ONLY
from assistant.experiment.results import Status

AIM = 30.0
"""Seconds for 200 trials on two cores."""


def copies(folder: Path, number: int) -> int:
    """A library with so many recordings; how many answers they hold for the first prompts."""
    shutil.copytree("prompts", folder, ignore=shutil.ignore_patterns("__pycache__", "cassettes"))
    shipped = sorted(Path("prompts").glob("*/*/cassettes/*/*.yaml"))
    for count, path in enumerate(itertools.islice(itertools.cycle(shipped), number)):
        sample = f"{path.stem}-{count // len(shipped)}"
        target = folder / path.relative_to("prompts").with_name(f"{sample}.yaml")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        target.write_text(re.sub(r"(?m)^  sample: .*$", f"  sample: '{sample}'", text, count=1), encoding="utf-8")
    return len(shipped)


def main() -> None:
    """Print the time; exit 1 where a trial was not scored."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as name:
        distinct = copies(Path(name) / "library", number)
        began = time.perf_counter()
        results = evaluate(Choice(), Ways(STATIC_ONLY, fresh=True), folders=(Path(name) / "library",))
        took = time.perf_counter() - began
    played = [trial for trial in results.trials if trial.status is not Status.MISSING]
    answers = sum(trial.answers for trial in played)
    print(f"{len(played)} trials of {distinct} recordings, {answers} answers, static proof alone, uncached, ", end="")
    print(f"{os.cpu_count()} cores: {took:.1f} s (aim {AIM:.0f} s for 200 on 2 cores), ", end="")
    print(f"{1000 * took / len(played):.0f} ms a trial")
    sys.exit(any(trial.status is Status.BROKEN for trial in played))


if __name__ == "__main__":
    main()
