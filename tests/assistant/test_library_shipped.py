"""Every recipe that ships: metadata, templates, cases, recordings, stable heads, levels."""

from __future__ import annotations

from importlib.resources import files

import pytest

from assistant.brief import amend, parse, vocabulary
from assistant.library import Library, Recipe
from assistant.prompt import Prompt
from assistant.rendering import slug
from evaluators.draft import Draft, Role

LIBRARY = Library.load([files("prompts")])
RECIPES = pytest.mark.parametrize("recipe", LIBRARY.recipes.values(), ids=list(LIBRARY.recipes))
CASES = [(recipe, name) for recipe in LIBRARY.recipes.values() for name in recipe.cases]
EXTRA = {"stack": {"python": "3.11", "packages": {"fastapi": "1.2.3"}}, "reference": ()}
DESIGN = Draft.of(
    {"architecture.md": "# A\n", "schema.sql": "create table a (id int);\n", "openapi.yaml": "openapi: 3.1.0\n"}
)
ROLES = {role.value for role in Role}
ACCEPTANCE = (
    "Write a FastAPI route to transfer funds between two user accounts. Use Pydantic for validation and "
    "Supabase (PostgreSQL) for storage. Require JWT auth.",
    "Create a FastAPI middleware that checks for a valid JWT in the Authorization header.",
    "Generate a `pytest` test for the `/api/transfer` endpoint that mocks the DB and JWT.",
    "Generate a FastAPI route to register a new user with hashed password and email verification",
    "Write SQLAlchemy model for loan repayments",
    "Create a secure logout endpoint that blacklists JWTs",
    "Design a webhook handler for Stripe payments in Django",
    "Generate a FastAPI CRUD route for the `transactions` table using SQLModel and Supabase.",
)


def rendered(recipe: Recipe, sentence: str) -> list[Prompt]:
    """The prompts of every turn, given what the recipe declares."""
    given = EXTRA | {name: "x" for name in recipe.metadata.variables}
    brief = parse(sentence)
    return [recipe.render(turn, brief, DESIGN, given) for turn in recipe.turns(brief)]


def sentences(recipe: Recipe) -> list[str]:
    """The sentences of a recipe's cases."""
    return [case.sentence for case in recipe.cases.values()]


def test_the_library_ships_recipes() -> None:
    assert len(LIBRARY.recipes) >= 8
    for recipe in LIBRARY.recipes.values():
        assert recipe.metadata.id == recipe.id
        assert recipe.turn_names == tuple(turn.name for turn in recipe.metadata.turns)


@RECIPES
def test_every_template_compiles_and_declares_its_variables(recipe: Recipe) -> None:
    reached = recipe.check()
    assert {recipe.template(turn) for turn in recipe.metadata.turns} <= set(reached)
    assert "parts/house.md.j2" in reached
    assert "parts/output.md.j2" in reached


@RECIPES
def test_a_recipe_has_a_case_and_says_what_it_delivers(recipe: Recipe) -> None:
    assert recipe.cases
    for turn in recipe.metadata.turns:
        assert set(turn.delivers) <= ROLES
        assert turn.expects


@pytest.mark.parametrize(("recipe", "name"), CASES, ids=[f"{recipe.id}-{name}" for recipe, name in CASES])
def test_a_case_parses_and_chooses_its_recipe(recipe: Recipe, name: str) -> None:
    case = recipe.cases[name]
    brief = parse(case.sentence)
    assert LIBRARY.choose(brief).id == recipe.id
    for slot, expected in case.slots.items():
        assert getattr(brief, slot) == expected, slot


@RECIPES
def test_no_recording_is_orphaned(recipe: Recipe) -> None:
    assert {cassette.case for cassette in recipe.cassettes} <= set(recipe.cases)


@pytest.mark.parametrize("sentence", ACCEPTANCE)
def test_an_acceptance_request_has_its_recipe_and_every_part(sentence: str) -> None:
    recipe = LIBRARY.choose(parse(sentence))
    assert sentence in sentences(recipe)
    for prompt in rendered(recipe, sentence):
        assert prompt.missing == ()
        assert sentence in prompt.messages[-1].content


@RECIPES
def test_the_head_of_a_prompt_does_not_change_with_the_action(recipe: Recipe) -> None:
    """What providers' caches hold: every byte before the brief."""
    sentence = sentences(recipe)[0]
    for prompt, other in zip(rendered(recipe, sentence), changed(recipe, sentence), strict=True):
        assert prompt.messages[0].role == "system"
        assert prompt.messages[0] == other.messages[0]
        assert prompt.messages[-1] != other.messages[-1]


def changed(recipe: Recipe, sentence: str) -> list[Prompt]:
    """The prompts for the same slots and another action."""
    brief = parse(sentence)
    other = brief.model_copy(update={"action": "reading {{ meters }}", "sentence": "Something else entirely."})
    given = EXTRA | {name: "x" for name in recipe.metadata.variables}
    return [recipe.render(turn, other, DESIGN, given) for turn in recipe.turns(other)]


@RECIPES
def test_each_level_changes_the_prompt_and_what_is_proved(recipe: Recipe) -> None:
    given = EXTRA | {name: "x" for name in recipe.metadata.variables}
    brief = parse(sentences(recipe)[0])
    levels = [amend(brief, level=level) for level in vocabulary().values("level")]
    for turn in recipe.metadata.turns:
        assert len({recipe.render(turn.name, at, DESIGN, given).fingerprint for at in levels}) == 3
    proved = {(tuple((turn.stages, turn.expects) for turn in recipe.turns(at)), recipe.options(at)) for at in levels}
    assert len(proved) == 3


@RECIPES
def test_a_prompt_holds_no_place_of_this_machine(recipe: Recipe) -> None:
    text = "\n".join(
        message.content for prompt in rendered(recipe, sentences(recipe)[0]) for message in prompt.messages
    )
    assert str(files("prompts")) not in text
    assert "Undefined" not in text


def test_every_part_is_for_a_value_of_its_slot() -> None:
    folders = {
        "frameworks": "framework",
        "databases": "database",
        "authentication": "authentication",
        "validation": "validation",
        "levels": "level",
    }
    for folder, slot in folders.items():
        names = {entry.name.removesuffix(".md.j2") for entry in files("prompts").joinpath("parts", folder).iterdir()}
        assert names <= {slug(value) for value in vocabulary().values(slot)}, folder
