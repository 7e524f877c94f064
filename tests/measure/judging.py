"""What a user would run: `backwright check` over a folder, the stages that run nothing, the preset `recommended`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BACKWRIGHT = str(Path(sys.executable).with_name("backwright"))


class CheckError(Exception):
    """The command gave no report."""


@dataclass(frozen=True)
class Place:
    """A place of a finding; line 0 means unknown."""

    path: str
    line: int


@dataclass(frozen=True)
class Said:
    """One defect as the report says it; a finding that stands for several of one cause gives one for each."""

    rule: str
    severity: str
    symbol: str
    fingerprint: str
    message: str
    places: tuple[Place, ...]
    """Its own place, then its counterparts in other artifacts."""

    def __str__(self) -> str:
        where = f"{self.places[0].path}:{self.places[0].line}"
        return f"{self.severity:<7} {self.rule:<36} {self.symbol:<40} {where}: {self.message}"


def check(folder: Path) -> tuple[Said, ...]:
    """The findings of a project's folder. Raises CheckError."""
    done = subprocess.run(
        [BACKWRIGHT, "check", str(folder), "--require", "static", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode not in (0, 1, 3):
        raise CheckError(f"{folder.name}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    report = json.loads(done.stdout)
    crashed = [stage for stage in report["stages"] if stage["reason"] in ("rule-crashed", "tool-failed")]
    if crashed:
        raise CheckError(f"{folder.name}: {crashed[0]['name']}: {crashed[0]['detail']}")
    return tuple(said for each in report["findings"] for said in _said(each))


def _said(finding: dict[str, Any]) -> Iterator[Said]:
    """The defects of a finding: itself, or the first and each further place that has a name of its own."""
    own = Place(finding["path"], finding["line"])
    alike = [place for place in finding["places"] if place.get("fingerprint")]
    others = tuple(Place(place["path"], place["line"]) for place in finding["places"] if not place.get("fingerprint"))
    first = finding.get("first") or {"symbol": finding["symbol"], "fingerprint": finding["fingerprint"]}
    named = [(first, own), *((place, Place(place["path"], place["line"])) for place in alike)]
    for about, place in named:
        yield Said(
            finding["rule"],
            finding["severity"],
            about["symbol"],
            about["fingerprint"],
            finding["message"],
            (place, *others),
        )
