"""Quiet on good work: each finding on a good project is judged in a committed file, true with a reason or false.

    [[finding]]
    fingerprint = "0123456789abcdef"
    rule = "nullable-foreign-key"
    symbol = "orders.coupon_id"
    verdict = "true"            # or "false": then the rule is wrong here, and the measure fails
    reason = "An order without a coupon is ordinary, but nothing says so."
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.measure.corpus import Project
from tests.measure.judging import Said, check


@dataclass
class Quiet:
    """What was said about one good project."""

    project: str
    said: tuple[Said, ...]
    unjudged: list[Said] = field(default_factory=list)
    false: list[Said] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        """Whether a finding is unjudged or false, or a judgement is about nothing."""
        return bool(self.unjudged or self.false or self.stale)


def heard(project: Project) -> Quiet:
    """The findings on a good project, held against the judged ones."""
    with tempfile.TemporaryDirectory() as scratch:
        said = check(project.written(Path(scratch, project.name)))
    judged = _judged(project.judged)
    told = Quiet(project.name, said)
    for each in said:
        verdict = judged.get(each.fingerprint)
        if verdict is None:
            told.unjudged.append(each)
        elif verdict["verdict"] != "true":
            told.false.append(each)
    now = {each.fingerprint for each in said}
    told.stale = [f"{about['rule']} {about['symbol']}" for mark, about in judged.items() if mark not in now]
    return told


def _judged(path: Path) -> dict[str, dict[str, str]]:
    """Fingerprint -> judgement; empty where nothing was judged yet."""
    if not path.exists():
        return {}
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return {about["fingerprint"]: about for about in read.get("finding", ())}


def stubs(said: Iterable[Said]) -> str:
    """The unjudged findings as entries to fill in."""
    return "\n".join(
        f'# {each.message}\n# {each.places[0].path}:{each.places[0].line}\n[[finding]]\n'
        f"fingerprint = {json.dumps(each.fingerprint)}\nrule = {json.dumps(each.rule)}\n"
        f"symbol = {json.dumps(each.symbol)}\nverdict = \"\"\nreason = \"\"\n"
        for each in said
    )  # fmt: skip
