"""`backwright check --url`: the options, and the case of a service that runs already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.checking import Asked, Running, case_at
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.checking import Case

Url = Annotated[
    str,
    typer.Option(
        help="Check a service that runs already, at http://127.0.0.1:PORT. Hostile requests are sent to it and data is"
        " written: a throw-away instance only."
    ),
]
Contract = Annotated[
    Path | None, typer.Option(help="With --url: its OpenAPI document; default: what it serves as /openapi.json.")
]
Database = Annotated[str, typer.Option(help="With --url: its database to look at, postgresql://... or sqlite:///PATH.")]
Reset = Annotated[bool, typer.Option("--reset", help="With --database: write to its rows, and set them back.")]
AllowedBy = Annotated[str, typer.Option(help="With --url: who allowed to probe another machine; stands in the report.")]


def at_url(running: Running, paths: list[Path] | None, asked: Asked, required: frozenset[str]) -> Case:
    """The case of a service that runs already, with a warning. Raises UsageError and BackwrightError."""
    if not running.url:
        raise UsageError("--contract, --database, --reset and --allowed-by go with --url", "name the service's address")
    if paths:
        raise UsageError("--url: a service that runs is not judged beside paths", "its contract goes to --contract")
    case = case_at(running, asked, required)
    typer.secho(
        "backwright: warning: hostile requests go to this service, and what they write stays"
        + (" until its rows are set back" if running.reset else ""),
        fg="yellow",
        err=True,
    )
    return case
