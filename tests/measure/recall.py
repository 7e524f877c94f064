"""Recall: which of the planted defects `recommended` finds, and by the right rule in the right place."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.measure.corpus import Planted
from tests.measure.judging import Said, check

NEAR = 3
"""Lines that a finding may be off the defect's own line: a statement's first line, a property's parent."""


@dataclass(frozen=True)
class Outcome:
    """What happened with one planted defect."""

    defect: Planted
    found: tuple[str, ...]
    """The right rules that fired about it; empty: missed."""
    other: tuple[str, ...]
    """Other rules that fired newly: right by luck, or noise."""


def tried(defect: Planted, good: Path, before: frozenset[str], rules: Mapping[str, frozenset[str]]) -> Outcome:
    """Plant the defect in a copy of `good` and look at what is new; `before` holds the good one's fingerprints."""
    with tempfile.TemporaryDirectory() as scratch:
        said = check(defect.applied(good, Path(scratch, defect.project)))
    new = [each for each in said if each.fingerprint not in before]
    right = rules.get(defect.kind, frozenset())
    found = {each.rule for each in new if each.rule in right and about(each, defect)}
    return Outcome(defect, tuple(sorted(found)), tuple(sorted({each.rule for each in new} - found)))


def about(said: Said, defect: Planted) -> bool:
    """Whether a finding is about the defect: by its symbol, or by a place beside the defect's line."""
    near = any(place.path == defect.path and abs(place.line - defect.line) <= NEAR for place in said.places)
    return near or _same(said.symbol, defect.symbol)


def _same(first: str, second: str) -> bool:
    """Whether two symbols name the same thing, or one names a part of the other."""
    one, two = _words(first), _words(second)
    return bool(one and two) and (one[: len(two)] == two or two[: len(one)] == one or one[-len(two) :] == two)


def _words(symbol: str) -> list[str]:
    """A symbol's parts, case folded; a schema's or folder's name in front counts as a part."""
    return [part for part in re.split(r"[.\s:]+", symbol.removeprefix("#/components/schemas/").casefold()) if part]
