"""Quiet on good work: each finding on a good project is judged in a committed file, true with a reason or false.

[[finding]]
rule = "nullable-foreign-key"
symbols = ["orders.coupon_id", "orders.address_id"]
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

from tests.measure.corpus import CorpusError, Project
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
    judged = judged_in(project.judged)
    told = Quiet(project.name, said)
    for each in said:
        verdict = judged.get((each.rule, each.symbol))
        if verdict is None:
            told.unjudged.append(each)
        elif verdict != "true":
            told.false.append(each)
    now = {(each.rule, each.symbol) for each in said}
    told.stale = [f"{rule} {symbol}" for rule, symbol in judged if (rule, symbol) not in now]
    return told


def judged_in(path: Path) -> dict[tuple[str, str], str]:
    """(rule, symbol) -> verdict; empty where nothing was judged yet. Raises CorpusError for one without a reason."""
    if not path.exists():
        return {}
    found: dict[tuple[str, str], str] = {}
    for about in tomllib.loads(path.read_text(encoding="utf-8")).get("finding", ()):
        if about["verdict"] not in ("true", "false") or not about["reason"]:
            raise CorpusError(f"{path}: {about['rule']} needs a verdict, true or false, and a reason")
        found.update({(about["rule"], symbol): about["verdict"] for symbol in about["symbols"]})
    return found


def stubs(said: Iterable[Said]) -> str:
    """The unjudged findings as entries to fill in, those of one rule together."""
    rules: dict[str, list[Said]] = {}
    for each in said:
        rules.setdefault(each.rule, []).append(each)
    return "\n".join(
        "".join(f"# {each.places[0].path}:{each.places[0].line} {each.message}\n" for each in alike)
        + f"[[finding]]\nrule = {json.dumps(rule)}\nsymbols = {json.dumps([each.symbol for each in alike])}\n"
        + 'verdict = ""\nreason = ""\n'
        for rule, alike in rules.items()
    )
