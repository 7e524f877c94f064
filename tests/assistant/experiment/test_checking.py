"""A library's recordings, looked at without playing them: each thing that is wrong, and nothing where nothing is."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from small_library import CASES, held, make, prompt_of, sentence, write

from assistant.experiment import first_prompts, holdings
from assistant.experiment.checking import Kind, Problem, check, counts, lines
from assistant.experiment.plan import Choice
from assistant.experiment.results import Key, Results, Status, TrialResult
from assistant.library import Library
from assistant.model.replay import shipped
from assistant.redact import SHAPES, Redactor
from assistant.settings import Secret, Settings
from evaluators.cache import Cache

SETTINGS = Settings(model="fake")
KEY = "sk-proj-0123456789abcdefghijABCDEFGHIJ"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with every case recorded twice for the recipe and once for the arm; the working folder is above it."""
    made = make(tmp_path / "prompts")
    for case in CASES:
        held(made, "list", case)
        held(made, "list", case, "2")
        held(made, "list", case, arm="short")
    monkeypatch.chdir(tmp_path)
    return made


def found(folder: Path, *more: Path, settings: Settings = SETTINGS, choice: Choice | None = None) -> list[Problem]:
    """What is wrong; with a cache of its own beside the library."""
    return check(Library.load([folder, *more]), settings, choice, cache=Cache(folder.parent / "cache"))


def only(problems: list[Problem]) -> Problem:
    """The one problem."""
    (one,) = problems
    return one


def test_nothing_is_wrong_with_what_is_right(folder: Path) -> None:
    assert found(folder) == []
    assert found(folder) == [], "nor when it is looked at again"


def test_an_answer_that_yaml_must_quote_is_as_right_as_any(folder: Path) -> None:
    path = held(folder, "list", "cars", answers=("odd\x85\nends", "and again"))
    assert '\n"interactions":' in path.read_text(encoding="utf-8")
    assert found(folder) == []
    write(folder / "parts" / "house.md.j2", "Be long.")
    assert counts(found(folder, choice=Choice(cases=("cars",), samples=("1",)))) == {Kind.STALE: 1}


def test_what_ships_is_in_order(tmp_path: Path) -> None:
    assert lines(check(Library.load([shipped().parent]), SETTINGS, cache=Cache(tmp_path))) == []


def test_a_changed_recipe_makes_its_recordings_stale_and_no_others(folder: Path) -> None:
    assert found(folder) == []
    write(folder / "recipes" / "list" / "code.md.j2", "{% block user %}Now write: {{ brief.action }}{% endblock %}")
    problems = found(folder)
    assert [(each.kind, each.arm, each.case, each.sample) for each in problems] == [
        (Kind.STALE, "recipe", case, sample) for case in ("boats", "cars") for sample in ("1", "2")
    ]
    assert lines(problems) == [
        "recipe list changed: 4 cassettes to record again: backwright eval --record --recipe list"
    ]
    assert counts(problems) == {Kind.STALE: 4}


def test_a_changed_part_and_a_changed_arm_are_seen_although_what_was_rendered_is_kept(folder: Path) -> None:
    assert found(folder) == []
    write(folder / "parts" / "house.md.j2", "Be long.")
    assert {each.arm for each in found(folder)} == {"recipe"}
    write(folder / "parts" / "house.md.j2", "Be brief.")
    assert found(folder) == []
    write(folder / "arms" / "short" / "ask.md.j2", "{% block user %}Please {{ brief.action }}{% endblock %}")
    assert lines(found(folder)) == [
        "arm short for recipe list changed: 2 cassettes to record again: "
        "backwright eval --record --recipe list --arm short"
    ]


def test_a_recipe_that_takes_a_part_of_another_one_follows_it(folder: Path) -> None:
    template = "{% block user %}{% include 'recipes/list/more.md.j2' ignore missing %}{{ brief.action }}{% endblock %}"
    make(folder, {"other": {"trains": "lists trains"}})
    write(folder / "recipes" / "other" / "code.md.j2", template)
    held(folder, "other", "trains")
    assert found(folder) == []
    write(folder / "recipes" / "list" / "more.md.j2", "More. ")
    assert [(each.kind, each.recipe) for each in found(folder)] == [(Kind.STALE, "other")]


def test_a_stale_recording_of_another_model_is_recorded_with_that_one(folder: Path) -> None:
    held(folder, "list", "cars", "3", model="big one")
    write(folder / "parts" / "house.md.j2", "Be long.")
    assert lines(found(folder)) == [
        "recipe list changed: 4 cassettes to record again: backwright eval --record --recipe list",
        "recipe list changed: 1 cassette to record again: backwright eval --record --recipe list --model 'big one'",
    ]


def test_what_a_later_folder_takes_the_place_of_is_not_stale(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    write(own / "parts" / "house.md.j2", "Our house.")
    assert counts(found(folder, own)) == {Kind.STALE: 4}
    library = Library.load([folder, own])
    prompt = first_prompts.first_prompt(library, "list", sentence("lists cars"), "recipe")
    mine = own / "recipes" / "list" / "cassettes" / "cars" / "1.yaml"
    theirs = folder / "recipes" / "list" / "cassettes" / "cars" / "1.yaml"
    old = prompt_of(folder, "list", "cars").fingerprint
    write(mine, theirs.read_text(encoding="utf-8").replace(old, prompt.fingerprint))
    assert [(each.case, each.sample) for each in found(folder, own)] == [("boats", "1"), ("boats", "2"), ("cars", "2")]


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ("recipes/list/cases/cars.yaml", "there is no case 'cars'"),
        ("recipes/list/recipe.toml", "there is no recipe 'list'"),
        ("arms/short/arm.toml", "there is no arm 'short'"),
    ],
)
def test_what_nothing_asks_for_is_an_orphan(folder: Path, gone: str, says: str) -> None:
    (folder / gone).unlink()
    problems = found(folder)
    assert {each.kind for each in problems} == {Kind.ORPHANED}
    assert all(each.command == f"git rm {each.path}" for each in problems)
    assert says in {each.message for each in problems}
    assert lines(problems)[0].startswith("prompts/")


def test_another_sentence_makes_an_orphan(folder: Path) -> None:
    write(folder / "recipes" / "list" / "cases" / "cars.yaml", f"sentence: {sentence('lists lorries')}\n")
    problems = found(folder)
    assert {(each.kind, each.case) for each in problems} == {(Kind.ORPHANED, "cars")}
    assert [each.command for each in problems] == [
        "backwright eval --record --recipe list --case cars --sample 1",
        "backwright eval --record --recipe list --case cars --sample 2",
        "backwright eval --record --recipe list --arm short --case cars --sample 1",
    ]


def test_a_path_that_does_not_fit_the_label_makes_an_orphan(folder: Path) -> None:
    place = folder / "recipes" / "list" / "cassettes"
    (place / "cars" / "2.yaml").rename(place / "cars" / "7.yaml")
    one = only(found(folder))
    assert (one.kind, one.sample, one.message) == (
        Kind.ORPHANED,
        "7",
        "its label says list/cars/2, which is not where it lies",
    )
    there = "prompts/recipes/list/cassettes/cars"
    assert one.command == f"git mv {there}/7.yaml {there}/2.yaml"
    (place / "cars" / "7.yaml").rename(place / "loose.yaml")
    one = only(found(folder))
    assert (one.kind, one.message) == (Kind.ORPHANED, "it does not lie at CASE/SAMPLE.yaml")


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({"ended": ""}, [Kind.UNFINISHED]),
        ({"ended": "", "budget": 0}, []),
        ({"ended": "failed: no progress"}, []),
    ],
)
def test_a_recording_without_an_end_is_unfinished_unless_it_is_from_before(
    folder: Path, more: dict[str, object], kinds: list[Kind]
) -> None:
    held(folder, "list", "cars", **more)
    problems = found(folder)
    assert [each.kind for each in problems] == kinds
    assert all(each.command == "backwright eval --record --recipe list --case cars --sample 1" for each in problems)


def results(folder: Path, path: Path, *, sha: str = "", **more: object) -> None:
    """Committed results with a trial of the recording."""
    given = TrialResult(
        Key("list", "cars", "recipe", "fake", "1"),
        Status.SCORED,
        cassette=path.relative_to(folder).as_posix(),
        cassette_sha=sha or hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    Results((replace(given, **more),), "full", 4).write(folder / "results.json")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, None),
        ({"unplayed": 1}, "the results did not come to its last answer"),
        ({"unplayed": 2}, "the results did not come to its last 2 answers"),
        (
            {"status": Status.STALE, "why": "code round 1 is\nnot recorded"},
            "the results call it stale: code round 1 is",
        ),
        ({"unplayed": 2, "sha": "0" * 64}, None),
    ],
)
def test_what_the_results_did_not_come_to(folder: Path, more: dict[str, object], says: str | None) -> None:
    path = folder / "recipes" / "list" / "cassettes" / "cars" / "1.yaml"
    results(folder, path, **more)  # type: ignore[arg-type]
    problems = found(folder)
    if says is None:
        assert problems == []
        return
    one = only(problems)
    assert (one.kind, one.sample) == (Kind.PARTLY, "1")
    assert one.message.startswith(says)
    (shown,) = lines(problems)
    assert "\n" not in shown
    assert shown.endswith(": backwright eval --record --recipe list --case cars --sample 1")


def test_results_that_are_none_are_told(folder: Path) -> None:
    write(folder / "results.json", "{}")
    one = only(found(folder))
    assert (one.kind, one.path, one.command) == (
        Kind.UNREADABLE,
        "prompts/results.json",
        "backwright eval --out prompts/results.json",
    )


def test_a_secret_is_told_by_its_kind_and_never_shown(folder: Path) -> None:
    path = held(folder, "list", "cars")
    path.write_text(path.read_text(encoding="utf-8").replace("Here it is.", f"Your key: {KEY}"), encoding="utf-8")
    one = only(found(folder))
    assert (one.kind, one.path) == (Kind.LEAKING, "prompts/recipes/list/cassettes/cars/1.yaml")
    assert "OpenAI style key" in one.message
    assert KEY not in "".join(lines([one]))


def test_the_users_own_key_is_looked_for_also_in_what_was_looked_at_before(folder: Path) -> None:
    path = held(folder, "list", "cars")
    path.write_text(path.read_text(encoding="utf-8").replace("Here it is.", "correct-horse-battery"), encoding="utf-8")
    assert found(folder) == []
    own = replace(SETTINGS, api_key=Secret("correct-horse-battery"))
    one = only(found(folder, settings=own))
    assert (one.kind, one.message.split(":")[0]) == (Kind.LEAKING, "holds a configured key")
    kept = "".join(file.read_text(encoding="utf-8") for file in (folder.parent / "cache").rglob("*.json"))
    assert "correct-horse" not in kept


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: "", "not a recording of ours"),
        (lambda text: "metadata: [\n", "cannot be read"),
        (lambda text: text.replace("  sentence:", "  sentences:"), "its metadata lacks 'sentence'"),
        (lambda text: text.partition("\ninteractions:")[0] + "\ninteractions: []\n", "has 0 interactions and names 1"),
        (lambda text: text + "\n<<<<<<< ours\n", "holds a conflict of a merge"),
        (lambda text: text + text.partition("\ninteractions:\n")[2], "has 2 interactions and names 1"),
    ],
)
def test_what_is_no_recording_is_unreadable(folder: Path, change: object, says: str) -> None:
    path = held(folder, "list", "cars")
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    one = only(found(folder))
    assert (one.kind, one.path) == (Kind.UNREADABLE, "prompts/recipes/list/cassettes/cars/1.yaml")
    assert says in one.message
    assert "\n" not in one.message


def test_bytes_and_links_that_lead_nowhere_are_unreadable(folder: Path) -> None:
    path = held(folder, "list", "cars")
    path.write_bytes(b"metadata: \xff\xfe\n")
    (path.with_name("9.yaml")).symlink_to(folder / "nowhere")
    behind = held(folder, "list", "boats")
    behind.write_bytes(behind.read_bytes() + b"# \xff\n")
    problems = found(folder)
    assert [each.kind for each in problems] == [Kind.UNREADABLE] * 3
    assert "not UTF-8" in problems[0].message


@pytest.mark.parametrize(
    ("file", "text", "place", "says"),
    [
        ("recipes/list/code.md.j2", "{% block user %}\n{{ nobody }}{% endblock %}", ":2", "'nobody' is undefined"),
        ("recipes/list/cases/cars.yaml", "note: x\nsentence: s\ncolour: red\n", ":3", "Extra inputs"),
        ("recipes/list/cases/cars.yaml", "note: x\nsentence: ' '\n", ":2", ""),
        ("arms/short/arm.toml", 'id = "other"\n', ":1", ""),
    ],
)
def test_what_no_longer_renders_is_told_once_with_its_line_and_the_rest_goes_on(
    folder: Path, file: str, text: str, place: str, says: str
) -> None:
    make(folder, {"other": {"trains": "lists trains"}})
    path = held(folder, "other", "trains", answers=("x",))
    write(folder / file, text)
    path.write_text(path.read_text(encoding="utf-8").replace("\ninteractions:", "\ninteractionz:"), encoding="utf-8")
    problems = found(folder)
    broken = only([each for each in problems if each.kind is Kind.BROKEN])
    assert broken.path == f"prompts/{file}{place}"
    assert says in broken.message
    assert [each.recipe for each in problems if each.kind is Kind.UNREADABLE] == ["other"]
    assert Kind.STALE not in counts(problems)


def test_a_mistake_in_what_recipes_share_is_told_of_whichever_was_chosen(folder: Path) -> None:
    make(folder, {"other": {"trains": "lists trains"}})
    write(folder / "arms" / "short" / "arm.toml", 'id = "other"\n')
    for choice in (Choice(), Choice(recipes=("list",)), Choice(recipes=("other",)), Choice(cases=("trains",))):
        assert only(check(Library.load([folder]), Settings(), choice)).kind is Kind.BROKEN


def test_each_case_is_rendered_once_and_only_when_something_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = first_prompts.first_prompt

    def counted(*given: object) -> object:
        asked.append(str(given[1:]))
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(first_prompts, "first_prompt", counted)
    found(folder)
    assert len(asked) == len(set(asked)) == 4, "two cases, two arms"
    found(folder)
    assert len(asked) == 4


def test_a_file_is_looked_into_again_when_its_size_or_time_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    real = holdings._Scan.file

    def counted(self: holdings._Scan, path: Path) -> dict[str, object]:
        looked.append(path.name)
        return real(self, path)

    monkeypatch.setattr(holdings._Scan, "file", counted)
    found(folder)
    assert len(looked) == 6
    found(folder)
    assert len(looked) == 6
    path = folder / "recipes" / "list" / "cassettes" / "cars" / "2.yaml"
    os.utime(path, ns=(1, 1))
    found(folder)
    assert looked[6:] == ["2.yaml"]


def test_a_damaged_cache_is_no_news(folder: Path) -> None:
    found(folder)
    files = list((folder.parent / "cache").rglob("*.json"))
    assert files
    for file in files:
        file.write_text('{"recipes/list/cassettes/cars/1.yaml": [1], "cars/recipe": {}}', encoding="utf-8")
    assert found(folder) == []


def test_filters_leave_out_what_is_about_something_else(folder: Path) -> None:
    write(folder / "parts" / "house.md.j2", "Be long.")
    held(folder, "list", "boats", arm="short", ended="")
    assert counts(found(folder, choice=Choice(arms=("short",)))) == {Kind.UNFINISHED: 1}
    assert counts(found(folder, choice=Choice(cases=("car*",)))) == {Kind.STALE: 2}
    assert counts(found(folder, choice=Choice(samples=("2",)))) == {Kind.STALE: 2}
    held(folder, "list", "boats", "3", ended="", model="other")
    assert counts(found(folder, choice=Choice(models=("other",)))) == {Kind.UNFINISHED: 1}
    assert found(folder, choice=Choice(recipes=("nothing",))) == []
    assert found(folder, choice=Choice(tags=("nothing",))) == []


SAMPLES = [
    KEY, "sk-abcdefghijklmnopqrstuvwx", "org-" + "A1" * 12, "proj_" + "b2" * 12, "Authorization: Bearer " + "t" * 20,
    "authorization: Bearer " + "t" * 20, "AKIA" + "A1B2" * 4, "ghp_" + "a" * 36, "gho_" + "a" * 36, "ghu_" + "a" * 36,
    "ghs_" + "a" * 36, "ghr_" + "a" * 36, "github_pat_" + "a" * 40, "AIza" + "a" * 35, "xoxb-" + "1" * 20,
    "xoxa-" + "1" * 20, "xoxp-" + "1" * 20, "xoxr-" + "1" * 20, "xoxs-" + "1" * 20, "sk_live_" + "a" * 16,
    "rk_live_" + "a" * 16,
]  # fmt: skip
"""Something of every shape that the redactor knows."""


def test_every_shape_of_the_redactor_has_a_sample_and_is_known_by_its_beginning() -> None:
    kinds = {kind for sample in SAMPLES for kind in Redactor().found(sample)}
    assert kinds == {name for name, _ in SHAPES}
    assert {shape.pattern for _, shape in SHAPES} == set(holdings.BEGINNINGS)


def suspected(text: str) -> bool:
    return holdings._Scan(())._suspect(text)


@given(st.text(max_size=8), st.sampled_from(SAMPLES), st.integers(0, 3), st.text(max_size=8))
@hypothesis_settings(max_examples=500, deadline=None)
def test_the_quick_look_misses_nothing_that_the_redactor_finds(before: str, secret: str, cut: int, after: str) -> None:
    text = before + secret[: len(secret) - cut] + after
    assert suspected(text) is bool(Redactor().found(text))


@given(st.lists(st.sampled_from(["sk-", "task-", "AKIA", "org-", "x" * 24, "A1B2" * 4, " ", "gho_", "k_live_", "é"])))
@hypothesis_settings(max_examples=500, deadline=None)
def test_the_quick_look_agrees_on_pieces_of_secrets(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert suspected(text) is bool(Redactor().found(text))


def test_a_shape_that_is_new_is_looked_for_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = (*SHAPES, ("new key", re.compile(r"\bnew-[0-9]{9}")))
    monkeypatch.setattr(holdings, "SHAPES", shapes)
    assert suspected("a new-123456789")
    assert not suspected("a new-12345678")
