"""Recipes and prompts, without asking anybody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import BaseModel, Field

from assistant.errors import RecipeError, UsageError
from assistant.library import Library
from assistant.ordering import order_of
from web.api.caller import Viewer
from web.api.models import Sent, Sentence
from web.api.paging import DEFAULT, MOST, Cursor, Limit, Next, cursor_of, place_of
from web.api.problems import errors
from web.api.slots import Slots, as_options

router = APIRouter(prefix="/recipes", tags=["recipes"])

Id = Annotated[
    str,
    Path(
        min_length=1,
        max_length=60,
        pattern=r"^[a-z0-9-]+$",
        description="The recipe's id.",
        examples=["transfer-funds"],
    ),
]


class Turn(BaseModel):
    """One request to the model."""

    name: str = Field(description="Its name.", examples=["design"])
    expects: list[str] = Field(max_length=100, description="The files that the answer must hold.")
    stages: list[str] = Field(max_length=100, description="The stages that must prove them.")


class Case(BaseModel):
    """A sentence that chooses the recipe."""

    name: str = Field(description="Its name.")
    sentence: str = Field(description="The sentence.")
    recorded: int = Field(ge=0, description="How many recorded answers there are.")


class Summary(BaseModel):
    """A recipe in a list."""

    id: str = Field(max_length=60, description="Its id.", examples=["transfer-funds"])
    version: str = Field(description="Its version.", examples=["1"])
    title: str = Field(description="A few words.")


class Recipe(Summary):
    """A recipe."""

    summary: str = Field(description="A sentence.")
    needs: list[str] = Field(max_length=20, description="Slots that must be said.")
    turns: list[Turn] = Field(max_length=20, description="What is asked, in this order.")
    cases: list[Case] = Field(max_length=200, description="Examples.")


class Recipes(BaseModel):
    """A page of recipes, by id."""

    items: list[Summary] = Field(max_length=MOST, description="The recipes.")
    next: Next


class Asked(Sent):
    """What a prompt is to be rendered for."""

    sentence: Sentence
    slots: Slots | None = Field(default=None, description="Slots that win over what the sentence says.")
    turn: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        pattern=r"^[a-z0-9-]+$",
        description="The turn; null for the first.",
        examples=["design"],
    )


class Message(BaseModel):
    """A message to the model."""

    role: str = Field(description="`system` or `user`.")
    content: str = Field(description="Its text.")


class Prompt(BaseModel):
    """What would be sent."""

    recipe: str = Field(description="The recipe's id.")
    turn: str = Field(description="The turn's name.")
    fingerprint: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of what would be sent.")
    size: int = Field(ge=0, description="Characters.")
    messages: list[Message] = Field(max_length=20, description="The messages.")
    stages: list[str] = Field(max_length=100, description="The stages that must prove the answer.")
    missing: list[str] = Field(max_length=100, description="Parts that the library does not have.")


@router.get("", operation_id="listRecipes", summary="List recipes")
def list_recipes(request: Request, caller: Viewer, cursor: Cursor = None, limit: Limit = DEFAULT) -> Recipes:
    """The prompt library's recipes, by id."""
    after = place_of("recipes", cursor)
    found = [each for id, each in sorted(Library.load().recipes.items()) if id > after]
    more = cursor_of("recipes", found[limit - 1].id) if len(found) > limit else None
    items = [Summary(id=each.id, version=each.version, title=each.title) for each in found[:limit]]
    return Recipes(items=items, next=more)


@router.get("/{recipe}", operation_id="getRecipe", summary="Get a recipe", responses=errors(404))
def get_recipe(request: Request, caller: Viewer, recipe: Id) -> Recipe:
    """What a recipe asks for and proves."""
    found = _found(Library.load(), recipe)
    about = found.metadata
    recorded = [cassette.case for cassette in found.cassettes]
    return Recipe(
        id=found.id,
        version=found.version,
        title=found.title,
        summary=about.summary,
        needs=list(about.needs),
        turns=[Turn(name=each.name, expects=list(each.expects), stages=list(each.stages)) for each in about.turns],
        cases=[
            Case(name=name, sentence=case.sentence, recorded=recorded.count(name)) for name, case in found.cases.items()
        ],
    )


@router.post("/{recipe}/prompts", operation_id="renderPrompt", summary="Render a prompt", responses=errors(404))
def render_prompt(request: Request, caller: Viewer, recipe: Id, body: Asked) -> Prompt:
    """The prompt that would be sent for a sentence. Nothing is sent, and nothing is kept."""
    library = Library.load()
    _found(library, recipe)
    order = order_of(body.sentence, as_options(body.slots), recipe, library=library)
    turns = order.recipe.turns(order.brief)
    turn = next((each for each in turns if each.name == (body.turn or turns[0].name)), None)
    if turn is None:
        raise UsageError(f"recipe {recipe} has no turn {body.turn!r}", f"it has {', '.join(t.name for t in turns)}")
    prompt = order.recipe.render(turn, order.brief, None, order.extra)
    return Prompt(
        recipe=prompt.recipe,
        turn=prompt.turn,
        fingerprint=prompt.fingerprint,
        size=prompt.size,
        messages=[Message(role=each.role, content=each.content) for each in prompt.messages],
        stages=list(turn.stages),
        missing=list(prompt.missing),
    )


def _found(library: Library, recipe: str) -> Any:
    """The recipe of an id. Raises HTTPException (404)."""
    try:
        return library.get(recipe)
    except RecipeError:
        raise HTTPException(404, "There is no such recipe.") from None
