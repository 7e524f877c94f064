"""The Model Context Protocol server, asked by a real client over stdio."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

BAD = "CREATE TABLE orders (name text, price real);\n"
GOOD = "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL);\n"

Use = Callable[[Client], Awaitable[Any]]


def served(root: Path, use: Use) -> Any:
    """What `use` returns, given a client of a server that was started as an agent would start it."""
    command = [sys.executable, "-c", "from assistant.cli.app import main; main()", "mcp", "--root", str(root)]

    async def talk() -> Any:
        async with Client(StdioServerParameters(command=command[0], args=command[1:])) as client:
            return await use(client)

    return asyncio.run(asyncio.wait_for(talk(), 60))


def called(root: Path, tool: str, **arguments: Any) -> Any:
    """A tool's result."""
    return served(root, lambda client: client.call_tool(tool, arguments))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "schema.sql").write_text(BAD, encoding="utf-8")
    return tmp_path


def test_the_tools_say_what_they_take(project: Path) -> None:
    tools = served(project, lambda client: client.list_tools()).tools
    assert sorted(tool.name for tool in tools) == ["check", "explain_rule", "recipes", "render_prompt"]
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint is True
        assert all(about.get("description") for about in tool.input_schema["properties"].values())


def test_check_judges_a_folder_and_tells_its_progress(project: Path) -> None:
    told: list[str | None] = []

    async def use(client: Client) -> Any:
        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.append(message)

        return await client.call_tool("check", {"path": "shop"}, progress_callback=progress)

    report = served(project, use).structured_content
    assert report["verdict"] == "failed"
    assert report["counts"]["error"] == sum(each["severity"] == "error" for each in report["findings"]) > 0
    assert "missing-primary-key" in [each["rule"] for each in report["findings"]]
    assert "sql" in told
    assert "database" not in told


def test_check_judges_files_that_are_not_written_yet(project: Path) -> None:
    report = called(project, "check", files={"schema.sql": GOOD}).structured_content
    assert (report["verdict"], report["counts"]["error"]) == ("passed", 0)
    assert sorted(path.name for path in project.rglob("*")) == ["schema.sql", "shop"]


def test_findings_are_bounded_and_counted(project: Path) -> None:
    report = called(project, "check", path="shop", findings=1).structured_content
    assert len(report["findings"]) == 1
    assert sum(report["counts"].values()) > 1


def test_all_stages_run_the_sql(project: Path) -> None:
    report = called(project, "check", files={"schema.sql": GOOD}, stages="all").structured_content
    assert {stage["name"]: stage["state"] for stage in report["stages"]}["database"] == "passed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"path": ".."}, "outside the server's folder"),
        ({"path": "/etc"}, "outside the server's folder"),
        ({"path": "nowhere"}, "does not exist"),
        ({"files": {"../x.sql": ""}}, "../x.sql"),
        ({"stages": "some"}, "static"),
    ],
)
def test_what_cannot_be_judged_is_said(project: Path, arguments: dict[str, Any], said: str) -> None:
    result = called(project, "check", **arguments)
    assert result.is_error
    assert said in result.content[0].text


def test_a_symlink_out_of_the_folder_is_outside(project: Path) -> None:
    (project / "out").symlink_to("/etc")
    assert called(project, "check", path="out").is_error


def test_explain_rule_gives_the_manual_page(project: Path) -> None:
    async def use(client: Client) -> Any:
        known = await client.call_tool("explain_rule", {"id": "missing-primary-key"})
        unknown = await client.call_tool("explain_rule", {"id": "missing-primary-kee"})
        return known, unknown

    known, unknown = served(project, use)
    assert "Good:" in known.content[0].text
    assert unknown.is_error
    assert "missing-primary-key" in unknown.content[0].text


def test_the_library_is_listed_and_rendered(project: Path) -> None:
    async def use(client: Client) -> Any:
        listed = await client.call_tool("recipes", {})
        sentence = "Write FastAPI code to create a service for booking rooms, with JWT and PostgreSQL"
        rendered = await client.call_tool("render_prompt", {"sentence": sentence})
        refused = await client.call_tool("render_prompt", {"sentence": ""})
        return listed.structured_content["result"], rendered.structured_content, refused

    listed, rendered, refused = served(project, use)
    assert "crud" in [recipe["id"] for recipe in listed]
    assert rendered["recipe"] == "service"
    assert [message["role"] for message in rendered["messages"]] == ["system", "user"]
    assert "booking rooms" in rendered["messages"][1]["content"]
    assert refused.is_error
