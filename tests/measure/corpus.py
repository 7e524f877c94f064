"""The measured projects: known-good backends, and defects planted in them as patches.

tests/corpus/projects/NAME/good/            a good project
tests/corpus/projects/NAME/findings.toml    what `recommended` says about it, each finding judged
tests/corpus/projects/NAME/defects/*.patch  one defect each, under a header of `# key: value` lines
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.answer import read
from evaluators.draft import Draft

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ROOT / "tests" / "corpus" / "projects"
ACCEPTANCE = ROOT / "tests" / "corpus" / "acceptance"
RECIPES = ROOT / "prompts" / "recipes"

FIELDS = ("class", "title", "why", "symbol", "where", "set")


class CorpusError(Exception):
    """A part of the corpus is malformed; the message says which and how."""


@dataclass(frozen=True)
class Project:
    """A good project: its name, its folder or (for a recorded answer) its draft, and its judged findings."""

    name: str
    judged: Path
    """The file of judged findings."""
    folder: Path | None = None
    draft: Draft | None = None

    def written(self, into: Path) -> Path:
        """The project's files in the empty or missing folder `into`."""
        if self.folder is not None:
            shutil.copytree(self.folder, into, dirs_exist_ok=True)
        for artifact in self.draft or ():
            target = into / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.text, encoding="utf-8")
        return into


@dataclass(frozen=True)
class Planted:
    """One planted defect."""

    project: str
    slug: str
    kind: str
    """Its class, a key of classes.toml."""
    title: str
    symbol: str
    path: str
    """The file of the patched project that a right finding points at."""
    line: int
    held_out: bool
    patch: Path

    @property
    def part(self) -> str:
        """`schema`, `migrations`, `queries`, `contract`, `cross` or `code`."""
        part = self.kind.rpartition("-")[0]
        return "contract" if part in ("structure", "security") else part

    def applied(self, good: Path, into: Path) -> Path:
        """A copy of `good` in `into` with the defect in it. Raises CorpusError where the patch does not apply."""
        return patched(good, self.patch, into, f"{self.project}/{self.slug}")


def patched(good: Path, patch: Path, into: Path, called: str) -> Path:
    """A copy of `good` in `into` with a patch applied. Raises CorpusError where it does not apply."""
    shutil.copytree(good, into, dirs_exist_ok=True)
    done = subprocess.run(
        ["git", "apply", "-p1", str(patch)],
        cwd=into,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(into.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CorpusError(f"{called}: the patch does not apply: {done.stderr.strip()[:200]}")
    return into


def projects() -> tuple[Project, ...]:
    """The projects with a folder, by name."""
    found = sorted(path for path in PROJECTS.iterdir() if (path / "good").is_dir())
    return tuple(Project(path.name, path / "findings.toml", folder=path / "good") for path in found)


def acceptance() -> tuple[Project, ...]:
    """The final drafts of the recorded acceptance requests."""
    cassettes = sorted(RECIPES.glob("*/cassettes/acceptance-*/1.yaml"), key=lambda path: path.parent.name)
    return tuple(
        Project(path.parent.name, ACCEPTANCE / f"{path.parent.name}.toml", draft=final_draft(path))
        for path in cassettes
    )


def final_draft(cassette: Path) -> Draft:
    """What a recorded run's answers add up to, each over the earlier ones."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    recorded = yaml.load(cassette.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    draft = Draft()
    for interaction in recorded["interactions"]:
        draft = draft.updated(read(_text_of(interaction), base=draft).draft)
    return draft


def _text_of(interaction: dict[str, Any]) -> str:
    """The answer's text in a recorded interaction, streamed or whole."""
    body = interaction["response"]["body"]
    if "stream" in body:
        return str(body["stream"]["answer"])
    return str(body["json"]["choices"][0]["message"]["content"])


def planted(project: Project) -> tuple[Planted, ...]:
    """The defects planted in a project, by slug. Raises CorpusError for a header that is not whole."""
    if project.folder is None:
        return ()
    return tuple(_planted(project.name, path) for path in sorted((project.folder.parent / "defects").glob("*.patch")))


def header(called: str, path: Path, fields: tuple[str, ...]) -> dict[str, str]:
    """The `# key: value` lines over a patch. Raises CorpusError where one of the fields is lacking."""
    said: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            break
        key, _, value = line[2:].partition(":")
        said[key.strip()] = value.strip()
    missing = [name for name in fields if not said.get(name)]
    if missing:
        raise CorpusError(f"{called}: the header lacks {', '.join(missing)}")
    return said


def _planted(project: str, path: Path) -> Planted:
    said = header(f"{project}/{path.stem}", path, FIELDS)
    place = re.match(r"(\S+?):(\d+)", said["where"])
    if not place:
        raise CorpusError(f"{project}/{path.stem}: `where` must be path:line, not {said['where']!r}")
    return Planted(
        project, path.stem, said["class"], said["title"], said["symbol"], place[1], int(place[2]),
        said["set"] == "held-out", path,
    )  # fmt: skip


def classes() -> dict[str, tuple[str, frozenset[str]]]:
    """Class -> its title and the rules that are right for it."""
    read = tomllib.loads((Path(__file__).parent / "classes.toml").read_text(encoding="utf-8"))
    return {name: (about["title"], frozenset(about["rules"])) for name, about in read.items()}
