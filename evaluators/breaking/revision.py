"""The earlier state of a project, read from its git repository.

Objects are read with plumbing only (`rev-parse`, `ls-tree`, `cat-file`): nothing is
checked out, no filter, hook, pager or alias of the repository's configuration runs,
nothing is fetched, and submodules and symbolic links are left alone.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath

from evaluators.draft import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS, Artifact, Draft, Role, UnsafePath

MAX_BYTES = 60_000_000
"""Most bytes that are read of a revision."""
SECONDS = 60
"""Longest time for one call of git."""

_PASSED_OVER = frozenset(("node_modules", "venv", "env", "dist", "build", "site-packages", "vendor", "target"))
_WANTED = frozenset((Role.SCHEMA, Role.MIGRATION, Role.CONTRACT))
_SUFFIXES = (".sql", ".yaml", ".yml", ".json", ".py")


class RevisionError(Exception):
    """A revision that cannot be read; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def revision(root: Path, name: str, roles: dict[str, Role]) -> Draft:
    """The contracts and schemas that the folder `root` held at the revision `name`.

    `roles` are those of today's files by path, so that a project's own settings hold for both.

    Raises:
        RevisionError: git is missing, `root` is in no repository, or there is no such revision.
    """
    if not name or name.startswith("-") or any(ord(character) < 33 for character in name):
        raise RevisionError(f"{name!r} is no git revision", "name a folder, a branch, a tag or a commit")
    prefix = _git(root, "rev-parse", "--show-prefix", failed="in no git repository").decode().strip()
    wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    commit = _git(root, *wanted, failed=f"no folder and no git revision {name}").decode().strip()
    tree = f"{commit}:{prefix.rstrip('/')}" if prefix else commit
    listed = _git(root, "ls-tree", "-r", "-z", "-l", "--full-tree", tree, failed=f"{name} does not hold the folder")
    entries = [made for line in listed.split(b"\0") if (made := _entry(line, roles))]
    texts = _blobs(root, entries)
    artifacts = []
    for path, role, blob in entries[:MAX_ARTIFACTS]:
        text = texts.get(blob)
        if text is not None:
            artifacts.append(Artifact(path, text, role))
        elif role in _WANTED:
            # What cannot be compared must not look unchanged.
            raise RevisionError(f"{name}:{path} cannot be read: no UTF-8 text, or too much of it", "compare a folder")
    return Draft(tuple(artifacts))


def _entry(line: bytes, roles: dict[str, Role]) -> tuple[str, Role, str] | None:
    """Path, role and object of a line of `ls-tree`; None for what is not compared."""
    about, _, name = line.partition(b"\t")
    fields = about.decode("ascii", "replace").split()
    if len(fields) != 4 or fields[0] not in ("100644", "100755") or not fields[3].isdecimal():
        return None
    try:
        path = Artifact.of(name.decode("utf-8"), "").path
    except (UnicodeDecodeError, UnsafePath):
        return None
    pure = PurePosixPath(path)
    if pure.suffix.lower() not in _SUFFIXES or any(p in _PASSED_OVER or p.startswith(".") for p in pure.parts):
        return None
    role = roles.get(path) or Artifact.of(path, "").role
    needed = role in _WANTED or (role is Role.CONFIGURATION and pure.suffix.lower() != ".py")
    small = int(fields[3]) <= MAX_ARTIFACT_BYTES or role in _WANTED
    return (path, role, fields[2]) if needed and small else None


def _blobs(root: Path, entries: list[tuple[str, Role, str]]) -> dict[str, str]:
    """The texts of objects by their names, up to MAX_BYTES; what is no text is left out."""
    names = list(dict.fromkeys(blob for _, _, blob in entries[:MAX_ARTIFACTS]))
    if not names:
        return {}
    out = _git(root, "cat-file", "--batch", failed="git cannot read the revision", given="\n".join(names) + "\n")
    texts: dict[str, str] = {}
    at = total = 0
    while at < len(out) and total < MAX_BYTES:
        head, _, _ = out[at : at + 200].partition(b"\n")
        fields = head.decode("ascii", "replace").split()
        at += len(head) + 1
        if len(fields) != 3 or not fields[2].isdecimal():
            continue
        size = int(fields[2])
        content, at, total = out[at : at + size], at + size + 1, total + size
        try:
            text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            texts[fields[0]] = text
    return texts


def _git(root: Path, *arguments: str, failed: str, given: str = "") -> bytes:
    """What a plumbing command of git prints. Raises RevisionError."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    settings = ("protocol.allow=never", "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat")
    fixed = [part for setting in settings for part in ("-c", setting)]
    command = ["git", "--no-pager", "--no-replace-objects", *fixed, "-C", str(root.resolve()), *arguments]
    environment = {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            command, input=given.encode(), capture_output=True, env=environment, timeout=SECONDS, check=False
        )
    except FileNotFoundError as error:
        raise RevisionError("git is not installed", "name a folder instead of a revision") from error
    except subprocess.TimeoutExpired as error:
        raise RevisionError("git does not answer", "name a folder instead of a revision") from error
    if done.returncode != 0:
        raise RevisionError(f"--against: {failed}", "name a folder, a branch, a tag or a commit")
    return done.stdout
