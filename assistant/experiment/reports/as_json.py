"""The report as JSON: the summary, the comparison and the results that they follow from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from assistant.experiment.comparing import Comparison
from assistant.experiment.reports.words import headline
from assistant.experiment.results import Results
from assistant.experiment.summing import summary

VERSION = 1
"""Of the form; fields are added and never renamed."""


def render(results: Results, comparison: Comparison | None = None) -> str:
    """One JSON object: `version`, `summary`, `comparison` (null without a baseline), `results`."""
    told = summary(results)
    value = {
        "version": VERSION,
        "summary": {
            "overall": told.overall,
            "groups": told.groups,
            "tally": told.tally,
            "unscored": [{"key": trial.key, "status": trial.status, "why": trial.why} for trial in told.unscored],
        },
        "comparison": comparison and as_value(comparison),
        "results": results.as_dict(),
    }
    return dumped(value)


def as_value(comparison: Comparison) -> dict[str, Any]:
    """A comparison for JSON, with what follows from it."""
    held: dict[str, Any] = {"headline": headline(comparison), "regressed": comparison.regressed}
    held |= {name: getattr(comparison, name) for name in ("alpha", "power", "smallest", "notes", "parts")}
    for name in ("before", "after"):
        side = getattr(comparison, name)
        unscored = [{"key": trial.key, "status": trial.status, "why": trial.why} for trial in side.unscored]
        held[name] = {**asdict(side), "unscored": unscored}
    return held


def dumped(value: Any) -> str:
    """JSON of dataclasses, mappings and lists; what JSON or UTF-8 cannot hold becomes null or `?`."""
    return json.dumps(_plain(value), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """What JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {name: getattr(value, name) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {_text(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _text(text: str) -> str:
    """A text that UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
