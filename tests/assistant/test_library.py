"""The library's engine: folders, overriding, validation with file and line, choosing, rendering."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.brief import Brief, parse
from assistant.errors import RecipeError
from assistant.library import Library, default_folders
from assistant.rendering import fences, slug
from assistant.toml_file import line_of
from evaluators.answer import read
from evaluators.draft import Artifact, Draft

OURS = Path(__file__).parent / "recipes"
EXTRA = {"stack": {"python": "3.11"}, "tone": "warm"}
GREET = parse("Write FastAPI code to create an endpoint that greets a user, with JWT")
RECIPE = """\
id = "{id}"
version = "1"
title = "A title"
summary = "A summary."
{matches}

[[turns]]
name = "code"
template = "code.md.j2"
stages = ["code"]
"""


def make(
    folder: Path,
    name: str,
    matches: str,
    template: str = "{% block user %}{{ brief.action }}{% endblock %}",
    text: str = RECIPE,
) -> Path:
    """A recipe folder below `folder`; returns the recipe.toml."""
    place = folder / "recipes" / name
    place.mkdir(parents=True)
    (place / "code.md.j2").write_text(template, encoding="utf-8")
    file = place / "recipe.toml"
    file.write_text(text.replace("{id}", name).replace("{matches}", f"[matches]\n{matches}"), encoding="utf-8")
    return file


def loaded(*folders: Path) -> Library:
    return Library.load(folders)


def test_a_recipe_renders_its_messages_in_order() -> None:
    prompt = loaded(OURS).get("greeting").render("code", GREET, Draft.of({"openapi.yaml": "openapi: 3.1.0\n"}), EXTRA)
    assert [message.role for message in prompt.messages] == ["system", "user"]
    assert prompt.messages[0].content == "House rules: be brief.\n\nFastAPI on Python 3.11.\n\nLevel: advanced."
    assert prompt.messages[1].content == "```yaml openapi.yaml\nopenapi: 3.1.0\n```\n\nNow the code for: greets a user"
    assert (prompt.recipe, prompt.version, prompt.turn, prompt.round) == ("greeting", "1.0", "code", 0)
    assert "parts/frameworks/fastapi.md.j2" in prompt.parts
    assert prompt.missing == ()


def test_a_part_that_the_library_lacks_is_listed() -> None:
    brief = parse("Write Flask code to create an endpoint that greets a user")
    prompt = loaded(OURS).get("greeting").render("design", brief, None, EXTRA)
    assert prompt.missing == ("parts/frameworks/flask.md.j2",)
    assert "Level: advanced." in prompt.messages[0].content


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", "{% for x in y %}", "{# gone #}", "{% endblock %}", "<b>&amp;</b>"])
def test_values_are_data_and_never_templates(text: str) -> None:
    brief = parse(f'Write FastAPI code to create an endpoint that greets "{text}"')
    prompt = loaded(OURS).get("greeting").render("design", brief, None, EXTRA)
    assert text in prompt.messages[1].content
    files = Draft.of({"schema.sql": text + "\n"})
    assert text in loaded(OURS).get("greeting").render("code", brief, files, EXTRA).messages[1].content


def test_a_later_folder_extends_and_overrides(tmp_path: Path) -> None:
    make(tmp_path, "farewell", 'kind = ["endpoint"]\naction_words = ["goodbye"]')
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "house.md.j2").write_text("Our house.\n", encoding="utf-8")
    (tmp_path / "recipes" / "greeting").mkdir()
    (tmp_path / "recipes" / "greeting" / "design.md.j2").write_text(
        '{% extends "shipped/recipes/greeting/design.md.j2" %}{% block user %}Ours. {{ super() }}{% endblock %}',
        encoding="utf-8",
    )
    library = loaded(OURS, tmp_path, tmp_path / "is-not-there")
    assert list(library.recipes) == ["farewell", "greeting"]
    prompt = library.get("greeting").render("design", GREET, None, EXTRA)
    assert prompt.messages[0].content.startswith("Our house.")
    assert prompt.messages[1].content.startswith("Ours. > Write FastAPI code")


def test_a_recipe_of_the_same_id_replaces_ours(tmp_path: Path) -> None:
    make(tmp_path, "greeting", 'kind = ["endpoint"]')
    library = loaded(OURS, tmp_path)
    assert library.get("greeting").title == "A title"
    assert library.get("greeting").render("code", GREET).messages[0].content == "greets a user"


def test_the_default_folders_end_with_the_projects_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    make(tmp_path / "config" / "backwright" / "prompts", "mine", 'kind = ["job"]')
    make(tmp_path / ".backwright" / "prompts", "theirs", 'kind = ["job"]')
    folders = default_folders(tmp_path)
    assert folders[2] == tmp_path / ".backwright" / "prompts"
    assert {"mine", "theirs", "transfer-funds"} <= set(Library.load(folders).recipes)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('version = "1"', 'version = "one"', ":2: version: "),
        ('title = "A title"', "", ":1: title: Field required"),
        ('title = "A title"', 'titel = "x"\ntitle = "A title"', ":3: titel: Extra inputs"),
        ('summary = "A summary."', "summary = A summary", ":4: not TOML: "),
        ('kind = ["job"]', 'kind = ["jobb"]', ":6: matches.kind: unknown kind 'jobb'; known: job, "),
        ('kind = ["job"]', "", "matches is empty"),
        ('stages = ["code"]', 'stages = ["code", "luck"]', ":11: turns.0.stages.1: "),
        ('stages = ["code"]', "stages = []", ":11: turns.0.stages: "),
        ('template = "code.md.j2"', 'template = "none.md.j2"', ":10: there is no template 'none.md.j2'"),
        ('template = "code.md.j2"', 'template = "../x.md.j2"', ":10: turns.0.template: "),
        ('id = "broken"', 'id = "other"', ":1: the id 'other' is not the folder's name 'broken'"),
        (
            'stages = ["code"]',
            'stages = ["code"]\n\n[by_level.expert]\nstages = ["fuzz"]',
            ":13: by_level: unknown level 'expert'",
        ),
        (
            'stages = ["code"]',
            'stages = ["code"]\n[[turns]]\nname = "code"\ntemplate = "code.md.j2"\nstages = ["code"]',
            "two turns have one name",
        ),
        (
            'stages = ["code"]',
            'stages = ["code"]\n[by_level.ninja.turns.x]\nstages = ["sql"]',
            "names a turn that is not there: x",
        ),
    ],
)
def test_a_malformed_recipe_is_one_line_with_file_and_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = make(tmp_path, "broken", 'kind = ["job"]')
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RecipeError) as caught:
        loaded(tmp_path)
    assert f"{file}{says}" in str(caught.value) or (not says.startswith(":") and says in str(caught.value))
    assert "\n" not in str(caught.value)


def test_bytes_that_are_not_utf8_are_one_line(tmp_path: Path) -> None:
    file = make(tmp_path, "broken", 'kind = ["job"]')
    file.write_bytes(b"id = \xff")
    with pytest.raises(RecipeError, match=r"recipe\.toml:1: not UTF-8"):
        loaded(tmp_path)


def test_the_line_of_a_nested_key(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        'a = 1\n[[turns]]\nname = "a"\n[[turns]]\nname = "b"\n[by_level.ninja]\nstages = []\n', encoding="utf-8"
    )
    assert [
        line_of(file, loc)
        for loc in [("a",), ("turns", 1, "name"), ("turns", 1, "x"), ("by_level", "ninja", "stages", 0)]
    ] == [1, 5, 4, 7]


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{% block user %}\n{{ brief.action }\n{% endblock %}", ":2: "),
        ("{% block user %}\n{{ colour }}\n{% endblock %}", ":2: the variable 'colour' is not declared"),
        (
            '{% block user %}\n{% include "parts/nothing.md.j2" %}{% endblock %}',
            ":2: there is no part 'parts/nothing.md.j2'",
        ),
        ("{% block user %}\n{% include brief.action %}{% endblock %}", ":2: this name cannot be checked"),
        (
            '{% block user %}{% include "par" ~ brief.action %}{% endblock %}',
            ":1: a computed name starts with a folder",
        ),
    ],
)
def test_a_template_is_checked_with_file_and_line(tmp_path: Path, template: str, says: str) -> None:
    file = make(tmp_path, "broken", 'kind = ["endpoint"]', template)
    with pytest.raises(RecipeError) as caught:
        loaded(tmp_path).get("broken").check()
    assert f"{file.parent / 'code.md.j2'}{says}" in str(caught.value)


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{% block user %}\n\n{{ brief.colour }}{% endblock %}", ":3: "),
        ("{% block user %}\n{{ stack.python }}{% endblock %}", ":2: "),
        ("{% block user %}\n{{ 1 / 0 }}{% endblock %}", ":2: "),
        ("{% block user %}\n{{ brief.__class__ }}{% endblock %}", ":2: "),
        ("{% block user %}{{ ''.__class__.__mro__ }}{% endblock %}", ":1: "),
        ("{% block user %}{% include 'recipes/broken/code.md.j2' %}{% endblock %}", ":1: templates include each other"),
        ("{% block system %}only{% endblock %}", ":1: no message for the model"),
        ("just text", ":1: no message for the model"),
    ],
)
def test_a_template_that_fails_is_one_line_with_file_and_line(tmp_path: Path, template: str, says: str) -> None:
    file = make(tmp_path, "broken", 'kind = ["endpoint"]', template)
    with pytest.raises(RecipeError) as caught:
        loaded(tmp_path).get("broken").render("code", GREET)
    assert f"{file.parent / 'code.md.j2'}{says}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_template_reads_outside_its_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md.j2"
    secret.write_text("the user's key", encoding="utf-8")
    folder = tmp_path / "prompts"
    for number, name in enumerate(["../secret.md.j2", "parts/link.md.j2", str(secret)]):
        make(folder, f"reader{number}", 'kind = ["job"]', f'{{% block user %}}{{% include "{name}" %}}{{% endblock %}}')
    (folder / "parts").mkdir()
    (folder / "parts" / "link.md.j2").symlink_to(secret)
    for number in range(3):
        with pytest.raises(RecipeError, match="there is no template"):
            loaded(folder).get(f"reader{number}").render("code", GREET)


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(RecipeError, match="greeting needs the variable 'tone'"):
        loaded(OURS).get("greeting").render("design", GREET)


def test_a_slot_that_the_recipe_needs_is_named(tmp_path: Path) -> None:
    make(tmp_path, "stored", 'kind = ["endpoint"]', text='needs = ["database"]\n' + RECIPE)
    brief = parse("Write FastAPI code to create an endpoint that adds numbers, no database")
    with pytest.raises(RecipeError, match="recipe stored needs database"):
        loaded(tmp_path).get("stored").render("code", brief)


@pytest.mark.parametrize(
    ("sentence", "chosen"),
    [
        ("Write FastAPI code to create an endpoint for cars", "fastapi"),
        ("Write Flask code to create an endpoint for cars", "any"),
        ("Write Flask code to create an endpoint to send money", "money"),
        ("Write FastAPI code to create an endpoint for cars with MongoDB", "mongo"),
        ("Write a pytest test for cars", "tests"),
    ],
)
def test_the_most_specific_recipe_is_chosen(tmp_path: Path, sentence: str, chosen: str) -> None:
    make(tmp_path, "any", 'kind = ["endpoint"]')
    make(tmp_path, "money", 'kind = ["endpoint"]\naction_words = ["transfer*", "send money"]')
    make(tmp_path, "fastapi", 'kind = ["endpoint"]\nframework = ["fast api"]')
    make(tmp_path, "mongo", 'kind = ["endpoint"]\nframework = ["fastapi"]\ndatabase = ["mongo"]')
    make(tmp_path, "tests", 'tools = ["pytest", "unittest"]')
    assert loaded(tmp_path).choose(parse(sentence)).id == chosen


def test_a_tie_nothing_and_an_unknown_name_are_one_clear_error(tmp_path: Path) -> None:
    make(tmp_path, "one", 'kind = ["endpoint"]')
    make(tmp_path, "two", 'framework = ["fastapi"]')
    library = loaded(tmp_path)
    with pytest.raises(RecipeError, match=r"2 recipes match equally well: one, two \(choose one with --recipe\)"):
        library.choose(GREET)
    assert library.choose(GREET, "two").id == "two"
    with pytest.raises(RecipeError, match="no recipe of the library is for a Django job"):
        library.choose(parse("Write Django code to create a background job for mail"))
    with pytest.raises(RecipeError, match=r"no recipe 'tow'.*nearest: two"):
        library.choose(GREET, "tow")
    with pytest.raises(RecipeError, match=r"no turn 'design'.*it has code"):
        library.get("two").render("design", GREET)


@pytest.mark.parametrize(
    ("action", "words", "matches"),
    [
        ("transfers funds", "transfer*", True),
        ("transfers funds", "transfer", False),
        ("Transfer funds", "transfer", True),
        ("log out", "log out", True),
        ("blog outage", "log out", False),
        ("wire (A) to B", "(A)", True),
    ],
)
def test_action_words_are_whole_words_or_starts(tmp_path: Path, action: str, words: str, matches: bool) -> None:
    make(tmp_path, "one", f'action_words = ["{words}"]')
    brief = GREET.model_copy(update={"action": action})
    assert bool(loaded(tmp_path).get("one").metadata.matches.score(brief)) is matches


def test_a_level_adds_to_what_is_proved() -> None:
    recipe = loaded(OURS).get("greeting")

    def at(level: str) -> Brief:
        return GREET.model_copy(update={"level": level})

    design, code = recipe.turns(at("ninja"))
    assert design.stages == ("contract", "cross")
    assert (code.stages, code.expects) == (("code", "boot", "tests"), ("app/main.py", "app/worker.py"))
    assert recipe.options(at("ninja")) == (("service.module", "app.main"), ("service.workers", "2"))
    assert recipe.turns(at("advanced"))[1].stages == ("code", "boot")
    assert recipe.options(at("advanced")) == (("service.module", "app.main"),)
    prompts = {
        recipe.render("design", at(level), None, EXTRA).fingerprint for level in ("beginner", "advanced", "ninja")
    }
    assert len(prompts) == 3


def test_cases_and_cassettes_are_found(tmp_path: Path) -> None:
    shutil.copytree(OURS / "recipes", tmp_path / "recipes")
    place = tmp_path / "recipes" / "greeting"
    (place / "cassettes" / "hello").mkdir(parents=True)
    (place / "cassettes" / "hello" / "first.yaml").write_text("{}", encoding="utf-8")
    recipe = loaded(tmp_path).get("greeting")
    assert list(recipe.cases) == ["hello"]
    assert [(c.case, c.sample) for c in recipe.cassettes] == [("hello", "first")]
    (place / "cases" / "bad.yaml").write_text("sentence: x\n\nslots:\n  colour: red\n", encoding="utf-8")
    with pytest.raises(RecipeError, match=r"bad\.yaml:3: slots: there is no slot 'colour'"):
        _ = loaded(tmp_path).get("greeting").cases


def test_fences_are_longer_than_what_they_hold() -> None:
    files = {"README.md": "Run\n```bash\nmake\n```\n", "app/main.py": "x = 1", "a.weird": "````\n"}
    text = fences(Artifact.of(path, body) for path, body in files.items())
    assert text.startswith("````markdown README.md\n")
    assert {a.path: a.text.rstrip("\n") for a in read(text).draft} == {
        path: body.rstrip("\n") for path, body in files.items()
    }


@pytest.mark.parametrize(
    ("value", "name"), [("Spring Boot", "spring-boot"), ("OAuth 2.0", "oauth-2-0"), ("", "none"), ("../x", "x")]
)
def test_a_slug_is_a_plain_file_name(value: str, name: str) -> None:
    assert slug(value) == name


@pytest.mark.parametrize(
    ("work", "heavy"),
    [
        ("[(r.id, r.title, r.turn_names, r.cassettes) for r in lib.recipes.values()]", "pydantic jinja2"),
        ("lib.choose(parse(sys.argv[1]))", "jinja2"),
    ],
)
def test_listing_and_choosing_import_little(work: str, heavy: str) -> None:
    code = (
        "import sys; from assistant.library import Library; lib = Library.load()\n"
        f"from assistant.brief import {'parse' if 'parse' in work else 'slots_schema'}\n{work}\n"
        f"print([m for m in '{heavy} sqlglot openai fastapi schemathesis'.split() if m in sys.modules])"
    )
    sentence = "Write FastAPI code to create an endpoint to transfer funds"
    shown = subprocess.run(
        [sys.executable, "-c", code, sentence],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "XDG_CONFIG_HOME": "/nowhere"},
    )
    assert shown.stdout.strip() == "[]"
