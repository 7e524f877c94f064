"""The library: recipes, what they ask for, what they were proved on, and any of them rendered with a brief."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from assistant.errors import BackwrightError, RecipeError
from assistant.experiment.committed import proved_on
from assistant.experiment.reports.words import percent
from assistant.library import Library, Recipe
from assistant.prompt import Prompt
from web.auth import Viewer
from web.composing import compose
from web.site import site_of

router = APIRouter()


@dataclass(frozen=True)
class Recorded:
    """One recording: what a recipe's case was answered by."""

    case: str
    sample: str
    model: str
    at: str
    rounds: int
    endpoint: str


@router.get("/recipes")
def listing(request: Request, visitor: Viewer) -> Response:
    """All recipes."""
    library = Library.load()
    recipes = list(library.recipes.values())
    return site_of(request).pages.page(
        request, "recipes.html", visitor=visitor, recipes=recipes, proved=proved_on(library)
    )


@router.get("/recipes/{id}")
def one(request: Request, visitor: Viewer, id: str, sentence: str = "", turn: str = "") -> Response:
    """A recipe; with a sentence, its prompt for that."""
    library = Library.load()
    try:
        recipe = library.get(id)
    except RecipeError as error:
        return site_of(request).pages.page(
            request,
            "error.html",
            visitor=visitor,
            status=404,
            code=404,
            title="No such recipe",
            message=error.message,
            hint=error.hint,
        )
    prompt, problem = _prompt(recipe, sentence[:20_000], turn)
    return site_of(request).pages.page(
        request,
        "recipe.html",
        visitor=visitor,
        recipe=recipe,
        about=recipe.metadata,
        matches=recipe.metadata.matches.model_dump(exclude_defaults=True),
        recorded=recordings(recipe),
        badge=proved_on(library).get(recipe.id),
        percent=percent,
        sentence=sentence,
        turn=turn or recipe.turn_names[0],
        prompt=prompt,
        problem=problem,
    )


def _prompt(recipe: Recipe, sentence: str, turn: str) -> tuple[Prompt | None, BackwrightError | None]:
    """The prompt of a recipe's turn for a sentence, or what is in its way."""
    if not sentence.strip():
        return None, None
    composed = compose(sentence, recipe.id)
    if composed.problem or not turn or turn == recipe.turn_names[0]:
        return composed.prompt, composed.problem
    from assistant.ordering import order_of

    try:
        order = order_of(sentence, recipe=recipe.id)
        return recipe.render(turn, order.brief, None, order.extra), None
    except BackwrightError as error:
        return None, error


def recordings(recipe: Recipe) -> tuple[Recorded, ...]:
    """What a recipe was answered by, from its cassettes' heads; a broken one is passed over."""
    from assistant.model.cassette import head_of

    found = []
    for cassette in recipe.cassettes:
        try:
            label = head_of(Path(str(cassette.file)))
        except BackwrightError:
            continue
        at = max((take.at for take in label.takes), default="")
        found.append(Recorded(cassette.case, cassette.sample, label.model, at, len(label.takes), label.endpoint))
    return tuple(found)
