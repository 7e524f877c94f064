"""Badges come from committed results, and only for the recipe that was proved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.experiment.committed import NAME, place, proved_on
from assistant.experiment.evaluate import Ways, evaluate
from assistant.experiment.plan import Choice
from assistant.experiment.play import STATIC_ONLY
from assistant.library import Library
from assistant.settings import load
from web.app import create_app, opened

SHIPPED = Path(__file__).resolve().parents[3] / "prompts"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one recipe of its own and the results of its evaluation."""
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / ".backwright" / "prompts"
    shutil.copytree(SHIPPED / "recipes" / "jwt-middleware", folder / "recipes" / "jwt-middleware")
    results = evaluate(Choice(recipes=("jwt-middleware",)), Ways(STATIC_ONLY), folders=(SHIPPED, folder))
    results.write(folder / NAME)
    return folder


def test_a_badge_says_model_day_cases_and_rungs(own: Path) -> None:
    badge = proved_on(Library.load([SHIPPED, own]))["jwt-middleware"]
    assert (badge.model, badge.cases, badge.hand_fed) == ("claude", 1, True)
    assert badge.date.startswith("2026-")
    rung = badge.rung("imports")
    assert rung and 0 < rung.interval.low < rung.interval.high <= 1


def test_a_recipe_that_is_overridden_is_not_proved_by_what_shipped(own: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    shutil.copytree(own / "recipes", later / "recipes")
    assert "jwt-middleware" not in proved_on(Library.load([SHIPPED, own, later]))


@pytest.mark.parametrize("text", ["", "{}", "no JSON"])
def test_results_that_cannot_be_read_prove_nothing(own: Path, text: str) -> None:
    (own / NAME).write_text(text, encoding="utf-8")
    assert "jwt-middleware" not in proved_on(Library.load([SHIPPED, own]))


def test_results_lie_beside_the_recipes_that_are_evaluated(own: Path, tmp_path: Path) -> None:
    assert place(tmp_path) == own / NAME
    assert place(tmp_path / "elsewhere") == SHIPPED / NAME


def test_the_list_and_the_pages_show_it(own: Path, tmp_path: Path) -> None:
    listed = CliRunner().invoke(build(), ["recipes"]).stdout
    assert "proved on claude, 1 case, 2026-" in listed
    with opened(load({"journal_url": f"sqlite:///{tmp_path}/h.sqlite"}, environ={})) as site:
        client = TestClient(create_app(site), base_url="http://127.0.0.1", client=("127.0.0.1", 50_000))
        assert "Proved on claude, 1 case" in client.get("/recipes").text
        page = client.get("/recipes/jwt-middleware").text
    assert '<h2 id="badge-title">Proved on</h2>' in page
    assert '<th scope="row">code imports</th><td class="number">1</td><td class="number">100 %</td>' in page
