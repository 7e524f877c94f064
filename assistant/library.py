"""The prompt library: recipes from folders, and the choice of one for a brief.

A folder of recipes holds `recipes/ID/recipe.toml` with its templates, `cases/` and
`cassettes/`, and `parts/`. Later folders extend earlier ones and override them by name:
the library that ships, then the user's configuration folder, then `./.backwright/prompts`.

Start-up decides what is imported when: listing reads TOML alone; pydantic comes with the
first recipe's metadata, Jinja2 with the first prompt. Recipes that ship are held valid by
our tests and validated when used; those of other folders are validated on load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import RecipeError
from assistant.toml_file import line_of, read_table
from evaluators.draft import Draft

if TYPE_CHECKING:
    from assistant.brief import Brief
    from assistant.case import Case
    from assistant.prompt import Prompt
    from assistant.recipe import Metadata, Turn
    from assistant.rendering import Renderer

PROJECT_FOLDER = Path(".backwright") / "prompts"
"""Where a project keeps recipes and parts of its own."""


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

    id: str
    """The recipe's name, also its folder's."""
    version: str
    """For the evidence."""
    title: str
    """A few words, for lists."""
    table: Mapping[str, Any] = field(compare=False, repr=False)
    """What `recipe.toml` holds."""
    place: Traversable = field(compare=False)
    """The recipe's folder."""
    templates: Templates = field(compare=False, repr=False)

    @cached_property
    def metadata(self) -> Metadata:
        """`recipe.toml`, validated on first use; raises RecipeError with file and line."""
        from assistant.recipe import Metadata, validated

        file = self.place.joinpath("recipe.toml")
        metadata = validated(file, self.table, Metadata)
        for number, turn in enumerate(metadata.turns):
            parts = self.template(turn).split("/")
            if not any(folder.joinpath(*parts).is_file() for folder in self.templates.folders):
                line = line_of(file, ("turns", number, "template"))
                raise RecipeError(f"{file}:{line}: there is no template {turn.template!r}", f"write {'/'.join(parts)}")
        return metadata

    @property
    def turn_names(self) -> tuple[str, ...]:
        """The turns' names in order, for lists."""
        return tuple(str(turn.get("name", "")) for turn in self.table.get("turns", ()))

    def turns(self, brief: Brief) -> tuple[Turn, ...]:
        """The turns for this brief: what its level adds is in them."""
        change = self.metadata.by_level.get(brief.level)
        turns = self.metadata.turns
        if change is None:
            return turns
        from assistant.recipe import Addition

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
        from assistant.case import read_cases

        return read_cases(self.place.joinpath("cases"))

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
        """Read every `recipe.toml`, and validate those that did not ship; missing folders are passed over.

        Raises:
            RecipeError: `FILE:LINE: what` for the first recipe that is malformed.
        """
        chosen = tuple(f for f in (default_folders() if folders is None else folders) if f.is_dir())
        templates = Templates(chosen)
        found: dict[str, Recipe] = {}
        for folder in chosen:
            recipes = folder.joinpath("recipes")
            for place in recipes.iterdir() if recipes.is_dir() else ():
                if place.joinpath("recipe.toml").is_file():
                    found[place.name] = recipe = _recipe(place, templates)
                    if folder != files("prompts"):
                        _ = recipe.metadata
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
    table = read_table(file)
    name = table.get("id", place.name)
    if name != place.name:
        raise RecipeError(f"{file}:{line_of(file, ('id',))}: the id {name!r} is not the folder's name {place.name!r}")
    return Recipe(place.name, str(table.get("version", "")), str(table.get("title", "")), table, place, templates)
