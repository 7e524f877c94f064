"""What the command line says: one clear line for bad input, exact prompts, light start-up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.brief import SLOTS, slots_schema

BACKWRIGHT = str(Path(sys.executable).with_name("backwright"))


def backwright(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, with data and configuration of its own."""
    env = {**os.environ, **environment}
    return subprocess.run([BACKWRIGHT, *arguments], capture_output=True, text=True, cwd=cwd, env=env, timeout=120)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Folders of its own for data and configuration."""
    return {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["prompt", ""], "empty"),
        (["prompt", "   "], "empty"),
        (["prompt", "Write Foobar code to book rooms"], "FastAPI"),
        (["prompt", "Write FastAPI and Django code to book rooms"], "Django"),
        (["prompt", "Write Django code with SQLModel to book rooms"], "SQLModel"),
        (["prompt", "book rooms in FastAPI", "--level", "wizard"], "wizard"),
        (["prompt", "book rooms in FastAPI", "--recipe", "transfer-fund"], "transfer-funds"),
        (["show", "crudd"], "crud"),
        (["rule", "missing-primary-kee"], "missing-primary-key"),
        (["rules", "graphql"], "contract"),
        (["check", "/does/not/exist"], "does not exist"),
        (["check", ".", "--format", "pdf"], "sarif"),
        (["check", ".", "--require", "boots"], "boot"),
        (["check", ".", "--dialect", "oracle"], "postgres"),
        (["check", ".", "--stack", "nonsense"], "fastapi"),
        (["write", "book rooms in FastAPI", "--accept-unverified", "luck"], "luck"),
        (["runs", "show", "01ZZZ"], "no run"),
        (["resume", "01ZZZ"], "no run"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_2(arguments: list[str], said: str, home: dict[str, str]) -> None:
    done = backwright(*arguments, **home)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def test_a_sentence_of_a_megabyte_is_refused_with_its_bound(tmp_path: Path, home: dict[str, str]) -> None:
    # An argument may not be that long, so it comes as several.
    code = "import sys; from assistant.cli.app import main; sys.argv = ['', 'prompt', 'x' * 1_000_000]; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **home})
    assert done.returncode == 2
    assert "20000" in done.stderr and len(done.stderr) < 500


def test_prompt_prints_what_would_be_sent_and_says_that_nothing_was(home: dict[str, str]) -> None:
    sentence = "Write a FastAPI route to transfer funds between two accounts with Postgres and JWT"
    done = backwright("prompt", sentence, OPENAI_BASE_URL="http://127.0.0.1:9/v1", **home)
    assert done.returncode == 0
    assert done.stdout.startswith("----- system\nYou are a senior backend engineer.")
    assert f"> {sentence}" in done.stdout
    assert "nothing was sent" in done.stderr


def test_every_slot_has_an_option_and_its_values_come_from_the_schema(home: dict[str, str]) -> None:
    shown = " ".join(backwright("write", "--help", **home).stdout.split())
    properties = slots_schema()["properties"]
    for slot in SLOTS:
        if slot == "action":
            continue
        assert f"--{slot} " in shown
        values = properties[slot].get("enum") or properties[slot]["items"]["enum"]
        assert values[0] in shown, slot


def test_a_slot_option_wins_over_the_sentence(home: dict[str, str]) -> None:
    done = backwright("prompt", "book rooms in FastAPI", "--level", "beginner", **home)
    assert "Level: beginner" in done.stdout
    assert "docs/walkthrough.md" in done.stdout


def test_help_and_recipes_load_nothing_heavy() -> None:
    heavy = ["sqlglot", "schemathesis", "fastapi", "openai", "sqlalchemy", "vcr", "jsonschema_rs", "jinja2", "psycopg"]
    for command in ("--help", "recipes"):
        code = (
            "import sys\nfrom assistant.cli.app import build\n"
            f"sys.argv = ['backwright', {command!r}]\n"
            "try:\n    build()()\nexcept SystemExit:\n    pass\n"
            f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.stderr.strip().endswith("[]"), f"{command}: {done.stderr}"


def test_an_unreachable_endpoint_is_one_line_exit_4_and_a_run_that_can_be_resumed(home: dict[str, str]) -> None:
    done = backwright(
        "write", "Write a FastAPI route to transfer funds with Postgres and JWT", "--model", "any",
        "--base-url", "http://127.0.0.1:9/v1", "--retries", "0", **home,
    )  # fmt: skip
    assert done.returncode == 4
    assert "Traceback" not in done.stderr and "127.0.0.1:9" in done.stderr
    listed = backwright("runs", **home).stdout
    assert "error" in listed and "transfer funds" in listed


def test_a_request_without_a_recording_names_the_recipe_and_how_to_record(home: dict[str, str]) -> None:
    done = backwright("write", "Write a FastAPI route to send money to the moon", "--model", "recorded", **home)
    assert done.returncode == 4
    assert "transfer-funds" in done.stderr and "--record" in done.stderr


def test_a_projects_endpoint_gets_no_key_until_it_is_trusted(tmp_path: Path, home: dict[str, str]) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "backwright.toml").write_text('[model]\nbase_url = "http://models.example:9/v1"\nname = "m"\n')
    sentence = "Write a FastAPI route to transfer funds with Postgres and JWT"
    key = "sk-test-0123456789abcdefghij"
    refused = backwright("write", sentence, "--into", str(project), OPENAI_API_KEY=key, **home)
    assert refused.returncode == 2
    assert "backwright trust http://models.example:9/v1" in refused.stderr
    assert key not in refused.stderr + refused.stdout


def test_a_stage_that_is_required_and_has_nothing_to_judge_is_unverified(tmp_path: Path, home: dict[str, str]) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n")
    assert backwright("check", str(tmp_path), "--require", "static", **home).returncode == 0
    done = backwright("check", str(tmp_path), "--require", "sql,contract", **home)
    assert done.returncode == 3 and "not-delivered" in done.stdout


def test_an_errors_own_words_cannot_steer_the_terminal(home: dict[str, str]) -> None:
    done = backwright("check", "/no/\x1b]0;pwn\x07/such", **home)
    assert done.returncode == 2 and "\x1b" not in done.stderr


def test_the_last_screen_takes_hostile_words_as_words() -> None:
    import io

    from rich.console import Console

    from assistant.cli.view import View
    from assistant.events import Judged
    from evaluators.finding import Finding, Location, Severity
    from evaluators.report import Report, Stage, State

    out = io.StringIO()
    finding = Finding("a-rule", Severity.ERROR, Location("x[/y].py"), "s", "[/x] \x1b[2J", "[bold]\x1b]0;")
    report = Report((Stage("code", State.FAILED),), (finding,))
    View(Console(file=out, highlight=False, markup=False)).show(Judged("code", 0, report, True))
    assert "[/x]" in out.getvalue() and "\x1b" not in out.getvalue()
