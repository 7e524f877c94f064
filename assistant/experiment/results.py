"""What an evaluation gives: a trial is one answer to one case, its score two sets of rungs.

`Results` is what `backwright eval --out FILE` writes and a baseline holds: JSON, versioned,
fields are added and never renamed. Nothing in it names a machine or a folder outside the library.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.experiment.ladder import Mark

VERSION = 1
"""Of the file's form."""


class Status(enum.StrEnum):
    """What became of a trial."""

    SCORED = "scored"
    STALE = "stale"
    """Its recording no longer answers what is asked: a prompt or a rule changed. In no rate beyond what was played."""
    MISSING = "missing"
    """Nothing is recorded."""
    BROKEN = "broken"
    """The machine or the gate failed, not the answer."""


@dataclass(frozen=True, order=True)
class Key:
    """Which trial: every repeat is a sample of its own, never one answer played twice."""

    recipe: str
    case: str
    arm: str
    """`recipe`, or the name of another way to ask."""
    model: str
    sample: str

    def __str__(self) -> str:
        """In one line."""
        return f"{self.recipe}/{self.case}/{self.arm}/{self.model}/{self.sample}"


@dataclass(frozen=True)
class Score:
    """The rungs of one state of an answer, and the errors that it had."""

    rungs: Mapping[str, Mark]
    findings: tuple[str, ...] = ()
    """`rule path symbol` of each error, sorted: what a comparison tells apart."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"rungs": {name: mark.as_dict() for name, mark in self.rungs.items()}, "findings": list(self.findings)}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Score:
        """The reverse."""
        rungs = {name: Mark.from_dict(mark) for name, mark in given["rungs"].items()}
        return cls(rungs, tuple(given["findings"]))


@dataclass(frozen=True)
class TrialResult:
    """One trial, played and judged."""

    key: Key
    status: Status
    held_out: bool = False
    tags: tuple[str, ...] = ()
    why: str = ""
    """Of what is not scored: one line, with the command that mends it where there is one."""
    first: Score | None = None
    """Each turn's first answer, before anything was repaired."""
    final: Score | None = None
    """After repair; None where the recording went stale before its end."""
    verdict: str = ""
    """How the run ended: passed, failed or unverified."""
    reason: str = ""
    """Why it ended."""
    answers: int = 0
    """How often the model was asked, over all turns."""
    rounds: int = 0
    """Repairs among them."""
    answer_seconds: float | None = None
    """What the answers took when they were recorded; None where nobody measured."""
    proof_seconds: float = 0.0
    """What the proof took now."""
    tokens: int | None = None
    """Of all answers, as the endpoint reported; None where one of them was not."""
    usd: float | None = None
    endpoint: str = ""
    """`live`, or `hand-fed`."""
    recorded: str = ""
    """The day of the last answer, `2026-11-22`."""
    cassette: str = ""
    """The recording, relative to the library's folder (`recipes/crud/cassettes/leases/1.yaml`)."""
    cassette_sha: str = ""
    """SHA-256 of its bytes."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Turn -> fingerprint of its first prompt as it is rendered now."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path -> SHA-256 of each file of the final draft."""
    unplayed: int = 0
    """Recorded interactions that the run did not come to."""
    cached: bool = False
    """Whether the score comes from an earlier proof of the same answers by the same gate."""
    evidence: str = ""
    """The name of the file with the reports, in the folder that `--evidence` named."""

    @property
    def counts(self) -> bool:
        """Whether something of it is in a rate: it is scored, or stale behind first answers that were played."""
        return self.status is Status.SCORED or (self.status is Status.STALE and self.first is not None)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        held |= {"key": asdict(self.key), "status": self.status.value, "tags": list(self.tags)}
        held |= {"first": self.first and self.first.as_dict(), "final": self.final and self.final.as_dict()}
        return held | {"prompts": dict(self.prompts), "files": dict(self.files)}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> TrialResult:
        """The reverse; unknown fields are passed over. Raises KeyError, TypeError, ValueError."""
        held = {each.name: given[each.name] for each in fields(cls) if each.name in given}
        held |= {"key": Key(**given["key"]), "status": Status(given["status"]), "tags": tuple(given.get("tags", ()))}
        held |= {name: given.get(name) and Score.from_dict(given[name]) for name in ("first", "final")}
        return cls(**held)


@dataclass(frozen=True)
class Results:
    """All trials of one evaluation, with what is needed to compare it with another."""

    trials: tuple[TrialResult, ...]
    depth: str
    """`full`, or `static`: nothing was run, first answers only."""
    budget: int
    """Answers that a run may ask for, over all turns."""
    backwright: str = ""
    gate: str = ""
    """The gate's version of findings."""
    created: str = ""
    """UTC, ISO 8601."""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Recipe or arm -> template's name -> key into `texts`."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 -> text."""

    def find(self, key: Key) -> TrialResult | None:
        """The trial of that key."""
        return next((trial for trial in self.trials if trial.key == key), None)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        held = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "trials"}
        held["sources"] = {name: dict(parts) for name, parts in self.sources.items()}
        held["texts"] = dict(self.texts)
        return {"version": VERSION, **held, "trials": [trial.as_dict() for trial in self.trials]}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Results:
        """The reverse. Raises KeyError, TypeError, ValueError."""
        if given["version"] != VERSION:
            raise ValueError(f"version {given['version']!r} is not {VERSION}")
        held = {each.name: given[each.name] for each in fields(cls) if each.name in given and each.name != "trials"}
        return cls(trials=tuple(TrialResult.from_dict(trial) for trial in given["trials"]), **held)

    def write(self, path: Path) -> None:
        """Write the file whole or not at all. Raises UsageError."""
        text = json.dumps(self.as_dict(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        part = path.with_name(path.name + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8", errors="backslashreplace")
            part.replace(path)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from None

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read a file. Raises UsageError."""
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            said = str(error).split("\n", 1)[0]
            raise UsageError(f"{path}: not results of an evaluation: {said}", "backwright eval --out FILE") from None
