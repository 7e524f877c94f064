"""The prompt library: recipes from folders, and the choice of one for a brief.

A folder of recipes holds `recipes/ID/recipe.toml` with its templates, `cases/` and
`cassettes/`, and `parts/`. Later folders extend earlier ones and override them by name:
the library that ships, then the user's configuration folder, then `./.backwright/prompts`.
Listing and choosing read TOML alone; Jinja2 is imported when a prompt is rendered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import RecipeError
from assistant.recipe import Addition, Case, Metadata, Turn
from evaluators.draft import Draft

if TYPE_CHECKING:
    from assistant.brief import Brief
    from assistant.prompt import Prompt
    from assistant.rendering import Renderer

PROJECT_FOLDER = Path(".backwright") / "prompts"
"""Where a project keeps recipes and parts of its own."""

M = TypeVar("M", bound=BaseModel)


def default_folders(project: Path | None = None) -> tuple[Traversable, ...]:
    """The folders of the library, in the order in which they override: shipped, the user's, the project's."""
    from platformdirs import user_config_path

    own = user_config_path("backwright") / "prompts"
    return (files("prompts"), own, (project or Path.cwd()) / PROJECT_FOLDER)


class Templates:
    """The folders' templates; Jinja2 is imported when the first one is rendered."""

    def __init__(self, folders: tuple[Traversable, ...]) -> None:
        self.folders = folders

    @cached_property
    def renderer(self) -> Renderer:
        """What renders and checks them."""
        from assistant.rendering import Renderer

        return Renderer(self.folders)


@dataclass(frozen=True)
class Cassette:
    """A recording of one case: `sample` is the file's name without `.yaml`."""

    case: str
    sample: str
    file: Traversable = field(compare=False)


@dataclass(frozen=True)
class Recipe:
    """One recipe: its metadata, where it lies, and how its prompts are made."""

    metadata: Metadata
    place: Traversable = field(compare=False)
    """The recipe's folder."""
    templates: Templates = field(compare=False, repr=False)

    @property
    def id(self) -> str:
        """The recipe's name, also its folder's."""
        return self.metadata.id

    @property
    def version(self) -> str:
        """The recipe's version, for the evidence."""
        return self.metadata.version

    @property
    def title(self) -> str:
        """A few words, for lists."""
        return self.metadata.title

    def turns(self, brief: Brief) -> tuple[Turn, ...]:
        """The turns for this brief: what its level adds is in them."""
        change = self.metadata.by_level.get(brief.level)
        turns = self.metadata.turns
        if change is None:
            return turns
        last = turns[-1].name
        named = {**change.turns, last: change.joined(change.turns.get(last, Addition()))}
        return tuple(turn.with_level(named[turn.name]) if turn.name in named else turn for turn in turns)

    def turn(self, name: str, brief: Brief) -> Turn:
        """The turn called `name`; raises RecipeError."""
        found = next((turn for turn in self.turns(brief) if turn.name == name), None)
        if found is None:
            names = ", ".join(turn.name for turn in self.metadata.turns)
            raise RecipeError(f"recipe {self.id} has no turn {name!r}", f"it has {names}")
        return found

    def options(self, brief: Brief) -> tuple[tuple[str, str], ...]:
        """What the gate is told (`Subject.options`), sorted; the level's options win."""
        change = self.metadata.by_level.get(brief.level)
        merged = {**self.metadata.options, **(change.options if change else {})}
        return tuple(sorted(merged.items()))

    def render(
        self,
        turn: str | Turn,
        brief: Brief,
        proved: Draft | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> Prompt:
        """The prompt of one turn.

        Args:
            turn: the turn, or its name.
            brief: what was asked.
            proved: the artifacts that earlier turns delivered and the gate proved.
            extra: `stack` (facts of the framework's stack), `reference` (artifacts of a
                reference service) and each variable that the recipe declares.

        Raises:
            RecipeError: an unknown turn, a slot that the recipe needs and the brief
                lacks, or a template's error with file and line.
        """
        from assistant.prompt import Prompt

        chosen = self.turn(turn, brief) if isinstance(turn, str) else turn
        given = dict(extra or {})
        self._refuse(brief, given)
        values: dict[str, object] = {
            "brief": brief,
            "turn": chosen,
            "recipe": self.metadata,
            "proved": tuple(proved or ()),
            "stack": given.pop("stack", {}),
            "reference": given.pop("reference", ()),
            **given,
        }
        messages, used = self.templates.renderer.messages(self.template(chosen), values)
        return Prompt(
            messages=messages,
            recipe=self.id,
            version=self.version,
            turn=chosen.name,
            parts=tuple(used.parts),
            missing=tuple(name for name in used.missing if not name.endswith("/none.md.j2")),
        )

    def _refuse(self, brief: Brief, given: Mapping[str, object]) -> None:
        for slot in self.metadata.needs:
            if getattr(brief, slot) in ("", "none", ()):
                raise RecipeError(
                    f"recipe {self.id} needs {slot}, which the sentence does not say",
                    "say it, or choose another recipe",
                )
        absent = sorted(set(self.metadata.variables) - set(given))
        if absent:
            raise RecipeError(f"recipe {self.id} needs the variable {absent[0]!r}, which was not given")

    def template(self, turn: Turn) -> str:
        """The name under which the turn's template is looked up."""
        return f"recipes/{self.id}/{turn.template}"

    def check(self) -> tuple[str, ...]:
        """Compile every template; the names reached. Raises RecipeError with file and line."""
        declared = frozenset(self.metadata.variables)
        reached: set[str] = set()
        for turn in self.metadata.turns:
            reached.update(self.templates.renderer.check(self.template(turn), declared))
        return tuple(sorted(reached))

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        """Name -> case, sorted by name; raises RecipeError with file and line."""
        folder = self.place.joinpath("cases")
        found = sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else []
        return {f.name.removesuffix(".toml"): read_toml(f, Case) for f in found if f.name.endswith(".toml")}

    @cached_property
    def cassettes(self) -> tuple[Cassette, ...]:
        """Every recording, by case and sample."""
        folder = self.place.joinpath("cassettes")
        cases = sorted(folder.iterdir(), key=lambda f: f.name) if folder.is_dir() else []
        return tuple(
            Cassette(case.name, sample.name.removesuffix(".yaml"), sample)
            for case in cases
            if case.is_dir()
            for sample in sorted(case.iterdir(), key=lambda f: f.name)
            if sample.name.endswith(".yaml")
        )


@dataclass(frozen=True)
class Library:
    """Recipes by id, from folders of which later ones override earlier ones."""

    folders: tuple[Traversable, ...]
    recipes: Mapping[str, Recipe] = field(default_factory=dict)

    @classmethod
    def load(cls, folders: Iterable[Traversable] | None = None) -> Library:
        """Read and validate every `recipe.toml`; folders that do not exist are passed over.

        Raises:
            RecipeError: `FILE:LINE: what` for the first recipe that does not validate.
        """
        chosen = tuple(f for f in (default_folders() if folders is None else folders) if f.is_dir())
        templates = Templates(chosen)
        found: dict[str, Recipe] = {}
        for folder in chosen:
            recipes = folder.joinpath("recipes")
            for place in recipes.iterdir() if recipes.is_dir() else ():
                if place.joinpath("recipe.toml").is_file():
                    recipe = _recipe(place, templates)
                    found[recipe.id] = recipe
        return cls(chosen, dict(sorted(found.items())))

    def get(self, name: str) -> Recipe:
        """The recipe called `name`; raises RecipeError naming the nearest ones."""
        if name in self.recipes:
            return self.recipes[name]
        from difflib import get_close_matches

        near = get_close_matches(name, self.recipes, n=3, cutoff=0.4) or list(self.recipes)
        raise RecipeError(
            f"there is no recipe {name!r}", f"nearest: {', '.join(near)}" if near else "the library is empty"
        )

    def choose(self, brief: Brief, name: str = "") -> Recipe:
        """The recipe for a brief: `name` if given, else the most specific one that matches.

        Raises:
            RecipeError: nothing matches, or two match equally well.
        """
        if name:
            return self.get(name)
        scored = sorted(
            ((score, recipe) for recipe in self.recipes.values() if (score := recipe.metadata.matches.score(brief))),
            key=lambda pair: pair[0],
            reverse=True,
        )
        if not scored:
            raise RecipeError(
                f"no recipe of the library is for a {brief.framework} {brief.kind} with this action",
                "name one with --recipe; `backwright recipes` lists them",
            )
        best = [recipe.id for score, recipe in scored if score == scored[0][0]]
        if len(best) > 1:
            raise RecipeError(
                f"{len(best)} recipes match equally well: {', '.join(sorted(best))}", "choose one with --recipe"
            )
        return scored[0][1]


def _recipe(place: Traversable, templates: Templates) -> Recipe:
    file = place.joinpath("recipe.toml")
    metadata = read_toml(file, Metadata)
    if metadata.id != place.name:
        raise RecipeError(
            f"{file}:{line_of(file, ('id',))}: the id {metadata.id!r} is not the folder's name {place.name!r}"
        )
    for number, turn in enumerate(metadata.turns):
        name = f"recipes/{metadata.id}/{turn.template}"
        if not any(folder.joinpath(*name.split("/")).is_file() for folder in templates.folders):
            line = line_of(file, ("turns", number, "template"))
            raise RecipeError(
                f"{file}:{line}: there is no template {turn.template!r}", f"write {place.name}/{turn.template}"
            )
    return Recipe(metadata, place, templates)


def read_toml(file: Traversable, model: type[M]) -> M:
    """`file` as a `model`; raises RecipeError `FILE:LINE: what`."""
    try:
        text = file.read_text(encoding="utf-8")
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        what = re.sub(r" \(at .*\)$", "", str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        raise RecipeError(f"{file}:{line}: not TOML: {what}") from error
    except UnicodeDecodeError as error:
        raise RecipeError(f"{file}:1: not UTF-8", "save the file as UTF-8") from error
    except OSError as error:
        raise RecipeError(f"{file}:1: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise RecipeError(
            f"{file}:{line_of(file, first['loc'])}: {where}: {message}" if where else f"{file}:1: {message}"
        ) from error


def line_of(file: Traversable, loc: tuple[Any, ...]) -> int:
    """The line, from 1, of the deepest part of `loc` (keys and list indexes) that the TOML file writes down."""
    best = best_depth = within = 0
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[Any, ...] = ()
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        header = re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line)
        key = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            names = tuple(part.strip(" \"'") for part in header[2].split("."))
            table = names
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            path = table
        elif key:
            path = (*table, *(part.strip("\"'") for part in key[1].split(".")))
        else:
            continue
        depth = len(path)
        if path == loc[:depth] and depth > best_depth:
            best, best_depth = number, depth
        elif path[: len(loc)] == loc and not within:
            within = number
    return best or within or 1
