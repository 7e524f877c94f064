"""The recordings that lie in a library's folders: each one's head, its hash, and the secrets in it.

A file is read once: what was seen in it is kept with its size and time of change.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.arms import RECIPE
from assistant.errors import NoRecording
from assistant.experiment.plan import shelf_of
from assistant.library import Library
from assistant.model.cassette import Label, label_in
from assistant.redact import SHAPES, Redactor
from evaluators.cache import Cache

VERSION = 2
"""Of what is kept of a file."""

ROUNDS = 50_000
"""Of the hash that stands for the user's keys in a cache's key: a short password must not be guessed from it."""


@dataclass(frozen=True)
class Held:
    """One recording, and what is seen without playing it."""

    folder: Path
    """The library's folder."""
    arm: str
    """`recipe`, or the arm's name."""
    owner: str
    """The recipe's or the arm's id, by the folder."""
    case: str
    """By the folder; empty where the file does not lie at CASE/SAMPLE.yaml."""
    sample: str
    path: Path
    label: Label | None
    """Without its takes; None where the file is no recording."""
    first: str = ""
    """The fingerprint of the first prompt."""
    sha: str = ""
    """SHA-256 of the bytes."""
    leaks: tuple[str, ...] = ()
    """Kinds of secrets in it."""
    why: str = ""
    """Why it is no recording."""


def holdings(library: Library, secrets: Iterable[str], cache: Cache) -> list[Held]:
    """Every recording of the library, folder by folder in the order in which they override."""
    scan = _Scan(tuple(secrets))
    found: list[Held] = []
    for folder in map(Path, map(str, library.folders)):
        key = cache.key("recordings", VERSION, str(folder), scan.identity)
        kept = cache.get(key)
        before = kept if isinstance(kept, dict) else {}
        now: dict[str, Any] = {}
        for arm, owner, inside, path in _files(folder):
            name = path.relative_to(folder).as_posix()
            case, sample = inside if len(inside) == 2 else ("", "")
            bare = Held(folder, arm, owner, case, sample, path, None)
            try:
                about = path.stat()
                stamp = [about.st_size, about.st_mtime_ns]
                one = _held(before.get(name), stamp, bare)
                now[name] = before[name] if one is not None else {"stamp": stamp, **scan.file(path)}
                found.append(one or _held(now[name], stamp, bare) or bare)
            except OSError as error:
                found.append(replace(bare, why=f"cannot be read: {error.strerror or error}"))
        if now != before:
            cache.put(key, now)
    return found


def _held(seen: Any, stamp: list[int], bare: Held) -> Held | None:
    """A recording with what was seen in it, or None where that was another file, or is no such thing."""
    try:
        if seen["stamp"] != stamp:
            return None
        label = None if seen["label"] is None else Label(**seen["label"])
        leaks = tuple(map(str, seen["leaks"]))
        return replace(bare, label=label, first=seen["first"], sha=seen["sha"], leaks=leaks, why=seen["why"])
    except (KeyError, TypeError):
        return None


def _files(folder: Path) -> Iterator[tuple[str, str, tuple[str, ...], Path]]:
    """Arm, owner, the path's parts within `cassettes` without `.yaml`, and the path."""
    for shelf in (shelf_of(RECIPE), shelf_of("")):
        place = folder / shelf
        owners = sorted(entry.name for entry in os.scandir(place) if entry.is_dir()) if place.is_dir() else []
        for owner in owners:
            root = place / owner / "cassettes"
            for where, folders, names in os.walk(root):
                folders.sort()
                inside = () if where == str(root) else Path(where).relative_to(root).parts
                for name in sorted(names):
                    # A half-written file has a dot before its name.
                    if name.endswith(".yaml") and not name.startswith("."):
                        arm = RECIPE if shelf == shelf_of(RECIPE) else owner
                        yield arm, owner, (*inside, name.removesuffix(".yaml")), Path(where) / name


class _Scan:
    """Looks into files."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets
        self._redactor = Redactor(secrets)
        shapes = tuple((name, shape.pattern) for name, shape in SHAPES)
        hashed = [hashlib.pbkdf2_hmac("sha256", s.encode("utf-8", "replace"), b"backwright", ROUNDS) for s in secrets]
        self.identity = (shapes, [each.hex() for each in hashed])
        """What a look hangs on besides the file."""

    def file(self, path: Path) -> dict[str, Any]:
        """What is seen in a file, as JSON can hold it. Raises OSError."""
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")
        seen: dict[str, Any] = {"label": None, "first": "", "sha": hashlib.sha256(data).hexdigest(), "why": ""}
        seen["leaks"] = list(self._redactor.found(text)) if self._suspect(text) else []
        try:
            _refuse_bytes(data, path)
            found = _INTERACTIONS.search(text)
            label = label_in(text[: found.start()] if found else text, path)
            _refuse_damaged(label, text[found.end() :] if found else "", path)
        except NoRecording as error:
            seen["why"] = error.message.removeprefix(f"{path}: ")
            return seen
        seen["first"] = str(label.takes[0].fingerprint)
        seen["label"] = {name: value for name, value in vars(label).items() if name != "takes"}
        return seen

    def _suspect(self, text: str) -> bool:
        """Whether the redactor has to look: that takes a hundred times as long as to look for how its shapes begin."""
        if any(secret in text for secret in self._secrets):
            return True
        for _, shape in SHAPES:
            known = BEGINNINGS.get(shape.pattern)
            if known is None:
                if shape.search(text):
                    return True
                continue
            for begin, back in known:
                at = text.find(begin)
                while at >= 0:
                    if shape.match(text, max(0, at - back)):
                        return True
                    at = text.find(begin, at + 1)
        return False


_INTERACTIONS = re.compile(r'\n"?interactions"?:')
"""Where the head ends; the quotes are there where YAML would not keep an answer's text otherwise."""


def _refuse_bytes(data: bytes, path: Path) -> None:
    """Raise NoRecording for what is no text: it could not be played."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoRecording(f"{path}: cannot be read: not UTF-8, at byte {error.start}") from None


def _refuse_damaged(label: Label, interactions: str, path: Path) -> None:
    """Raise NoRecording for what a merge or a cut left: other answers than the head names, or none."""
    if not label.takes:
        raise NoRecording(f"{path}: holds no answer")
    if "\n<<<<<<< " in interactions:
        raise NoRecording(f"{path}: holds a conflict of a merge")
    there = interactions.count("\n- request:") + interactions.count('\n- "request":')
    if there != len(label.takes):
        raise NoRecording(f"{path}: has {there} interactions and names {len(label.takes)}")


BEGINNINGS: dict[str, tuple[tuple[str, int], ...]] = {
    r"\bsk-(?:[a-z]+-)*[A-Za-z0-9_-]{20,}": (("sk-", 0),),
    r"\b(?:org|proj)[-_][A-Za-z0-9]{20,}\b": (("org", 0), ("proj", 0)),
    r"(?<=[Aa]uthorization: Bearer )[A-Za-z0-9._~+/=-]{12,}": (("uthorization: Bearer ", -21),),
    r"\bAKIA[0-9A-Z]{16}\b": (("AKIA", 0),),
    r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})": (("gh", 0), ("github_pat_", 0)),
    r"\bAIza[0-9A-Za-z_-]{35}\b": (("AIza", 0),),
    r"\bxox[abprs]-[0-9A-Za-z-]{20,}": (("xox", 0),),
    r"\b[sr]k_live_[0-9A-Za-z]{16,}": (("k_live_", 1),),
}
"""The redactor's shapes -> how each text of the shape begins, and how far before that the match begins.

A shape that is not here is looked for as it is, so a changed one costs time and misses nothing.
"""
