"""An earlier state out of git or a folder: what is read, what is refused, and that nothing of the repository runs."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.breaking import lint
from evaluators.breaking.revision import RevisionError, revision
from evaluators.folder import FolderError, Found, against, find
from evaluators.report import StageResult, State

OLD = 'openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: {/a: {$ref: a.yaml}}\n'
ITEM = 'get: {responses: {"200": {description: x}}}\n'


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *named, *arguments], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose folder `service` changed since its one commit."""
    service = tmp_path / "repository" / "service"
    service.mkdir(parents=True)
    (service / "openapi.yaml").write_text(OLD)
    (service / "a.yaml").write_text(ITEM)
    (service / "schema.sql").write_text("CREATE TABLE t (id bigint PRIMARY KEY, name text);\n")
    (service / "linked.yaml").symlink_to("/etc/hostname")
    git(service.parent, "init", "-q")
    git(service.parent, "add", ".")
    git(service.parent, "commit", "-q", "-m", "first")
    (service / "a.yaml").write_text('get: {responses: {"202": {description: x}}}\n')
    (service / "schema.sql").write_text("CREATE TABLE t (id bigint PRIMARY KEY);\n")
    return service


def told(found: Found) -> StageResult:
    async def run() -> StageResult:
        async with Bench() as bench:
            return await lint.judge(found.subject, bench)

    return asyncio.run(run())


def test_a_revision_is_compared(project: Path) -> None:
    result = told(against(find(project), [project], "HEAD"))
    assert {(each.rule, each.symbol) for each in result.findings} == {
        ("success-status-removed", "GET /a 200"),
        ("column-dropped", "t.name"),
    }
    assert result.stage.state is State.FAILED


def test_one_file_is_compared_with_itself(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    named = [Path("openapi.yaml")]
    result = told(against(find(named[0]), named, "HEAD"))
    assert [each.rule for each in result.findings] == ["success-status-removed"]


def test_a_folder_is_compared(project: Path, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "schema.sql").write_text("CREATE TABLE t (id bigint PRIMARY KEY);\nCREATE TABLE u (id int);\n")
    result = told(against(find(project), [project], str(tmp_path / "old")))
    assert [each.rule for each in result.findings] == ["table-dropped"]


@pytest.mark.parametrize("name", ["nowhere", "--help", "HEAD~9", "a b", "", "HEAD:service", "@{upstream}"])
def test_a_bad_revision_is_one_clear_line(project: Path, name: str) -> None:
    with pytest.raises(RevisionError) as error:
        revision(project, name, {})
    assert "\n" not in str(error.value)
    assert error.value.hint


def test_a_folder_without_a_repository_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id int);\n")
    with pytest.raises(FolderError, match="repository"):
        against(find(tmp_path), [tmp_path], "HEAD")


def test_nothing_of_a_hostile_repository_runs(project: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    root = project.parent
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "filter.x.smudge",
        "filter.x.process",
    ):
        git(root, "config", key, str(script))
    git(root, "config", "tar.tar.command", str(script))
    git(root, "config", "alias.ls-tree", f"!{script}")
    git(root, "config", "diff.external", str(script))
    (root / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n")
    hooks = root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        (hooks / name).write_text(script.read_text())
        (hooks / name).chmod(0o755)
    before = sorted(path.name for path in project.iterdir())
    read = revision(project, "HEAD", {})
    assert not mark.exists()
    assert sorted(path.name for path in project.iterdir()) == before
    assert sorted(read.paths) == ["a.yaml", "openapi.yaml", "schema.sql"]
    held = read.get("a.yaml")
    assert held is not None and held.text == ITEM


def test_the_environment_cannot_point_git_elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/nowhere")
    assert "openapi.yaml" in revision(project, "HEAD", {}).paths


def test_what_cannot_be_read_is_not_clean(project: Path) -> None:
    (project / "openapi.yaml").write_text("openapi: [")
    (project / "schema.sql").write_text("CREATE TABLE t (id bigint PRIMARY KEY, name text);\n")
    result = told(against(find(project), [project], "HEAD"))
    assert result.stage.state is State.UNVERIFIED
    assert "cannot be read" in result.not_checked[0].why


def test_a_contract_that_is_new_breaks_nobody(project: Path, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "schema.sql").write_text((project / "schema.sql").read_text())
    assert told(against(find(project), [project], str(tmp_path / "old"))).stage.state is State.PASSED
