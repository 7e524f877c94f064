"""The console blocks of the README and of the docs are run, in order, and say what the page says.

A block is fenced as `console`. Lines that begin with `$ ` are commands, what
follows is their output. `...` stands for any lines. Times, sizes of the run's
id and the like are compared as their kind: see `NORMAL`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/gate.md", "docs/configuration.md")

NORMAL = (
    (re.compile(r"\b01[0-9A-HJKMNP-TV-Z]{24}\b"), "RUN"),
    (re.compile(r"\b01[0-9A-HJKMNP-TV-Z]{8}\b"), "RUN"),
    (re.compile(r" +\d+(\.\d+)? s\b"), " N s"),
    (re.compile(r"\b\d+ rules\b"), "N rules"),
    (re.compile(r"\b\d+ requests\b"), "N requests"),
)


def blocks(page: str) -> list[list[tuple[str, list[str]]]]:
    """Every console block of a page as (command, output lines) pairs."""
    found = []
    whole = (ROOT / page).read_text(encoding="utf-8")
    for text in re.findall(r"^```console\n(.*?)^```$", whole, re.MULTILINE | re.DOTALL):
        steps: list[tuple[str, list[str]]] = []
        for line in text.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            elif line.startswith("> ") and not steps[-1][1]:
                steps[-1] = (steps[-1][0] + "\n" + line[2:], [])
            else:
                steps[-1][1].append(line)
        found.append(steps)
    return found


def normal(line: str) -> str:
    """A line without what differs from run to run."""
    for pattern, word in NORMAL:
        line = pattern.sub(word, line)
    return line.rstrip()


def agrees(said: list[str], seen: list[str]) -> bool:
    """Whether the output is as written, `...` standing for any lines."""
    if not said:
        return not any(line for line in seen)
    if said[0].strip() == "...":
        return any(agrees(said[1:], seen[start:]) for start in range(len(seen) + 1))
    return bool(seen) and normal(said[0]) == normal(seen[0]) and agrees(said[1:], seen[1:])


def trimmed(lines: list[str]) -> list[str]:
    """Lines without blank ones at either end."""
    text = "\n".join(lines).strip("\n")
    return text.split("\n") if text else []


def test_there_are_blocks_to_run() -> None:
    assert sum(len(steps) for steps in blocks("README.md")) >= 6


@pytest.mark.parametrize("page", PAGES)
def test_the_page_says_what_happens(page: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "COLUMNS": "120",
    }
    wrong = []
    for command, said in (step for steps in blocks(page) for step in steps):
        done = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300
        )
        seen = trimmed((done.stdout + done.stderr).splitlines())
        if not agrees(trimmed(said), seen):
            wrong.append(f"$ {command}\n" + "\n".join(seen))
    assert not wrong, "\n\n".join(wrong)
