"""Arms: another prompt for the same artifacts, judged by the same stages."""

import shutil
from pathlib import Path

import pytest

from assistant.arms import RECIPE, ArmRecipe, arms, as_arm
from assistant.errors import RecipeError
from assistant.library import Library, Recipe
from assistant.ordering import order_of

LIBRARY = Library.load()
CASES = [(recipe, name) for recipe in LIBRARY.recipes.values() for name in recipe.cases]
EACH_CASE = pytest.mark.parametrize(("recipe", "name"), CASES, ids=[f"{recipe.id}-{name}" for recipe, name in CASES])


@EACH_CASE
def test_the_bare_arm_asks_in_one_turn_for_everything_that_the_recipe_asks_for(recipe: Recipe, name: str) -> None:
    sentence = recipe.cases[name].sentence
    order = order_of(sentence, library=LIBRARY)
    bare = order_of(sentence, arm="bare", library=LIBRARY)
    asked = order.recipe.turns(order.brief)
    (turn,) = bare.recipe.turns(bare.brief)
    assert set(turn.expects) == {path for each in asked for path in each.expects}
    assert set(turn.stages) == {stage for each in asked for stage in each.stages}
    assert bare.recipe.options(bare.brief) == order.recipe.options(order.brief)
    assert bare.recipe.cases == recipe.cases


@EACH_CASE
def test_the_bare_arm_says_the_sentence_and_names_every_file(recipe: Recipe, name: str) -> None:
    sentence = recipe.cases[name].sentence
    bare = order_of(sentence, arm="bare", library=LIBRARY)
    (turn,) = bare.recipe.turns(bare.brief)
    prompt = bare.recipe.render(turn, bare.brief, None, bare.extra)
    system, user = prompt.messages
    assert prompt.missing == ()
    assert user.content == sentence
    assert all(f"`{path}`" in system.content for path in turn.expects)


@EACH_CASE
def test_both_arms_carry_the_same_output_format(recipe: Recipe, name: str) -> None:
    sentence = recipe.cases[name].sentence
    for arm in (RECIPE, "bare"):
        order = order_of(sentence, arm=arm, library=LIBRARY)
        for turn in order.recipe.turns(order.brief):
            prompt = order.recipe.render(turn, order.brief, None, order.extra)
            assert "parts/output.md.j2" in prompt.parts


def test_cases_have_one_name_over_all_recipes() -> None:
    """An arm keeps its recordings by case alone."""
    names = [name for _, name in CASES]
    assert len(names) == len(set(names))


def test_the_recipe_is_an_arm_too() -> None:
    order = order_of("Create a secure logout endpoint that blacklists JWTs", library=LIBRARY)
    assert as_arm(order.recipe, RECIPE, order.brief, LIBRARY) is order.recipe


def test_an_arm_that_is_not_there_is_refused() -> None:
    with pytest.raises(RecipeError, match="there is no arm 'naked'"):
        order_of("Create a secure logout endpoint that blacklists JWTs", arm="naked", library=LIBRARY)


def test_a_project_has_arms_of_its_own(tmp_path: Path) -> None:
    place = tmp_path / "arms" / "short"
    place.mkdir(parents=True)
    (place / "arm.toml").write_text(
        'id = "short"\nversion = "3"\ntitle = "Short"\nsummary = "Shorter."\ntemplate = "ask.md.j2"\n', encoding="utf-8"
    )
    (place / "ask.md.j2").write_text("{% block user %}{{ brief.action }} for {{ of }}{% endblock %}", encoding="utf-8")
    library = Library.load((*LIBRARY.folders, tmp_path))
    assert list(arms(library)) == ["bare", "short"]
    order = order_of("Create a secure logout endpoint that blacklists JWTs", arm="short", library=library)
    assert isinstance(order.recipe, ArmRecipe)
    (turn,) = order.recipe.turns(order.brief)
    assert order.recipe.render(turn, order.brief, None, order.extra).messages[0].content.endswith("for logout")
    shutil.copytree(place, place.with_name("other"))
    with pytest.raises(RecipeError, match=r"arm\.toml:1: the id 'short' is not the folder's name 'other'"):
        order_of("Create a secure logout endpoint that blacklists JWTs", arm="other", library=library)


def test_an_arm_that_is_called_as_the_recipe_itself_is_refused(tmp_path: Path) -> None:
    shutil.copytree(str(arms(LIBRARY)["bare"]), tmp_path / "arms" / RECIPE)
    with pytest.raises(RecipeError, match="an arm cannot be called 'recipe'"):
        arms(Library.load([*LIBRARY.folders, tmp_path]))
