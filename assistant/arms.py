"""Arms: other ways to ask for what a recipe asks for, to compare recipes with.

An arm is a folder `arms/ID/` beside `recipes/`: `arm.toml`, one template, and `cassettes/`.
It asks in one turn for everything that the recipe's turns ask for, and is judged by the same
stages. Its template knows what a recipe's templates know, and `of`, the recipe's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from assistant.errors import RecipeError
from assistant.library import Library, Recipe
from assistant.recipe import Line, Metadata, Name, Turn, validated
from assistant.toml_file import line_of, read_table

if TYPE_CHECKING:
    from assistant.brief import Brief
    from assistant.case import Case

FOLDER = "arms"

RECIPE = "recipe"
"""The arm that is the recipe itself."""

TURN = "answer"
"""The name of an arm's only turn."""


class ArmData(BaseModel):
    """A whole `arm.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Name
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){0,2}$")]
    title: Line
    summary: Line
    template: Annotated[str, StringConstraints(pattern=r"^[\w-]+(\.[\w-]+)*\.j2$")]


@dataclass(frozen=True)
class ArmRecipe(Recipe):
    """A recipe as an arm asks for it; cases are those of the recipe that it stands for."""

    of: Recipe | None = None

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        """The cases of the recipe."""
        return self.of.cases if self.of is not None else {}

    def template(self, turn: Turn) -> str:
        """The arm's template."""
        return f"{FOLDER}/{self.id}/{turn.template}"


def arms(library: Library) -> Mapping[str, Traversable]:
    """Id -> folder of every arm; later folders of the library override earlier ones.

    Raises RecipeError for one that is called as the recipe itself is: its recordings would be counted twice.
    """
    found: dict[str, Traversable] = {}
    for folder in library.folders:
        place = folder.joinpath(FOLDER)
        for each in place.iterdir() if place.is_dir() else ():
            if each.joinpath("arm.toml").is_file():
                if each.name == RECIPE:
                    raise RecipeError(f"{each}: an arm cannot be called {RECIPE!r}", "that is the recipe itself")
                found[each.name] = each
    return dict(sorted(found.items()))


def as_arm(recipe: Recipe, arm: str, brief: Brief, library: Library) -> Recipe:
    """The recipe as the arm asks for it: one turn with all artifacts and stages; `recipe` gives it back as it is.

    Raises:
        RecipeError: there is no such arm, or its `arm.toml` is malformed.
    """
    if arm in ("", RECIPE):
        return recipe
    known = arms(library)
    if arm not in known:
        raise RecipeError(f"there is no arm {arm!r}", f"there are {', '.join([RECIPE, *known])}")
    file = known[arm].joinpath("arm.toml")
    data = validated(file, read_table(file), ArmData)
    if data.id != arm:
        raise RecipeError(f"{file}:{line_of(file, ('id',))}: the id {data.id!r} is not the folder's name {arm!r}")
    table = _table(recipe, data, brief)
    return ArmRecipe(arm, data.version, data.title, table, known[arm], recipe.templates, recipe)


def _table(recipe: Recipe, arm: ArmData, brief: Brief) -> dict[str, Any]:
    """What `recipe.toml` would hold for the arm."""
    turns = recipe.turns(brief)
    held: dict[str, list[str]] = {}
    for key in ("delivers", "expects", "stages"):
        held[key] = list(dict.fromkeys(value for turn in turns for value in getattr(turn, key)))
    metadata: Metadata = recipe.metadata
    return {
        "id": arm.id,
        "version": arm.version,
        "title": arm.title,
        "summary": arm.summary,
        "needs": list(metadata.needs),
        "matches": metadata.matches.model_dump(exclude_defaults=True),
        "turns": [{"name": TURN, "template": arm.template, **held}],
        "options": dict(recipe.options(brief)),
        "variables": ["of"],
    }
