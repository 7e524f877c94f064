"""Where `check` looks, and what it takes for what."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluators.draft import Role
from evaluators.folder import FolderError, find, find_all


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_a_folder_is_read_without_what_is_not_its_own(tmp_path: Path) -> None:
    for path in (
        "schema.sql",
        ".venv/x.py",
        "node_modules/x/y.py",
        ".git/config",
        "app/main.py",
        "app/__pycache__/m.py",
    ):
        write(tmp_path, path, "-- text\n")
    (tmp_path / "link.sql").symlink_to(tmp_path / "schema.sql")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")
    found = find(tmp_path)
    assert found.subject.draft.paths == ("schema.sql", "app/main.py")
    assert not found.subject.hostile and found.subject.root == tmp_path


@pytest.mark.parametrize(
    ("requirements", "dialect", "stack"),
    [
        ("fastapi==1\npsycopg==3\n", "postgres", "fastapi"),
        ("flask\npymysql\n", "mysql", None),
        ("fastapi\naiosqlite\n", "sqlite", "fastapi"),
        ("", "postgres", None),
    ],
)
def test_drivers_and_marks_tell_dialect_and_stack(
    requirements: str, dialect: str, stack: str | None, tmp_path: Path
) -> None:
    write(tmp_path, "requirements.txt", requirements)
    subject = find(tmp_path).subject
    assert (subject.dialect, subject.stack) == (dialect, stack)


def test_the_configuration_settles_roles_and_variables(tmp_path: Path) -> None:
    write(tmp_path, "db/one.sql", "-- one\n")
    write(tmp_path, "db/two.sql", "-- two\n")
    write(
        tmp_path,
        "backwright.toml",
        '[paths]\nschema = "db/two.sql"\n[check]\ndialect = "sqlite"\n[service]\napp = "shop:app"\n'
        '[service.env]\nDB = "$DATABASE_URL"\n',
    )
    subject = find(tmp_path).subject
    assert [artifact.path for artifact in subject.draft.having(Role.SCHEMA)] == ["db/two.sql"]
    assert subject.dialect == "sqlite"
    assert subject.option("service.app") == "shop:app" and subject.option("service.env.DB") == "$DATABASE_URL"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[paths]\nschemas = 'x'\n", "schemas is no role"),
        ("[paths]\nschema = 'gone.sql'\n", "gone.sql"),
        ("[check]\ndialect = 'oracle'\n", "oracle"),
        ("[check\n", "backwright.toml"),
        ("[check]\ndialect = 5\n", "dialect must be a text"),
        ("[check]\nstack = 'nonsense'\n", "nonsense"),
        ("check = 3\n", "check must be a table"),
        ("paths = 'x'\n", "paths must be a table"),
        ("[paths]\nschema = 3\n", "schema must be a text"),
        ("[paths]\nschema = [['x']]\n", "schema must be a text"),
        ("[service]\nenv = 3\n", "service.env"),
    ],
)
def test_a_wrong_configuration_is_one_clear_error(toml: str, said: str, tmp_path: Path) -> None:
    write(tmp_path, "schema.sql", "-- x\n")
    write(tmp_path, "backwright.toml", toml)
    with pytest.raises(FolderError, match=said) as caught:
        find(tmp_path)
    assert caught.value.hint


def test_an_answer_file_is_a_hostile_draft_and_an_artifact_is_itself(tmp_path: Path) -> None:
    write(tmp_path, "answer.md", "```sql schema.sql\nSELECT 1;\n```\n")
    write(tmp_path, "api.yaml", "openapi: 3.1.0\n")
    answer = find(tmp_path / "answer.md")
    assert answer.subject.hostile and answer.subject.draft.paths == ("schema.sql",)
    assert [each.stage.name for each in answer.before] == ["answer"]
    assert find(tmp_path / "api.yaml").subject.draft.artifacts[0].role is Role.CONTRACT


@pytest.mark.parametrize(
    ("sql", "hosted"),
    [
        ("CREATE POLICY p ON t USING ((select auth.uid()) = owner);", "yes"),
        ("CREATE POLICY p ON t TO authenticated USING (true);", "yes"),
        ("CREATE TABLE authentic (uid text);", ""),
    ],
)
def test_supabase_is_known_by_what_the_sql_speaks_of(sql: str, hosted: str, tmp_path: Path) -> None:
    write(tmp_path, "schema.sql", sql)
    assert find(tmp_path).subject.option("supabase") == hosted


def test_nothing_to_read_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="holds no file"):
        find(tmp_path)


def left_out(root: Path) -> dict[str, str]:
    return {each.what: each.why for each in find(root).left_out}


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.sql").write_text("CREATE TABLE b (id bigint PRIMARY KEY);", encoding="utf-8")
    (tmp_path / "schema.sql").write_bytes(b"CREATE TABLE a (price float);\0")
    (tmp_path / "other").mkdir()
    (tmp_path / "more.sql").symlink_to(tmp_path / "b.sql")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")
    told = left_out(tmp_path)
    assert told["schema.sql"] == "no UTF-8 text"
    assert told["more.sql"] == "a symbolic link, not followed"
    assert "picture.png" not in told


def test_a_schema_that_the_configuration_passes_over_is_said(tmp_path: Path) -> None:
    (tmp_path / "b.sql").write_text("CREATE TABLE b (id bigint PRIMARY KEY);", encoding="utf-8")
    (tmp_path / "schema.sql").write_text("SELEC x;", encoding="utf-8")
    (tmp_path / "backwright.toml").write_text('[paths]\nschema = ["b.sql"]\n', encoding="utf-8")
    assert "not among [paths] schema" in left_out(tmp_path)["schema.sql"]


def test_a_name_that_is_no_text_is_said_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.sql").write_text("CREATE TABLE b (id bigint PRIMARY KEY);", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.sql")).write_bytes(b"SELECT 1;")
    assert any("cannot be read" in why for why in left_out(tmp_path).values())


def test_a_file_is_judged_inside_the_root_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.yaml").write_text("secret: {type: string}\n", encoding="utf-8")
    inner = tmp_path / "inner" / "api"
    inner.mkdir(parents=True)
    (inner / "openapi.yaml").write_text(
        'openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: {}\ncomponents:\n'
        '  schemas: {A: {$ref: "../../secret.yaml#/secret"}}\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    found = find_all([inner / "openapi.yaml"], root=tmp_path / "inner")
    assert found.subject.draft.paths == ("api/openapi.yaml",)
