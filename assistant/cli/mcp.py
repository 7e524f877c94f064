"""`backwright mcp`: the gate and the library for coding agents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(mcp)


def mcp(
    root: Annotated[Path, typer.Option(help="The folder that the agent may have judged; nothing outside it.")] = Path(),
) -> None:
    """Serve the Model Context Protocol on stdin and stdout: check, explain_rule, recipes, render_prompt."""
    from assistant.mcp import server

    if not root.is_dir():
        raise UsageError(f"--root {root}: no such folder", "name the project's folder")
    server(root).run("stdio")
