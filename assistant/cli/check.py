"""`backwright check`: the gate alone, on any folder or answer file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import BackwrightError, UsageError

if TYPE_CHECKING:
    from evaluators.folder import Found
    from evaluators.report import Report, State

FORMATS = ("console", "json", "sarif", "junit", "github", "markdown")


def register(app: typer.Typer) -> None:
    """Add the group's commands."""
    app.command()(check)


def check(
    path: Annotated[Path, typer.Argument(help="A project's folder, an answer file (.md), or one artifact.")] = Path(),
    format: Annotated[str, typer.Option(help=f"One of {', '.join(FORMATS)}.")] = "console",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the report to this file.")] = None,
    require: Annotated[
        str, typer.Option(help="Stages that must pass, comma-separated; `static` for those that run nothing.")
    ] = "",
    dialect: Annotated[
        str | None, typer.Option(help="postgres, sqlite, mysql or tsql; default: by the drivers.")
    ] = None,
    stack: Annotated[str | None, typer.Option(help="The framework's stack; default: by the dependencies.")] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Fuzz with 100 examples an operation instead of 10.")] = False,
) -> None:
    """Judge a backend, whoever wrote it: lint, load, boot, fuzz. Exit 0 passed, 1 failed, 3 unverified."""
    import asyncio
    from dataclasses import replace

    from evaluators import formats
    from evaluators.folder import FolderError, find
    from evaluators.formats import console
    from evaluators.gate import STAGES

    if format not in FORMATS:
        raise UsageError(f"--format {format}: no such format", f"one of {', '.join(FORMATS)}")
    only, required = _only(require, frozenset(STAGES))
    try:
        found = find(path, dialect=dialect, stack=stack, depth="deep" if deep else "fast")
    except FolderError as error:
        raise UsageError(str(error), error.hint) from error
    found = replace(found, subject=replace(found.subject, required=required))
    report = asyncio.run(_judged(found, only))
    if format == "console" and not output and sys.stdout.isatty():
        text = console.render(report, colour=True)
    else:
        text = formats.render(format, report)
    if output:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BackwrightError(f"{output} cannot be written: {error.strerror}", "name another file") from error
    else:
        typer.echo(text)
    sys.exit(exit_code(report.verdict))


def exit_code(verdict: State) -> int:
    """The documented exit code of a verdict."""
    return {"passed": 0, "failed": 1, "unverified": 3}[verdict.value]


def _only(require: str, known: frozenset[str]) -> tuple[frozenset[str] | None, frozenset[str]]:
    """The stages that --require keeps (None: whatever applies), and those of them that must run and pass.

    `static` keeps what runs nothing, where there is something for it; a stage
    that is named must be there.
    """
    from evaluators.gate import STATIC

    if not require:
        return None, frozenset()
    named = {name.strip() for name in require.split(",") if name.strip()}
    kept = STATIC & known if "static" in named else frozenset[str]()
    named -= {"static"}
    unknown = sorted(named - known)
    if unknown:
        raise UsageError(f"--require {unknown[0]}: no such stage", f"static, or some of {', '.join(sorted(known))}")
    return kept | named, frozenset(named)


async def _judged(found: Found, only: frozenset[str] | None) -> Report:
    """The gate's report, with a line on stderr for each stage as it begins."""
    from contextlib import aclosing
    from dataclasses import replace

    from evaluators.gate import Gate, Started
    from evaluators.report import Report

    report: Report | None = None
    async with aclosing(Gate(only).judge(found.subject, found.before)) as stream:
        async for event in stream:
            if isinstance(event, Report):
                report = event
            elif isinstance(event, Started) and sys.stderr.isatty():
                typer.echo(f"\r{event.stage:<12}", err=True, nl=False)
    if sys.stderr.isatty():
        typer.echo("\r" + " " * 12 + "\r", err=True, nl=False)
    if report is None:
        raise BackwrightError("the gate ended without a report")
    return replace(report, not_checked=(*report.not_checked, *found.left_out))
