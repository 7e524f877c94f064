"""What an evaluation plays, and what its filters refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.errors import UsageError
from assistant.experiment.plan import Choice, plan
from assistant.library import Library

SHIPPED = Path(__file__).resolve().parents[3] / "prompts"


def keys(choice: Choice, *folders: Path) -> list[str]:
    """The trials of a choice."""
    return [str(trial.key) for trial in plan(Library.load([SHIPPED, *folders]), choice).trials]


def test_a_trial_is_one_recording_of_a_case_by_an_arm() -> None:
    assert keys(Choice(cases=("acceptance-2",))) == [
        "jwt-middleware/acceptance-2/bare/claude/1",
        "jwt-middleware/acceptance-2/recipe/claude/1",
    ]


def test_every_filter_narrows() -> None:
    everything = keys(Choice())
    for choice in (
        Choice(recipes=("crud",)),
        Choice(cases=("acceptance-[12]",)),
        Choice(tags=("acceptance", "money")),
        Choice(arms=("bare",)),
        Choice(sets=("tuning",), recipes=("service",)),
    ):
        assert 0 < len(keys(choice)) < len(everything)
    assert keys(Choice(cases=("acceptance-2",), models=("another",))) == []
    assert keys(Choice(cases=("acceptance-2",), samples=("77",))) == []
    assert all("/recipe/" in key for key in keys(Choice(arms=("recipe",))))


def test_a_case_without_a_recording_is_missing_for_each_arm() -> None:
    found = plan(Library.load([SHIPPED]), Choice(cases=("book-rooms",), recipes=("service",)))
    recorded = {trial.key.arm for trial in found.trials}
    assert {key.arm for key in found.missing} == {"recipe", "bare"} - recorded
    nobody = plan(Library.load([SHIPPED]), Choice(cases=("acceptance-2",), models=("another",)))
    assert [(key.case, key.arm) for key in nobody.missing] == [("acceptance-2", "bare"), ("acceptance-2", "recipe")]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(recipes=("crut",)), "there is no recipe 'crut'"),
        (Choice(arms=("naked",)), "there is no arm 'naked'"),
        (Choice(cases=("nothing",)), "no case is left"),
        (Choice(tags=("nothing",)), "no case is left"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(choice: Choice, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        keys(choice)


def test_a_file_that_is_no_recording_is_told_and_hides_nothing(tmp_path: Path) -> None:
    place = tmp_path / "recipes" / "jwt-middleware"
    shutil.copytree(SHIPPED / "recipes" / "jwt-middleware", place)
    (place / "cassettes" / "acceptance-2" / "2.yaml").write_text("nothing", encoding="utf-8")
    found = plan(Library.load([SHIPPED, tmp_path]), Choice(cases=("acceptance-2",), arms=("recipe",)))
    assert [(trial.key.sample, trial.folder) for trial in found.trials] == [("1", tmp_path)]
    ((key, why),) = found.unreadable.items()
    assert (key.recipe, key.case, key.arm, key.sample) == ("jwt-middleware", "acceptance-2", "recipe", "2")
    assert "2.yaml: not a recording of ours" in why


def test_a_file_that_is_no_recording_is_chosen_by_its_sample_and_is_not_missing_too(tmp_path: Path) -> None:
    cases = tmp_path / "recipes" / "jwt-middleware" / "cassettes" / "acceptance-2"
    cases.mkdir(parents=True)
    (cases / "7.yaml").write_text("nothing", encoding="utf-8")
    library = Library.load([SHIPPED, tmp_path])
    there = plan(library, Choice(cases=("acceptance-2",), arms=("recipe",), samples=("7",)))
    assert [key.sample for key in there.unreadable] == ["7"]
    assert (there.trials, there.missing) == ((), ())
    assert all(str(tmp_path) not in why for why in there.unreadable.values()), "a result names no folder of a machine"
    other = plan(library, Choice(cases=("acceptance-2",), arms=("recipe",), samples=("1",)))
    assert ([trial.key.sample for trial in other.trials], dict(other.unreadable)) == (["1"], {})
