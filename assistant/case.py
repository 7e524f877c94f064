"""Cases: the requests that a recipe is for, held by tests and measured by `backwright eval`.

`cases/NAME.yaml` beside a recipe; `prompts/case.schema.json` describes it for editors.
A sentence with `{name}` and values for it under `parameters` stands for one case a value:
`rooms` with `parameters: {database: [PostgreSQL, SQLite]}` is `rooms.postgresql` and `rooms.sqlite`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from assistant.errors import RecipeError
from assistant.recipe import Slot
from assistant.yaml_file import line_in, read_mapping

SUFFIX = ".yaml"

Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
Variable = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$", max_length=40)]
Value = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n{}]*$")]

_HOLE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")


class Case(BaseModel):
    """One request, and what it must be understood as."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="A case of a recipe")

    sentence: Annotated[str, StringConstraints(min_length=1, max_length=4_000)] = Field(
        description="The request, in the formula or in free words. `{name}` is filled from `parameters`."
    )
    slots: dict[str, str | tuple[str, ...]] = Field(
        default_factory=dict, description="Slot: the value that the sentence must be parsed into."
    )
    tags: tuple[Tag, ...] = Field(default=(), description="What the case is about, for `backwright eval --tag`.")
    set: Literal["tuning", "held-out"] = Field(
        default="tuning",
        description="`tuning`: a recipe may be improved on it. `held-out`: it may not, and is reported apart.",
    )
    parameters: dict[Variable, tuple[Value, ...]] = Field(
        default_factory=dict, description="Name: the values that stand for `{name}`; one case each."
    )
    note: str = Field(default="", description="Why the case is here.")

    @field_validator("slots")
    @classmethod
    def _slots(cls, slots: dict[str, str | tuple[str, ...]]) -> dict[str, str | tuple[str, ...]]:
        unknown = set(slots) - set(get_args(Slot)) - {"hosted"}
        if unknown:
            raise ValueError(f"there is no slot {min(unknown)!r}")
        return slots

    @model_validator(mode="after")
    def _filled(self) -> Self:
        # Without parameters a brace is a character as any other.
        holes = set(_HOLE.findall(self.sentence)) if self.parameters else set()
        if holes != set(self.parameters):
            odd = min(holes ^ set(self.parameters))
            raise ValueError(f"{{{odd}}} must stand in the sentence and under parameters")
        empty = next((name for name, values in self.parameters.items() if not values), None)
        if empty:
            raise ValueError(f"parameters.{empty} has no value")
        return self

    def expanded(self, name: str) -> Iterator[tuple[str, Case]]:
        """One case for each combination of the parameters, with its name."""
        for values in itertools.product(*self.parameters.values()):
            given = dict(zip(self.parameters, values, strict=True))
            parts = _HOLE.split(self.sentence) if given else [self.sentence]
            # Every second part is a hole's name.
            sentence = "".join(given[part] if number % 2 else part for number, part in enumerate(parts))
            words = (re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") or "none" for value in values)
            made = self.model_copy(update={"sentence": sentence, "parameters": {}})
            yield ".".join((name, *words)), made


def read_cases(folder: Traversable) -> Mapping[str, Case]:
    """Name -> case of the files in a folder, sorted by name.

    Raises:
        RecipeError: `FILE:LINE: what`.
    """
    files = sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []
    cases: dict[str, Case] = {}
    for file in files:
        if not file.name.endswith(SUFFIX):
            continue
        for name, case in _validated(file).expanded(file.name.removesuffix(SUFFIX)):
            if not _NAME.fullmatch(name):
                raise RecipeError(f"{file}:1: {name!r} cannot name a case", "use small letters, digits, dot and dash")
            if name in cases:
                raise RecipeError(f"{file}:1: there are two cases {name!r}", "two values of a parameter read alike")
            cases[name] = case
    return dict(sorted(cases.items()))


def _validated(file: Traversable) -> Case:
    """The case that a file describes."""
    try:
        return Case.model_validate(read_mapping(file))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = "".join(f"{part}: " for part in [".".join(map(str, first["loc"]))] if part)
        message = first["msg"].removeprefix("Value error, ")
        raise RecipeError(f"{file}:{line_in(file, first['loc'])}: {where}{message}") from error


def schema() -> dict[str, Any]:
    """The JSON Schema of a case's file, as `prompts/case.schema.json` holds it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema()}
