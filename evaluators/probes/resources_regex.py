"""Texts on which a regular expression takes for ever: found in the patterns that contract and code have.

A pattern of the service is hostile input. It is tried in a process of its own,
with a bound on its time, and only the texts that grow it come back.
"""

from __future__ import annotations

import ast
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.draft import Draft
from evaluators.probes.injection_places import entries
from evaluators.probes.world import World

CALLS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
TRIAL = Path(__file__).with_name("resources_trial.py")
TRIAL_SECONDS = 20.0
MOST = 60
"""Patterns that are tried."""
REPEATS = ("*", "+", "{")
SIGNS = ("(", "[", "\\")
FLAGS = {"VERBOSE": "x", "X": "x", "IGNORECASE": "i", "I": "i", "DOTALL": "s", "S": "s", "MULTILINE": "m", "M": "m"}


@dataclass(frozen=True)
class Attack:
    """A text that grows: `head`, `pump` many times, `tail`."""

    pattern: str
    head: str
    pump: str
    tail: str
    few: int
    many: int
    """Times of the pump: with `many` the pattern takes long, with `few` it does not."""

    def text(self, times: int) -> str:
        """The text of some length."""
        return self.head + self.pump * times + self.tail

    @property
    def told(self) -> str:
        """The text in words that are the same on every machine."""
        return f"{self.head}{self.pump}{self.pump}{self.pump}...{self.tail}"


def patterns(draft: Draft) -> Iterator[str]:
    """The regular expressions in the code: the first argument of what `re` offers, of any object of that name."""
    for artifact in draft:
        if not artifact.path.endswith(".py"):
            continue
        try:
            tree = ast.parse(artifact.text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield _flags(node) + first.value
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                value = node.value.value
                if isinstance(value, str) and any(sign in value for sign in SIGNS):
                    yield value


def _flags(call: ast.Call) -> str:
    """The flags of a call, as a pattern begins with them: `(?ix)`."""
    named = {each.attr for part in (*call.args, *(k.value for k in call.keywords)) for each in ast.walk(part)
             if isinstance(each, ast.Attribute)}  # fmt: skip
    letters = "".join(sorted({FLAGS[name] for name in named & FLAGS.keys()}))
    return f"(?{letters})" if letters else ""


async def attacks(world: World) -> list[Attack]:
    """Texts that grow some pattern of the service."""
    found = list(patterns(world.running.subject.draft))
    found += [entry.kind.pattern for entry in entries(world) if entry.kind.pattern]
    wanted = [each for each in dict.fromkeys(found) if any(sign in each for sign in REPEATS)][:MOST]
    if not wanted:
        return []
    answer = await asyncio.to_thread(_tried, wanted)
    return [Attack(**each) for each in answer]


def _tried(wanted: list[str]) -> list[dict[str, Any]]:
    """What the trial says, until its time is over."""
    command = [sys.executable, "-I", str(TRIAL)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            out, _ = child.communicate(json.dumps(wanted), timeout=TRIAL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
    found = []
    for line in out.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
