"""The first prompt of every case and arm, as the library renders it now; by fingerprint.

Rendered once for all recordings of the case. What was rendered is kept by all that it follows
from: our own sources, the recipe's folder, and what the library's recipes share.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from assistant.arms import RECIPE, arms
from assistant.case import Case
from assistant.errors import BackwrightError, RecipeError
from assistant.library import Library, Recipe
from assistant.ordering import order_of
from assistant.prompt import Prompt
from assistant.rendering import SHIPPED
from evaluators.cache import Cache

VERSION = 1
"""Of what is kept of a recipe."""

Stamp = tuple[str, int, int]
"""A file's path, size in bytes and time of change in nanoseconds."""


@dataclass
class FirstPrompts:
    """What is asked first, and what cannot be."""

    arms: tuple[str, ...]
    """`recipe`, and the names of the arms."""
    cases: dict[str, Mapping[str, Case]] = field(default_factory=dict)
    """Recipe -> its cases."""
    prints: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Recipe, case and arm -> the first prompt's fingerprint; what does not render is not in it."""
    errors: list[tuple[str, str, str, BackwrightError]] = field(default_factory=list)
    """Recipe, case, arm and what is wrong; one mistake in what they share is told of each."""
    broken: set[str] = field(default_factory=set)
    """Recipes whose cases cannot be read."""

    def failed(self, recipe: str, case: str, arm: str, error: BackwrightError) -> None:
        """Take in what is wrong."""
        self.errors.append((recipe, case, arm, error))


def first_prompt(library: Library, recipe: str, sentence: str, arm: str) -> Prompt:
    """The first prompt of a run, as the loop renders it. Raises BriefError and RecipeError."""
    order = order_of(sentence, recipe=recipe, arm="" if arm == RECIPE else arm, library=library)
    turn = order.recipe.turns(order.brief)[0]
    return order.recipe.render(turn, order.brief, None, order.extra)


def first_prompts(library: Library, cache: Cache) -> FirstPrompts:
    """The first prompts of all cases and arms; one that does not render does not stop the rest."""
    found = FirstPrompts((RECIPE, *arms(library)))
    shared, own = _stamps(library)
    for recipe in library.recipes.values():
        try:
            found.cases[recipe.id] = recipe.cases
        except RecipeError as error:
            found.broken.add(recipe.id)
            found.failed(recipe.id, "", "", error)
            continue
        key = cache.key("first prompts", VERSION, _ours(), shared, own.get(recipe.id, ()), recipe.id)
        kept = cache.get(key)
        wanted = {f"{case}/{arm}" for case in recipe.cases for arm in found.arms}
        if isinstance(kept, dict) and kept.keys() == wanted:
            for name, print_ in kept.items():
                case, _, arm = name.rpartition("/")
                found.prints[recipe.id, case, arm] = str(print_)
        elif _rendered(library, recipe, found):
            cache.put(key, {f"{c}/{a}": print_ for (r, c, a), print_ in found.prints.items() if r == recipe.id})
    return found


def _rendered(library: Library, recipe: Recipe, found: FirstPrompts) -> bool:
    """Render a recipe's cases; whether all went well and took nothing of another recipe, so that it can be kept."""
    alone = True
    for name, case in recipe.cases.items():
        for arm in found.arms:
            try:
                prompt = first_prompt(library, recipe.id, case.sentence, arm)
            except BackwrightError as error:
                found.failed(recipe.id, name, arm, error)
                alone = False
                continue
            found.prints[recipe.id, name, arm] = prompt.fingerprint
            taken = (part.removeprefix(SHIPPED) for part in (*prompt.parts, *prompt.missing))
            alone = alone and all(not part.startswith("recipes/") or part.split("/")[1] == recipe.id for part in taken)
    return alone


def _stamps(library: Library) -> tuple[list[Stamp], dict[str, list[Stamp]]]:
    """The files that all recipes share, and those of each recipe; recordings and results render nothing."""
    shared: list[Stamp] = []
    own: dict[str, list[Stamp]] = {}
    for folder in map(str, library.folders):
        shared.append((folder, 0, 0))
        for stamp in _files(folder, frozenset({"cassettes", "__pycache__"})):
            parts = Path(stamp[0]).relative_to(folder).parts
            if parts == ("results.json",):
                continue
            if parts[0] == "recipes" and len(parts) > 2:
                own.setdefault(parts[1], []).append(stamp)
            else:
                shared.append(stamp)
    return shared, own


@functools.cache
def _ours() -> tuple[tuple[str, ...], list[Stamp]]:
    """What renders: our own sources besides the gate's, which every key of the cache holds, and the libraries."""
    libraries = tuple(f"{name} {version(name)}" for name in ("jinja2", "pydantic"))
    return libraries, _files(str(Path(__file__).parents[1]), frozenset({"__pycache__"}))


def _files(folder: str, skipped: frozenset[str]) -> list[Stamp]:
    """Every file below a folder, sorted. Links are followed once, and what cannot be looked at is noted as such."""
    found: list[Stamp] = []
    waiting, seen = [folder], set()
    while waiting:
        place = waiting.pop()
        real = os.path.realpath(place)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = list(os.scandir(place))
        except OSError:
            found.append((place, -1, -1))
            continue
        for entry in entries:
            if entry.is_dir():
                if entry.name not in skipped:
                    waiting.append(entry.path)
                continue
            try:
                about = entry.stat()
                found.append((entry.path, about.st_size, about.st_mtime_ns))
            except OSError:
                found.append((entry.path, -1, -1))
    return sorted(found)
