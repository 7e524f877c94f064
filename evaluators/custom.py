"""Custom rules: Python files of the user's own, with functions under the same `@rule`.

They run in this process with the user's rights, so only the user names them:
by `--rules` or in the user's configuration, never by a project that is checked.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluators.catalogue import load_all
from evaluators.report import Reason, StageResult, judged
from evaluators.rule import REGISTRY, collecting

NAME = "rules"
"""The stage that tells of custom rules."""


class CustomRulesError(Exception):
    """A path that holds no rules; the message says which."""


@dataclass(frozen=True)
class Loaded:
    """What was registered, and why the rest was not: a line each."""

    ids: tuple[str, ...]
    problems: tuple[str, ...]
    digest: str
    """A hash of the files, for whoever keeps results."""

    @property
    def result(self) -> StageResult:
        """The stage `rules`: unverified where a rule could not be loaded, since it judged nothing."""
        detail = f"{len(self.ids)} custom rules"
        if not self.problems:
            return judged(NAME, (), detail=detail)
        return judged(NAME, (), detail="; ".join([detail, *self.problems]), unverified=Reason.RULE_CRASHED)


def load(paths: Iterable[Path]) -> Loaded:
    """Register the rules of files and of folders' `*.py` (not those whose name begins with `_`).

    Raises:
        CustomRulesError: a path does not exist, or is no Python file or folder of some.
    """
    load_all()
    files = [file for path in paths for file in _files(path)]
    before = set(REGISTRY)
    problems: list[str] = []
    digest = hashlib.sha256()
    for file in dict.fromkeys(files):
        text = file.read_bytes()
        digest.update(text)
        problems += _load(file, hashlib.sha256(text).hexdigest()[:12])
    return Loaded(tuple(sorted(set(REGISTRY) - before)), tuple(problems), digest.hexdigest())


def _files(path: Path) -> list[Path]:
    """The Python files that a path stands for."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*.py") if not file.name.startswith("_"))
        if not found:
            raise CustomRulesError(f"{path} holds no Python file")
        return [file.resolve() for file in found]
    if not path.is_file() or path.suffix != ".py":
        raise CustomRulesError(f"{path} is no Python file and no folder of some")
    return [path.resolve()]


def _load(file: Path, digest: str) -> list[str]:
    """Run one file; what could not be registered, a line each."""
    name = f"backwright_custom_{digest}_{file.stem}"
    if name in sys.modules:
        return []
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        return [f"{file.name}: cannot be loaded"]
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name.
    sys.modules[name] = module
    before = len(REGISTRY)
    with collecting() as refused:
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            refused.append(f"stopped by {said}")
    if len(REGISTRY) == before and not refused:
        refused.append("holds no rule")
    return [f"{file.name}: {each}" for each in refused]
