"""What an evaluation plays: recipe x case x arm x model x sample, chosen by filters."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.arms import FOLDER as ARMS
from assistant.arms import RECIPE, arms
from assistant.case import Case
from assistant.errors import NoRecording, UsageError
from assistant.experiment.results import Key
from assistant.library import Library, Recipe
from assistant.model.cassette import Label, head_of

RECIPES = "recipes"


@dataclass(frozen=True)
class Choice:
    """What of the library is evaluated; an empty filter lets everything through."""

    recipes: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    """Names or globs."""
    tags: tuple[str, ...] = ()
    """A case must have all of them."""
    sets: tuple[str, ...] = ()
    """`tuning`, `held-out`."""
    arms: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()

    def takes(self, recipe: Recipe, name: str, case: Case) -> bool:
        """Whether a case is chosen."""
        return (
            (not self.recipes or recipe.id in self.recipes)
            and (not self.cases or any(fnmatch.fnmatchcase(name, glob) for glob in self.cases))
            and set(self.tags) <= set(case.tags)
            and (not self.sets or case.set in self.sets)
        )


@dataclass(frozen=True)
class Trial:
    """One recording of a case that can be played."""

    key: Key
    case: Case
    path: Path
    label: Label
    folder: Path
    """The library's folder that holds it."""

    @property
    def cassette(self) -> str:
        """The recording's path within its folder."""
        return self.path.relative_to(self.folder).as_posix()


@dataclass(frozen=True)
class Plan:
    """What will be played, what has no recording, and what cannot be read."""

    trials: tuple[Trial, ...]
    missing: tuple[Key, ...] = ()
    """Case and arm without any chosen recording; model and sample are empty."""
    unreadable: Mapping[Key, str] = field(default_factory=dict)
    """Recordings that cannot be read, without their model -> why."""


def plan(library: Library, choice: Choice) -> Plan:
    """The trials of a choice, sorted by key.

    Raises:
        UsageError: a filter names a recipe or an arm that is not there, or nothing is left.
        RecipeError: a case is malformed.
    """
    known = (RECIPE, *arms(library))
    _refuse("recipe", choice.recipes, tuple(library.recipes))
    _refuse("arm", choice.arms, known)
    chosen = [
        (recipe, name, case)
        for recipe in library.recipes.values()
        for name, case in recipe.cases.items()
        if choice.takes(recipe, name, case)
    ]
    if not chosen:
        raise UsageError("no case is left by these filters", "backwright show RECIPE lists a recipe's cases")
    trials: list[Trial] = []
    missing: list[Key] = []
    unreadable: dict[Key, str] = {}
    for recipe, name, case in chosen:
        for arm in choice.arms or known:
            damaged: dict[Key, str] = {}
            found = 0
            for trial in _trials(library, recipe, name, case, arm, damaged):
                if choice.models and trial.key.model not in choice.models:
                    continue
                if choice.samples and trial.key.sample not in choice.samples:
                    continue
                found += 1
                trials.append(trial)
            # Whose it is cannot be read, so a filter on models lets it through.
            told = {key: why for key, why in damaged.items() if not choice.samples or key.sample in choice.samples}
            unreadable |= told
            if not found and not told:
                missing.append(Key(recipe.id, name, arm, "", ""))
    trials.sort(key=lambda trial: trial.key)
    return Plan(tuple(trials), tuple(sorted(missing)), unreadable)


def shelf_of(arm: str) -> str:
    """The folder of an arm's recordings within a library's folder."""
    return RECIPES if arm == RECIPE else ARMS


def _trials(
    library: Library, recipe: Recipe, name: str, case: Case, arm: str, unreadable: dict[Key, str]
) -> Iterator[Trial]:
    """The recordings of one case and arm, over all folders; a later folder's sample hides an earlier one's."""
    held: dict[tuple[str, str], Trial] = {}
    owner = recipe.id if arm == RECIPE else arm
    for folder in map(Path, map(str, library.folders)):
        place = folder / shelf_of(arm) / owner / "cassettes" / name
        for path in sorted(place.glob("*.yaml")):
            try:
                label = head_of(path)
            except NoRecording as error:
                # A file of results names no folder of this machine.
                unreadable[Key(recipe.id, name, arm, "", path.stem)] = str(error).replace(f"{folder}/", "")
                continue
            key = Key(recipe.id, name, arm, label.model, path.stem)
            held[key.model, key.sample] = Trial(key, case, path, label, folder)
    yield from held.values()


def _refuse(what: str, given: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Refuse a filter that names nothing."""
    odd = next((name for name in given if name not in known), None)
    if odd is not None:
        raise UsageError(f"there is no {what} {odd!r}", f"there are {', '.join(known)}")
