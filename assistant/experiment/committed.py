"""The results that are committed beside the recipes: what badges and comparisons rest on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from assistant.errors import UsageError
from assistant.experiment.reports.badges import Badge, badges
from assistant.experiment.results import Results
from assistant.library import PROJECT_FOLDER, Library

NAME = "results.json"
"""The file's name, in the folder that holds `recipes/`."""


def place(project: Path) -> Path:
    """Where a project's results are committed: beside its own recipes, else beside those that ship."""
    own = project / PROJECT_FOLDER
    return (own if (own / "recipes").is_dir() else Path(str(Library.load().folders[0]))) / NAME


def proved_on(library: Library) -> Mapping[str, Badge]:
    """Recipe -> its badge, from the committed results of every folder; later folders override earlier ones.

    A recipe that a later folder overrides has no badge of an earlier one: another prompt was proved.
    A file that cannot be read gives none.
    """
    found: dict[str, Badge] = {}
    for folder in map(Path, map(str, library.folders)):
        held = _badges(folder / NAME, _changed(folder / NAME))
        for id, recipe in library.recipes.items():
            if Path(str(recipe.place)).parent.parent == folder:
                found.pop(id, None)
                if id in held:
                    found[id] = held[id]
    return found


def _changed(file: Path) -> int:
    """When a file was changed, in nanoseconds; 0 where there is none."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _badges(file: Path, changed: int) -> Mapping[str, Badge]:
    """The badges of a file as it was at that time."""
    if not changed:
        return {}
    try:
        return badges(Results.read(file))
    except UsageError:
        return {}
