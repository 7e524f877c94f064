"""What a recipe's `recipe.toml` and its cases say, validated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from assistant.brief import vocabulary
from assistant.errors import RecipeError
from assistant.toml_file import line_of

if TYPE_CHECKING:
    from assistant.brief import Brief

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

Stage = Literal["sql", "database", "contract", "cross", "code", "boot", "probes", "fuzz", "part", "tests"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n]*$")]
Slot = Literal["kind", "framework", "action", "authentication", "validation", "database", "tools", "level", "style"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Addition(_Strict):
    """What a level adds to one turn."""

    stages: tuple[Stage, ...] = ()
    expects: tuple[Line, ...] = ()
    delivers: tuple[Name, ...] = ()

    def joined(self, other: Addition) -> Addition:
        """Both additions."""
        return Addition(
            stages=_union(self.stages, other.stages),
            expects=_union(self.expects, other.expects),
            delivers=_union(self.delivers, other.delivers),
        )


class LevelChange(Addition):
    """What a level changes: its own stages and artifacts go to the last turn, `turns.NAME` to that turn."""

    options: dict[str, str] = Field(default_factory=dict)
    turns: dict[Name, Addition] = Field(default_factory=dict)


class Turn(_Strict):
    """One question and answer: what is rendered, delivered and proved."""

    name: Name
    template: Annotated[str, StringConstraints(pattern=r"^[\w-]+(\.[\w-]+)*\.j2$")]
    delivers: tuple[Name, ...] = ()
    """What the answer is, for lists: architecture, schema, contract, service, tests, ..."""
    expects: tuple[Line, ...] = ()
    """Paths that the answer must contain."""
    stages: tuple[Stage, ...] = Field(min_length=1)
    """Stages of the gate without which there is no `passed`."""

    def with_level(self, addition: Addition) -> Turn:
        """This turn with what a level adds."""
        return self.model_copy(
            update={
                "stages": _union(self.stages, addition.stages),
                "expects": _union(self.expects, addition.expects),
                "delivers": _union(self.delivers, addition.delivers),
            }
        )


class Matches(_Strict):
    """Which briefs a recipe is for: every slot named must hold one of the values."""

    kind: tuple[str, ...] = ()
    framework: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    database: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    hosted: tuple[str, ...] = ()
    action_words: tuple[str, ...] = ()
    """Words or phrases, any of which must be in the action; `transfer*` is the start of a word."""

    @field_validator("kind", "framework", "authentication", "validation", "database", "tools", "level", "style")
    @classmethod
    def _known(cls, values: tuple[str, ...], info: object) -> tuple[str, ...]:
        slot = str(getattr(info, "field_name", ""))
        return tuple(vocabulary().value(slot, value) for value in values)

    def score(self, brief: Brief) -> tuple[int, int] | None:
        """(slots that match, action words that match), the greater the more specific; None when any slot does not."""
        slots = 0
        for slot in ("kind", "framework", "authentication", "validation", "database", "level", "style", "hosted"):
            wanted: tuple[str, ...] = getattr(self, slot)
            if wanted and (getattr(brief, slot) or "") not in wanted:
                return None
            slots += bool(wanted)
        if self.tools and not set(self.tools) & set(brief.tools):
            return None
        words = sum(has_word(brief.action, word) for word in self.action_words)
        if self.action_words and not words:
            return None
        return (slots + bool(self.tools) + bool(self.action_words), words)


class Metadata(_Strict):
    """A whole `recipe.toml`."""

    id: Name
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){0,2}$")]
    title: Line
    summary: Line
    needs: tuple[Slot, ...] = ()
    """Slots that the brief must say something for."""
    levels: dict[str, Line] = Field(default_factory=dict)
    """What each level means for this recipe, in a line."""
    matches: Matches
    turns: tuple[Turn, ...] = Field(min_length=1)
    options: dict[str, str] = Field(default_factory=dict)
    """What the gate is told: `part.module`, `part.symbol`, ..."""
    by_level: dict[str, LevelChange] = Field(default_factory=dict)
    variables: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$")], ...] = ()
    """Variables of the templates beside the standard ones."""

    @field_validator("levels", "by_level")
    @classmethod
    def _known_levels(cls, levels: dict[str, Any]) -> dict[str, Any]:
        return {vocabulary().value("level", level): value for level, value in levels.items()}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [turn.name for turn in self.turns]
        if len(set(names)) != len(names):
            raise ValueError("two turns have one name")
        for level, change in self.by_level.items():
            unknown = set(change.turns) - set(names)
            if unknown:
                raise ValueError(f"by_level.{level}.turns names a turn that is not there: {min(unknown)}")
        if not self.matches.model_dump(exclude_defaults=True):
            raise ValueError("matches is empty: the recipe could never be chosen")
        return self


def validated(file: Traversable, table: Mapping[str, Any], model: type[M]) -> M:
    """`table`, read from `file`, as a `model`; raises RecipeError `FILE:LINE: where: what`."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = "".join(f"{part}: " for part in [".".join(map(str, first["loc"]))] if part)
        message = first["msg"].removeprefix("Value error, ")
        raise RecipeError(f"{file}:{line_of(file, first['loc'])}: {where}{message}") from error


def has_word(text: str, word: str) -> bool:
    """True when `word` (or, for `word*`, a word that begins so) stands in `text`, in any case."""
    start, stem = ("*" in word[-1:], word.rstrip("*"))
    return re.search(rf"(?<!\w){re.escape(stem)}" + ("" if start else r"(?!\w)"), text, re.IGNORECASE) is not None


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
