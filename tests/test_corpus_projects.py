"""The measured corpus is whole: patches apply, classes are known, and recorded projects are what was recorded."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from evaluators.catalogue import load_all
from evaluators.rule import REGISTRY
from tests.measure.corpus import RECIPES, ROOT, Planted, Project, acceptance, classes, final_draft, planted, projects
from tests.measure.defects import services

PROJECTS = projects()
DEFECTS = [(project, defect) for project in PROJECTS for defect in planted(project)]
RECORDED = ("bank", "clinic", "courses", "shop", "tracker")


def test_there_are_ten_projects_and_half_of_them_are_recorded_answers() -> None:
    assert len(PROJECTS) >= 10
    assert set(RECORDED) <= {project.name for project in PROJECTS}
    assert len(acceptance()) == 8


def test_there_are_ninety_defects_a_third_of_them_held_out() -> None:
    parts = [defect.part for _, defect in DEFECTS]
    assert len(DEFECTS) >= 90
    assert parts.count("schema") + parts.count("migrations") >= 35
    assert parts.count("cross") >= 35
    assert sum(defect.held_out for _, defect in DEFECTS) * 3 >= len(DEFECTS)


@pytest.mark.parametrize(("project", "defect"), DEFECTS, ids=lambda each: getattr(each, "slug", ""))
def test_a_defect_applies_and_is_of_a_known_class(project: Project, defect: Planted, tmp_path: Path) -> None:
    assert project.folder is not None
    patched = defect.applied(project.folder, tmp_path / "patched")
    assert defect.kind in classes()
    assert (patched / defect.path).is_file()


def test_the_rules_of_the_classes_exist() -> None:
    load_all()
    named = {rule for _, rules in classes().values() for rule in rules}
    assert named - set(REGISTRY) == set()


def recording(name: str, place: str) -> Path:
    """The recording that a project or service came from; one that the library has replaced since is kept here."""
    kept = ROOT / "tests" / "corpus" / "recordings" / f"{name}.yaml"
    return kept if kept.is_file() else RECIPES / place / "1.yaml"


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_project_is_what_was_recorded(name: str) -> None:
    """Untouched: the whole answer, or its design, where the code came later and lies among the services."""
    project = next(each for each in PROJECTS if each.name == name)
    assert project.folder is not None
    draft = final_draft(recording(name, f"service/cassettes/{name}"))
    held = {str(path.relative_to(project.folder)): path for path in project.folder.rglob("*") if path.is_file()}
    design = {"architecture.md", "schema.sql", "openapi.yaml"}
    assert set(held) in (set(draft.paths), design)
    for artifact in draft:
        if artifact.path in held:
            assert held[artifact.path].read_text(encoding="utf-8") == artifact.text


SERVED = {
    **{name: f"service/cassettes/{name}" for name in ("clinic", "courses", "parking", "shop", "tracker")},
    "transactions": "crud/cassettes/acceptance-8",
    "transfers": "transfer-funds/cassettes/acceptance-1",
}
"""Service -> its cassette; the bank's good copy lies in projects/."""


def test_at_least_half_of_the_services_are_recorded_answers() -> None:
    every = services()
    assert len(every) >= 12 and set(SERVED) | {"bank"} <= set(every)
    assert 2 * (len(SERVED) + 1) >= len(every)


@pytest.mark.parametrize("name", SERVED)
def test_a_recorded_service_is_what_was_recorded(name: str) -> None:
    """The final files of the cassette, without their tests, and nothing else."""
    draft = final_draft(recording(name, SERVED[name]))
    good = ROOT / "tests" / "corpus" / "services" / name / "good"
    held = {str(path.relative_to(good)): path for path in good.rglob("*") if path.is_file()}
    wanted = {each.path: each.text for each in draft if not each.path.startswith("tests/")}
    assert sorted(held) == sorted(wanted)
    assert [path for path, text in wanted.items() if held[path].read_text(encoding="utf-8") != text] == []
